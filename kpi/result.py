"""What leaves the door: results with their sample and doubt, set side by side. Plain types, made only by kpi/panel.py.

`Result` is metrics.md 0.1. Texts are ready to print, so that page, JSON, CSV and mail cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kpi.metric import CONFIDENCE, LOW_AND_HIGH, Family, Period, Status
from kpi.over_time import Control, Restated
from kpi.question import Query as Query
from kpi.question import Scope as Scope
from kpi.question import Viewer as Viewer


@dataclass(frozen=True)
class Result:
    """metrics.md 0.1, with the words for it."""

    metric: str
    label: str
    family: Family
    status: Status
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    scope: str
    period_start: date
    period_end: date
    data_as_of: date
    definition_version: int
    ci_method: str = ""
    reasons: tuple[str, ...] = ()
    parts: Mapping[str, float | None] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    age_days: int | None = None
    restated: Restated | None = None  # what was published before, where it turned out differently
    basis: Any = field(default=None, repr=False, compare=False)  # for comparisons on the parts both have; never shown
    # words
    text: str = ""  # "81.4", or "–" where no value is shown
    unit_text: str = ""  # "%", "/ 100", "FTE"
    interval_text: str = ""  # "80.3 to 82.5"
    margin_text: str = ""  # "±1.1"
    sample_text: str = ""  # "4 812 answers"
    why: tuple[str, ...] = ()  # one sentence per reason
    unlock: str = ""  # what would make it appear

    @property
    def conf(self) -> float | None:
        """How sure the limits are meant to be; None of limits that are those of an assumption."""
        return None if self.ci_method.startswith(LOW_AND_HIGH) else CONFIDENCE

    @property
    def shown(self) -> bool:
        return self.status.shows_value and self.value is not None

    @property
    def provisional(self) -> bool:
        """Whether what belongs to its last days can still arrive (G4), even where a graver state is the first thing to say."""
        still_open = any(reason.startswith("provisional:") or reason.endswith(":open") for reason in self.reasons)
        return self.shown and (self.status is Status.PROVISIONAL or still_open)

    @property
    def assumptions(self) -> tuple[tuple[str, str], ...]:
        """The sheet of a figure that is shown: what it stands on, as (label, text)."""
        return tuple(self.extra.get("assumptions", ())) if self.shown else ()


@dataclass(frozen=True)
class Change:
    """A comparison (metrics.md A4): an arrow only where `distinguishable`."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    distinguishable: bool = False
    direction: str = "none"  # better, worse, more, less, none (no clear change), unknown (cannot be compared)
    text: str = ""  # "−0.5 pt", "▼ 6"
    words: str = ""  # "no clear change", "worse, beyond noise", "cannot be compared: ..."
    flags: tuple[str, ...] = ()  # codes of what the words warn of: "scale_break"


@dataclass(frozen=True)
class Aim:
    """The target beside a figure. `band` draws what the words say (kpi/plans/targets.py); a state is never a colour."""

    state: str  # within, below, above, unclear, none
    floor: float | None
    ceiling: float | None
    text: str  # "Target: at least 80.0 %"
    words: str  # "below the floor by 2.1 pt, beyond the interval"
    band: Any = field(default=None, repr=False)
    since: date | None = None  # in force from

    @property
    def missed(self) -> bool:
        """The whole interval lies outside of it."""
        return self.state in ("below", "above")


@dataclass(frozen=True)
class Column:
    """One of the four, of equal weight."""

    result: Result
    change: Change
    notes: tuple[str, ...] = ()  # short facts under the figure: "FCR 69.1 %", "baseline 13 weeks to 28 Sep 2025"
    aim: Aim | None = None


@dataclass(frozen=True)
class TrendPoint:
    """The four families over one stretch of the time axis; savings already gated there."""

    period: Period
    results: tuple[Result, Result, Result, Result]


@dataclass(frozen=True)
class TeamRow:
    """One team with all four."""

    team: int
    label: str
    site: str
    columns: tuple[Column, Column, Column, Column]
    site_id: int | None = None


@dataclass(frozen=True)
class Moved:
    """A change beyond noise since the period of comparison; never of a saving."""

    team: int | None  # None: the whole scope
    where: str  # the team's name
    metric: str
    label: str
    family: Family
    text: str  # "38 / 100"
    change: Change
    interval_text: str  # "−30 to −24"
    sample_text: str = ""  # behind the value now: "10–14 people who answered"


@dataclass(frozen=True)
class Step:
    """A bar of the waterfall: from base practice to now. `total` bars stand on the axis."""

    key: str
    label: str
    value: float
    total: bool
    text: str
    sample: str = ""  # what every part is worked out from, and how sure their sum is


@dataclass(frozen=True)
class Note:
    """An annotation on the time axis: what happened, on a day or up to `last`, of which kind, and where."""

    day: date
    text: str
    last: date | None = None
    kind: str = ""  # in words
    where: str = ""  # a site or a team; empty for all sites


@dataclass(frozen=True)
class WeekVolume:
    """Contacts offered in one complete week; None where the week has a gap, or too few agents to tell of."""

    start: date
    contacts: int | None


@dataclass(frozen=True)
class Growth:
    """Is growth still absorbing the gain? (metrics.md E7) `turn` is the week in which growth stopped, where one is seen."""

    phase: str  # growth, plateau, decline, undetermined, insufficient
    per_quarter: float | None
    low: float | None
    high: float | None
    since: date | None
    turn: date | None
    weeks: tuple[WeekVolume, ...]
    text: str
    n: int = 0
    turn_low: date | None = None  # the turn may as well have been in any week between these
    turn_high: date | None = None


@dataclass(frozen=True)
class Freshness:
    """How old the data are and how much of what came was accepted."""

    data_to: date | None  # the last day with data
    loaded_at: datetime | None
    accepted_share: float | None
    text: str
    warnings: tuple[str, ...] = ()  # stale sources, days without data in the period


@dataclass(frozen=True)
class Verdict:
    """The page's answer in words. `lead` is the bold opening; sentences carry emphasis flags."""

    lead: str
    sentences: tuple[tuple[str, bool], ...]  # (text, strong)

    @property
    def text(self) -> str:
        return " ".join([self.lead, *(sentence for sentence, _ in self.sentences)])


@dataclass(frozen=True)
class Panel:
    """All four families side by side for one scope and period: the only thing a surface may show a saving from."""

    query: Query
    title: str
    period_text: str
    comparison_text: str
    verdict: Verdict
    columns: tuple[Column, Column, Column, Column]
    trend: tuple[TrendPoint, ...]
    teams: tuple[TeamRow, ...]
    steps: tuple[Step, ...]  # empty where the saving is withheld
    steps_text: str
    growth: Growth
    annotations: tuple[Note, ...]
    freshness: Freshness
    people_text: str = ""  # which teams the wellbeing figure covers, under a queue or channel filter
    policy_text: str = ""  # "groups of 10 and more"
    changed: tuple[Moved, ...] = ()  # since the period of comparison, the surest first
    weeks_text: str = ""  # which whole weeks other dates were read as
    controls: tuple[Control, ...] = ()  # control charts of the four trends, in their order; empty without a trend


@dataclass(frozen=True)
class Section:
    """Figures of one heading of a page."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Line:
    """One row of a table: a team, a channel, a queue."""

    label: str
    columns: tuple[Column, ...]
    leads: tuple[str, str] = ("", "")  # the filter that opens it: ("team", "7")


@dataclass(frozen=True)
class Breakdown:
    """The same figures for the parts of a scope, side by side."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Register:
    """What the figures of a page are judged by, as it stood in the period, or a table of a figure's own: texts, not numbers.

    `metric` is the definition its title leads to, where numbers stand in the texts.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    metric: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page beside the overview: its figures always travel with the panel of their scope and period."""

    key: str
    title: str
    question: str
    answer: Verdict
    panel: Panel
    sections: tuple[Section, ...]
    breakdowns: tuple[Breakdown, ...] = ()
    registers: tuple[Register, ...] = ()
