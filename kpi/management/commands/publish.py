"""`manage.py publish`: keep what the pages show of mature weeks, and append what turned out differently. Prints counts, never a value."""

from time import monotonic

from django.core.management.base import BaseCommand

from kpi import publishing


class Command(BaseCommand):
    help = (
        "Publishes the values of weeks that are complete and mature, as the night does. What is published is never changed, only added to."
    )

    def handle(self, *args: object, **options: object) -> None:
        self.quiet = options["verbosity"] == 0
        started = monotonic()
        night = publishing.publish(self.show)
        if self.quiet:
            return
        self.stdout.write(
            f"{night.weeks} weeks worked out in {monotonic() - started:.1f} s: {night.first} units and periods published, "
            f"{night.revised} revised, {night.waiting} weeks wait for their roll-up."
        )

    def show(self, done: int, total: int) -> None:
        if not self.quiet and self.stdout.isatty():
            self.stdout.write(f"\r{done} of {total}", ending="\n" if done == total else "")
            self.stdout.flush()
