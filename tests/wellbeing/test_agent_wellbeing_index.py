"""The index from totals: which wave, which people, what is carried forward, and what must not leak."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from kpi import reasons
from kpi.gate import Claim, gate
from kpi.metric import Estimate, Evidence, Frame, Period, Status, Totals
from kpi.metrics._shared import DAY_HANDLING, DAY_WAITING, example_totals
from wellbeing.metrics import _signals as signals
from wellbeing.metrics import _survey as surveys
from wellbeing.metrics import agent_wellbeing_index as metric

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
DAYS = example_totals(
    {
        DAY_HANDLING: (100, 80.0),
        DAY_WAITING: (100, 20.0),
        signals.PAUSES[0]: (100, 5.0),
        signals.PAUSES[1]: (100, 60.0),
        signals.HIGH_EMOTION: (100, 4),
        signals.PROMPTS[0]: (100, 10),
        signals.PROMPTS[1]: (100, 3600.0),
        signals.MAY_DISABLE[0]: (100, 9.0),
        signals.MAY_DISABLE[1]: (100, 10.0),
    }
)
ABSENT = example_totals({signals.ABSENCE[0]: (100, 6.0), signals.ABSENCE[1]: (100, 100.0)})


def wave(n: int = 12, *, who5_n: int | None = None, who5: float = 60, sd: float = 15) -> Totals:
    m = n if who5_n is None else who5_n
    return example_totals(
        {
            metric.RESPONDENTS: (n, n),
            metric.WHO5: (m, m * who5, m * who5**2 + max(0, m - 1) * sd**2),
            metric.CBI: (n, n * 40.0, n * 1600.0 + max(0, n - 1) * 225.0),
            metric.HSE: (n, n * 3.4, n * 3.4**2 + max(0, n - 1) * 0.25),
        }
    )


def index(*waves: tuple[date, Totals], heads: int | None = 15, k: int | None = None, days: Totals = DAYS) -> Estimate:
    frame = Frame(MARCH, date(2026, 5, 1), {"k": k} if k else None)
    weeks = metric.windows(frame)["people_by_week"]
    people = (
        []
        if heads is None
        else [(weeks.start + i * surveys.WEEK, example_totals({signals.HEADCOUNT: (heads * 7, heads * 7)})) for i in range(14)]
    )
    return metric.estimate(Evidence(frame, {"days": days, "quarter": ABSENT}, {"waves": list(waves), "people_by_week": people}))


def test_the_latest_wave_before_the_end_of_the_period_counts() -> None:
    found = index((date(2026, 1, 9), wave(who5=80)), (date(2026, 3, 6), wave(who5=60)), (date(2026, 4, 3), wave(who5=20)))
    assert (found.parts["wellbeing"], found.extra["wave"], found.status, found.age_days) == (60, date(2026, 3, 6), Status.OK, None)


def test_the_windows_reach_as_far_as_a_wave_a_quarter_and_a_year() -> None:
    found = metric.windows(Frame(MARCH, date(2026, 5, 1)))
    assert found["waves"].end == found["year"].end == MARCH.end
    assert found["waves"].start <= MARCH.end - timedelta(days=92)
    assert ((found["quarter"].end - found["quarter"].start).days, (found["year"].end - found["year"].start).days) == (91, 364)
    weeks = found["people_by_week"]
    assert (weeks.end - weeks.start).days % 7 == 0
    long = metric.windows(Frame(Period(date(2025, 4, 1), MARCH.end), date(2026, 5, 1)))
    assert long["people_by_week"].start <= date(2025, 4, 1)


def test_an_older_wave_is_carried_forward_with_its_age() -> None:
    found = index((date(2026, 1, 9), wave()))
    assert (found.status, found.age_days) == (Status.CARRIED_FORWARD, 82)
    assert found.value is not None


def test_a_wave_of_93_days_is_stale_and_withholds_the_saving_in_these_words() -> None:
    found = index((date(2025, 12, 29), wave()))
    assert (found.status, found.value, found.parts, found.age_days) == (Status.CARRIED_FORWARD, None, {}, 93)
    assert index((date(2025, 12, 30), wave())).value is not None
    other = Claim(1.0, Status.OK, "x")
    decision = gate(Claim(5.0, Status.OK, "x"), {"csat": other, "rq": other, "awi": Claim(found.value, found.status, "x", found.age_days)})
    assert decision.reasons == ("awi:stale",)


@pytest.mark.parametrize(("n", "heads"), [(9, 15), (4, 4), (1, None)])
def test_a_group_that_is_too_small_leaves_nothing_behind(n: int, heads: int | None) -> None:
    found = index((date(2026, 3, 6), wave(n)), heads=heads)
    assert (found.status, found.value, found.low, found.high) == (Status.SUPPRESSED, None, None, None)
    assert (dict(found.parts), dict(found.extra), found.age_days) == ({}, {}, None)


def test_a_lowered_k_still_wants_ten_people() -> None:
    assert index((date(2026, 3, 6), wave(6)), heads=9, k=5).status is Status.SUPPRESSED
    assert index((date(2026, 3, 6), wave(6)), heads=10, k=5).status is Status.OK
    with pytest.raises(ValueError, match="at least 5"):
        index((date(2026, 3, 6), wave(6)), k=4)


def test_an_instrument_answered_by_fewer_than_k_is_missing() -> None:
    found = index((date(2026, 3, 6), wave(12, who5_n=9)))
    assert (found.status, found.parts["wellbeing"], found.extra["missing"]) == (Status.PARTIAL, None, ("wellbeing",))


def test_nobody_asked_is_no_data() -> None:
    assert index().status is Status.NO_DATA
    assert index((date(2026, 3, 6), wave(0))).status is Status.NO_DATA


def test_few_answers_of_many_people_are_flagged_and_the_rate_is_rounded_to_five_points() -> None:
    found = index((date(2026, 3, 6), wave(12)), heads=29)
    assert (found.parts["response_rate"], found.reasons) == (pytest.approx(0.40), ("low_response", "band:watch"))
    assert index((date(2026, 3, 6), wave(12)), heads=16).parts["response_rate"] == pytest.approx(0.75)


def test_unknown_headcount_is_no_census() -> None:
    unknown, census = index((date(2026, 3, 6), wave()), heads=None), index((date(2026, 3, 6), wave()), heads=12)
    assert unknown.parts["response_rate"] is None
    assert (unknown.high or 0) > (unknown.value or 0)
    assert census.low == pytest.approx(census.high or 0)


def test_three_known_signals_make_the_workload() -> None:
    found = index((date(2026, 3, 6), wave()))
    # occupancy 0.80 -> 75, 5 minutes of pause an hour -> 100, 4 % of days -> 80; notice and after-hours are not known
    assert found.parts["workload"] == pytest.approx(85)
    # 10 prompts an hour -> 83.3, nine of ten hours -> 90
    assert found.parts["ai_autonomy"] == pytest.approx((100 * 20 / 24 + 90) / 2)
    assert found.parts["stability"] == pytest.approx(50)


def test_without_working_days_the_survey_alone_is_enough_for_a_partial_index() -> None:
    frame = Frame(MARCH, date(2026, 5, 1))
    found = metric.estimate(Evidence(frame, {}, {"waves": [(date(2026, 3, 6), wave())]}))
    assert (found.status, found.extra["missing"]) == (Status.PARTIAL, ("workload", "ai_autonomy", "stability"))


def test_after_hours_are_per_person_employed_and_otherwise_per_five_working_days() -> None:
    days = example_totals({signals.AFTER_HOURS: (50, 600.0 * 60)})
    people = example_totals({signals.HEADCOUNT: (140, 140)})
    assert signals.signals(days, people, Totals(), Totals())["after_hours_min_per_week"] == pytest.approx(30)
    assert signals.signals(days, Totals(), Totals(), Totals())["after_hours_min_per_week"] == pytest.approx(60)
    assert signals.signals(Totals(), people, Totals(), Totals())["after_hours_min_per_week"] is None


def test_both_halves_of_a_signal_come_from_the_same_days() -> None:
    frame = pl.DataFrame(
        {
            "sick_s": [10.0, None, 5.0],
            "scheduled_s": [100.0, 100.0, None],
            "can_disable_prompts": [True, False, None],
            "paid_s": [7.0, 8.0, 9.0],
        }
    )
    read = lambda measure: frame.select(measure.value).to_series().to_list()  # noqa: E731
    assert [read(half) for half in signals.ABSENCE] == [[10, None, None], [100, None, None]]
    assert [read(half) for half in signals.MAY_DISABLE] == [[7, 0, None], [7, 8, None]]


def test_leavers_of_a_year_are_counted_against_the_people_of_that_year() -> None:
    year = example_totals({signals.HEADCOUNT: (36_500, 36_500), signals.LEAVERS: (36_500, 25)})
    assert signals.signals(Totals(), Totals(), Totals(), year)["attrition_rate"] == pytest.approx(0.25)


@pytest.mark.parametrize(("at_work", "known"), [(0, True), (4, False), (5, True)])
def test_the_working_days_of_fewer_than_five_people_tell_nothing(at_work: int, known: bool) -> None:
    """C2; no count at all means that nobody counted, which hides nothing."""
    days = example_totals({DAY_HANDLING: (9, 80.0), DAY_WAITING: (9, 20.0), signals.AT_WORK: (at_work, at_work)})
    found = signals.signals(days, Totals(), Totals(), Totals())["occupancy"]
    assert found == (pytest.approx(0.8) if known else None)


def test_red_flags_and_the_band_are_said_and_do_not_hide_the_value() -> None:
    found = index((date(2026, 3, 6), wave(who5=45)))
    assert (found.status, found.extra["band"]) == (Status.OK, "poor")
    assert found.reasons == ("band:poor", "red_flag:who5_at_or_below_50")
    assert found.value is not None
    said = [reasons.why(reason, k=10) for reason in found.reasons]
    assert said[0].startswith("in the band “poor”")
    assert said[1] == "red flag: WHO-5 is at or below 50, which is read as poor wellbeing"


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("occupancy_at_or_above_90", "red flag: occupancy is at or above 90 %"),
        ("dimension_below_25:workload", "red flag: below 25 of 100 for workload signals"),
        ("dimension_below_25:ai_autonomy", "red flag: below 25 of 100 for signals of autonomy from AI prompts"),
    ],
)
def test_every_flag_has_its_sentence(flag: str, sentence: str) -> None:
    assert reasons.why(f"red_flag:{flag}", k=10) == sentence


def test_the_method_band_of_a_thousand_choices_stands_beside_the_index() -> None:
    found = index((date(2026, 3, 6), wave()))
    low, high = found.parts["method_low"], found.parts["method_high"]
    assert low is not None and high is not None  # noqa: PT018
    assert low < (found.value or 0) < high
    assert set(metric.METRIC.shows) <= set(found.parts)


def test_the_guard_is_told_which_questionnaires_the_index_is_made_of() -> None:
    found = index((date(2026, 3, 6), wave(12, who5_n=9)))
    assert found.extra["instruments"] == ("respondents", "cbi_work", "hse")
