"""`manage.py roll_up`: bring flags and totals up to date; with --all compute everything anew by the other route."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpi import recompute, rollup
from kpi.recompute import archive


class Command(BaseCommand):
    help = "Rolls up the days that are due. With --all everything is computed anew from the records and rewritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="recompute everything; repairs whatever check_data finds")
        parser.add_argument("--archive", type=Path, metavar="FOLDER", help="with --all: where archive_months wrote closed months")
        parser.add_argument("--limit", type=int, default=None, help="at most this many days, then stop")

    def handle(self, *args: object, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        if options["archive"] and not options["all"]:
            raise CommandError("--archive goes with --all: what is due is brought up to date from the database.")
        started = monotonic()
        if options["all"]:
            try:
                days = recompute.recompute(self.show, options["archive"])
            except archive.Outdated as error:
                raise CommandError(str(error)) from error
        else:
            days = rollup.roll_up_due(self.show, options["limit"])
        if not self.quiet:
            self.stdout.write(f"{days} days rolled up in {monotonic() - started:.1f} s.")

    def show(self, done: int, total: int) -> None:
        if not self.quiet and self.stdout.isatty():
            self.stdout.write(f"\r{done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
