"""Say what a file is: sealed here, an altered copy, a draft, of another portal, or none of these."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.verification import files
from reporting.verification.texts import MOST_CHANGES, Change
from reporting.verification.verdicts import Verdict, verify


class Command(BaseCommand):
    help = (
        "Say which sealed submission a file is, that it is an altered copy of one and what differs, or neither. "
        "Ends with 0 for a sealed file that is in force (neither withdrawn nor superseded, and all that is stored of "
        "its seal is as it was sealed), with 1 for anything else."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=f"at most {files.LIMIT // 1024**2} MB; only read")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        try:
            verdict = verify(files.load(path), reader=None, name=path.name)
        except files.CannotTake as error:
            raise CommandError(str(error)) from error
        for line in self.lines(verdict):
            self.stdout.write(line)
        if not verdict.is_in_force:
            sys.exit(1)

    def lines(self, verdict: Verdict) -> list[str]:
        lines = [
            verdict.title,
            *verdict.sentences,
            *(f"Note: {notice.title}. {notice.text}" for notice in verdict.notices),
        ]
        if verdict.seal:
            sealed_at = timezone.localtime(verdict.seal.sealed_at)
            lines.append(
                f"{verdict.seal}: {verdict.seal.submission}, sealed on {sealed_at:%d %B %Y at %H:%M} for "
                f"{verdict.seal.entity} ({verdict.seal.get_role_display()})"
            )
            lines.append(f"Fingerprint of the sealed text: {verdict.seal.fingerprint}")
        lines.append(f"SHA-256 of this file: {verdict.sha256}")
        lines += [f"{each.name}: sealed “{each.sealed}”, here “{each.here}”" for each in verdict.properties]
        if verdict.changes:
            lines.append("What differs in the text, [-sealed-] and {+here+}:")
            lines += [self.marked(change) for change in verdict.changes[:MOST_CHANGES]]
        if len(verdict.changes) > MOST_CHANGES:
            lines.append(f"… and in {len(verdict.changes) - MOST_CHANGES} more places.")
        return lines

    def marked(self, change: Change) -> str:
        marks = {"same": ("", ""), "went": ("[-", "-]"), "came": ("{+", "+}")}
        pieces = (f"{marks[piece.kind][0]}{piece.text}{marks[piece.kind][1]}" for piece in change.pieces)
        return "  " + "".join(pieces).replace("\n", " ¶ ")
