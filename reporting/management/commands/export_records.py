"""Write the records of an entity as the workbook that people edit offline."""

from argparse import ArgumentParser
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from initiatives.models import Entity
from portal.common.languages import Language
from reporting.choices import WorkbookFormat
from reporting.desk import Scope
from reporting.management.arguments import entity_of
from reporting.workbook.export import records_as_workbook
from reporting.workbook.word_records import texts_as_word


class Command(BaseCommand):
    help = "Write the records of an entity as an XLSX or DOCX, to be edited offline and taken in by import_records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--entity", help="code of the entity; needed where several have records")
        parser.add_argument(
            "--format",
            choices=WorkbookFormat.values,
            default=WorkbookFormat.XLSX,
            help="xlsx: facts of initiatives and updates, and results; docx: texts; default: %(default)s",
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="default: <entity>-records.<format>, here")
        parser.add_argument("--language", choices=Language.values, default="en", help="default: %(default)s")

    def handle(self, **options: Any) -> None:
        with translation.override(options["language"]):
            entity = entity_of(options["entity"]) if options["entity"] else self.only_entity()
            path: Path = options["out"] or Path(f"{entity.code}-records.{options['format']}")
            make = records_as_workbook if options["format"] == WorkbookFormat.XLSX else texts_as_word
            with make(entity=entity, user=None, scope=Scope.ALL, now=timezone.now()) as made:
                try:
                    with path.open("wb") as file:
                        copyfileobj(made, file)
                except OSError as error:
                    raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: records of {entity}. Take it in again: manage.py import_records {path}")

    def only_entity(self) -> Entity:
        found = list(Entity.objects.filter(initiatives__isnull=False).distinct().order_by("code")[:2])
        if len(found) != 1:
            codes = Entity.objects.filter(initiatives__isnull=False).distinct().values_list("code", flat=True)
            known = ", ".join(sorted(codes)) or "none yet"
            raise CommandError(f"Name the entity with --entity. Entities with records: {known}.")
        return found[0]
