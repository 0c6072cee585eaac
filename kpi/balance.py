"""From estimates to results: people protected, the companion rule applied, numbers put into words.

metrics.md 0.1-0.4 and C6. Everything a surface shows has passed `balanced`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kpi import reasons, registry, words
from kpi.anonymity import FLOOR, band, count_band, share_words, whole_share
from kpi.facts import Beside
from kpi.gate import Claim, gate
from kpi.metric import Estimate, Family, Metric, Period, Status, Unit
from kpi.protect import HIDDEN, Guard, few_agents, protected
from kpi.result import Result
from kpi.scopes import Unit as ScopeUnit

ABSENT = Estimate(Status.NO_DATA, reasons=("definition:absent",))
TOO_FEW_AGENTS = Estimate(Status.SUPPRESSED, reasons=("agents:too_few",))
TOO_FEW_AT_WORK = Estimate(Status.SUPPRESSED, reasons=("crowd:too_few",))
Four = tuple[Result, Result, Result, Result]


@dataclass(frozen=True)
class Setting:
    """What is the same for all results of one panel."""

    as_of: date
    guard: Guard
    crews: Guard  # of agents by period, for figures about their work
    k: int
    texts: bool = True
    crowds: Mapping[str, Guard] = field(default_factory=dict)  # by metric, where it names its crowd


@dataclass(frozen=True)
class Seen:
    """The estimates of one unit and period, after protection: the last place a saving exists without its companions."""

    estimates: Mapping[Family, Estimate]
    scope: str
    period: Period


def headlines() -> dict[Family, Metric]:
    """The metric each family is judged by; a family without one withholds every saving."""
    return by_family.of(registry.metrics(), _find_headlines)


def _find_headlines() -> dict[Family, Metric]:
    return {family: metric for family in Family if (metric := registry.headline(family)) is not None}


by_family: Beside[dict[Family, Metric]] = Beside(most=4)  # for each registry: it is asked for with every figure


def shield(found: Mapping[str, Estimate], unit: ScopeUnit, crew: int, period: Period, setting: Setting) -> dict[Family, Estimate]:
    """Estimates by family with everything about too few people taken out."""
    shielded = {}
    few = few_agents(unit, crew, period, setting.crews)
    for family, metric in headlines().items():
        estimate = found.get(metric.key, ABSENT)
        if metric.people_scope:
            estimate = protected(estimate, unit, setting.guard)
        elif metric.family is not Family.SAVINGS and few:
            estimate = TOO_FEW_AGENTS
        shielded[family] = estimate
    return shielded


def balanced(estimates: Mapping[Family, Estimate], *, scope: str, period: Period, setting: Setting) -> Four:
    """All four side by side, in the order of Family; the saving only with its companions."""
    companions = {
        reasons.SHORT[metric.key]: _claim(estimates[family], scope) for family, metric in headlines().items() if metric.key in reasons.SHORT
    }
    saving = estimates.get(Family.SAVINGS, ABSENT)
    decision = gate(_claim(saving, scope), companions)
    if not decision.shown:
        saving = Estimate(decision.status, reasons=decision.reasons or saving.reasons)
    made = [
        _result(family, saving if family is Family.SAVINGS else estimates.get(family, ABSENT), scope, period, setting) for family in Family
    ]
    return made[0], made[1], made[2], made[3]


def beside(four: Four, metric: Metric, estimate: Estimate, unit: ScopeUnit, crew: int, setting: Setting) -> Result:
    """A further figure of the same scope and period: protected as those of its kind, a saving gated by the very four it stands beside."""
    first = four[0]
    period = Period(first.period_start, first.period_end)
    if metric.family is Family.SAVINGS:
        estimate = _gated(estimate, four)
    elif metric.people_scope:
        estimate = protected(estimate, unit, setting.guard)
    elif metric.crowd is not None:
        estimate = _among_enough(metric, estimate, unit, period, setting)
    elif few_agents(unit, crew, period, setting.crews):
        estimate = TOO_FEW_AGENTS
    return result_of(metric, estimate, first.scope, period, setting)


def _among_enough(metric: Metric, estimate: Estimate, unit: ScopeUnit, period: Period, setting: Setting) -> Estimate:
    """C2 for what people's days say: a crowd that nobody counted is too small."""
    guard = setting.crowds.get(metric.key)
    if estimate.status is Status.NO_DATA or (guard is not None and not guard.protects(unit, period)):
        return estimate
    return HIDDEN if metric.min_people > FLOOR else TOO_FEW_AT_WORK


def _gated(saving: Estimate, four: Four) -> Estimate:
    companions = {reasons.SHORT[found.metric]: found for found in four if found.metric in reasons.SHORT}
    claims = {name: Claim(found.value, found.status, found.scope, found.age_days) for name, found in companions.items()}
    decision = gate(_claim(saving, four[0].scope), claims)
    return saving if decision.shown else Estimate(decision.status, reasons=decision.reasons or saving.reasons)


def _claim(estimate: Estimate, scope: str) -> Claim:
    return Claim(estimate.value, estimate.status, scope, estimate.age_days)


def released(metric: Metric, estimate: Estimate) -> Estimate:
    """C6: wellbeing leaves as whole numbers, its sample as the lower end of a band of five; absence and attrition as whole percents;
    what became of a few people in steps of five percent."""
    if metric.unit is Unit.PERCENT:
        percents = {name: None if value is None else float(words.rounded(value, 2)) for name, value in _three(estimate).items()}
        return replace(estimate, **percents)  # type: ignore[arg-type]
    if metric.unit is Unit.FIVES:
        fives = {name: None if value is None else whole_share(value) for name, value in _three(estimate).items()}
        return replace(estimate, **fives, n=band(estimate.n))  # type: ignore[arg-type]
    if not metric.people_scope or estimate.value is None:
        return estimate
    whole = {name: None if value is None else float(words.rounded(value, 0)) for name, value in _three(estimate).items()}
    parts = {key: _whole(key, value) for key, value in estimate.parts.items()}
    return replace(estimate, **whole, n=band(estimate.n), parts=parts)  # type: ignore[arg-type]


def _three(estimate: Estimate) -> dict[str, float | None]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _whole(key: str, value: float | None) -> float | None:
    if value is None:
        return None
    return whole_share(value) if key.endswith("_rate") else float(words.rounded(value, 0))  # no unanimous groups


def _result(family: Family, estimate: Estimate, scope: str, period: Period, setting: Setting) -> Result:
    metric = headlines().get(family)
    if metric is None:
        return Result(
            family.value, family.value, family, Status.NO_DATA, None, None, None, None, scope, period.start, period.end, setting.as_of, 0
        )
    return result_of(metric, estimate, scope, period, setting)


def result_of(metric: Metric, estimate: Estimate, scope: str, period: Period, setting: Setting) -> Result:
    """An estimate that was protected and gated, as it leaves: in the form of C6 where it is about people's answers, and in words."""
    shown = released(metric, estimate)
    hidden = estimate.value is None and (metric.people_scope or estimate.status in {Status.SUPPRESSED, Status.WITHHELD})
    result = Result(
        metric=metric.key,
        label=str(metric.label),
        family=metric.family,
        status=shown.status,
        value=shown.value,
        low=shown.low,
        high=shown.high,
        n=None if hidden else shown.n,
        scope=scope,
        period_start=period.start,
        period_end=period.end,
        data_as_of=setting.as_of,
        definition_version=metric.version,
        ci_method=shown.ci_method,
        reasons=shown.reasons,
        parts={} if hidden else shown.parts,
        extra=_extra(shown, setting),
        age_days=shown.age_days if shown.value is not None else None,
        basis=shown.basis if shown.value is not None else None,
    )
    if not setting.texts:
        return result
    told = in_words(result, metric, setting.k)
    return replace(told, **_in_fives(estimate)) if metric.unit is Unit.FIVES and estimate.value is not None else told


def _in_fives(estimate: Estimate) -> dict[str, Any]:
    """C6 in the words of every table: "≤5" is said of at most five percent, and of seven, which leave as 5 as well, is not."""
    text, low, high = ("" if value is None else share_words(value) for value in _three(estimate).values())
    between = _("%(low)s to %(high)s") % {"low": low, "high": high} if low and high else ""
    return {"text": text, "interval_text": between, "margin_text": between}


def _extra(estimate: Estimate, setting: Setting) -> Mapping[str, Any]:
    """Nothing of a value that is hidden. A sheet of assumptions that is still to be written is written where words are."""
    if estimate.value is None:
        return {}
    lines = estimate.extra.get("assumptions")
    return {**estimate.extra, "assumptions": lines() if setting.texts else ()} if callable(lines) else estimate.extra


def in_words(result: Result, metric: Metric, k: int) -> Result:
    """The same with its texts, where it left without them."""
    return replace(result, **_texts(result, metric, k))


def _texts(result: Result, metric: Metric, k: int) -> dict[str, Any]:
    unit: Unit = metric.unit
    sentences = tuple(dict.fromkeys(reasons.why(reason, k=k) for reason in result.reasons))
    return {
        "text": words.figure(result.value, unit),
        "unit_text": words.unit_word(unit) if result.value is not None else "",
        "interval_text": words.interval(result.low, result.high, unit),
        "margin_text": words.interval(result.low, result.high, unit)
        if metric.people_scope or unit in {Unit.PERCENT, Unit.FIVES}  # whole numbers on both sides say more than half of their distance
        else words.margin(result.value, result.low, result.high, unit),
        "sample_text": _sample(result, metric),
        "why": sentences,
        "unlock": reasons.unlock(result.reasons),
    }


def _sample(result: Result, metric: Metric) -> str:
    if result.n is None or not result.n:
        return ""
    count = count_band(result.n, words.DASH) if metric.people_scope or metric.unit is Unit.FIVES else words.number(result.n)
    return f"{count} {metric.sample}"
