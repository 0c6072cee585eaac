"""`manage.py open_pulse --team lark=12`: open a wave from the shell, or hand out new codes of the one that asks these teams."""

from __future__ import annotations

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from kpi.models import Team
from wellbeing.models import Asked, Pulse
from wellbeing.pulse import handing, opening
from wellbeing.pulse.opening import USUAL, Refused, Wish


class Command(BaseCommand):
    help = (
        "Opens a wave of the pulse for teams, given as CODE=PEOPLE, and prints a link with a code for each person. Where an open wave asks "
        "these teams already, only the codes are new; unused ones are cancelled."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", action="append", required=True, metavar="CODE=PEOPLE", help="a team and how many people are in it")
        parser.add_argument("--days", type=int, default=USUAL, help="how long people can answer")
        parser.add_argument("--contact", default="", help="whom people can turn to; shown beside the questions")
        parser.add_argument("--address", default="", help="under which people reach the site, such as https://pulse.example.org")
        parser.add_argument("--print", type=int, default=None, metavar="N", help="print so many codes of each team; all of them by default")

    def handle(self, *args: object, **options: object) -> None:
        people = dict(_team(str(text)) for text in options["team"])  # type: ignore[attr-defined]
        days = timezone.localdate() + timedelta(int(str(options["days"])))
        try:
            pulse = _open_one(people) or opening.open_wave(Wish(people, days, str(options["contact"])), None)
            for asked in pulse.asked.select_related("team"):
                self._show(asked, str(options["address"]).rstrip("/") + reverse("pulse"), options["print"])
        except Refused as refused:
            raise CommandError(str(refused)) from None

    def _show(self, asked: Asked, address: str, number: object) -> None:
        made = handing.hand_out(asked, Asked.Handed.LINKS if number is None else Asked.Handed.PRINT)
        shown = made if number is None else made[: int(str(number))]
        self.stdout.write(
            "\n".join([f"{asked.team.name}, until {asked.pulse.wave.closed_on}:", *(handing.link(address, code) for code in shown)])
        )


def _team(text: str) -> tuple[int, int]:
    code, _, number = text.partition("=")
    team = Team.objects.filter(code=code).first()
    if team is None or not number.isdecimal():
        raise CommandError(f"--team {text}: write the code of a team that exists and a number of people, like lark=12.")
    return team.pk, int(number)


def _open_one(people: dict[int, int]) -> Pulse | None:
    """The open wave that asks exactly these."""
    waves = Pulse.objects.filter(state=Pulse.State.OPEN, wave__closed_on__gte=timezone.localdate()).select_related("wave")
    return next((pulse for pulse in waves if dict(pulse.asked.values_list("team", "people")) == people), None)
