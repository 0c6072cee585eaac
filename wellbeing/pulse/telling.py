"""How a wave goes, in words: until when, what became of it, and how much of each team has answered as far as that may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpi.models import ImportRun
from wellbeing.models import Asked, Pulse
from wellbeing.pulse import keys
from wellbeing.pulse.opening import smallest
from wellbeing.pulse.readers import Reader


@dataclass(frozen=True)
class TeamLine:
    """One team of a wave. `handed` is told to administrators alone."""

    pk: int
    team: str
    site: str
    people: int
    response: str
    handed: str


@dataclass(frozen=True)
class WaveLine:
    pk: int
    title: str
    state: str
    is_open: bool
    sentences: tuple[str, ...]
    teams: tuple[TeamLine, ...]
    joined: bool  # some of its teams are told as one


def waves_for(reader: Reader) -> list[WaveLine]:
    """Youngest first; of a manager's own teams alone."""
    found = [wave(pulse, reader) for pulse in Pulse.objects.select_related("wave", "run")]
    return [line for line in found if line.teams or reader.may_open]


def wave(pulse: Pulse, reader: Reader) -> WaveLine:
    asked = pulse.asked.select_related("team__site")
    if reader.teams is not None:
        asked = asked.filter(team__in=reader.teams)
    return WaveLine(
        pulse.pk,
        _("Pulse of %(day)s") % {"day": _day(pulse.wave.opened_on)},
        str(pulse.get_state_display()),
        pulse.state == Pulse.State.OPEN,
        tuple(_sentences(pulse)),
        tuple(_line(item, pulse) for item in asked),
        any(item.people < smallest() for item in asked),
    )


def _sentences(pulse: Pulse) -> list[str]:
    last = {"day": _day(pulse.wave.closed_on), "planned": _day(pulse.planned_until)}
    if pulse.closed_early:
        said = [_("Ended early, on %(day)s: %(reason)s") % {**last, "reason": pulse.closed_early}]
    elif pulse.wave.closed_on != pulse.planned_until:
        said = [_("Last day %(day)s; it was opened until %(planned)s.") % last]
    else:
        said = [_("Last day %(day)s.") % last]
    return [*said, *_became(pulse)]


def _became(pulse: Pulse) -> list[str]:
    if pulse.state == Pulse.State.CLOSED:
        return [_outcome(pulse)]
    if keys.read(pulse.key_name) is None:
        return [
            _("The key of this wave is gone: its answers cannot be read by anybody, and it cannot be closed. See the guide to the pulse.")
        ]
    if pulse.state == Pulse.State.OPEN:
        return [_("It closes by itself when this day is over.")]
    if pulse.run is not None and pulse.run.state == ImportRun.State.FAILED:
        return [
            _("Its answers could not be imported; the reason stands with run %(run)d. It is tried again each day.") % {"run": pulse.run.pk}
        ]
    return [_("Nobody can answer any more; its answers are being imported.")]


def _outcome(pulse: Pulse) -> str:
    return {
        Pulse.Outcome.NOBODY: _("Nobody answered: there is nothing to show."),
        Pulse.Outcome.FEW: _("Fewer than %(k)d people answered in all: nothing of this wave is shown.") % {"k": smallest()},
    }.get(
        Pulse.Outcome(pulse.outcome), _("Closed. What was answered stands on the page People, wherever enough people of a group answered.")
    )


def _line(item: Asked, pulse: Pulse) -> TeamLine:
    handed = _("%(how)s, %(day)s") % {"how": item.get_handed_display(), "day": _day(item.handed_on)} if item.handed else _("not yet")
    return TeamLine(item.pk, item.team.name, item.team.site.name, item.people, _response(item, pulse), handed)


def _response(item: Asked, pulse: Pulse) -> str:
    if item.at_least is not None:
        return _("at least %(share)d %%") % {"share": item.at_least}
    if pulse.state == Pulse.State.OPEN:
        return _("not told: fewer than %(k)d by the last look, or not looked at yet") % {"k": smallest()}
    return _("not told: fewer than %(k)d, or beside a team with fewer") % {"k": smallest()}


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else "–"
