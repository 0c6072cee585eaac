"""What was published stands: a night adds to it, and never changes, repeats or half-writes anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kpi import ledger, publishing, steps
from kpi.metric import Estimate, Status
from kpi.models import Publication, PublishedValue, PublishedWeek
from kpi.models.published import Fixed
from kpi.publishing import Night, publish
from kpi.result import Scope
from tests.kpi.panel_help import Centre, of, row
from tests.kpi.published_help import (
    AS_OF,
    CORRECTED,
    END,
    FOUR,
    THIRTEEN,
    asked,
    corrected,
    count,
    figure,
    gives,
    kept,
    later,
    mature_centre,
)
from tests.memory import forget_all

UNITS = 1 + 2 + 5  # the company, two sites, five teams


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    with mature_centre() as made:
        yield made


def test_a_mature_week_is_published_for_company_sites_and_teams_over_4_and_13_weeks(here: Centre) -> None:
    assert publish() == Night(weeks=1, first=2 * UNITS)
    assert set(Publication.objects.values_list("start", "end")) == {(FOUR.start, END), (THIRTEEN.start, END)}
    assert count() == (2 * UNITS, 4 * 2 * UNITS), "all four of every unit"
    assert {item.revision for item in Publication.objects.all()} == {0}


@pytest.mark.parametrize("kind", ["company", "site", "team"])
def test_what_is_published_is_what_the_page_shows(here: Centre, kind: str) -> None:
    publish()
    site = here.sites["North"].pk
    scope, dimension, member = {
        "company": (Scope(), "all", 0),
        "site": (Scope(site=site), "site", site),
        "team": (of(here, "Heron"), "team", here.teams["Heron"].pk),
    }[kind]
    for column in asked(scope).columns:
        [value] = kept(column.result.metric, dimension, member)
        shown = column.result
        assert (value.status, value.value, value.low, value.high, value.n) == (shown.status, shown.value, shown.low, shown.high, shown.n)
        assert value.definition_version == shown.definition_version
        assert value.value is not None


@pytest.mark.parametrize("name", ["Wren", "Lark"])
def test_nothing_of_a_team_too_small_to_show_is_stored(here: Centre, name: str) -> None:
    publish()
    team = here.teams[name].pk
    [wellbeing], [saving] = kept("agent_wellbeing_index", "team", team), kept("fte_reduction", "team", team)
    assert (wellbeing.status, saving.status) == ("suppressed", "withheld")
    for value in (wellbeing, saving):
        assert (value.value, value.low, value.high, value.n) == (None,) * 4


def test_wellbeing_is_stored_in_whole_numbers_and_its_sample_as_a_band(here: Centre) -> None:
    publish()
    [value] = kept("agent_wellbeing_index")
    assert value.value == row(asked(), "Heron")[1].result.value == round(value.value or 0.1)
    assert (value.n or 1) % 5 == 0


def test_a_saving_without_its_companions_cannot_be_stored(here: Centre) -> None:
    four = [column.result for column in asked().columns]
    object.__setattr__(four[1], "value", None)
    with pytest.raises(ValueError, match="beside its three companions"):
        publishing._results(four)


def test_running_it_twice_adds_nothing(here: Centre) -> None:
    publish()
    before = count()
    assert publish() == Night()
    PublishedWeek.objects.update(inputs="")  # a ledger that was lost
    assert publish() == Night(weeks=1)
    assert count() == before


def test_a_run_that_dies_half_way_leaves_nothing_and_the_next_one_does_all(here: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def die(name: str) -> None:
        seen.append(name)
        if seen.count("values published") == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(steps, "on_step", die)
    with pytest.raises(KeyboardInterrupt):
        publish()
    assert count() == (0, 0)
    monkeypatch.setattr(steps, "on_step", lambda _name: None)
    assert publish() == Night(weeks=1, first=2 * UNITS)


def test_data_that_move_meanwhile_leave_the_week_to_the_next_run(here: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "on_step", lambda name: corrected() if name == "week worked out" else None)
    assert publish() == Night(waiting=1)
    assert count() == (0, 0)


def test_of_two_runs_at_once_one_writes(here: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    nights = []

    def second(name: str) -> None:
        if name == "week worked out" and not nights:
            nights.append(None)
            nights[0] = publish()  # type: ignore[call-overload]

    monkeypatch.setattr(steps, "on_step", second)
    assert publish() == Night(waiting=1)
    assert nights == [Night(weeks=1, first=2 * UNITS)]


def test_a_week_whose_outcomes_can_still_arrive_is_not_published(here: Centre) -> None:
    assert publishing.mature_weeks() == [END]
    assert END + timedelta(14) == AS_OF


def test_days_that_are_not_rolled_up_make_a_week_wait(here: Centre) -> None:
    ledger.mark_due("interaction", [CORRECTED])
    assert publish() == Night(waiting=1)
    assert count() == (0, 0)


def test_a_correction_soon_after_is_appended_as_revised_and_the_old_value_stands(here: Centre) -> None:
    publish()
    figure("csat", 0.45)
    corrected()
    assert publish() == Night(weeks=1, revised=2 * UNITS)
    first, second = kept()
    assert (first.value, second.value, second.was) == (0.501, 0.45, first)
    assert (second.action, second.publication.reason) == ("update_marked_revised", "data")
    assert second.publication.changed_from == second.publication.changed_to == CORRECTED
    [_, beside] = kept("agent_wellbeing_index")
    assert (beside.action, beside.value) == ("no_change", kept("agent_wellbeing_index")[0].value), "the companions stand beside it"


def test_from_day_28_a_material_change_is_restated_and_a_small_one_only_kept(here: Centre) -> None:
    publish()
    later(here, END + timedelta(28))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "mature_weeks", lambda: [END])
        for value in (0.497, 0.493):  # 0.4 points each: neither alone, but both together
            figure("csat", value)
            corrected()
            publish()
    first, small, large = kept()
    assert (small.action, large.action) == ("log_only", "restate_with_notice")
    assert (large.was, large.was and large.was.value) == (first, 0.501)


def test_a_difference_nobody_could_see_is_no_revision_before_day_28(here: Centre) -> None:
    publish()
    figure("csat", 0.50102)
    corrected()
    assert publish() == Night(weeks=1)


def test_a_new_version_of_a_definition_breaks_the_series(here: Centre) -> None:
    publish()
    figure("csat", 0.40, version=2)
    forget_all()  # as a release does by the night
    assert publish().revised == 2 * UNITS
    assert [(value.definition_version, value.action) for value in kept()] == [(1, ""), (2, "series_break")]
    assert kept()[1].publication.reason == "definition"


def test_a_value_that_disappears_is_a_revision_too(here: Centre) -> None:
    publish()
    gives("csat", Estimate(Status.SUPPRESSED, reasons=("agents:too_few",)))
    corrected()
    publish()
    gone, saving = kept()[1], kept("fte_reduction")[1]
    assert (gone.value, gone.status, saving.value, saving.status) == (None, "suppressed", None, "withheld")


def test_forgetting_persons_changes_nothing_that_was_published(here: Centre) -> None:
    publish()
    days = [CORRECTED, CORRECTED + timedelta(1)]
    ledger.renewed("interaction", days)
    ledger.mark_forgotten("interaction", days)
    assert publish() == Night()


def test_a_number_that_could_not_be_computed_is_not_published(here: Centre) -> None:
    gives("csat", Estimate(Status.INSUFFICIENT, reasons=("computation:failed",)))
    assert publish() == Night(waiting=1)
    assert count() == (0, 0)


@pytest.mark.parametrize("table", ["kpi_publication", "kpi_publishedvalue"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_what_was_published(here: Centre, table: str, verb: str) -> None:
    publish()
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


def test_the_code_refuses_it_too(here: Centre) -> None:
    publish()
    one = Publication.objects.first()
    assert one is not None
    for attempt in (one.save, one.delete, Publication.objects.all().delete, lambda: PublishedValue.objects.update(value=0.9)):
        with pytest.raises(Fixed):
            attempt()


@pytest.mark.parametrize("status", ["suppressed", "withheld", "insufficient", "no_data"])
def test_the_database_refuses_a_value_where_none_may_be_shown(here: Centre, status: str) -> None:
    publish()
    later_one = Publication(dimension="all", member=0, start=date(2026, 2, 2), end=END, data_as_of=AS_OF)
    later_one.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedValue(publication=later_one, metric="csat", status=status, value=0.8, definition_version=1).save()
