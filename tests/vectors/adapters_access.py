"""Adapters for access, control charts and restatement (metrics.md F, G3, G5); adapters.py merges them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kpi import access, control, restatement
from kpi.uncertainty import Score

Inputs = Mapping[str, Any]


def handoff(given: Inputs) -> dict[str, Any]:
    found = access.handoff(
        human_handled=given["human_handled"], contacts=given["total"], ai_to_human=given["ai_to_human"], ai_sessions=given["ai_sessions"]
    )
    return {"handoff_rate": found.handoff_rate.value, "ai_transfer_rate": found.ai_transfer_rate.value}


def _limits(score: Score) -> dict[str, Any]:
    return {"low": score.low, "high": score.high, "status": str(score.status)}


def reach(given: Inputs) -> dict[str, Any]:
    found = access.reachability(given["times_s"], limit_s=given["limit_s"])
    return {"reach_rate": found.rate.value, "median_s": found.median_s, "p90_s": found.p90_s} | _limits(found.rate)


def disclosure(given: Inputs) -> dict[str, Any]:
    found = access.disclosure(given["disclosed"], given["ai_sessions"])
    return {"value": found.value} | _limits(found)


def equity_gap(given: Inputs) -> dict[str, Any]:
    intents = [access.Intent(access.Counts(**row["high"]), access.Counts(**row["low"])) for row in given["strata"]]
    return vars(access.equity_gap(intents, given["conf"]))


def override(given: Inputs) -> dict[str, Any]:
    low, high = (given[side] and access.Group(**given[side]) for side in ("low_override", "high_override"))
    prompts = {key: given[key] for key in ("shown", "followed", "dismissed", "ignored")}
    found = access.override(**prompts, low=low, high=high)
    return vars(found) | {"override_rate": found.rate.value}


def _shares(found: control.Shares | None) -> dict[str, Any]:
    assert found is not None
    return vars(found) | {"ucl": list(found.upper), "lcl": list(found.lower), "out": list(found.signals.r1)}


def p_chart(given: Inputs) -> dict[str, Any]:
    return _shares(control.p_chart(given["d"], given["n"]))


def laney(given: Inputs) -> dict[str, Any]:
    return _shares(control.laney(given["d"], given["n"]))


def xmr(given: Inputs) -> dict[str, Any]:
    found = control.xmr(given["x"], given.get("baseline"))
    assert found is not None
    return vars(found) | {name.upper(): list(indices) for name, indices in vars(found.signals).items()}


def restated(given: Inputs) -> dict[str, Any]:
    return {"action": str(restatement.decide(**given))}


ADAPTERS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    **{function.__name__: function for function in (handoff, reach, disclosure, equity_gap, override, p_chart, laney, xmr)},
    "restatement": restated,
}
