"""`manage.py night`: do the night of today now, step by step. Prints what each step said, never a figure."""

from django.core.management.base import BaseCommand, CommandError

from kpi import night, nights
from kpi.models import NightStep


class Command(BaseCommand):
    help = "Begins the night of today if it has not begun, and does every step that is not done; a failed one with --again."

    def add_arguments(self, parser) -> None:  # type: ignore[no-untyped-def]
        parser.add_argument("--again", action="store_true", help="do failed steps again")
        parser.add_argument("--begin", action="store_true", help="begin it and no more: a worker does its steps")

    def handle(self, *args: object, **options: object) -> None:
        day = nights.by_hand()
        if options["begin"]:
            self.stdout.write(f"The night of {day} has begun.")
            return
        mine = NightStep.objects.filter(night=day).order_by("pk")
        if options["again"]:
            for row in mine.filter(state=NightStep.State.FAILED):
                nights.again(row.pk)
        nights.go_on()
        for row in mine:
            self.stdout.write(f"{night.STEPS[row.step].label}: {row.get_state_display()}. {night.words_of(row.said)}")
        if failed := night.failed(night.states(day)):
            raise CommandError(f"Failed: {', '.join(night.labels(failed))}. Mend what it says, then manage.py night --again.", returncode=1)
