"""Resolution quality from totals: its windows, its missing parts, and containment that is never shown alone."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import chains
from kpi.metric import Estimate, Evidence, Frame, Period, Status, Total, Totals
from kpi.metrics import resolution_quality as rq
from kpi.metrics._shared import FALSELY_CONTAINED
from kpi.resolution import Contact, Part, Session, containment, first_contact_resolution, resolution_quality

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
EPOCH = datetime(2026, 3, 1)


def quality(mature: dict[str, Total], period: dict[str, Total], as_of: date = date(2026, 5, 1)) -> Estimate:
    whole = {name: {None: total} for name, total in period.items()}
    return rq.estimate(
        Evidence(Frame(MARCH, as_of), {"period": Totals(whole), "mature": Totals({k: {None: v} for k, v in mature.items()})})
    )


def test_what_a_return_decides_is_only_asked_of_days_that_are_seven_days_old() -> None:
    found = rq.windows(Frame(MARCH, date(2026, 4, 1)))
    assert (found["mature"].start, found["mature"].end) == (date(2026, 3, 1), date(2026, 3, 25))
    assert found["period"].end == date(2026, 4, 1)
    assert rq.windows(Frame(MARCH, date(2026, 6, 1)))["mature"].end == date(2026, 4, 1)
    assert "mature" not in rq.windows(Frame(MARCH, date(2026, 3, 8)))


def test_a_part_with_too_few_records_is_missing_and_named() -> None:
    found = quality({"fcr": Total(1000, 720), "falsely_contained": Total(29, 3)}, {"ccr": Total(300, 240), "qa_score": Total(19, 19 * 86)})
    assert found.status is Status.PARTIAL
    assert found.extra["missing"] == ("qa", "ai_integrity")
    assert found.reasons == ("missing:qa", "missing:ai_integrity")
    assert (found.parts["qa"], found.parts["qa_n"]) == (None, 19)


def test_reviews_alone_say_nothing_about_resolution() -> None:
    found = quality({}, {"qa_score": Total(60, 60 * 86, 60 * 86**2)})
    assert (found.status, found.value) == (Status.INSUFFICIENT, None)


def test_raw_containment_stands_beside_false_and_true() -> None:
    found = quality(
        {"fcr": Total(100, 70), "falsely_contained": Total(70, 20), "ai_sessions": Total(500, 100), "ai_alone": Total(500, 70)},
        {"ccr": Total(100, 80)},
    )
    assert [found.parts[key] for key in ("raw_containment", "false_containment_rate", "true_containment")] == pytest.approx(
        [0.7, 2 / 7, 0.5]
    )


def test_containment_nobody_could_check_is_not_shown() -> None:
    found = quality({"fcr": Total(100, 70), "ai_sessions": Total(500, 100), "ai_alone": Total(500, 70)}, {"ccr": Total(100, 80)})
    assert found.parts["raw_containment"] is None


@pytest.mark.parametrize(("as_of", "status"), [(date(2026, 4, 14), Status.PROVISIONAL), (date(2026, 4, 15), Status.OK)])
def test_outcomes_are_open_for_two_weeks(as_of: date, status: Status) -> None:
    whole = {"ccr": Total(300, 240), "qa_score": Total(60, 60 * 86, 60 * 86**2)}
    assert quality({"fcr": Total(1000, 720), "falsely_contained": Total(800, 150)}, whole, as_of).status is status


def test_a_scope_with_many_unknown_customers_says_so() -> None:
    whole = {"ccr": Total(300, 240), "unidentified": Total(100, 21)}
    assert "unidentified:many" in quality({"fcr": Total(1000, 720)}, whole).reasons


def test_only_openers_count_and_an_unknown_return_counts_for_nothing() -> None:
    frame = pl.DataFrame({"role": [1, 1, 1, 2, 3, 0, None], "returned": [True, False, None, False, True, None, None]})
    assert frame.select(rq.RESOLVED_FIRST.value).to_series().to_list() == [False, True, None, None, None, None, None]


def test_contained_in_name_only_for_any_of_three_reasons() -> None:
    rows = [  # machine_only, returned, requested, reached, confirmed -> false
        (True, False, None, None, None, False),
        (True, True, None, None, True, True),
        (True, False, EPOCH, None, None, True),
        (True, False, EPOCH, EPOCH, None, False),
        (True, False, None, None, False, True),
        (True, True, EPOCH, None, False, True),
        (True, None, EPOCH, None, False, None),
        (False, True, EPOCH, None, False, None),
    ]
    names = ["machine_only", "returned", "human_requested_at", "human_reached_at", "confirmed", "false"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    assert frame.select(FALSELY_CONTAINED.value).to_series().to_list() == frame["false"].to_list()


def test_several_reasons_count_once() -> None:
    found = containment([Session(False, True, True, False), Session(False), Session(True, asked_human=True)])
    assert (found.false, found.raw, found.true) == (1, pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert containment([]).raw is None


def test_a_perfect_part_is_still_uncertain() -> None:
    found = resolution_quality({"fcr": Part.of_share(100, 100), "ccr": Part.of_share(100, 100)})
    assert found.interval is not None
    assert (found.interval.value, found.interval.high) == (pytest.approx(100), 100)
    assert found.interval.low < 100


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValueError, match="containment"):
        resolution_quality({"containment": Part.of_share(1, 2)})


def test_a_contact_cannot_close_before_it_opens() -> None:
    with pytest.raises(ValueError, match="before it opened"):
        Contact(1, "a", "x", EPOCH, EPOCH.replace(year=2025))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 400), st.integers(0, 60)), max_size=14))
def test_the_stored_flags_agree_with_the_definition_contact_by_contact(rows: list[tuple[str, int, int]]) -> None:
    """Two implementations of D1: the plain one here, and that over columns which the import uses."""
    hour = pl.duration(hours=1)
    frame = pl.DataFrame(
        {
            "id": range(len(rows)),
            "customer": [ord(c) for c, _, _ in rows],
            "group": [1] * len(rows),
            "o": [o for _, o, _ in rows],
            "d": [d for *_, d in rows],
        },
        schema={"id": pl.Int64, "customer": pl.Int64, "group": pl.Int32, "o": pl.Int64, "d": pl.Int64},
    ).with_columns((pl.lit(EPOCH) + pl.col("o") * hour).alias("opened"))
    frame = frame.with_columns((pl.col("opened") + pl.col("d") * hour).alias("closed"))
    flags = chains.flags(frame)
    contacts = [Contact(row["id"], str(row["customer"]), "x", row["opened"], row["closed"]) for row in frame.iter_rows(named=True)]
    plain = first_contact_resolution(contacts, datetime(2027, 1, 1))
    openers = flags.filter(pl.col("role") == chains.OPENER)
    assert plain.denominator == openers.height
    assert plain.numerator == openers.filter(~pl.col("returned")).height
    assert plain.repeats == flags.filter(pl.col("role") == chains.REPEAT).height
    assert plain.concurrent == flags.filter(pl.col("role") == chains.CONCURRENT).height
