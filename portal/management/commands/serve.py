"""`make run`: the portal with its reference records and without those of the demo."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.processes import EVERYTHING, Processes, prepare, require_free_port, until_interrupted


class Command(BaseCommand):
    help = "Bring the database up to date, load the reference records and serve the portal with two workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")

    def handle(self, *, port: int, **_options: Any) -> None:
        with until_interrupted():
            require_free_port(port)
            prepare()
            call_command("load_reference", stdout=self.stdout)
            with Processes(names=EVERYTHING, port=port) as processes:
                processes.wait_until_up()
                self.stdout.write(f"The portal: http://127.0.0.1:{port}/ - Ctrl-C stops everything.")
                self.stdout.flush()
                processes.wait()
