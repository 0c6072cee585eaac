"""An open wave of Lark, answered by whoever the test says."""

from __future__ import annotations

from datetime import date

from kpi.models import Team
from wellbeing.models import Asked, Pulse
from wellbeing.pulse import handing, opening, redeeming
from wellbeing.pulse.questionnaire import PARTS, field

OPENED, CLOSES, AFTER = date(2026, 4, 13), date(2026, 4, 27), date(2026, 4, 28)


def opened(people: dict[Team, int], closes_on: date = CLOSES) -> Pulse:
    return opening.open_wave(opening.Wish({team.pk: number for team, number in people.items()}, closes_on), None)


def codes_of(pulse: Pulse, team: Team) -> list[str]:
    return handing.hand_out(Asked.objects.get(pulse=pulse, team=team), Asked.Handed.PRINT)


def all_answered(value: str = "4") -> dict[str, str]:
    """The same answer to every question."""
    return {field(part, place): value for part in PARTS for place in range(len(part.items))}


def answer(codes: list[str], value: str = "4") -> None:
    for code in codes:
        assert redeeming.redeem(code, all_answered(value))
