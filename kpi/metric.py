"""The plain types a number is made of: what is counted, how it is judged, and what comes out.

Nothing here reads the database, the settings or the clock. `metrics.md` section 0.1 is the source of `Result`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import polars as pl
    from django.utils.functional import _StrPromise as Text

    from kpi.edition import Version
else:
    Text = str

CONFIDENCE = 0.95


class Family(StrEnum):
    """The four families that are always shown side by side, in the order of the page."""

    CUSTOMER = "customer"
    WELLBEING = "wellbeing"
    RESOLUTION = "resolution"
    SAVINGS = "savings"


class Unit(StrEnum):
    """How a value is stored (metrics.md 0.2); display is the panel's business."""

    SHARE = "share"  # fraction in [0, 1], shown as percent with 1 decimal
    GAP = "gap"  # the difference of two shares, in [-1, 1], shown in percentage points with 1 decimal
    PERCENT = "percent"  # the same about people, of which no more than whole percents leave (metrics.md C6)
    FIVES = "fives"  # the same about a few people: steps of five percent leave, and the sample in bands (metrics.md C6)
    INDEX = "index"  # 0-100, shown with 0 decimals
    FTE = "fte"  # full-time equivalents, shown with 1 decimal
    POINTS = "points"  # -100 to 100, shown with 0 decimals
    MEAN = "mean"  # a mean on a scale of few steps, or a count for each of something, shown with 2 decimals
    SECONDS = "seconds"  # shown with 0 decimals
    HOURS = "hours"  # shown with 0 decimals
    COUNT = "count"  # records, whole
    MONEY = "money"  # in the one currency of the installation (CURRENCY), shown with 0 decimals


class Direction(StrEnum):
    """Which way is better. A saving is neither: it is never green."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Status(StrEnum):
    """metrics.md 0.1, worst last within the shown and the hidden half."""

    OK = "ok"
    PROVISIONAL = "provisional"
    SMALL_SAMPLE = "small_sample"
    PARTIAL = "partial"
    CARRIED_FORWARD = "carried_forward"
    INSUFFICIENT = "insufficient"
    SUPPRESSED = "suppressed"
    WITHHELD = "withheld"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"

    @property
    def shows_value(self) -> bool:
        return self in SHOWN


SHOWN = frozenset({Status.OK, Status.PROVISIONAL, Status.SMALL_SAMPLE, Status.PARTIAL, Status.CARRIED_FORWARD})


@dataclass(frozen=True, order=True)
class Period:
    """A closed-open range of local calendar days (metrics.md 0.6)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts: {self.start} to {self.end}")

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def whole_weeks(period: Period) -> Period:
    """The ISO weeks whose Thursday lies in the period, as the calendar gives weeks to years; the week of its first day if none does."""
    first = period.start - timedelta(period.start.weekday())
    start = first if first + timedelta(3) >= period.start else first + timedelta(7)
    last = period.end - timedelta(period.end.weekday())
    end = last + timedelta(7) if last + timedelta(3) < period.end else last
    return Period(start, end) if start < end else Period(first, first + timedelta(7))


class Stratum(NamedTuple):
    """One cell of channel x intent group x machine-only or not (metrics.md A3, E2). A tuple, for it is looked up all the time."""

    channel: str
    intent_group: str
    machine_only: bool


@dataclass(frozen=True)
class Measure:
    """What is added up on each day, over the records of one subject.

    `value` is a polars expression over the columns of the subject's frame (kpi/subjects, staffing/subjects,
    wellbeing/subjects). Null means "not known" and is not counted; zero is zero. A boolean counts as 0 or 1.
    Sums are of whole numbers (scale=1000 keeps seconds to the millisecond), so that any order of addition gives the same to the last bit.
    `stratified` measures are kept apart by `Stratum`; only subjects with strata (interaction) may use it.
    `squares` also keeps the sum of squares. `peak` keeps the highest day instead of a sum (its n and sum are that day's).
    `distinct` counts the different values of each day, of which the highest day is kept: how many people were at work.
    """

    key: str
    subject: str
    value: pl.Expr
    stratified: bool = False
    squares: bool = False
    peak: bool = False
    scale: int = 1
    distinct: bool = False

    def __post_init__(self) -> None:
        if self.distinct and (self.stratified or self.squares or not self.peak):
            raise ValueError(f"{self.key}: different values cannot be added up: distinct goes with peak, without strata and squares")

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Measure) and other.key == self.key


@dataclass(frozen=True)
class Total:
    """n records with a known value, their sum, their sum of squares (0 unless the measure keeps it)."""

    n: int = 0
    sum: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Total) -> Total:
        return Total(self.n + other.n, self.sum + other.sum, self.squares + other.squares)

    @property
    def mean(self) -> float | None:
        return self.sum / self.n if self.n else None

    @property
    def variance(self) -> float | None:
        """Sample variance (n - 1); None below two records."""
        return max(0.0, (self.squares - self.sum * self.sum / self.n) / (self.n - 1)) if self.n > 1 else None


NOTHING = Total()


@dataclass(frozen=True)
class Totals:
    """Additive parts of a scope and window: {measure key: {stratum or None: Total}}."""

    parts: Mapping[str, Mapping[Stratum | None, Total]] = field(default_factory=dict)

    def __getitem__(self, measure: Measure) -> Total:
        """The total over all strata."""
        if (whole := getattr(self.parts, "whole", None)) is not None:  # stored rows add all strata at once
            found: Total = whole(measure.key)
            return found
        return sum((self.parts.get(measure.key) or {}).values(), NOTHING)

    def strata(self, measure: Measure) -> Mapping[Stratum, Total]:
        return {key: total for key, total in self.parts.get(measure.key, {}).items() if key is not None}


@dataclass(frozen=True)
class Window:
    """A range of days a metric wants to see. `by`: all (one Totals), week (7-day blocks), day (each day with data).

    A week is a block of seven days counted from `start`; a shorter block at the end joins the one before it. Days that are a known gap
    in the data are left out, and a week with a gap above 5 % is left out whole."""

    subject: str
    start: date
    end: date
    by: str = "all"


@dataclass(frozen=True)
class Frame:
    """What a metric knows when it names its windows."""

    period: Period
    as_of: date  # the first day without data: everything before it is loaded
    context: Any = None  # what Metric.context gave for this site


@dataclass(frozen=True)
class Evidence:
    """All an estimate may look at, for one scope (or one site of it, when the metric is per_site).

    totals: {window name: Totals}; blocks: {window name: [(first day, Totals), ...]} for by="week" and by="day".
    """

    frame: Frame
    totals: Mapping[str, Totals] = field(default_factory=dict)
    blocks: Mapping[str, Sequence[tuple[date, Totals]]] = field(default_factory=dict)


LOW_AND_HIGH = "low and high"  # how a method begins whose limits are those of an assumption, not of chance


@dataclass(frozen=True)
class Estimate:
    """What a metric makes of its evidence, before the companion rule: n is its sample, parts are further figures, extra is detail."""

    status: Status
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    ci_method: str = ""
    reasons: tuple[str, ...] = ()
    parts: Mapping[str, float | None] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    age_days: int | None = None
    basis: Any = None  # what Metric.alike needs to compare two periods on the parts both have; never shown

    def __post_init__(self) -> None:
        if not self.status.shows_value and self.value is not None:
            raise ValueError(f"a {self.status} estimate carries no value")


@dataclass(frozen=True)
class Part:
    """A further figure of the same estimate, shown under it: which of `Estimate.parts`, in which unit."""

    label: Text | str
    unit: Unit


@dataclass(frozen=True)
class Example:
    """A worked example: printed on the metric's page and run as a test."""

    evidence: Evidence | tuple[Evidence, ...]
    gives: float


@dataclass(frozen=True)
class Metric:
    """A definition: words, formula, what it needs, how it is estimated. One file each, found by folder."""

    key: str  # equals the file name
    label: Text | str
    family: Family
    unit: Unit
    better: Direction
    measures: tuple[Measure, ...]
    windows: Callable[[Frame], Mapping[str, Window]]
    estimate: Callable[[Any], Estimate]  # takes Evidence, or a tuple of Evidence when per_site
    formula: Text | str
    caveat: Text | str
    sample: Text | str  # what n counts, e.g. "answers"
    source: str  # section of the metric definitions, e.g. "A1-A4"
    example: Example
    headline: bool = False
    per_site: bool = False
    context: Callable[[Sequence[int], Period], Mapping[int, Any]] | None = None
    at: Callable[[Any, Period], Any] | None = None  # the context of a site as it stood in another period
    people_scope: bool = False  # measured for teams: a filter by queue or channel becomes the teams that did the work
    min_people: int = 0  # fewer people than this behind the scope: suppressed
    crowd: Measure | None = None  # what counts these people, where they are not the agents of the contacts: heads, or those at work
    alike: Callable[[Any, frozenset[str]], tuple[float, float, float] | None] | None = None  # (basis, without) -> value, low, high
    version: int = 1
    history: tuple[Version, ...] = ()  # oldest first; the last is the version in force
    words: Text | str = ""
    page: str = ""  # key of the page it stands on (kpi/pages.py); the headlines stand on every one
    section: Text | str = ""  # heading on that page; figures of one heading stand together
    place: int = 100  # where on the page: smaller comes first
    shows: Mapping[str, Part] = field(default_factory=dict)  # its parts that a page prints, in this order
    by: tuple[str, ...] = ()  # tables the page breaks it down in: time, team, channel, queue, intent, tier
