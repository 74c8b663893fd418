"""Make the files of a sealed submission again, and say of each whether it came out the same."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.choices import CompilationState, Outcome
from reporting.management.jobs import wait_for
from reporting.models import Compilation, Seal
from reporting.services.compilations import request_rebuild


class Command(BaseCommand):
    help = (
        "Make the files of a seal again from its frozen text, through a worker, and print how each came out. "
        "Exit code 0: all have the same text."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="number of the seal")

    def handle(self, **options: Any) -> None:
        seal = Seal.objects.select_related("compilation").filter(number=options["number"]).first()
        if seal is None:
            last = Seal.objects.order_by("-number").values_list("number", flat=True).first()
            known = f"The last one is {last}." if last else "Nothing is sealed yet."
            raise CommandError(f"There is no seal {options['number']}. {known}")
        compilation = request_rebuild(seal=seal, user=None, now=timezone.now())
        wait_for(compilation)
        if compilation.state == CompilationState.FAILED:
            raise CommandError(f"Rebuild of seal {seal.number}: {compilation.get_failure_display()}")
        self.tell(compilation)

    def tell(self, compilation: Compilation) -> None:
        report: Any = compilation.report  # a RebuildReport
        for file in report["files"]:
            self.stdout.write(f"{file['rebuilt'] or '-':64}  {file['name']}: {Outcome(file['outcome']).label}")
        for tool in report["changed_tools"]:
            self.stdout.write(f"Changed since: {tool['name']}, {tool['sealed'] or 'none'} -> {tool['now'] or 'none'}")
        wrong = [
            file["name"] for file in report["files"] if file["outcome"] not in {Outcome.SAME_BYTES, Outcome.SAME_TEXT}
        ]
        if wrong:
            raise CommandError(f"Not proved to be what was sealed: {', '.join(wrong)}.")
