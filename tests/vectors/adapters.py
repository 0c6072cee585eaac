"""From the words of a test vector to our functions: {area: function of the inputs giving the expected keys}.

Every area of the vectors has one; other cases of the same areas run unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kpi import anonymity, lifecycle, resolution, scales, uncertainty, weighting
from kpi import gate as companion
from kpi.metric import Status
from staffing import workload
from tests.vectors import adapters_access, adapters_staffing
from wellbeing import index, instruments

Inputs = Mapping[str, Any]


def companion_gate(given: Inputs) -> dict[str, Any]:
    def claim(name: str) -> companion.Claim | None:
        said = given.get(name)
        return said and companion.Claim(said["value"], Status(said["status"]), said["scope"], said.get("age_days"))

    saving = claim("saving")
    assert saving is not None
    found = companion.gate(saving, {name: claim(name) for name in companion.COMPANIONS})
    return {"shown": found.shown, "value": found.value, "status": str(found.status), "reasons": list(found.reasons)}


def proportion_ci(given: Inputs) -> dict[str, Any]:
    if given["n"] == 0:
        return {"p": None, "low": None, "high": None}
    method = {"wilson": uncertainty.wilson, "agresti_coull": uncertainty.agresti_coull}[given["method"]]
    found = method(given["k"], given["n"], given["conf"])
    return {"p": found.value, "low": found.low, "high": found.high}


def proportion_diff(given: Inputs) -> dict[str, Any]:
    assert given.get("method", "newcombe") == "newcombe"
    if not (given["n1"] and given["n2"]):
        return {"diff": None, "low": None, "high": None, "distinguishable": None}
    found = uncertainty.newcombe(given["k1"], given["n1"], given["k2"], given["n2"], given["conf"])
    return {"diff": found.value, "low": found.low, "high": found.high, "distinguishable": found.distinguishable}


def scale_map(given: Inputs) -> dict[str, Any]:
    found = scales.map_answer(given["scale"], given["value"])
    return {"unit_score": found.unit_score, "satisfied": found.satisfied, "valid": found.valid}


def csat(given: Inputs) -> dict[str, Any]:
    answers = [
        (scales.map_answer(scale, float(value)), count) for scale, counts in given["counts"].items() for value, count in counts.items()
    ]
    n = sum(count for answer, count in answers if answer.valid)
    k = sum(count for answer, count in answers if answer.satisfied)
    found = uncertainty.share(k, n, given["conf"])
    invalid = sum(count for answer, count in answers if not answer.valid)
    return {"value": found.value, "n": n, "k": k, "low": found.low, "high": found.high, "status": str(found.status), "invalid": invalid}


def poststrat(given: Inputs) -> dict[str, Any]:
    cells = [weighting.Cell(cell["N"], cell["n"], cell["k"]) for cell in given["cells"]]
    found = weighting.weighted(cells, given.get("cap", weighting.CAP), given["conf"])
    if found is None:
        return dict.fromkeys(("p_unweighted", "p_weighted", "n_eff", "low", "high"))
    return {"p_unweighted": found.raw, "p_weighted": found.value, "n_eff": found.n_eff, "low": found.low, "high": found.high}


def nonresponse_bounds(given: Inputs) -> dict[str, Any]:
    low, high = uncertainty.nonresponse_bounds(given["k"], given["n"], given["N"])
    return {"response_rate": given["n"] / given["N"], "low": low, "high": high}


def nps(given: Inputs) -> dict[str, Any]:
    found = uncertainty.nps(given["promoters"], given["passives"], given["detractors"], given["conf"])
    return {"value": found.value, "se": found.se, "low": found.low, "high": found.high, "status": str(found.status)}


def ces(given: Inputs) -> dict[str, Any]:
    found = uncertainty.ces({int(answer): count for answer, count in given["counts"].items()})
    return {"value": found.value, "mean": found.mean, "low": found.low, "high": found.high, "status": str(found.status)}


def bh_fdr(given: Inputs) -> dict[str, Any]:
    adjusted, reject = uncertainty.benjamini_hochberg(given["p"], given["q"])
    return {"adjusted": adjusted, "reject": reject}


def who5(given: Inputs) -> dict[str, Any]:
    return vars(instruments.who5(given["items"]))


def cbi_work(given: Inputs) -> dict[str, Any]:
    return vars(instruments.cbi_work(given["items"]))


def hse_it(given: Inputs) -> dict[str, Any]:
    return vars(instruments.hse_from_answers(given["answers"]))


def instrument(given: Inputs) -> dict[str, Any]:
    found = instruments.generic(
        given["items"],
        lo=given["lo"],
        hi=given["hi"],
        reversed_items=given["reversed"],
        min_answered=given["min_answered"],
        output=given["output"],
    )
    return vars(found)


def mean_fpc(given: Inputs) -> dict[str, Any]:
    found = uncertainty.mean_interval(given["mean"], given["sd"], given["n"], given["N"], given["conf"])
    return {"se": uncertainty.mean_se(given["sd"], given["n"], given["N"]), "low": found.low, "high": found.high}


def hdi(given: Inputs) -> dict[str, Any]:
    return {"hdi": index.human_development(**given)}


def geomean(given: Inputs) -> dict[str, Any]:
    return {"index": uncertainty.geometric_mean(given["scores"], given["weights"], given["floor"])}


def geomean_ci(given: Inputs) -> dict[str, Any]:
    found = uncertainty.geometric_mean_interval(
        given["scores"], given["se"], given["weights"], floor=given.get("floor", 1.0), conf=given["conf"]
    )
    return {"index": found.value, "low": found.low, "high": found.high} if found else dict.fromkeys(("index", "low", "high"))


def goalpost(given: Inputs) -> dict[str, Any]:
    return {"score": scales.goalpost(given["value"], worst=given["worst"], best=given["best"])}


def awi(given: Inputs) -> dict[str, Any]:
    found = index.wellbeing_index(index.Answers(**given))
    flags = None if found.red_flags is None else list(found.red_flags)
    dimensions = None if found.dimensions is None else dict(found.dimensions)
    return vars(found) | {"awi": found.value, "status": str(found.status), "dimensions": dimensions, "red_flags": flags}


def publish_sensitive(given: Inputs) -> dict[str, Any]:
    return vars(anonymity.publish_sensitive(**given))


def suppress_1d(given: Inputs) -> dict[str, Any]:
    found = anonymity.suppress_1d({child["id"]: child["n"] for child in given["children"]}, given["k"])
    return {"suppressed": list(found.suppressed), "status": found.status}


def suppress_2d(given: Inputs) -> dict[str, Any]:
    found = anonymity.suppress_2d(given["cells"], given["k"])
    return {"suppressed": [list(cell) for cell in found.suppressed], "status": found.status}


def audit_2d(given: Inputs) -> dict[str, Any]:
    row, column = given["target"]
    found = anonymity.audit_2d(given["cells"], given["row_totals"], given["col_totals"], (row, column))
    return {"min": found.low, "max": found.high, "exact": found.exact}


def differencing(given: Inputs) -> dict[str, Any]:
    return vars(anonymity.judge_release(given["candidate"], given["published"], given["k"]))


def fcr(given: Inputs) -> dict[str, Any]:
    contacts = [
        resolution.Contact(
            row["id"], row["customer"], row["intent"], datetime.fromisoformat(row["opened_at"]), datetime.fromisoformat(row["closed_at"])
        )
        for row in given["contacts"]
    ]
    found = resolution.first_contact_resolution(contacts, datetime.fromisoformat(given["as_of"]), given["window_days"])
    limits = {"low": found.interval.low, "high": found.interval.high} if found.interval else {"low": None, "high": None}
    return vars(found) | limits | {"value": found.value}


def km(given: Inputs) -> dict[str, Any]:
    return {"survival": uncertainty.kaplan_meier(given["durations"], given["events"], given["t"])}


def containment(given: Inputs) -> dict[str, Any]:
    said = {"yes": True, "no": False, None: None, True: True, False: False}
    sessions = [resolution.Session(**session | {"confirmed": said[session["confirmed"]]}) for session in given["sessions"]]
    found = resolution.containment(sessions)
    return {"raw_containment": found.raw, "false_containment_rate": found.false_rate, "true_containment": found.true}


def rq(given: Inputs) -> dict[str, Any]:
    parts = {
        key: resolution.Part.of_score(part["mean"], part["sd"], part["n"])
        if key == "qa"
        else resolution.Part.of_share(part["k"], part["n"])
        for key, part in given["parts"].items()
        if part and part["n"]
    }
    found = resolution.resolution_quality(parts, given["conf"])
    value = {"rq": found.interval.value, "low": found.interval.low, "high": found.interval.high} if found.interval else {}
    return {"rq": None, "low": None, "high": None, "status": str(found.status)} | value


def seed_capacity(given: Inputs) -> dict[str, Any]:
    return vars(workload.seed_capacity(**given))


def required_fte(given: Inputs) -> dict[str, Any]:
    return {"fte": workload.required_fte(workload.Practice(**given))}


def _segments(given: Inputs) -> list[tuple[workload.Practice, workload.Practice]]:
    return [(workload.Practice(**given["base"]), workload.Practice(**given["current"]))]


def _total(given: Inputs) -> float:
    return required_fte(given["current"])["fte"] - required_fte(given["base"])["fte"]


def fte_reduction(given: Inputs) -> dict[str, Any]:
    found = workload.fte_reduction(_segments(given))
    return vars(found) | {"parts": dict(found.parts)}


def shapley(given: Inputs) -> dict[str, Any]:
    return {"effects": workload.five_factors(_segments(given)), "total": _total(given)}


def lmdi_fte(given: Inputs) -> dict[str, Any]:
    return {"effects": workload.lmdi_fte(_segments(given)), "total": _total(given)}


def lmdi(given: Inputs) -> dict[str, Any]:
    effects, total = workload.lmdi(given["v0"], given["vt"], given["x0"], given["xt"])
    return {"effects": effects, "total": total}


def mann_kendall(given: Inputs) -> dict[str, Any]:
    found = lifecycle.mann_kendall(given["x"])
    return {"S": found.s, "var_S": found.var_s, "Z": found.z, "p": found.p}


def theil_sen(given: Inputs) -> dict[str, Any]:
    return vars(lifecycle.theil_sen(given["x"], given["conf"]))


def phase(given: Inputs) -> dict[str, Any]:
    return vars(lifecycle.phase(given["weekly"], given["delta"]))


_BUILT = (
    companion_gate, proportion_ci, proportion_diff, scale_map, csat, poststrat, nonresponse_bounds, nps, ces, bh_fdr, who5, cbi_work,
    hse_it, instrument, mean_fpc, hdi, geomean, geomean_ci, goalpost, awi, publish_sensitive, suppress_1d, suppress_2d, audit_2d,
    differencing, fcr, km, containment, rq, seed_capacity, required_fte, fte_reduction, shapley, lmdi_fte, lmdi, mann_kendall, theil_sen,
    phase,
    *adapters_staffing.BUILT,
)  # fmt: skip
ADAPTERS: dict[str, Callable[[Inputs], dict[str, Any]]] = {function.__name__.rstrip("_"): function for function in _BUILT}
ADAPTERS |= adapters_access.ADAPTERS
