import argparse
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives.indicator_tables import add_up_missing
from initiatives.load.make import make_load
from portal.common.errors import PersonError


def a_scale(text: str) -> float:
    scale = float(text)
    if not 0.001 <= scale <= 1:
        raise argparse.ArgumentTypeError("a scale lies between 0.001 and 1")
    return scale


class Command(BaseCommand):
    help = (
        "Makes the reference load to measure with: at scale 1, 20 entities, 20,000 initiatives, 200,000 updates and "
        "1,000,000 results over 20 years. The same scale makes the same rows. For a trial with reference data alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=a_scale, default=0.01, help="1 or a part of it: 0.1, 0.01 (default)")

    def handle(self, *args: Any, scale: float, **options: Any) -> None:
        if not settings.TRIAL:
            raise CommandError(
                "Nothing was made: invented records belong on a trial, and DATABASE_URL names an installation. "
                "Unset it to measure."
            )
        started = time.monotonic()
        try:
            made = make_load(scale=scale)
        except PersonError as error:
            raise CommandError(f"Nothing was made. {error}") from error
        for kind, number in made.items():
            self.stdout.write(f"{kind}: {number:,}")
        seconds = time.monotonic() - started
        self.stdout.write(f"Made {sum(made.values()):,} rows in {seconds:.1f} seconds. History has an event for each.")
        self.stdout.write(f"Figures of {add_up_missing()} indicators are at hand.")  # as a worker has them
