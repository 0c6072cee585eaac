"""The sheet of a capacity figure: what it stands on, only where it may be shown, and the second method."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kpi.balance import Setting, result_of
from kpi.metric import Estimate, Family, Period, Status
from kpi.result import Result
from staffing import capacity
from staffing.capacity import Plan, Weeks
from staffing.metrics import fte_reduction as metric
from staffing.workload import FACTORS, Practice, lmdi_fte
from tests.staffing.test_fte_reduction import GO_LIVE, SIGNED, WEEK, saving, site, week
from tests.web.sample_panel import result

SHEET = (("Baseline", "13 weeks"),)
DECLINE = (Practice(45_000, 0, 300, 0.8, 0.3, 40), Practice(40_000, 0.3, 270, 0.85, 0.28, 40))


def weeks_of(practice: Practice, count: int) -> Weeks:
    alone = practice.contacts * practice.containment
    work = np.zeros((capacity.WORK_SUMS, 1, count))
    work[:, 0] = np.array([[practice.contacts, practice.contacts, alone, alone, 0, 1, practice.aht_s]] * count).T
    people = np.array([[practice.occupancy, 1 - practice.occupancy, 1 - practice.shrinkage, 1.0]] * count).T
    return Weeks(work, people, np.full(count, 7.0))


def test_the_second_method_is_lmdi_and_has_the_same_sum() -> None:
    found = capacity.change(weeks_of(DECLINE[0], 8), weeks_of(DECLINE[1], 4), Plan(40))
    effects = capacity.lmdi(found)
    assert effects == pytest.approx(lmdi_fte([DECLINE]))
    assert math.fsum((effects or {}).values()) == pytest.approx(found.required_now - found.required_base)


def test_a_factor_that_does_not_change_has_no_effect() -> None:
    found = capacity.change(weeks_of(DECLINE[0], 8), weeks_of(DECLINE[0], 4), Plan(40))
    assert capacity.lmdi(found) == pytest.approx(dict.fromkeys(FACTORS, 0.0))


def test_where_a_segment_is_missing_in_one_window_lmdi_is_silent() -> None:
    base, now = weeks_of(DECLINE[0], 8), weeks_of(Practice(40_000, 1.0, 270, 0.85, 0.28, 40), 4)
    assert capacity.lmdi(capacity.change(base, now, Plan(40))) is None


def test_the_sheet_says_what_was_signed_and_what_was_measured() -> None:
    lines = dict(saving(site([week()] * 8, [week(450, 150, 15, 270, occupancy=0.85, shrinkage=0.28)] * 4)).extra["assumptions"]())
    assert (lines["Baseline"], lines["Paid hours"]) == (SIGNED.baseline_text, SIGNED.assumption_text)
    assert lines["Occupancy"] == "measured: 80.0\u202f% in the baseline, 85.0\u202f% now"
    assert lines["Handling time of contacts left to people"] == "300\u202fs in the baseline, 270\u202fs now"
    assert lines["Contacts that needed no person"] == "0.0\u202f% in the baseline, 30.0\u202f% now"
    assert "FTE from the baseline to now" in lines["Second method (LMDI)"]


def test_what_was_assumed_is_called_so() -> None:
    plain = [(week()[0], type(week()[1])())] * 8
    lines = dict(saving(site(plain, [(week(aht=270)[0], plain[0][1])] * 4)).extra["assumptions"]())
    assert lines["Occupancy"].startswith("assumed 85.0")


def test_sites_together_are_weighted_by_their_work() -> None:
    one, other = site([week()] * 8, [week(occupancy=0.9)] * 4), site([week()] * 8, [week(occupancy=0.6)] * 4)
    lines = dict(saving(one, other).extra["assumptions"]())
    assert lines["Occupancy"].endswith("72.0\u202f% now")  # as much work in both: the harmonic mean of 90 and 60 %
    assert lines["Contacts a week"] == "1\u202f000 in the baseline, 1\u202f000 now"


@pytest.mark.parametrize(("texts", "value", "lines"), [(True, 9.6, SHEET), (False, 9.6, ()), (True, None, ())])
def test_a_sheet_is_written_only_where_its_figure_is_shown_in_words(texts: bool, value: float | None, lines: tuple) -> None:
    setting = Setting(GO_LIVE, None, None, 10, texts)  # type: ignore[arg-type]
    estimate = Estimate(Status.WITHHELD if value is None else Status.OK, value, extra={"assumptions": lambda: SHEET})
    assert result_of(metric.METRIC, estimate, "", Period(GO_LIVE, GO_LIVE + WEEK), setting).assumptions == lines


def test_a_figure_that_is_not_shown_has_no_sheet() -> None:
    shown = result(Family.SAVINGS, 9.6, 0.5, 4000)
    known = {**vars(shown), "extra": {"assumptions": SHEET}}
    assert Result(**known).assumptions == SHEET
    assert Result(**{**known, "status": Status.WITHHELD, "value": None}).assumptions == ()
