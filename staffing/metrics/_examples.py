"""The worked example of the figures that compare a baseline with now. Not a metric."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kpi.metric import Evidence, Frame, Measure, Period, Stratum, Total, Totals
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED, HEADCOUNT, LEAVERS, example_totals
from staffing.costs import Book, Signed
from staffing.practice import SitePractice
from staffing.weeks import HANDLING, ON_QUEUE, PAID

WEEK, GO_LIVE = timedelta(weeks=1), date(2026, 3, 2)
PRACTICE = SitePractice(1, GO_LIVE - 8 * WEEK, GO_LIVE, GO_LIVE, 40.0, 0.85, 0.30, "8 weeks to 1 Mar 2026", "40 paid hours")


def decline_with_ai(paid_time: Measure | None = None, *, hours: tuple[float, float] = (0.0, 0.0)) -> Evidence:
    """The vector of that name a week at a time (40 paid hours a week for 160 in four); every other week is 2 % busier.

    `paid_time` with the paid hours a week of both windows, where a figure needs them.
    """
    base = [_week(round(50_000 * size), 0.0, aht=300, occupancy=0.80, shrinkage=0.30) for size in 4 * (0.98, 1.02)]
    now = [_week(round(45_000 * size), 0.3, aht=270, occupancy=0.85, shrinkage=0.28) for size in 2 * (0.98, 1.02)]
    blocks: dict[str, list[tuple[date, Totals]]] = {}
    for name, start, weeks, paid in (("baseline", GO_LIVE - 8 * WEEK, base, hours[0]), ("current", GO_LIVE, now, hours[1])):
        blocks[name] = [(start + i * WEEK, work) for i, (work, _) in enumerate(weeks)]
        blocks[f"{name}_days"] = [(start + i * WEEK, _with(people, paid_time, paid)) for i, (_, people) in enumerate(weeks)]
    return Evidence(Frame(Period(GO_LIVE, GO_LIVE + 4 * WEEK), date(2026, 6, 1), PRACTICE), {}, blocks)


def net_saving_example(paid_time: Measure) -> Evidence:
    """20 posts at 42 000; 90 people of whom 30 % left a year and now 42 %; AI 260 000, introduction 180 000, reskilling 45 000."""
    amounts = {"loaded_fte": 42_000, "salary": 30_000, "ai_run": 260_000, "one_off": 180_000, "reskilling": 45_000}
    rows = tuple(Signed(kind, None, GO_LIVE - WEEK, float(amount), f"{amount}") for kind, amount in amounts.items())
    hours = decline_with_ai(paid_time, hours=(7_440, 6_640))
    period = hours.frame.period
    book = Book(1, PRACTICE, period, rows, {1: 180_000})
    totals = {"period": example_totals({CONTACTS: (180_000, 180_000)}), "people": example_totals({HEADCOUNT: (2520, 90 * period.days)})}
    for name, leavers in (("leaving_base", 30), ("leaving_now", 42)):
        totals[name] = example_totals({HEADCOUNT: (36_500, 36_500), LEAVERS: (36_500, leavers)})
    return replace(hours, frame=replace(hours.frame, context=book), totals=totals)


def _with(people: Totals, measure: Measure | None, hours: float) -> Totals:
    return people if measure is None else Totals({**people.parts, measure.key: {None: Total(100, 3600 * hours)}})


def _week(contacts: int, contained: float, *, aht: float, occupancy: float, shrinkage: float) -> tuple[Totals, Totals]:
    """A week in which a tenth of what the AI handled alone came back."""
    human, machine = (Stratum("voice", "billing", machine_only=only) for only in (False, True))
    alone = round(contacts * contained / 0.9)
    work: dict[str, dict[Stratum | None, Total]] = {
        CONTACTS.key: {human: Total(contacts - alone, contacts - alone), machine: Total(alone, alone)},
        FALSELY_CONTAINED.key: {machine: Total(alone, alone / 10)},
        HANDLING.key: {human: Total(3000, 3000 * aht)},
    }
    halves = {DAY_HANDLING: occupancy, DAY_WAITING: 1 - occupancy, ON_QUEUE: 1 - shrinkage, PAID: 1.0}
    return Totals(work), Totals({measure.key: {None: Total(100, 1e6 * part)} for measure, part in halves.items()})
