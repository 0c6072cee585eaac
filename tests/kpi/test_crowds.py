"""Working days: five people at work, ten for absence and attrition, and nothing that subtracts to fewer (metrics.md C2, C3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from kpi import registry
from kpi.balance import Setting, beside
from kpi.metric import Estimate, Period, Status
from kpi.protect import Guard, crowds_of
from kpi.result import Query, Result, Scope
from kpi.rights import grant
from kpi.scopes import organisation, unit_of
from kpi.sheet import build_sheet
from tests.kpi.panel_help import EXECUTIVE, PERIOD, Centre, centre, of, planted_beside_wellbeing
from tests.kpi.rollup_help import store

AT_WORK = {"Wren": 4, "Lark": 7, "Heron": 12, "Owl": 20, "Kite": 18}
HEADS = {"Wren": 9, "Lark": 12, "Heron": 14, "Owl": 22, "Kite": 19}
PROMPTS, ABSENCE, ATTRITION = "prompts_per_hour", "absence_rate", "attrition_rate"


@pytest.fixture
def here(db: None) -> Centre:
    found = centre()
    weeks = [PERIOD.start - timedelta(weeks=back) for back in range(48, -4, -1)]
    for week in weeks:
        for name, team in found.teams.items():
            working("team", team.pk, week, AT_WORK[name], HEADS[name])
        for site in found.sites.values():
            names = [name for name, team in found.teams.items() if team.site == site]
            working("site", site.pk, week, sum(AT_WORK[name] for name in names), sum(HEADS[name] for name in names))
        working("all", 0, week, sum(AT_WORK.values()), sum(HEADS.values()))
    return found


def working(dimension: str, member: int, week: object, people: int, heads: int) -> None:
    days = 5 * people
    figures = {
        "prompts_top": (days, 20.0 * days), "prompts_bottom": (days, 18_000.0 * days), "at_work": (people, people),
        "absence_top": (days, 1_000.0 * days), "absence_bottom": (days, 25_000.0 * days),
    }  # fmt: skip
    store("agent_day", dimension, member, week, "w", **figures)  # type: ignore[arg-type]
    store("employment", dimension, member, week, "w", headcount=(7 * heads, 7 * heads), voluntary_leavers=(7 * heads, 0))  # type: ignore[arg-type]


def lines(here: Centre) -> Mapping[str, Mapping[str, Result]]:
    """{team: {metric: result}} of the table by team."""
    with planted_beside_wellbeing():
        [table] = build_sheet(EXECUTIVE, Query(PERIOD), "people").breakdowns
    return {line.label.split()[0]: {column.result.metric: column.result for column in line.columns} for line in table.lines}


def figures(scope: Scope) -> Mapping[str, Result]:
    with planted_beside_wellbeing():
        found = build_sheet(EXECUTIVE, Query(PERIOD, scope), "people")
    return {column.result.metric: column.result for section in found.sections for column in section.columns}


def test_the_days_of_four_are_hidden_and_those_of_the_next_smallest_with_them(here: Centre) -> None:
    shown = {name: found[PROMPTS].shown for name, found in lines(here).items()}
    assert shown == {"Wren": False, "Lark": False, "Heron": True, "Owl": True, "Kite": True}
    assert lines(here)["Wren"][PROMPTS].reasons == ("crowd:too_few",)
    assert lines(here)["Heron"][PROMPTS].value == pytest.approx(4.0)


def test_absence_wants_ten_at_work_and_attrition_ten_employed(here: Centre) -> None:
    found = lines(here)
    assert {name for name in found if found[name][ABSENCE].shown} == {"Heron", "Owl", "Kite"}
    assert {name for name in found if found[name][ATTRITION].shown} == {"Heron", "Owl", "Kite"}  # Wren has nine, Lark goes with it
    assert found["Wren"][ABSENCE].reasons == ("people:too_few",)
    assert (found["Owl"][ABSENCE].value, found["Owl"][ABSENCE].text, found["Owl"][ABSENCE].unit_text) == (0.04, "4", "%")


def test_a_hidden_figure_leaves_nothing(here: Centre) -> None:
    for key in (PROMPTS, ABSENCE, ATTRITION):
        found = figures(of(here, "Wren"))[key]
        assert (found.value, found.low, found.high, found.n, dict(found.parts), found.sample_text) == (None, None, None, None, {}, "")


@pytest.mark.parametrize(("names", "shown"), [(("Wren", "Lark"), True), (("Wren", "Heron"), False), (("Heron",), True), (("Lark",), False)])
def test_teams_taken_together_are_judged_by_what_they_would_give_away(here: Centre, names: tuple[str, ...], shown: bool) -> None:
    assert figures(of(here, *names))[PROMPTS].shown is shown


def test_sites_and_the_company_are_shown(here: Centre) -> None:
    for scope in (Scope(), *(Scope(site=site.pk) for site in here.sites.values())):
        found = figures(scope)
        assert all(found[key].shown for key in (PROMPTS, ABSENCE, ATTRITION))


def test_a_crowd_is_the_fewest_in_any_of_the_metrics_own_days(here: Centre) -> None:
    there, owl = organisation(), here.teams["Owl"].pk
    attrition = registry.metrics()[ATTRITION]
    assert crowds_of([attrition], there, [PERIOD], PERIOD.end)[ATTRITION][PERIOD][owl] == 22
    before = Period(PERIOD.start - timedelta(weeks=30), PERIOD.start - timedelta(weeks=26))
    counted = crowds_of([attrition], there, [before], PERIOD.end)[ATTRITION][before]
    assert counted[owl] == 22 * 22 // 52  # spells are known for 22 of the 52 weeks: rather too few than too many


def test_a_crowd_nobody_counted_is_too_small(here: Centre) -> None:
    metric = registry.metrics()[PROMPTS]
    with planted_beside_wellbeing():
        sheet = build_sheet(EXECUTIVE, Query(PERIOD), "people")
    four = tuple(column.result for column in sheet.panel.columns)
    there = organisation()
    setting = Setting(PERIOD.end, Guard(there, {}, 10), Guard(there, {}, 5), 10)
    unit = unit_of(grant(EXECUTIVE, Scope()), PERIOD, there)
    known = Estimate(Status.OK, 4.0, 3.0, 5.0, 100)
    assert beside(four, metric, known, unit, 99, setting).status is Status.SUPPRESSED  # type: ignore[arg-type]
    counted = replace(setting, crowds={PROMPTS: Guard(there, {PERIOD: dict.fromkeys(there.site_of, 9)}, 5)})
    assert beside(four, metric, known, unit, 99, counted).value == 4.0  # type: ignore[arg-type]
    assert beside(four, metric, Estimate(Status.NO_DATA), unit, 99, setting).status is Status.NO_DATA  # type: ignore[arg-type]
