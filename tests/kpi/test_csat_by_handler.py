"""CSAT of people and of the AI alone: two figures of two kinds of contact, each weighted within its own."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.metric import Evidence, Frame, Period, Status, Stratum, Total, Totals
from kpi.metrics import csat, csat_ai, csat_human
from kpi.metrics._shared import CONTACTS

FRAME = Frame(Period(date(2026, 3, 1), date(2026, 4, 1)), date(2026, 5, 1))


def evidence(cells: dict[Stratum, tuple[int, int, int]]) -> Evidence:
    totals = {
        CONTACTS.key: {key: Total(contacts, contacts) for key, (contacts, _, _) in cells.items()},
        csat.SATISFIED.key: {key: Total(n, k) for key, (_, n, k) in cells.items() if n},
    }
    return Evidence(FRAME, {"period": Totals(totals)})


def of(channel: str, *, machine: bool) -> Stratum:
    return Stratum(channel, "billing", machine_only=machine)


BOTH = evidence(
    {
        of("voice", machine=False): (600, 100, 90),
        of("chat", machine=False): (200, 100, 50),
        of("voice", machine=True): (300, 40, 10),
        of("chat", machine=True): (900, 20, 10),
    }
)


def test_each_is_weighted_within_its_own_contacts() -> None:
    people, machine = csat_human.METRIC.estimate(BOTH), csat_ai.METRIC.estimate(BOTH)
    assert (people.value, people.n) == (pytest.approx(0.75 * 0.9 + 0.25 * 0.5), 200)
    assert (machine.value, machine.n) == (pytest.approx(0.25 * 0.25 + 0.75 * 0.5), 60)
    assert machine.parts["answered_share"] == pytest.approx(60 / 1200)


def test_the_worst_case_is_that_of_the_same_contacts() -> None:
    machine = csat_ai.METRIC.estimate(BOTH).parts
    assert (machine["worst_low"], machine["worst_high"]) == pytest.approx((20 / 1200, 1160 / 1200))
    assert csat_human.METRIC.estimate(BOTH).parts["worst_low"] is None


def test_without_an_answer_there_is_no_figure_of_the_ai() -> None:
    assert csat_ai.METRIC.estimate(evidence({of("voice", machine=False): (600, 100, 90)})).status is Status.NO_DATA


def test_all_answers_together_are_those_of_both() -> None:
    assert csat.estimate(BOTH).n == csat_human.METRIC.estimate(BOTH).n + csat_ai.METRIC.estimate(BOTH).n
