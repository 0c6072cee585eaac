"""Net saving a year: what the posts that were taken out no longer cost, less everything that took their place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kpi import words
from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Status, Unit, Window
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, FALSELY_CONTAINED, HEADCOUNT, LEAVERS, totals_of
from staffing import costs, saving
from staffing.costs import Book
from staffing.metrics import _sites
from staffing.metrics._assumptions import Lines, signed_for
from staffing.metrics._examples import net_saving_example
from staffing.metrics._sites import Site
from staffing.metrics.gain_ledger import PAID_TIME, Gain, site_gain
from staffing.weeks import HANDLING

METHOD = gettext_noop("low and high replacement rate")
YEAR, DAYS = timedelta(weeks=52), 365
AMORTISED_YEARS = 3.0  # policy: a one-off cost is spread over as many years
ALL_OF_IT = 0.8  # policy: under a filter that takes a part of these people's work, what their hours cost cannot be split
FEWEST_PEOPLE = 10  # C2: attrition and whatever is built on it
COSTS = ("ai_run_cost", "attrition_cost", "one_off_annual", "reskilling_cost")


@dataclass(frozen=True)
class Year:
    """The year of one site by replacement rate, and what it is made of."""

    by_rate: Mapping[str, saving.NetSaving]
    fte: float
    heads: float
    leaving: tuple[float, float]


def windows(frame: Frame) -> dict[str, Window]:
    """Both windows of the hours, all contacts of the period, and who was employed and left in the years before and after go-live."""
    book, period = _book(frame), frame.period
    found = _sites.windows(frame, book.practice if book else None)
    found |= {"period": Window("interaction", period.start, period.end), "people": Window("employment", period.start, period.end)}
    go_live = book.practice.go_live if book else None
    if go_live and go_live < period.end:
        found["leaving_base"] = Window("employment", go_live - YEAR, go_live)
        found["leaving_now"] = Window("employment", max(go_live, period.end - YEAR), period.end)
    return found


def _book(frame: Frame) -> Book | None:
    return frame.context if isinstance(frame.context, Book) else None


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    """Sites are computed apart, each with its own costs, and added up."""
    sites = [_site(evidence) for evidence in pieces]
    return _sites.refused(sites) or _added_up(sites, pieces)


def _site(evidence: Evidence) -> Site[Year]:
    """The year of one site, or the first thing that is missing."""
    book = _book(evidence.frame)
    gained = site_gain(evidence, book.practice if book else None)
    if gained.found is None or book is None:
        return Site(gained.contacts, gained.status, gained.reasons)
    if gained.found.share < ALL_OF_IT:
        return Site(gained.contacts, Status.NOT_APPLICABLE, ("paid:part",))
    missing = next((kind for kind in (*costs.RATES, *costs.SUMS) if book.cost(kind) is None), None)
    if missing is not None:
        return Site(gained.contacts, Status.INSUFFICIENT, (f"cost:{missing}",))
    heads = totals_of(evidence, "people")[HEADCOUNT].sum / evidence.frame.period.days
    leaving = _leaving(evidence, "leaving_base"), _leaving(evidence, "leaving_now")
    if not heads or leaving[0] is None or leaving[1] is None:
        return Site(gained.contacts, Status.INSUFFICIENT, ("attrition:unknown",))
    if heads < FEWEST_PEOPLE:
        return Site(gained.contacts, Status.SUPPRESSED, ("people:too_few",))
    return Site(gained.contacts, gained.status, gained.reasons, _year(evidence, book, gained.found, heads, (leaving[0], leaving[1])))


def _leaving(evidence: Evidence, window: str) -> float | None:
    """Voluntary leavers a year for each person employed (B2)."""
    totals = totals_of(evidence, window)
    return DAYS * totals[LEAVERS].sum / totals[HEADCOUNT].sum if totals[HEADCOUNT].sum else None


def _year(evidence: Evidence, book: Book, gained: Gain, heads: float, leaving: tuple[float, float]) -> Year:
    contacts = totals_of(evidence, "period")[CONTACTS].n
    amounts = {str(kind): standing.amount for kind in (*costs.RATES, *costs.SUMS) if (standing := book.cost(kind))}
    shares = {str(kind): contacts / whole if (whole := book.shared_over(kind)) else 0.0 for kind in costs.SUMS}
    hours = gained.hours
    fte = (hours.paid_base.item() - hours.paid_now.item()) / (book.practice.paid_hours_per_week or math.inf)
    spent = saving.Costs(
        paid_fte_released=fte,
        loaded_cost_per_fte=amounts["loaded_fte"],
        ai_run_cost=amounts["ai_run"] * shares["ai_run"],
        recontact_contacts=0,
        cost_per_human_contact=0,
        attrition_rate_base=leaving[0],
        attrition_rate_now=leaving[1],
        headcount=heads,
        annual_salary=amounts["salary"],
        one_off_cost=amounts["one_off"] * shares["one_off"],
        amortisation_years=AMORTISED_YEARS,
        reskilling_cost=amounts["reskilling"] * shares["reskilling"],
    )
    return Year(saving.net_saving_range(spent, mode=saving.REALISED), fte, heads, leaving)


def _added_up(sites: Sequence[Site[Year]], pieces: Sequence[Evidence]) -> Estimate:
    years = [site.found for site in sites if site.found is not None]
    status, _contacts, reasons = _sites.joined(sites)
    nets = {rate: math.fsum(year.by_rate[rate].net for year in years) for rate in saving.REPLACEMENT}
    named = {name: math.fsum(getattr(year.by_rate["default"], name) for year in years) for name in ("gross", *COSTS)}
    return Estimate(
        status,
        nets["default"],
        min(nets.values()),
        max(nets.values()),
        round(math.fsum(year.heads for year in years)),
        METHOD,
        reasons,
        parts={"paid_fte_released": math.fsum(year.fte for year in years), **named},
        extra={
            "assumptions": partial(_assumptions, years, [book for evidence in pieces if (book := _book(evidence.frame))]),
            "says": ((_says(nets), False),),
        },
    )


def _says(nets: Mapping[str, float]) -> str:
    """What is left, in a sentence."""
    low, high = (words.figure(each, Unit.MONEY) for each in (min(nets.values()), max(nets.values())))
    said = {"net": words.with_unit(nets["default"], Unit.MONEY), "low": low, "high": high}
    return _now("After AI, leavers, introduction and reskilling, %(net)s a year is left (%(low)s to %(high)s).") % said


def _assumptions(years: Sequence[Year], books: Sequence[Book]) -> Lines:
    heads = math.fsum(year.heads for year in years)
    base, now = (math.fsum(year.heads * year.leaving[place] for year in years) / heads for place in (0, 1))
    rates = {name: words.percent(rate, 0) for name, rate in saving.REPLACEMENT.items()}
    return (
        *signed_for([book.practice for book in books]),
        *costs.lines(books),
        (_now("Leaving of their own will"), _now("%(base)s a year before go-live, %(now)s in the last 52 weeks since")
         % {"base": words.percent(base), "now": words.percent(now)}),
        (_now("Replacing one person"), _now("%(default)s of a yearly salary; the limits take %(low)s and %(high)s") % rates),
        (_now("Contacts that came back"), _now("cost nothing more here: they are already in the hours")),
        (_now("One-off cost"), _now("redundancy payments belong to it; spread over %(years)s years") % {"years": f"{AMORTISED_YEARS:g}"}),
        (_now("Not priced"), _now("what people know who left")),
    )  # fmt: skip


METRIC = Metric(
    key="net_saving",
    label=_("Net saving a year"),
    family=Family.SAVINGS,
    unit=Unit.MONEY,
    better=Direction.NEITHER,
    measures=(CONTACTS, FALSELY_CONTAINED, HANDLING, DAY_HANDLING, PAID_TIME, HEADCOUNT, LEAVERS),
    windows=windows,
    estimate=estimate,
    per_site=True,
    context=costs.books_of,
    at=costs.at,
    page="capacity",
    section=_("What is left of the saving?"),
    place=30,
    shows={
        "paid_fte_released": Part(_("posts’ worth of paid hours taken out:"), Unit.FTE),
        "gross": Part(_("which no longer cost"), Unit.MONEY),
        "ai_run_cost": Part(_("less running the AI:"), Unit.MONEY),
        "attrition_cost": Part(_("less more leavers than before (below zero: fewer):"), Unit.MONEY),
        "one_off_annual": Part(_("less one-off cost, a year’s part:"), Unit.MONEY),
        "reskilling_cost": Part(_("less reskilling:"), Unit.MONEY),
    },
    words=_("What a year costs less because paid hours were taken out, after AI, leavers, introduction and reskilling are paid for."),
    formula=_(
        "paid FTE released × loaded cost − AI − (leaving now − leaving before) × people × salary × replacement rate "
        "− one-off ÷ 3 − reskilling"
    ),
    caveat=_(
        "Only hours that were really taken out count, not those that could be. Its limits are those of the replacement rate, "
        "not of chance. The loss of what leavers know is not priced."
    ),
    sample=_("people employed"),
    source="E9",
    example=Example((net_saving_example(PAID_TIME),), gives=345_400.0),
)
