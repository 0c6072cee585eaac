"""`manage.py check_data`: compare every stored total, flag and code with a recomputation from the records."""

from argparse import ArgumentParser
from itertools import islice

from django.core.management.base import BaseCommand, CommandError

from kpi import night
from kpi.recompute.compare import compare, waiting

REPAIR = (
    "Repair with: manage.py roll_up --all. Codes that name nothing are repaired by taking back and importing the files that brought them."
)


class Command(BaseCommand):
    help = "Recomputes everything by another route and compares. Exit code 1 if anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show", type=int, default=20, help="how many differences are printed (default 20)")

    def handle(self, *args: object, **options: object) -> None:
        shown = options["show"]
        found = compare()
        first = list(islice(found, shown if isinstance(shown, int) else 20))
        more = sum(1 for _ in found)
        night.checked(len(first) + more)  # a digest waits for it
        for difference in first:
            self.stdout.write(str(difference))
        for subject, days in waiting().items():
            self.stdout.write(f"{subject}: {days} days are due and were not compared; manage.py roll_up brings them up to date.")
        if first or more:
            raise CommandError(f"{len(first) + more} differences. {REPAIR}", returncode=1)
        self.stdout.write("0 differences.")
