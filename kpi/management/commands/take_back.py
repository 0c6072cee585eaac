"""`manage.py take_back RUN`: delete the rows a file brought; the file can be sent again afterwards."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpi import ingest, rollup
from kpi.models import ImportRun
from kpi.source import Refused


class Command(BaseCommand):
    help = "Takes a stored file back: the rows it brought are deleted, the totals follow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int)
        parser.add_argument("--no-roll-up", action="store_true", help="delete only; the totals are brought up to date later")

    def handle(self, *args: object, **options: Any) -> None:
        run = ImportRun.objects.select_related("source").filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run {options['run']}.")
        try:
            taken = ingest.take_back(run)
        except Refused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(taken.message)
        if not options["no_roll_up"]:
            rollup.roll_up_due()
