"""The night: which steps it has, what each needs, what each said in words, and whether it is complete.

No digest leaves before that. The rows say it, never a clock. What the steps do is in kpi/nights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.models import DueDay, ImportRun, Night, NightStep, TimetableEntry
from kpi.timetable import Slot, day_of_night

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text
else:
    Text = str

IMPORTS, TOTALS, CHECK_MISSING, CHECK_DIFFERS, STEPS_FAILED, STEPS_OPEN = (
    "imports", "totals", "check_missing", "check_differs", "steps_failed", "steps_open",
)  # fmt: skip
OPEN = (ImportRun.State.QUEUED, ImportRun.State.RUNNING)
State = NightStep.State
UNDER_WAY = (State.WAITING, State.RUNNING)
BEGINS = Slot(time(2, 30), settings.TIME_ZONE)  # until the timetable says otherwise
Said = Sequence[tuple[str, Mapping[str, object]]]


@dataclass(frozen=True)
class Step:
    """`needs` are done before it; `after` are over before it, well or not."""

    key: str
    label: Text | str
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


STEPS = {
    step.key: step
    for step in (
        Step("pulls", _("Fetch from connected sources")),
        Step("imports", _("Read the files that came"), after=("pulls",)),
        Step("totals", _("Add up the days that are due"), needs=("imports",)),
        Step("check", _("Compare every total with a recomputation"), needs=("totals",)),
        Step("values", _("Publish weeks that are mature"), needs=("check",)),
        Step("restated", _("Publish anew what turned out differently"), needs=("values",)),
        Step("alerts", _("Evaluate the alerts"), needs=("check",), after=("restated",)),
        Step("digest", _("Ask for the digests"), needs=("restated",)),
        Step("retention", _("Forget what has outlived its days"), needs=("check",), after=("alerts", "digest")),
        Step("exports", _("Delete printed files whose days are over"), after=("retention",)),
    )
}
WORDS: Mapping[str, Text | str] = {
    "nothing": _("nothing to do"),
    "fetched": _("%(n)s files fetched"),
    "not_fetched": _("%(n)s sources could not be fetched: %(names)s"),
    "files": _("%(n)s files since the night before, %(failed)s of them failed"),
    "reading": _("%(n)s files are still being read"),
    "days": _("%(n)s days added up"),
    "days_wait": _("days are still due"),
    "agrees": _("every total agrees"),
    "differs": _("%(n)s totals differ from a recomputation: manage.py check_data names them, manage.py roll_up --all repairs them"),
    "weeks": _("%(n)s weeks worked out"),
    "weeks_wait": _("%(n)s weeks wait: their days are due, or a source is late"),
    "changed": _("%(n)s alerts changed"),
    "asked": _("%(n)s digests asked for"),
    "deleted": _("%(n)s rows deleted"),
    "files_deleted": _("%(n)s files deleted"),
    "no_space": _("there is no space left on the disk: make room, then run it again"),
    "busy": _("the database was busy for too long: it is tried again"),
    "away": _("the database could not be reached: it is tried again"),
    "error": _("it stopped unexpectedly (%(error)s); the log says where"),
    "silent": _("each of %(n)s attempts ended without a word: the worker was ended, or ran out of memory"),
}


def words_of(said: Said) -> str:
    """What a step said, in the language of the reader."""
    return "; ".join(str(WORDS.get(code, code)) % {name: _spaced(fact) for name, fact in facts.items()} for code, facts in said)


def _spaced(fact: object) -> object:
    return words.number(fact) if isinstance(fact, int) else fact


def slot() -> Slot:
    """When the night begins."""
    entry = TimetableEntry.objects.filter(source=None).first()
    return entry.slot if entry else BEGINS


def today(now: datetime | None = None) -> date:
    """The day of the night that began last, or should have: until the next one begins it is still this one."""
    begins = slot()
    last = begins.last(now or timezone.now())
    return day_of_night(last, begins.zone) if last else timezone.localdate()


def checked(differences: int, differs: Mapping[str, Sequence[str]] | None = None) -> None:
    """The check of this night ended, by its step or by hand; a later one of the same night stands in its place."""
    day = today()
    found = {"checked_at": timezone.now(), "differences": differences, "differs": dict(differs or {})}
    Night.objects.update_or_create(day=day, defaults=found)
    if not differences:  # repaired and checked by hand: what waited for it goes on
        mine = NightStep.objects.filter(night=day, step="check", state=State.FAILED)
        mine.update(state=State.DONE, said=[["agrees", {}]], ended_at=timezone.now())


def files_open() -> int:
    return ImportRun.objects.filter(state__in=OPEN).count()


def totals_open() -> bool:
    return DueDay.objects.filter(due__gt=F("done")).exists()


def why_open(day: date) -> tuple[str, ...]:
    """What the night of this day still lacks before a digest may leave, as codes; empty when it is complete."""
    found = []
    if files_open():
        found.append(IMPORTS)
    if totals_open():
        found.append(TOTALS)
    differences = Night.objects.filter(day=day).values_list("differences", flat=True).first()
    if differences is None:
        found.append(CHECK_MISSING)
    elif differences:
        found.append(CHECK_DIFFERS)
    return (*found, *_steps_open(states(day)))


def states(day: date) -> dict[str, str]:
    """{step: state} of one night; empty where it was never begun."""
    return dict(NightStep.objects.filter(night=day).values_list("step", "state"))


def _steps_open(found: Mapping[str, str]) -> tuple[str, ...]:
    """A night that was begun has to end; one whose totals were checked by hand has no steps."""
    lacking = {found[key] for key in before("digest") if key in found} - {State.DONE}
    if not lacking:
        return ()
    return (STEPS_FAILED,) if State.FAILED in lacking else (STEPS_OPEN,)


def before(key: str) -> set[str]:
    """Everything a step needs, and what that needs."""
    return {name for need in STEPS[key].needs for name in (need, *before(need))}


def held_by(key: str, found: Mapping[str, str]) -> list[str]:
    """The failed steps that stand in the way of this one, in their order."""
    needed = before(key)
    return [name for name in STEPS if name in needed and found.get(name) == State.FAILED]


def ready(key: str, found: Mapping[str, str]) -> bool:
    """Whether a waiting step may begin: what it needs is done, what it comes after is over or stands still behind a failed one."""
    step = STEPS[key]
    over = all(found.get(name) in (State.DONE, State.FAILED) or held_by(name, found) for name in step.after)
    return over and all(found.get(name) == State.DONE for name in step.needs)


def failed(found: Mapping[str, str]) -> list[str]:
    return [name for name in STEPS if found.get(name) == State.FAILED]


def labels(keys: Iterable[str]) -> list[str]:
    return [str(STEPS[key].label) if key in STEPS else key for key in keys]
