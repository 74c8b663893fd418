"""`manage.py add_up`: has the figures of all indicators at hand before a new version is started."""

from typing import Any

from django.core.management.base import BaseCommand

from initiatives.indicator_tables import add_up_missing


class Command(BaseCommand):
    help = (
        "Adds up the indicators that nobody has added up by this version, so that no reader waits. Twice does nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Figures of {add_up_missing()} indicators are at hand.")
