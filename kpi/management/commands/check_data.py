"""`manage.py check_data`: compare every stored total, flag and code with a recomputation from the records."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from kpi import night
from kpi.nights.checking import tally
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
        found = tally(compare(), shown if isinstance(shown, int) else 20)
        night.checked(found.count, found.as_json())  # a digest waits for it
        for difference in found.first:
            self.stdout.write(str(difference))
        for subject, days in waiting().items():
            self.stdout.write(f"{subject}: {days} days are due and were not compared; manage.py roll_up brings them up to date.")
        if found.count:
            raise CommandError(f"{found.count} differences. {REPAIR}", returncode=1)
        self.stdout.write("0 differences.")
