"""`make demo`: everything a person needs to try the portal, from an empty folder to a compiled submission."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from initiatives.demo.people import SIGN_INS
from portal.processes import (
    BACKGROUND,
    EVERYTHING,
    Processes,
    prepare,
    require_free_port,
    until_interrupted,
)


class Command(BaseCommand):
    help = "Load reference and demo records, compile the UNIDO submission to CSTD 25 in a worker, and serve the portal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")
        parser.add_argument("--no-serve", action="store_true", help="end when the files are there")

    def handle(self, *, port: int, no_serve: bool, **_options: Any) -> None:
        with until_interrupted():
            if not no_serve:
                require_free_port(port)
            self.stdout.write(f"Preparing the database and the pages in {settings.VAR} ...")
            prepare()
            call_command("load_reference", stdout=self.stdout)
            call_command("load_demo", stdout=self.stdout)
            log = settings.VAR / "log" / "processes.log"
            with Processes(names=BACKGROUND if no_serve else EVERYTHING, port=port, log=log) as processes:
                self.stdout.write("Compiling the submission of UNIDO to the 25th session in a worker ...")
                call_command(
                    "compile_submission", "--entity", "UNIDO", "--session", "25", "--if-changed", stdout=self.stdout
                )
                if no_serve:
                    return
                processes.wait_until_up()
                self.say_where(port, str(log))
                processes.wait()

    def say_where(self, port: int, log: str) -> None:
        self.stdout.write(f"\nThe portal:  http://127.0.0.1:{port}/")
        self.stdout.write(f"Sign in at   http://127.0.0.1:{port}/accounts/login/")
        roles, emails = (max(len(person[column]) for person in SIGN_INS) for column in (0, 1))
        for person in SIGN_INS:
            self.stdout.write(
                f"  {person.role:<{roles}}  {person.email:<{emails}}  {person.password}  to {person.what_for}"
            )
        self.stdout.write(f"What the processes say goes to {log}.\nCtrl-C stops everything.")
        self.stdout.flush()
