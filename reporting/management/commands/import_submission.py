"""Read an old document in, print what it proposes, and file it, or take back what was filed."""

import textwrap
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from initiatives.choices import DocumentKind
from initiatives.models import Entity, Session
from portal.common.errors import PersonError
from portal.common.languages import Language
from reporting.choices import ImportState
from reporting.importing import files
from reporting.management.arguments import entity_of
from reporting.models import Import
from reporting.proposed import Damage, Group, ShownProposals, shown_proposals
from reporting.services.imports import AlreadyRead, SentFile, accept, proposals_of, read_now
from reporting.services.undoing import filed_of, undo

BODY = "CSTD"  # whose sessions `--session` counts
WIDTH = 110
SHOWN = 300  # letters of the words behind a proposal; the document has them all


class Command(BaseCommand):
    help = (
        "Read an old submission (docx, odt, html, md, txt, pdf), keep it as a document with all its words, and print "
        "the records that it proposes. With --accept they are filed; --undo takes back what was filed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="at most 25 MB; only read")
        parser.add_argument("--entity", action="append", help="code of an entity; several for a joint document")
        parser.add_argument(
            "--session",
            type=int,
            help="number of the session of the Commission that it answers, such as 25; without it, the document is "
            "no submission, and only what it mentions is proposed",
        )
        parser.add_argument("--kind", choices=DocumentKind.values, help="default: submission, else publication")
        parser.add_argument("--language", choices=Language.values, default="en", help="default: %(default)s")
        parser.add_argument("--accept", action="store_true", help="file what is proposed and likely")
        parser.add_argument("--undo", type=int, metavar="NUMBER", help="take back what this import filed")

    def handle(self, **options: Any) -> None:
        with translation.override("en"):
            try:
                self.take_back(options) if options["undo"] is not None else self.take_in(options)
            except PersonError as error:
                raise CommandError(str(error)) from error

    def take_in(self, options: dict[str, Any]) -> None:
        if options["file"] is None:
            raise CommandError("Name the file to read, or an import to take back with --undo.")
        path: Path = options["file"]
        entities, session = self.entities(options["entity"] or []), self.session(options["session"])
        sent = SentFile(
            content=files.load(path),
            name=path.name,
            entities=entities,
            session=session,
            kind=options["kind"] or (DocumentKind.SUBMISSION if session else DocumentKind.PUBLICATION),
            language=options["language"],
            requested_by=None,
        )
        try:
            imported = read_now(sent, now=timezone.now())
        except AlreadyRead as error:
            imported = self.waiting(error, options)
        shown = shown_proposals(imported, proposals_of(imported))
        self.print_reading(imported, shown)
        if options["kind"] is None and session is None:
            self.print_kind(imported)
        if not options["accept"]:
            self.stdout.write(
                "\nNothing is filed but the document. Run the command again with --accept to file what is likely, or "
                f"choose on the page of the import: {imported.get_absolute_url()}"
            )
            return
        imported = accept(imported=imported, person=None, choices={}, now=timezone.now(), shown=shown.digest)
        self.print_filed(imported)

    def waiting(self, error: AlreadyRead, options: dict[str, Any]) -> Import:
        """Return the former import of the file where it only waits to be accepted, and that is asked for now."""
        former = error.former
        same = former.language == options["language"] and options["kind"] in {None, former.kind}
        if former.state != ImportState.READ or not same or not options["accept"]:
            raise error
        self.stdout.write(f"This file was read in already, as import {former.pk}; now it is filed.")
        return former

    def take_back(self, options: dict[str, Any]) -> None:
        if options["file"] or options["accept"]:
            raise CommandError("--undo stands alone: it takes back what one import filed.")
        imported = Import.objects.defer("reading").filter(pk=options["undo"]).first()
        if imported is None:
            filed = Import.objects.filter(state=ImportState.FILED).order_by("pk").values_list("pk", flat=True)
            known = f"Filed are: {', '.join(map(str, filed))}." if filed else "None is filed."
            raise CommandError(f"There is no import {options['undo']}. {known}")
        counted = filed_of(imported)
        undo(imported=imported, person=None, now=timezone.now())
        self.stdout.write(f"Import {imported.pk}, {imported.file_name}: taken back.")
        for each in counted:
            self.stdout.write(f"  {each.label}: {each.count}")

    # What is asked for

    def entities(self, codes: list[str]) -> list[Entity]:
        if not codes:
            raise CommandError("Name whose document it is, with --entity.")
        return list(dict.fromkeys(entity_of(code) for code in codes))

    def session(self, number: int | None) -> Session | None:
        if number is None:
            return None
        session = Session.objects.filter(body=BODY, number=number).first()
        if session is None:
            numbers = Session.objects.filter(body=BODY).order_by("number").values_list("number", flat=True)
            known = ", ".join(map(str, numbers)) or "none yet: run load_reference"
            raise CommandError(f"There is no session {number} of the {BODY}. Known sessions: {known}.")
        return session

    # What is printed

    def print_reading(self, imported: Import, shown: ShownProposals) -> None:
        summary = shown.summary
        self.stdout.write(f"Import {imported.pk}: {imported.file_name}, “{imported.document}”")
        self.stdout.write(
            f"  {summary.words} words in the file, {summary.share:g} % placed; {summary.headings} headings, "
            f"{summary.initiatives} initiatives, {summary.passages} passages, {summary.notes_in_place} of "
            f"{summary.notes} footnotes at their places"
        )
        if summary.lost:
            self.stdout.write(f"  {summary.lost} words of the file could not be read: compare the document with it")
        for group in shown.groups:
            self.print_group(group)
        self.print_damage("Damage, mended", shown.mended)
        self.print_damage("Damage, likely and mended", shown.proposed)
        self.print_damage("Damage, not mended", shown.listed)
        self.title("Left over", len(shown.leftovers))
        for left in shown.leftovers:
            self.paragraph(f"[{left.label}, {left.place.label}] {left.words}")

    def print_kind(self, imported: Import) -> None:
        """Say which kind was taken where none was named: the words of a document do not tell it for certain."""
        others = [kind for kind in DocumentKind.values if kind not in {imported.kind, DocumentKind.SUBMISSION}]
        self.stdout.write(f"\nKind: {imported.kind}, since none was named. To read it in as another:")
        self.paragraph(f"manage.py import_submission --undo {imported.pk}")
        self.paragraph(f"then the same command with --kind and one of: {', '.join(others)}")

    def print_group(self, group: Group) -> None:
        self.title(group.label, len(group.rows))
        for row in group.rows:
            chosen = next((choice.label for choice in row.choices if choice.chosen), "")
            places = ", ".join(place.label for place in row.places)
            more = f" and {row.more_places} more" if row.more_places else ""
            facts = "; ".join(filter(None, [chosen, places + more, "" if row.likely else "not likely: not filed"]))
            words = f": “{textwrap.shorten(row.words[0], SHOWN, placeholder='…')}”" if row.words else ""
            self.paragraph(f"{row.says}{words} ({facts})" if facts else f"{row.says}{words}")

    def print_damage(self, title: str, damages: list[Damage]) -> None:
        if damages:
            self.title(title, len(damages))
        for damage in damages:
            was, now = damage.finding.was, damage.finding.now
            words = f"“{was}” → “{now}”" if now and now != was else f"“{was}”" if was else ""
            self.paragraph(f"[{damage.label}, {damage.place.label}] {words}".rstrip())

    def print_filed(self, imported: Import) -> None:
        self.title("Filed", sum(each.count for each in filed_of(imported)))
        for each in filed_of(imported):
            self.paragraph(f"{each.label}: {each.count}")
        if imported.submission:
            submission = imported.submission
            self.stdout.write(f"\nSubmission {submission.slug}, {submission.call}: {submission.get_absolute_url()}")
            self.stdout.write(
                f"Compile it: manage.py compile_submission --call {submission.call.slug} --submission {submission.slug}"
            )
        self.stdout.write(f"Take it back: manage.py import_submission --undo {imported.pk}")

    def title(self, words: str, count: int) -> None:
        self.stdout.write(f"\n{words}: {count}")

    def paragraph(self, words: str) -> None:
        """Print all of it: a text that is long goes on in further lines."""
        lines = textwrap.wrap(" ".join(words.split()), WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
        self.stdout.write("  - " + "\n    ".join(lines))
