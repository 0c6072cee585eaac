"""`manage.py archive_months FOLDER`: write the contacts of closed months as parquet, for `roll_up --all --archive FOLDER`."""

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpi.recompute import archive
from kpi.retention import FINAL_AFTER


class Command(BaseCommand):
    help = "Writes one parquet file for each month of contacts that is final (28 days after its end) and not yet archived as it stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--until", type=date.fromisoformat, help="archive months that ended by this day (default: 28 days ago)")

    def handle(self, *args: object, **options: Any) -> None:
        until = options["until"] or timezone.localdate() - FINAL_AFTER + timedelta(1)
        try:
            for month, written in archive.write(options["folder"], until):
                if options["verbosity"]:
                    self.stdout.write(f"{month.first:%Y-%m}: {month.rows:,} contacts, {'written' if written else 'stands'}.")
        except archive.Outdated as error:
            raise CommandError(str(error)) from error
