"""The one door: what of a few people and of an unbalanced saving never passes, and what is said instead."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from kpi import gaps
from kpi.metric import Period, Status
from kpi.panel import build_panel
from kpi.result import Panel, Query, Scope
from tests import factories
from tests.kpi.panel_help import (
    EXECUTIVE,
    PERIOD,
    SECRETS,
    YEAR_AGO,
    Centre,
    ask,
    centre,
    everything_said,
    is_empty,
    manager,
    of,
    planted_beside_wellbeing,
    row,
)
from tests.kpi.rollup_help import contacts


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing():
        yield made


def without_wellbeing(found: Panel) -> bool:
    """Neither wellbeing nor the saving, in the columns, the trend, the steps and every sentence."""
    results = [found.columns[1].result, found.columns[3].result]
    results += [result for point in found.trend for result in (point.results[1], point.results[3])]
    text = everything_said(replace(found, teams=()))
    return all(map(is_empty, results)) and not found.steps and not found.steps_text and not any(secret in text for secret in SECRETS)


# --- people


def test_the_small_team_and_the_one_beside_it_are_hidden_in_the_table(here: Centre) -> None:
    found = ask()
    for name, shown in {"Wren": False, "Lark": False, "Heron": True, "Owl": True, "Kite": True}.items():
        wellbeing, saving = row(found, name)[1], row(found, name)[3]
        assert (wellbeing.result.shown, saving.result.shown) == (shown, shown), name
        assert shown or (is_empty(wellbeing.result) and is_empty(saving.result))
        assert shown or (wellbeing.change.value, saving.change.value, saving.change.text) == (None, None, "")
    assert (
        found.columns[3].notes[-1] == "includes teams whose own saving is withheld, as a companion is missing there: Lark team, Wren team"
    )


@pytest.mark.parametrize("name", ["Wren", "Lark"])
def test_asked_for_alone_a_hidden_team_shows_nothing_anywhere(here: Centre, name: str) -> None:
    found = ask(of(here, name))
    assert len(found.trend) == 14
    assert without_wellbeing(found)
    assert found.verdict.lead == "No saving can be shown."
    assert found.columns[0].result.shown


def test_a_team_that_may_be_shown_is_shown_with_its_saving(here: Centre) -> None:
    found = ask(of(here, "Heron"))
    assert [column.result.shown for column in found.columns] == [True] * 4
    assert "7001" in everything_said(found)
    assert len(found.steps) == 7


@pytest.mark.parametrize(
    ("names", "shown"), [(("Wren", "Lark"), True), (("Wren", "Heron"), False), (("Lark", "Heron"), False), (("Heron", "Owl"), True)]
)
def test_own_teams_of_a_manager_taken_together_give_nobody_away(here: Centre, names: tuple[str, ...], shown: bool) -> None:
    found = ask(of(here, *names), manager(here, *names))
    assert found.columns[1].result.shown is shown
    assert shown or without_wellbeing(found)


@pytest.mark.parametrize(("queue", "shown"), [("small", False), ("pair", False), ("wide", True)])
def test_behind_a_filter_too_few_people_hide_the_saving_and_the_page_says_what_to_widen(here: Centre, queue: str, shown: bool) -> None:
    found = ask(Scope(queue=here.queues[queue]))
    assert found.columns[3].result.shown is shown
    assert shown or without_wellbeing(found)
    assert ("widen the filter by queue" in found.people_text) is not shown
    assert found.title == f"All sites · Queue {queue}"


def test_the_teams_behind_a_filter_are_named(here: Centre) -> None:
    found = ask(Scope(queue=here.queues["wide"]))
    assert found.people_text == "Wellbeing is that of the teams that handled at least 5 % of these contacts: Heron team, Owl team."


def test_a_filter_nobody_worked_under_says_what_to_widen(here: Centre) -> None:
    found = ask(Scope(queue=factories.QueueFactory(code="empty").pk, channel=here.channel))
    assert "No team handled at least 5 % of these contacts" in found.people_text
    assert found.people_text.endswith("widen the filter by queue or channel.")
    assert without_wellbeing(found)


def test_a_small_site_and_the_one_beside_it_are_hidden_with_all_their_teams(db: None) -> None:
    made = centre({"Wren": 4, "Heron": 5, "Owl": 20, "Kite": 18})
    with planted_beside_wellbeing():
        for site in made.sites.values():
            assert without_wellbeing(ask(Scope(site=site.pk)))
        found = ask()
    assert found.columns[1].result.shown
    assert not any(item.columns[1].result.shown for item in found.teams)


def test_a_site_is_shown_and_no_exact_number_of_people_leaves(here: Centre) -> None:
    found = ask(Scope(site=here.sites["Harbour"].pk))
    assert (found.columns[1].result.n, found.columns[1].result.sample_text) == (30, "30–34 people who answered")
    for point in found.trend:
        assert (point.results[1].n or 0) % 5 == 0


def test_every_wellbeing_figure_says_its_sample_as_a_band(here: Centre) -> None:
    found = {item.label.split()[0]: item.columns[1].result for item in ask().teams}
    assert {name: (result.n, result.sample_text.split(" ")[0]) for name, result in found.items() if result.shown} == {
        "Heron": (15, "15–19"),
        "Kite": (15, "15–19"),
        "Owl": (20, "20–24"),
    }


# --- changes


def test_teams_stand_with_the_worst_change_of_wellbeing_first_and_the_unknown_last(here: Centre) -> None:
    labels = [item.label for item in ask().teams]
    assert labels[:3] == ["Heron team", "Kite team", "Owl team"]
    assert labels[3:] == ["Lark team", "Wren team"]


def test_what_eroded_beside_the_saving_is_the_lead(here: Centre) -> None:
    found = ask()
    assert found.columns[1].change.direction == "worse"
    assert found.verdict.lead == "A saving with a cost."
    assert any(text.startswith("Wellbeing fell by") and strong for text, strong in found.verdict.sentences)


def test_without_a_comparison_nothing_is_compared(here: Centre) -> None:
    found = build_panel(EXECUTIVE, Query(PERIOD))
    assert {column.change.direction for column in found.columns[:3]} == {"unknown"}
    assert {item.columns[1].change.words for item in found.teams if item.columns[1].result.shown} == {"no comparison"}
    assert found.comparison_text == ""


def test_a_gap_makes_the_period_partial_ends_the_comparison_and_leaves_the_trend_open(here: Centre) -> None:
    lost = frozenset(PERIOD.start + timedelta(i) for i in (3, 4, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gaps, "gap_days", lambda sites, version="": {here.sites["Harbour"].pk: lost})
        found = ask()
        north = ask(Scope(site=here.sites["North"].pk))
    assert [column.result.status for column in found.columns] == [Status.PARTIAL] * 4
    assert all("3 days without data" in column.result.why for column in found.columns)
    assert {column.change.words for column in found.columns[:3]} == {"cannot be compared: days without data"}
    assert [result.value for result in found.trend[-1].results] == [None] * 4
    assert found.trend[-2].results[0].status is Status.OK
    assert "3 days of this period have no data" in " ".join(found.freshness.warnings)
    assert north.columns[0].result.status is Status.OK


def test_a_period_that_is_not_over_is_read_as_its_weeks_that_are_and_so_is_what_it_is_compared_with(here: Centre) -> None:
    longer, a_year_ago = (replace(period, end=period.end + timedelta(9)) for period in (PERIOD, YEAR_AGO))
    found = build_panel(EXECUTIVE, Query(longer, Scope(), a_year_ago))
    assert (found.query.period, found.query.comparison) == (PERIOD, YEAR_AGO)
    assert found.weeks_text.startswith("2 Mar – 7 Apr 2026 is read as its whole weeks, 2 Mar – 29 Mar 2026: ")
    assert found.columns[0].result.status is Status.OK


# --- an empty house


def test_before_the_first_import_every_number_is_empty_and_says_so(db: None) -> None:
    factories.TeamFactory()
    found = build_panel(EXECUTIVE, Query(PERIOD, Scope(), YEAR_AGO))
    assert not any(column.result.shown for column in found.columns)
    assert not any(result.shown for point in found.trend for result in point.results)
    assert (found.steps, found.growth.phase, found.freshness.text) == ((), "insufficient", "No data yet")
    assert found.title == "All sites"


def test_every_series_ends_with_the_period_that_was_asked_for(here: Centre) -> None:
    before = Period(PERIOD.start - timedelta(28), PERIOD.start)
    for monday in (before.start, PERIOD.start):
        contacts("site", here.sites["North"].pk, monday, 100, grain="w")
        contacts("all", 0, monday, 100, grain="w")
    found = build_panel(EXECUTIVE, Query(before))
    assert found.trend[-1].period == before
    assert found.growth.weeks[-1].start == before.end - timedelta(7)
    assert ask().growth.weeks[-1].start == PERIOD.end - timedelta(7)


def test_the_smallest_group_is_said_on_every_panel(here: Centre) -> None:
    assert ask().policy_text == "Wellbeing is shown for groups of 10 and more, never for a person."
    assert ask().period_text == "2 Mar – 29 Mar 2026"
