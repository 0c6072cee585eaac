"""What the page of the nights tells: whether the last one ran, each of its steps, the ones before, and when the next begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi import night, words
from kpi.doubts import OVERDUE
from kpi.models import ImportRun, Night, NightStep
from kpi.timetable import day_of_night

SHOWN = 14
State = NightStep.State


@dataclass(frozen=True)
class StepLine:
    """One step as it stands."""

    pk: int
    label: str
    state: str
    failed: bool
    started: datetime | None
    took: str
    attempt: int
    said: str


@dataclass(frozen=True)
class NightLine:
    """One night: `state` in words; `steps` empty where only its totals were checked, by hand."""

    day: date
    state: str
    failed: bool
    began: datetime | None
    took: str
    steps: Sequence[StepLine]

    @property
    def key(self) -> str:
        """Its name within the page."""
        return f"{self.day:%Y%m%d}"


@dataclass(frozen=True)
class Nights:
    """Everything the page says."""

    answer: str
    last: NightLine | None
    earlier: Sequence[NightLine]
    next_at: datetime | None
    zone: str


def tell(now: datetime | None = None) -> Nights:
    now, slot = now or timezone.now(), night.slot()
    found = [_line(item) for item in Night.objects.prefetch_related("steps")[:SHOWN]]
    last = found[0] if found else None
    return Nights(_answer(last, now), last, found[1:], slot.next(now), slot.zone)


def _line(item: Night) -> NightLine:
    rows = sorted(item.steps.all(), key=lambda row: row.pk)
    states = {row.step: row.state for row in rows}
    ends = [row.ended_at for row in rows if row.ended_at]
    took = took_words(max(ends) - item.began_at) if ends and item.began_at else ""
    return NightLine(item.day, _state(item, states), bool(night.failed(states)), item.began_at, took, [_step(row, states) for row in rows])


def _state(item: Night, states: Mapping[str, str]) -> str:
    if not states:
        return _("only its totals were checked, by hand")
    if failed := night.failed(states):
        return _("failed at: %(steps)s") % {"steps": ", ".join(night.labels(failed))}
    if State.LEFT in states.values():
        return _("not ended before the next one began")
    return _("complete") if set(states.values()) == {State.DONE} else _("under way")


def _step(row: NightStep, states: Mapping[str, str]) -> StepLine:
    held = night.held_by(row.step, states) if row.state in (State.WAITING, State.LEFT) and row.step in night.STEPS else []
    state = _("stopped by: %(steps)s") % {"steps": ", ".join(night.labels(held))} if held else str(State(row.state).label)
    took = took_words(row.ended_at - row.started_at) if row.ended_at and row.started_at and row.state == State.DONE else ""
    [label] = night.labels([row.step])
    return StepLine(row.pk, label, state, row.state == State.FAILED, row.started_at, took, row.attempt, night.words_of(row.said))


def took_words(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    if seconds < 120:
        return _("%(n)d s") % {"n": seconds}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": seconds // 60, "seconds": seconds % 60}


def _answer(last: NightLine | None, now: datetime) -> str:
    """The question in a sentence: did the nights run?"""
    begins, zone = night.slot().last(now), night.slot().zone
    due = day_of_night(begins, zone) if begins else None
    missed = begins and due and now - begins > OVERDUE and (last is None or last.day < due or not last.steps)
    if missed and due and ImportRun.objects.filter(created_at__lt=begins).exists():
        return _("The night of %(day)s did not begin: see whether worker and beat are running.") % {"day": words.day(due)}
    if last is None:
        return _("No night has been yet: the first one follows the first file.")
    return _("The night of %(day)s: %(state)s.") % {"day": words.day(last.day), "state": last.state}
