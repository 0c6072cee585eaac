"""`manage.py roll_up`: bring flags and totals up to date; with --all compute everything anew by the other route."""

from argparse import ArgumentParser
from time import monotonic

from django.core.management.base import BaseCommand

from kpi import recompute, rollup


class Command(BaseCommand):
    help = "Rolls up the days that are due. With --all everything is computed anew from the records and rewritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="recompute everything; repairs whatever check_data finds")
        parser.add_argument("--limit", type=int, default=None, help="at most this many days, then stop")

    def handle(self, *args: object, **options: object) -> None:
        self.quiet = options["verbosity"] == 0
        started = monotonic()
        if options["all"]:
            days = recompute.recompute(self.show)
        else:
            limit = options["limit"]
            days = rollup.roll_up_due(self.show, limit if isinstance(limit, int) else None)
        if not self.quiet:
            self.stdout.write(f"{days} days rolled up in {monotonic() - started:.1f} s.")

    def show(self, done: int, total: int) -> None:
        if not self.quiet and self.stdout.isatty():
            self.stdout.write(f"\r{done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
