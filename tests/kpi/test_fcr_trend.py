"""FCR with its youngest days: from stored totals what scipy says of the single contacts, and a table over time."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from scipy import stats

from kpi import rollup
from kpi.metric import Evidence, Frame, Period, Status
from kpi.metrics import fcr, fcr_trend
from kpi.metrics._shared import example_totals
from kpi.metrics.resolution_quality import RESOLVED_FIRST
from kpi.models import Interaction
from kpi.panel import data_as_of
from kpi.recompute.compare import compare
from kpi.result import Column, Query, Scope, Viewer
from kpi.sheet import build_sheet
from tests.kpi.world import Contact, World

EXECUTIVE = Viewer("executive")
START, END = date(2026, 3, 2), date(2026, 4, 20)
LAST = Period(END - timedelta(28), END)


def busy(weeks: int = 7, contacts: int = 900) -> World:
    """Contacts of customers who come back soon, or not at all, up to the last evening."""
    made, world = random.Random(3), World()
    hours = [*sorted(made.uniform(0, weeks * 7 * 24 - 10) for _ in range(contacts - 1)), weeks * 7 * 24 - 10]
    world.store([Contact(f"c{n}", made.randrange(260), at, agent=n % 9, team=n % 3) for n, at in enumerate(hours)])
    rollup.roll_up_due()
    return world


def figure(period: Period, key: str, scope: Scope = Scope()) -> Column:  # noqa: B008
    sheet = build_sheet(EXECUTIVE, Query(period, scope), "resolution")
    return next(column for section in sheet.sections for column in section.columns if column.result.metric == key)


def followed(period: Period, as_of: date) -> tuple[list[float], list[bool]]:
    """Days to the first repeat of every opener, found by looking at all contacts of its customer; censored after whole days."""
    rows = list(Interaction.objects.all())
    times, seen = [], []
    for row in rows:
        if row.role != Interaction.Role.OPENER or not period.start <= row.day < period.end:
            continue
        later = [other.started_at for other in rows if other.customer == row.customer and other.started_at > row.ended_at]
        wait = (min(later) - row.ended_at) / timedelta(days=1) if later else 99.0
        cut = float((as_of - row.day).days - 1)
        times.append(min(wait, cut))
        seen.append(wait <= cut)
    return times, seen


@pytest.mark.django_db
def test_from_stored_totals_comes_what_scipy_says_of_the_single_contacts() -> None:
    busy()
    as_of = data_as_of()
    assert as_of == END
    times, seen = followed(LAST, as_of)
    pairs = list(zip(times, seen, strict=True))
    sample = stats.CensoredData(uncensored=[at for at, event in pairs if event], right=[at for at, event in pairs if not event])
    found, plain = figure(LAST, "fcr_trend").result, figure(LAST, "fcr").result
    assert found.value == pytest.approx(float(stats.ecdf(sample).sf.evaluate([7.0])[0]))
    assert found.n == len(times)
    assert plain.n is not None
    assert found.n > plain.n, "the youngest issues count"
    assert found.low < found.value < found.high
    assert "provisional:outcomes" in found.reasons
    assert list(compare()) == []


@pytest.mark.django_db
def test_where_all_have_had_their_days_it_is_first_contact_resolution() -> None:
    busy()
    early = Period(START, START + timedelta(28))
    found, plain = figure(early, "fcr_trend").result, figure(early, "fcr").result
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))


@pytest.mark.django_db
def test_the_page_shows_it_over_time_the_latest_stretch_first() -> None:
    busy()
    sheet = build_sheet(EXECUTIVE, Query(LAST), "resolution")
    [table] = [item for item in sheet.breakdowns if item.title == "Over time"]
    assert [line.label for line in table.lines] == ["23 Mar – 19 Apr 2026"]
    assert [column.result.metric for column in table.lines[0].columns] == ["fcr_trend"]
    assert table.lines[0].columns[0].result.value == figure(LAST, "fcr_trend").result.value


def test_the_newest_days_alone_are_too_young() -> None:
    frame = Frame(Period(date(2026, 4, 14), date(2026, 4, 18)), date(2026, 4, 18))
    assert set(fcr_trend.windows(frame)) == {"period", "young"}
    totals = example_totals({RESOLVED_FIRST: (40, 36), fcr_trend.REPEATS[0]: (4, 4)})
    found = fcr_trend.estimate(Evidence(frame, {"period": totals}, {"young": [(date(2026, 4, 14), totals)]}))
    assert (found.status, found.value, found.reasons, found.n) == (Status.INSUFFICIENT, None, ("follow_up:short",), 40)
    assert fcr_trend.estimate(Evidence(frame)).status is Status.NO_DATA


def test_windows_part_at_the_day_from_which_seven_have_passed() -> None:
    frame = Frame(LAST, END)
    found = fcr_trend.windows(frame)
    assert found["mature"] == fcr.windows(frame)["mature"]
    assert (found["young"].start, found["young"].end, found["young"].by) == (found["mature"].end, END, "day")
    assert "young" not in fcr_trend.windows(Frame(LAST, END + timedelta(8)))


def test_repeats_after_what_was_seen_are_not_counted() -> None:
    """Of yesterday's openers a repeat within hours is known, but no whole day of theirs has been seen."""
    frame = Frame(Period(date(2026, 4, 1), date(2026, 4, 18)), date(2026, 4, 18))
    mature = example_totals({RESOLVED_FIRST: (100, 80), fcr_trend.REPEATS[0]: (20, 20)})
    young = example_totals({RESOLVED_FIRST: (50, 20), fcr_trend.REPEATS[0]: (30, 30)})
    everyone = example_totals({RESOLVED_FIRST: (150, 100)})
    found = fcr_trend.estimate(Evidence(frame, {"period": everyone, "mature": mature}, {"young": [(date(2026, 4, 17), young)]}))
    assert found.value == pytest.approx(0.8)
