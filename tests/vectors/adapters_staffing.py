"""Adapters of the staffing areas of the test vectors (metrics.md E3-E5, E8-E11); adapters.py merges them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from staffing import calculator, gain, patience, queueing, saving, scenario
from staffing import reskilling as people

Inputs = Mapping[str, Any]


def erlang_b(given: Inputs) -> dict[str, Any]:
    return {"blocking": queueing.erlang_b(**given)}


def erlang_c(given: Inputs) -> dict[str, Any]:
    return vars(queueing.erlang_c(**given))


def erlang_required(given: Inputs) -> dict[str, Any]:
    return vars(queueing.required_agents(**given))


def erlang_a(given: Inputs) -> dict[str, Any]:
    return vars(patience.erlang_a(**given))


def _claim(given: Inputs) -> calculator.Claim:
    return calculator.Claim(given["ai_resolution"], given["throughput_gain"], given["returned_share"])


def ai_fte(given: Inputs) -> dict[str, Any]:
    found = calculator.ai_fte(fte_before=given["fte_before"], simple_share=given["simple_share"], claim=_claim(given))
    return {"fte_after": found}


def simple_share_needed(given: Inputs) -> dict[str, Any]:
    return vars(calculator.simple_share_needed(fte_before=given["fte_before"], fte_after=given["fte_after"], claim=_claim(given)))


def allocation(given: Inputs) -> dict[str, Any]:
    return vars(gain.allocate(gain.Window(**given["base"]), gain.Window(**given["current"])))


def alerts(given: Inputs) -> dict[str, Any]:
    return vars(gain.alerts(**given))


def net_saving(given: Inputs) -> dict[str, Any]:
    how = {key: given[key] for key in ("mode", "replacement_rate")}
    return vars(saving.net_saving(saving.Costs(**{key: given[key] for key in given if key not in how}), **how))


def scenario_(given: Inputs) -> dict[str, Any]:
    plan = {
        key: tuple(value) if isinstance(value, list) else value for key, value in given.items() if key not in ("years", "no_separations")
    }
    found = scenario.project(scenario.Plan(**plan), no_separations=given.get("no_separations", False))
    assert len(found) == given["years"]
    return {"years": [vars(year) for year in found]}


def reskilling(given: Inputs) -> dict[str, Any]:
    return vars(people.reskilling(**given))


BUILT = (
    erlang_b, erlang_c, erlang_required, erlang_a, ai_fte, simple_share_needed, allocation, alerts, net_saving, scenario_, reskilling,
)  # fmt: skip
