"""The assumption sheet of a capacity figure: (label, text) lines that are printed with it where it may be shown. Not a metric."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpi import words
from staffing.capacity import Change, Levels, lmdi
from staffing.practice import SitePractice
from staffing.workload import FACTORS

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Practice:
    """Contacts a week, containment, seconds, occupancy and shrinkage of all sites together."""

    volume: float
    containment: float
    aht_s: float
    occupancy: float
    shrinkage: float


def signed_for(signed: Iterable[SitePractice]) -> Lines:
    """What somebody put their name to; several where sites differ."""
    known = list(signed)
    lines = ((_("Baseline"), [item.baseline_text for item in known]), (_("Paid hours"), [item.assumption_text for item in known]))
    return tuple((label, "; ".join(dict.fromkeys(text for text in texts if text))) for label, texts in lines if any(texts))


def practices(changes: Sequence[Change], reasons: Sequence[str]) -> Lines:
    """Base practice and practice now, and whether it was measured."""
    base, now = (together([getattr(item, name) for item in changes]) for name in ("before", "after"))
    assumed = {name: f"{name}:assumed" in reasons for name in ("occupancy", "shrinkage")}
    return (
        (_("Contacts a week"), _between(base.volume, now.volume, words.number)),
        (_("Contacts that needed no person"), _between(base.containment, now.containment, words.percent)),
        (_("Handling time of contacts left to people"), _between(base.aht_s, now.aht_s, _seconds)),
        (_("Occupancy"), _measured(base.occupancy, now.occupancy, assumed["occupancy"])),
        (_("Shrinkage"), _measured(base.shrinkage, now.shrinkage, assumed["shrinkage"])),
        (_("Rounding"), _("none before the figure is printed")),
    )


def together(levels: Sequence[Levels]) -> Practice:
    """Sites as one: times and shares weighted by the work they stand for."""
    volume = math.fsum(float(item.volume.sum()) for item in levels)
    kept = math.fsum(float((item.volume * (1 - item.containment)).sum()) for item in levels)
    load = [float((item.volume * (1 - item.containment) * item.aht_s).sum()) for item in levels]
    queue = [work / item.occupancy.item() for work, item in zip(load, levels, strict=True)]
    paid = [time / (1 - item.shrinkage.item()) for time, item in zip(queue, levels, strict=True)]
    return Practice(
        volume, _ratio(volume - kept, volume), _ratio(sum(load), kept), _ratio(sum(load), sum(queue)), 1 - _ratio(sum(queue), sum(paid))
    )


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom else 0.0


def _seconds(value: float) -> str:
    return f"{words.number(value)}{words.NARROW}s"


def _between(base: float, now: float, text: Callable[[float], str]) -> str:
    return _("%(base)s in the baseline, %(now)s now") % {"base": text(base), "now": text(now)}


def _measured(base: float, now: float, assumed: bool) -> str:
    if assumed:
        return _("assumed %(value)s in both windows: not measured in both") % {"value": words.percent(now)}
    return _("measured: %(both)s") % {"both": _between(base, now, words.percent)}


def cross_check(changes: Sequence[Change]) -> Lines:
    """The change of the need by a second method; it shares out what factors do together in another way, and has the same sum."""
    found = [lmdi(item) for item in changes]
    known = [item for item in found if item is not None]
    if len(known) < len(changes):
        return ()
    names = dict(zip(FACTORS, (_("volume"), _("AI resolution"), _("handling time"), _("occupancy"), _("shrinkage")), strict=True))
    sums = {name: math.fsum(item[name] for item in known) for name in FACTORS}
    listed = ", ".join(f"{names[name]} {words.number(value, 1, sign=True)}" for name, value in sums.items())
    text = _("%(parts)s; together %(sum)s FTE from the baseline to now, as by the parts above")
    return ((_("Second method (LMDI)"), text % {"parts": listed, "sum": words.number(math.fsum(sums.values()), 1, sign=True)}),)
