from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives.services.csv_rows import FileDamaged
from initiatives.services.reference import REFERENCE, load_reference


class Command(BaseCommand):
    help = "Files countries, income groups, action lines, vocabularies, sessions, workplans. Twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=REFERENCE, help="read the files from here instead")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            outcomes = load_reference(folder)
        except FileDamaged as damaged:
            raise CommandError(f"Nothing was changed. {damaged}") from damaged
        for filed in outcomes:
            self.stdout.write(
                f"{filed.kind}: {filed.added} added, {filed.changed} changed, {filed.unchanged} unchanged"
            )
