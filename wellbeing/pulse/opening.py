"""Opening a wave, making it longer, ending it early. Who may not be asked, and what to do about it, in sentences.

A team below k is refused unless it is joined with others before (metrics.md C2): its answers could never be shown, and asking
people in vain costs the trust the next wave needs. A wave that is closing or closed is never opened again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.anonymity import HEADCOUNT_MIN, smallest_group
from kpi.models import ReportingGroup, Team
from wellbeing.models import Asked, Pulse, Wave, WellbeingAnswer
from wellbeing.pulse import keys

SHORTEST, LONGEST, USUAL = 3, 42, 14  # days from opening to closing
MOST_PEOPLE = 500  # of one team: more are a slip of the finger


class Refused(Exception):
    """It cannot be done, and the sentences say why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Wish:
    """What an administrator asks for: how many people of which team, until when."""

    people: Mapping[int, int]
    closes_on: date
    contact: str = ""


def smallest() -> int:
    """Whoever is asked belongs to a group of so many."""
    return max(smallest_group(settings.WELLBEING_MIN_GROUP), HEADCOUNT_MIN)


def may_be_asked() -> Iterable[Team]:
    """Active teams that files may name, by site."""
    return Team.objects.filter(active=True, reporting_group=None).select_related("site").order_by("site__name", "name")


def open_wave(wish: Wish, user: Any) -> Pulse:
    """From this moment codes can be handed out. Refused with every reason there is."""
    made = keys.make()
    try:
        with transaction.atomic():
            return _open(wish, user, made)
    except BaseException:
        keys.destroy(made)
        raise


def _open(wish: Wish, user: Any, key_name: str) -> Pulse:
    today = timezone.localdate()
    if found := obstacles(wish, today):
        raise Refused(*found)
    wave = Wave.objects.create(code=_new_code(today), opened_on=today, closed_on=wish.closes_on)
    pulse = Pulse.objects.create(
        wave=wave,
        planned_until=wish.closes_on,
        contact=wish.contact,
        key_name=key_name,
        opened_by=user if getattr(user, "pk", None) else None,
    )
    Asked.objects.bulk_create(Asked(pulse=pulse, team_id=team, people=number) for team, number in sorted(wish.people.items()))
    return pulse


def _new_code(today: date) -> str:
    """Of the day, and numbered where there is one already."""
    code, number = f"pulse-{today}", 1
    while Wave.objects.filter(code=code).exists():
        number += 1
        code = f"pulse-{today}-{number}"
    return code


def obstacles(wish: Wish, today: date) -> list[str]:
    """Every reason why this wave may not be opened."""
    found = _about_days(wish.closes_on, today)
    teams = {team.pk: team for team in may_be_asked() if team.pk in wish.people}
    if not wish.people:
        found.append(_("Say for at least one team how many people are asked."))
    if len(teams) < len(wish.people):
        found.append(_("A team is not active, or is a reporting group: name the teams it is made of."))
    if any(not 0 < number <= MOST_PEOPLE for number in wish.people.values()):
        found.append(_("A team has from 1 to %(most)d people.") % {"most": MOST_PEOPLE})
    return [*found, *_too_small(wish, teams), *_asked_already(wish.closes_on, teams)]


def _about_days(closes_on: date, today: date) -> list[str]:
    first, last = today + timedelta(SHORTEST), today + timedelta(LONGEST)
    if first <= closes_on <= last:
        return []
    return [_("A wave lasts from %(short)d to %(long)d days.") % {"short": SHORTEST, "long": LONGEST}]


def counted_as(teams: Iterable[int], day: date) -> dict[int, int]:
    """{team: the row it is counted in on that day}: itself, or its reporting group."""
    wanted = list(teams)
    joined = ReportingGroup.objects.filter(valid_from__lte=day, members__in=wanted).order_by("pk").values_list("members", "row")
    return dict.fromkeys(wanted, 0) | {team: team for team in wanted} | {team: row for team, row in joined if team in wanted}


def _too_small(wish: Wish, teams: Mapping[int, Team]) -> list[str]:
    rows = counted_as(teams, wish.closes_on)
    sizes: dict[int, int] = defaultdict(int)
    for team in teams:
        sizes[rows[team]] += wish.people[team]
    small = [team for key, team in teams.items() if sizes[rows[key]] < smallest()]
    if not small:
        return []
    said = {"teams": ", ".join(f"{team.name} ({team.site.name})" for team in small), "k": smallest()}
    return [
        _(
            "%(teams)s: fewer than %(k)d people, so no figure of theirs could ever be shown. Join each with another team of its site in a "
            "reporting group (Data & imports, Reporting groups; it begins on a Monday to come), enter people for all its teams and let the "
            "wave close after that Monday; or leave these teams out."
        )
        % said
    ]


def _asked_already(closes_on: date, teams: Mapping[int, Team]) -> list[str]:
    open_ones = Asked.objects.exclude(pulse__state=Pulse.State.CLOSED).filter(team__in=teams)
    names = sorted({item.team.name for item in open_ones.select_related("team")})
    found = [_("Asked already, in a wave that is not closed yet: %(teams)s.") % {"teams": ", ".join(names)}] if names else []
    return [*found, *_same_day(closes_on, teams)]


def _same_day(closes_on: date, teams: Iterable[int], but: int = 0) -> list[str]:
    """Two surveys of one team that close on one day would count as one, and people twice."""
    others = Wave.objects.filter(closed_on=closes_on).exclude(pk=but)
    elsewhere = others.filter(pulse=None).exists() or WellbeingAnswer.objects.filter(wave__in=others, team__in=list(teams)).exists()
    if elsewhere or Asked.objects.filter(pulse__wave__in=others, team__in=list(teams)).exists():
        return [_("Another survey closes on that day: choose the day before or after.")]
    return []


def extend(pulse: Pulse, closes_on: date) -> None:
    """Only while it is open, only to a later day, and never across the beginning of a reporting group of its teams."""
    with transaction.atomic():
        wave = _held(pulse).wave
        teams = list(pulse.asked.values_list("team", flat=True))
        found = _same_day(closes_on, teams, but=wave.pk)
        if closes_on <= wave.closed_on:
            found.append(_("The new day is after the one that was told before; to end a wave sooner, end it now and say why."))
        if closes_on > (wave.opened_on or wave.closed_on) + timedelta(LONGEST):
            found.append(_("A wave lasts %(long)d days at most.") % {"long": LONGEST})
        if ReportingGroup.objects.filter(valid_from__gt=wave.closed_on, valid_from__lte=closes_on, members__in=teams).exists():
            found.append(_("A reporting group of these teams begins before that day: people were told otherwise when they answered."))
        if found:
            raise Refused(*found)
        wave.closed_on = closes_on
        wave.save()


def end_now(pulse: Pulse, reason: str) -> None:
    """Nobody can answer any more from now on; what is there is imported, and shown when the day is over."""
    if not reason.strip():
        raise Refused(_("Say why: the reason stands on the page for everybody."))
    with transaction.atomic():
        held, today = _held(pulse), timezone.localdate()
        teams = list(pulse.asked.values_list("team", flat=True))
        if today < held.wave.closed_on and (found := _same_day(today, teams, but=held.wave.pk)):
            raise Refused(*found)
        held.wave.closed_on = min(today, held.wave.closed_on)
        held.wave.save()
        held.state, held.closed_early = Pulse.State.CLOSING, reason.strip()[:200]
        held.save()


def _held(pulse: Pulse) -> Pulse:
    """The wave as it is now, and nobody else changes it before the transaction ends."""
    held = Pulse.objects.select_for_update(of=("self",)).select_related("wave").get(pk=pulse.pk)
    if held.state != Pulse.State.OPEN or held.wave.closed_on < timezone.localdate():
        raise Refused(_("The wave is closed. It is not opened again: open a new one."))
    return held
