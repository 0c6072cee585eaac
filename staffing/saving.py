"""Net saving of one year, with every cost named (metrics.md E9). Pure; money in the one currency of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from staffing import limits

# Cost of replacing one person, as a share of the yearly salary (policy): 16-20 % is the median of case studies,
# 60-70 % counts indirect cost.
REPLACEMENT: Mapping[str, float] = MappingProxyType({"low": 0.16, "default": 0.40, "high": 0.65})
REALISED, PROJECTION = "realised", "projection"
NOT_PRICED = "The loss of institutional knowledge is not priced."


@dataclass(frozen=True)
class Costs:
    """What the year is made of: FTE whose paid hours were taken out, costs a year, attrition as leavers a year per head.

    `one_off_cost` and `redundancy_cost` are spread over `amortisation_years`; `recontact_contacts` are false containments a year.
    ValueError where one cannot be.
    """

    paid_fte_released: float
    loaded_cost_per_fte: float
    ai_run_cost: float
    recontact_contacts: float
    cost_per_human_contact: float
    attrition_rate_base: float
    attrition_rate_now: float
    headcount: float
    annual_salary: float
    one_off_cost: float
    amortisation_years: float
    reskilling_cost: float
    redundancy_cost: float = 0.0

    def __post_init__(self) -> None:
        limits.between("the released FTE", self.paid_fte_released, -100_000, 100_000)
        for name in _MONEY_AND_COUNTS:
            limits.not_negative(name.replace("_", " "), getattr(self, name))
        for name in ("attrition_rate_base", "attrition_rate_now"):
            limits.between(f"the {name.replace('_', ' ')} (leavers a year per head)", getattr(self, name), 0, 3)
        limits.between("the number of years a one-off cost is spread over", self.amortisation_years, 1, 10)


_MONEY_AND_COUNTS = (
    "loaded_cost_per_fte", "ai_run_cost", "recontact_contacts", "cost_per_human_contact", "headcount", "annual_salary",
    "one_off_cost", "reskilling_cost", "redundancy_cost",
)  # fmt: skip


@dataclass(frozen=True)
class NetSaving:
    """Money a year: net = gross - every cost. `attrition_cost` below 0: fewer leave than in the base."""

    mode: str
    replacement_rate: float
    gross: float
    ai_run_cost: float
    recontact_cost: float
    attrition_cost: float
    one_off_annual: float
    redundancy_annual: float
    reskilling_cost: float
    net: float


def net_saving(costs: Costs, *, mode: str, replacement_rate: float = REPLACEMENT["default"]) -> NetSaving:
    """`realised`: repeats after false containment are already in the need, so they cost nothing more; `projection`: they do."""
    if mode not in (REALISED, PROJECTION):
        text = _("'%(mode)s' is no kind of saving: %(realised)s or %(projection)s would be right")
        raise ValueError(text % {"mode": mode, "realised": REALISED, "projection": PROJECTION})
    limits.between("the replacement rate (share of a yearly salary)", replacement_rate, 0, 2)
    gross = costs.paid_fte_released * costs.loaded_cost_per_fte
    named = {
        "ai_run_cost": costs.ai_run_cost,
        "recontact_cost": costs.recontact_contacts * costs.cost_per_human_contact if mode == PROJECTION else 0.0,
        "attrition_cost": _more_leavers(costs) * costs.annual_salary * replacement_rate,
        "one_off_annual": costs.one_off_cost / costs.amortisation_years,
        "redundancy_annual": costs.redundancy_cost / costs.amortisation_years,
        "reskilling_cost": costs.reskilling_cost,
    }
    return NetSaving(mode, replacement_rate, gross, net=gross - sum(named.values()), **named)


def _more_leavers(costs: Costs) -> float:
    return (costs.attrition_rate_now - costs.attrition_rate_base) * costs.headcount


def net_saving_range(costs: Costs, *, mode: str) -> dict[str, NetSaving]:
    """The same year by low, default and high replacement rate: how much of the saving hangs on it."""
    return {name: net_saving(costs, mode=mode, replacement_rate=rate) for name, rate in REPLACEMENT.items()}
