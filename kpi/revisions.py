"""How much published figures moved afterwards, by metric and quarter (metrics.md G5): every published value, the unrevised ones included.

A first value and the latest of the same version of the definition make a pair; a new definition is a break of the series and no revision.
What is told of people's answers is whole points over at least ten units (C6), so that no earlier figure can be worked out of it. A saving's
revision stands only beside those of its three companions, like the saving itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from kpi import registry, words
from kpi.anonymity import DEFAULT_K
from kpi.metric import Family, Metric, Status, Unit
from kpi.models import PublishedValue
from kpi.restatement import Revisions, revisions
from kpi.uncertainty import mean_status

UNITS_OF_PEOPLE = DEFAULT_K  # units behind a revision of people's answers: as many as people behind a figure of theirs
QUARTERS = 5  # the 13 months that are published
Quarter = tuple[int, int]
Key = tuple[str, Quarter]  # metric and quarter
Pair = tuple[float, float]


@dataclass(frozen=True)
class Moved:
    """Revisions of one metric in one quarter, in its unit: n published values, of which `revised` differ from the first that was told."""

    metric: str
    label: str
    status: Status
    n: int
    revised: int | None = None
    mean: float | None = None
    mean_absolute: float | None = None
    text: str = ""  # both means, or why there are none


@dataclass(frozen=True)
class Row:
    """One quarter, in which the periods end."""

    label: str
    cells: tuple[Moved, ...]


def revisions_of(metric: Metric) -> tuple[Row, ...]:
    """The last five quarters, newest first: the metric alone, or a saving with its three companions beside it; empty for the rest."""
    if not metric.headline:
        return ()
    found = _by_quarter()
    mine = [item for family in Family if (item := registry.headline(family))]
    rows = []
    for quarter in sorted({quarter for _metric, quarter in found}, reverse=True)[:QUARTERS]:
        cells = _balanced([_moved(item, found.get((item.key, quarter), Found())) for item in mine])
        kept = cells if metric.family is Family.SAVINGS else [cell for cell in cells if cell.metric == metric.key]
        rows.append(Row(_("quarter %(quarter)d of %(year)d") % {"quarter": quarter[1], "year": quarter[0]}, tuple(kept)))
    return tuple(rows)


@dataclass(frozen=True)
class Found:
    """What stands behind one cell: pairs that differ, values that do not, and the units they are of."""

    moved: tuple[Pair, ...] = ()
    unmoved: int = 0
    units: int = 0


def _by_quarter() -> Mapping[Key, Found]:
    """Unrevised values are counted by the database; revised ones, of which there are few, are read."""
    first = PublishedValue.objects.filter(publication__revision=0, value__isnull=False)
    counted: Counter[Key] = Counter()
    units: dict[Key, set[tuple[str, int]]] = defaultdict(set)
    places = first.values_list("metric", "publication__end", "publication__dimension", "publication__member")
    for metric, end, dimension, member, n in places.annotate(n=Count("pk")).order_by():
        counted[metric, _quarter(end)] += n
        units[metric, _quarter(end)].add((dimension, member))
    pairs, gone = _revised()
    moved = {key: tuple(pair for pair in found if pair[0] != pair[1]) for key, found in pairs.items()}
    return {key: Found(moved.get(key, ()), n - gone[key] - len(moved.get(key, ())), len(units[key])) for key, n in counted.items()}


def _revised() -> tuple[Mapping[Key, list[Pair]], Counter[Key]]:
    """(first, latest) of every unit and period with a further revision, and how many have no pair: hidden since, or defined anew."""
    again = PublishedValue.objects.filter(publication__revision__gt=0)
    latest: dict[tuple[object, ...], tuple[float | None, int]] = {}
    ends: set[date] = set()
    columns = ("metric", "publication__dimension", "publication__member", "publication__start", "publication__end")
    for *place, value, version in again.order_by("publication__revision").values_list(*columns, "value", "definition_version"):
        latest[tuple(place)] = (value, version)
        ends.add(place[-1])
    pairs: dict[Key, list[Pair]] = defaultdict(list)
    gone: Counter[Key] = Counter()
    first = PublishedValue.objects.filter(publication__revision=0, value__isnull=False, publication__end__in=ends)
    for *place, value, version in first.values_list(*columns, "value", "definition_version"):
        now, versioned = latest.get(tuple(place), (value, version))
        key = (place[0], _quarter(place[-1]))
        if now is None or versioned != version:
            gone[key] += 1
        else:
            pairs[key].append((value, now))
    return pairs, gone


def _quarter(end: date) -> Quarter:
    """The quarter of the last day of a period that ends before `end`."""
    last = end - timedelta(1)
    return last.year, (last.month + 2) // 3


def _moved(metric: Metric, found: Found) -> Moved:
    n = found.unmoved + len(found.moved)
    status = mean_status(n)
    if metric.people_scope and found.units < UNITS_OF_PEOPLE and status.shows_value:
        status = Status.SUPPRESSED
    blank = Moved(metric.key, str(metric.label), status, n)
    if not status.shows_value:
        return replace(blank, text=_why(status, n))
    told = _rounded(metric, revisions([*found.moved, *((0.0, 0.0),) * found.unmoved]))
    moved = replace(blank, revised=len(found.moved), mean=told.mean, mean_absolute=told.mean_absolute)
    return replace(moved, text=_text(metric, moved))


def _rounded(metric: Metric, found: Revisions) -> Revisions:
    if not metric.people_scope or found.mean is None or found.mean_absolute is None:
        return found
    return Revisions(found.n, float(words.rounded(found.mean, 0)), float(words.rounded(found.mean_absolute, 0)))


def _balanced(cells: Sequence[Moved]) -> Sequence[Moved]:
    """0.4: what is told of a saving is told beside the same of its companions."""
    *companions, saving = cells
    missing = [cell.label for cell in companions if not cell.status.shows_value]
    if not missing or not saving.status.shows_value:
        return cells
    text = _("withheld: not shown without %(companions)s") % {"companions": ", ".join(missing)}
    return [*companions, Moved(saving.metric, saving.label, Status.WITHHELD, saving.n, text=text)]


def _why(status: Status, n: int) -> str:
    if status is Status.SUPPRESSED:
        return _("protected: told over at least %(k)d units, so that no earlier figure can be worked out") % {"k": UNITS_OF_PEOPLE}
    return _("%(n)d published values are too few") % {"n": n} if n else _("nothing was published")


def _text(metric: Metric, moved: Moved) -> str:
    decimals = 0 if metric.people_scope else words.DECIMALS[metric.unit] + 1
    unit = {Unit.SHARE: _("points"), Unit.INDEX: _("points")}.get(metric.unit, words.unit_word(metric.unit))
    size = [words.number(words.scaled(value or 0.0, metric.unit), decimals, sign=sign) for value, sign in _each(moved)]
    said = {"mean": size[0], "absolute": size[1], "unit": unit, "revised": moved.revised, "n": moved.n}
    text = _("mean %(mean)s, mean size %(absolute)s %(unit)s; %(revised)d of %(n)d published values were revised") % said
    return text if moved.status is Status.OK else f"{text} ({words.status_word(moved.status)})"


def _each(moved: Moved) -> Iterable[tuple[float | None, bool]]:
    return ((moved.mean, True), (moved.mean_absolute, False))
