"""One answer, one version: what is read once for it, what makes another one, and what is never kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from kpi import ledger
from kpi.facts import Beside, Facts
from kpi.metric import Period
from kpi.models import Annotation, ImportRun, Publication
from kpi.panel import build_panel
from kpi.result import Query, Scope
from kpi.rights import choices
from kpi.scopes import organisation
from kpi.version import current, kept, known, one_version, version_now
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, PERIOD, Centre, ask, centre, of, planted_beside_wellbeing


@pytest.fixture
def here(clock: None, db: None) -> Iterator[Centre]:
    with planted_beside_wellbeing():
        yield centre()


def ended() -> None:
    run = ImportRun.objects.create(source=factories.DataSourceFactory(), state=ImportRun.State.DONE, checksum="c")
    ImportRun.objects.filter(pk=run.pk).update(finished_at=datetime(2026, 4, 13, 7, tzinfo=UTC))


def published() -> None:
    period = Period(PERIOD.start, PERIOD.end)
    Publication.objects.create(dimension="all", member=0, start=period.start, end=period.end, data_as_of=period.end + timedelta(14))


CHANGES = {
    "a day that is due": lambda: ledger.mark_due("interaction", [date(2026, 3, 1)]),
    "a note": lambda: Annotation.objects.create(day=date(2026, 3, 1), text="new tool"),
    "a publication": published,
    "an import that ended": ended,
    "an alert that changed": lambda: factories.AlertChangeFactory(),
}


@pytest.mark.parametrize("what", list(CHANGES))
def test_whatever_an_answer_could_tell_of_makes_another_version(here: Centre, what: str) -> None:
    before = version_now()
    assert version_now() == before
    CHANGES[what]()
    after = version_now()
    assert after.all != before.all
    assert (after.data != before.data) is (what == "a day that is due")
    assert after.settled is (what != "a day that is due")


def test_names_are_read_once_for_each_version_and_a_new_name_is_seen_at_once(here: Centre) -> None:
    with one_version():
        assert "Heron team" in organisation().team_names.values()
    with one_version(), CaptureQueriesContext(connection) as read:
        organisation()
        choices(EXECUTIVE)
        choices(EXECUTIVE)
    assert len(read.captured_queries) == 5, "the choices, once"
    heron = here.teams["Heron"]
    heron.name = "Egret team"
    heron.save()
    with one_version():
        assert "Egret team" in organisation().team_names.values()


def test_outside_of_an_answer_nothing_is_kept(here: Centre) -> None:
    made: list[int] = []
    for _turn in range(2):
        known("key", lambda: made.append(1) or len(made))  # type: ignore[func-returns-value]
    assert len(made) == 2
    assert current() is None
    assert not kept.results


def test_an_answer_inside_another_is_of_the_same_version(here: Centre) -> None:
    with one_version() as outer:
        ledger.mark_due("interaction", [date(2026, 3, 1)])
        with one_version() as inner:
            assert inner is outer
    with one_version() as later:
        assert later != outer


def test_the_four_of_a_period_are_made_once_whoever_asks(here: Centre) -> None:
    first = ask(Scope(site=here.sites["Harbour"].pk))
    again = build_panel(EXECUTIVE, Query(PERIOD, Scope(site=here.sites["Harbour"].pk)))  # compared with nothing: another answer
    assert again.columns[0].result is first.columns[0].result
    assert again.trend is first.trend, "figures and tables drawn from it can be kept beside it"


def test_a_group_that_is_judged_by_what_was_shown_before_is_never_kept(here: Centre) -> None:
    """C5: each asking of a group that is no team, site or company is judged anew."""
    assert ask(Scope(queue=here.queues["pair"])).people_text
    units = [key[0].target.unit for key in kept.results if isinstance(key, tuple) and hasattr(key[0], "target")]
    assert units
    assert not any(unit.teams and len(unit.teams) > 1 and unit.people.dimension == "team" for unit in units)


def test_a_team_asked_for_by_itself_and_as_a_row_is_the_same(here: Centre) -> None:
    alone = ask(of(here, "Heron"))
    row = next(item for item in ask().teams if item.label == "Heron team")
    assert [column.result.text for column in row.columns] == [column.result.text for column in alone.columns]


def test_facts_of_another_version_are_gone() -> None:
    facts = Facts()
    assert facts.fact("one", "key", lambda: 1) == 1
    assert facts.fact("one", "key", lambda: 2) == 1
    assert facts.fact("two", "key", lambda: 3) == 3
    assert facts.fact("", "key", lambda: 4) == 4
    assert facts.fact("two", "key", lambda: 5) == 3


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 4))
def test_what_is_kept_beside_an_object_is_that_of_the_very_object(order: list[int], most: int) -> None:
    """Equal objects are not the same, and one that was dropped is never mistaken for one that took its place in memory."""
    beside: Beside[int] = Beside(most=most)
    for number in order:
        item = [number]  # a new object each time, at an address that may have been another's
        assert beside.of(item, lambda item=item: item[0]) == number  # type: ignore[misc]
        assert beside.of(item, lambda: -1) == number
    assert len(beside.found) <= most
