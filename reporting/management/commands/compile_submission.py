"""Compile a submission through a worker, with a progress bar, and write its files."""

import errno
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from portal.common.errors import PersonError
from portal.common.languages import Language
from reporting.choices import CompilationState, FileFormat
from reporting.compilation.document import sentence
from reporting.management.arguments import entity_of
from reporting.management.jobs import wait_for
from reporting.models import Artifact, Call, Compilation, Submission
from reporting.services.compilations import request_compilation, unchanged_compilation
from reporting.services.submissions import open_submission


class Command(BaseCommand):
    help = "Queue the compilation of a submission, wait for it, write its files and print their SHA-256."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--entity", action="append", help="code of an entity; several for a joint submission")
        whose.add_argument("--submission", help="address of a submission to the call, such as UNIDO-imported")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--session", type=int, help="number of a session of the Commission, such as 25")
        which.add_argument("--call", help="address of any call, such as 25 or gc-19")
        parser.add_argument("--language", choices=Language.values, help="default: the language of the submission")
        parser.add_argument("--formats", default=",".join(FileFormat.values), help="default: %(default)s")
        parser.add_argument(
            "--if-changed", action="store_true", help="take the files that are there when they would come out the same"
        )
        parser.add_argument("--out", type=Path, default=settings.VAR / "compiled", help="folder for the files")

    def handle(self, **options: Any) -> None:
        out = self.folder(options["out"])
        compilation = self.asked(options)
        wait_for(compilation)
        if compilation.state == CompilationState.FAILED:
            raise CommandError(f"Compilation {compilation.number}: {compilation.get_failure_display()}")
        for warning in compilation.warnings:
            self.stderr.write(f"Note: {sentence(warning)}")
        for artifact in compilation.artifacts.all():
            path = self.write(artifact, out)
            self.stdout.write(f"{artifact.sha256}  {path}")

    @transaction.atomic
    def asked(self, options: dict[str, Any]) -> Compilation:
        """Queue the job, and open the submission where there is none: both, or neither."""
        wanted = {
            "submission": self.submission(options),
            "language": options["language"],
            "formats": [name.strip() for name in options["formats"].split(",") if name.strip()],
        }
        try:
            if options["if_changed"] and (compilation := unchanged_compilation(**wanted)):
                self.stdout.write(f"Nothing has changed since compilation {compilation.number}: these are its files.")
                return compilation
            return request_compilation(now=timezone.now(), **wanted)
        except PersonError as error:
            raise CommandError(str(error)) from error

    def submission(self, options: dict[str, Any]) -> Submission:
        entities = [entity_of(code) for code in options["entity"] or []]
        slug = options["call"] or str(options["session"])
        call = Call.objects.filter(slug=slug).first()
        if call is None:
            known = ", ".join(Call.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no call {slug}. Known calls: {known}.")
        if named := options["submission"]:
            return self.named(call, named)
        try:
            return open_submission(call=call, entities=entities)
        except PersonError as error:
            raise CommandError(str(error)) from error

    def named(self, call: Call, slug: str) -> Submission:
        submission = call.submissions.filter(slug__iexact=slug).first()
        if submission is None:
            known = ", ".join(call.submissions.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no submission {slug} to the call {call.slug}. Known submissions: {known}.")
        return submission

    def folder(self, out: Path) -> Path:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"The folder {out} cannot be made: {error.strerror}. Name another one with --out."
            ) from error
        return out

    def write(self, artifact: Artifact, out: Path) -> Path:
        """Write beside the target first, so that a full disk leaves no half file."""
        path = out / artifact.file_name
        draft = path.with_name(path.name + ".part")
        try:
            with artifact.file.open("rb") as source, draft.open("wb") as target:
                for chunk in source.chunks():
                    target.write(chunk)
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            reason = (
                "The disk is full" if error.errno == errno.ENOSPC else f"{path} cannot be written ({error.strerror})"
            )
            raise CommandError(
                f"{reason}. Make room or name another folder with --out, then run the command again."
            ) from error
        return path
