"""What changed, and whether it may be called a change (metrics.md A4): arrows only beyond noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kpi import registry, words
from kpi.metric import Direction, Family, Metric, Unit
from kpi.result import Change, Result
from kpi.scales import scale_break
from kpi.uncertainty import Interval, benjamini_hochberg, mover

FALSE_DISCOVERY = 0.10
Z = 1.959964
NOT_OVER = "period:not_over"
SAME_UNIT = {
    Unit.SHARE: gettext_noop("pt"),
    Unit.PERCENT: gettext_noop("pt"),
    Unit.FIVES: gettext_noop("pt"),
    Unit.GAP: gettext_noop("pt"),
    Unit.FTE: gettext_noop("FTE"),
    Unit.SECONDS: "s",
    Unit.HOURS: "h",
}  # the others say none


def unknown(reason: str) -> Change:
    return Change(direction="unknown", text=words.NOTHING, words=words.cannot_compare(reason))


def compared(now: Result, before: Result | None) -> Change:
    """The difference with its interval from the limits of both (the hybrid score form, which for shares is Newcombe's)."""
    metric = registry.metrics().get(now.metric)
    if now.family is Family.SAVINGS:
        return _saving(now)
    if metric is None:
        return unknown(_("nothing measures it"))
    if before is None:
        return Change(direction="unknown", words=_("no comparison"))
    if gap := _why_not(now, before):
        return unknown(gap)
    if now.extra.get("missing", ()) == before.extra.get("missing", ()):
        return _beyond_method(metric, _on_scales(_difference(metric, now, before), now, before), now, before)
    pair = _on_common_parts(metric, now, before)
    if pair is None:
        return unknown(_("not made of the same parts"))
    change = _beyond_method(metric, _difference(metric, *pair), now, before)
    return replace(change, words=_("%(words)s, on the parts both periods have") % {"words": change.words})


def _on_scales(change: Change, now: Result, before: Result) -> Change:
    """A1: the flag `scale_break` where the share of any answer scale moved by more than ten points; the figures stay, the doubt is said."""
    if change.value is None or not scale_break(before.extra.get("scales", {}), now.extra.get("scales", {})):
        return change
    said = _("%(words)s; answers were given on other scales than before") % {"words": change.words}
    return replace(change, words=said, flags=(*change.flags, "scale_break"))


def _beyond_method(metric: Metric, change: Change, now: Result, before: Result) -> Change:
    """B6: an index that says how far other weights and goalposts move it has changed only where the change exceeds that band as well."""
    later, earlier = _method_band(now), _method_band(before)
    if not change.distinguishable or change.value is None or later is None or earlier is None:
        return change
    noise = mover(later, earlier)
    if change.value + noise.low - noise.value > 0 or change.value + noise.high - noise.value < 0:
        return change
    plain = worded(metric, replace(change, distinguishable=False))
    return replace(plain, words=_("%(words)s: other weights and goalposts could make as much of a difference") % {"words": plain.words})


def _method_band(result: Result) -> Interval | None:
    """Where every signal is at its best no other choice lifts an index, and it stands above its own band."""
    low, high = result.parts.get("method_low"), result.parts.get("method_high")
    if low is None or high is None or result.value is None:
        return None
    return Interval(result.value, min(low, result.value), max(high, result.value))


def _on_common_parts(metric: Metric, now: Result, before: Result) -> tuple[Result, Result] | None:
    """B5: two periods are compared on what both have, so that a part that came or went is not taken for a change."""
    if metric.alike is None or now.basis is None or before.basis is None:
        return None
    without = frozenset({*now.extra.get("missing", ()), *before.extra.get("missing", ())})
    found = [metric.alike(result.basis, without) for result in (now, before)]
    if found[0] is None or found[1] is None:
        return None
    known = [[float(words.rounded(number, 0)) if metric.people_scope else number for number in each] for each in found if each]  # C6
    made = [replace(result, value=each[0], low=each[1], high=each[2]) for result, each in zip((now, before), known, strict=True)]
    return made[0], made[1]


def _why_not(now: Result, before: Result) -> str:
    if not now.shown:
        return _("no value now")
    if not before.shown:
        return _("no value then")
    if any(reason.startswith("gap:") for reason in (*now.reasons, *before.reasons)):
        return _("days without data")
    if NOT_OVER in (*now.reasons, *before.reasons):
        return _("a period that is not over")
    if "wave" in now.extra and now.extra["wave"] == before.extra.get("wave"):
        return _("no new survey since")
    return ""


def _difference(metric: Metric, now: Result, before: Result) -> Change:
    if now.value is None or before.value is None or None in (now.low, now.high, before.low, before.high):
        return unknown(_("no interval"))
    d = now.value - before.value
    down = math.hypot(now.value - (now.low or 0.0), (before.high or 0.0) - before.value)
    up = math.hypot((now.high or 0.0) - now.value, before.value - (before.low or 0.0))
    low, high = d - down, d + up
    return worded(metric, Change(d, low, high, distinguishable=low > 0 or high < 0))


def worded(metric: Metric, change: Change) -> Change:
    """Text and direction for a difference; nothing but the difference where it is within noise."""
    d = change.value or 0.0
    size = words.number(words.scaled(abs(d), metric.unit), words.DECIMALS[metric.unit])
    name = SAME_UNIT.get(metric.unit, "")
    unit = f" {_(name)}" if name else ""
    if not change.distinguishable:
        sign = (
            "" if float(words.rounded(words.scaled(d, metric.unit), words.DECIMALS[metric.unit])) == 0 else ("+" if d > 0 else words.MINUS)
        )
        return replace(change, direction="none", text=f"{sign}{size}{unit}", words=_("no clear change"))
    text = f"{'▲' if d > 0 else '▼'} {size}{unit}"
    if metric.better is Direction.NEITHER:  # neither good nor bad by itself: no colour
        said = _("more, beyond noise") if d > 0 else _("less, beyond noise")
        return replace(change, direction="more" if d > 0 else "less", text=text, words=said)
    better = (d > 0) == (metric.better is Direction.UP)
    return replace(
        change,
        direction="better" if better else "worse",
        text=text,
        words=_("better, beyond noise") if better else _("worse, beyond noise"),
    )


def clear(saving: Result) -> bool:
    """Less work, or more, beyond noise: zero lies outside the interval."""
    return saving.low is not None and saving.high is not None and not saving.low <= 0 <= saving.high


def _saving(now: Result) -> Change:
    """A saving is compared with base practice, never coloured."""
    share = now.parts.get("percent")
    if not now.shown or share is None:
        return Change(direction="unknown")
    text, (low, high) = words.percent(abs(share)), _limits_of(now, share)
    if not clear(now):
        sign = words.MINUS if share < 0 and float(words.rounded(100 * share, 1)) else ""
        return Change(
            value=share, low=low, high=high, direction="none", text=f"{sign}{text}", words=_("no clear difference from base practice")
        )
    said = _("less work than at base practice") if share >= 0 else _("more work than at base practice")
    return Change(value=share, low=low, high=high, direction="less" if share >= 0 else "more", text=text, words=said)


def _limits_of(saving: Result, share: float) -> tuple[float | None, float | None]:
    """Of the percentage: the interval of the saving over the need at base practice, which is taken as known."""
    if not saving.value or saving.low is None or saving.high is None:
        return None, None
    return share * saving.low / saving.value, share * saving.high / saving.value


def sure_among_many(rows: Sequence[Sequence[Change]], metrics: Sequence[Metric]) -> list[list[Change]]:
    """More than three comparisons side by side: those that survive Benjamini-Hochberg at q = 0.10 keep their arrow."""
    if len(metrics) < len(Family):  # a family without a definition: the start-up check says so
        return [list(row) for row in rows]
    flat = [
        (i, j)
        for i, row in enumerate(rows)
        for j, change in enumerate(row)
        if metrics[j].family is not Family.SAVINGS and change.low is not None
    ]
    chosen = [list(row) for row in rows]
    if len(flat) <= 3:
        return chosen
    _adjusted, kept = benjamini_hochberg([p_value(chosen[i][j]) for i, j in flat], FALSE_DISCOVERY)
    for (i, j), sure in zip(flat, kept, strict=True):
        if chosen[i][j].distinguishable and not sure:
            chosen[i][j] = _unsure(metrics[j], chosen[i][j])
    return chosen


def _unsure(metric: Metric, change: Change) -> Change:
    """Without its arrow; what it is compared on stays said."""
    made = worded(metric, replace(change, distinguishable=False))
    return replace(made, words=made.words + change.words.removeprefix(worded(metric, change).words))


def p_value(change: Change) -> float:
    """Two-sided p of the difference under a normal with the width of its interval."""
    width = ((change.high or 0.0) - (change.low or 0.0)) / (2 * Z)
    if width <= 0:
        return 0.0 if change.value else 1.0
    return math.erfc(abs(change.value or 0.0) / width / math.sqrt(2))
