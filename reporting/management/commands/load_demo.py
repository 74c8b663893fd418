from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.demo.load import ReferenceDataMissing
from reporting.demo.load import load_demo


class Command(BaseCommand):
    help = "Files demo people, initiatives, updates, calls and submissions. For a trial only; twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRIAL:
            raise CommandError(
                "Nothing was loaded: invented people and records belong on a trial, and DATABASE_URL names an "
                "installation. Unset it to try the portal."
            )
        try:
            outcomes = load_demo(timezone.now())
        except ReferenceDataMissing as missing:
            raise CommandError(str(missing)) from missing
        for filed in outcomes:
            self.stdout.write(f"{filed.kind}: {filed.added} added, {filed.unchanged} left as they are")
