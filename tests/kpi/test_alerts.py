"""Alerts: the states as a table of transitions, and each rule on made-up sights. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi import checks, registry
from kpi.alert import Memory, Rule, Said, Sight, State, acknowledged, evaluated
from kpi.metric import Family, Status
from kpi.result import Change, Column, Result
from tests.kpi.result_help import AWI, CSAT, FTE, RQ, hidden, result
from tests.web.sample_panel import sample_panel

F, Q, U = Said.FIRES, Said.QUIET, Said.UNKNOWN
OK, FIRING, TAKEN = State.OK, State.FIRING, State.ACKNOWLEDGED
DAY = date(2026, 4, 13)
RAISED, QUIET = Change(-3.0, -4.0, -2.0, True, "worse"), Change(-0.2, -1.0, 0.6)


@pytest.mark.parametrize(
    ("state", "before", "now", "after"),
    [
        (OK, F, F, FIRING), (OK, Q, F, OK), (OK, U, F, OK), (OK, F, Q, OK), (OK, F, U, OK), (OK, Q, Q, OK), (OK, U, U, OK),
        (FIRING, Q, Q, OK), (FIRING, F, Q, FIRING), (FIRING, U, Q, FIRING), (FIRING, Q, F, FIRING), (FIRING, F, F, FIRING),
        (FIRING, Q, U, FIRING), (FIRING, U, U, FIRING),
        (TAKEN, Q, Q, OK), (TAKEN, F, Q, TAKEN), (TAKEN, F, F, TAKEN), (TAKEN, Q, F, TAKEN), (TAKEN, U, U, TAKEN),
    ],
)  # fmt: skip
def test_two_nights_that_say_the_same_change_the_state_and_nothing_else_does(state: State, before: Said, now: Said, after: State) -> None:
    assert evaluated(Memory(state, before, U, DAY), now, DAY + timedelta(1)) == Memory(after, now, before, DAY + timedelta(1))


def test_a_night_that_runs_twice_counts_once() -> None:
    once = evaluated(Memory(OK, Q, Q, DAY), F, DAY + timedelta(1))
    assert evaluated(once, F, DAY + timedelta(1)) == once
    assert evaluated(once, F, DAY + timedelta(2)).state is FIRING


def test_the_second_look_at_the_same_data_stands_in_place_of_the_first() -> None:
    looked_again = evaluated(Memory(OK, F, Q, DAY), Q, DAY)
    assert evaluated(looked_again, F, DAY + timedelta(1)).state is OK


def test_noise_does_not_flap() -> None:
    memory = Memory()
    states = []
    for turn, said in enumerate([F, Q] * 10):
        memory = evaluated(memory, said, DAY + timedelta(turn))
        states.append(memory.state)
    assert set(states) == {OK}


def test_only_what_fires_can_be_taken_on() -> None:
    assert [acknowledged(state) for state in (OK, FIRING, TAKEN)] == [None, TAKEN, None]


def sight(*columns: Column, before: tuple[Result, ...] = (), figures: dict[str, Column] | None = None) -> Sight:
    """The four, of which some are replaced."""
    given = {column.result.family: column for column in columns}
    usual = {family: Column(result(family, 70, 69, 71), QUIET) for family in Family}
    four = {**usual, **given}
    panel = replace(sample_panel(), columns=(four[CSAT], four[AWI], four[RQ], four[FTE]))
    return Sight(panel, before, figures)


def fte(value: float, low: float, high: float) -> Column:
    return Column(result(FTE, value, low, high), Change(0.1, direction="less"))


MORE = fte(9.0, 8.0, 10.0)
LESS_BEFORE = (result(FTE, 4.0, 3.0, 5.0),)
WHILE = {"saving_while_wellbeing_falls": AWI, "saving_while_customers_fall": CSAT, "saving_while_resolution_falls": RQ}


@pytest.mark.parametrize(("rule", "family"), WHILE.items())
def test_a_saving_that_rises_while_a_companion_falls_fires(rule: str, family: Family) -> None:
    judge = registry.rules()[rule].judge
    fell, held = Column(result(family, 60, 59, 61), RAISED), Column(result(family, 70, 69, 71), QUIET)
    assert judge(sight(MORE, fell, before=LESS_BEFORE)) is F
    assert judge(sight(MORE, held, before=LESS_BEFORE)) is Q
    assert judge(sight(fte(4.5, 3.5, 5.5), fell, before=LESS_BEFORE)) is Q  # no more than before, within the doubt of both
    assert judge(sight(MORE, fell, before=(hidden(FTE, Status.NOT_APPLICABLE),))) is F  # before the AI nothing was saved
    assert judge(sight(fte(0.2, -0.5, 0.9), fell, before=(hidden(FTE, Status.NOT_APPLICABLE),))) is Q


@pytest.mark.parametrize(("rule", "family"), WHILE.items())
def test_what_is_not_shown_is_neither_quiet_nor_fires(rule: str, family: Family) -> None:
    judge = registry.rules()[rule].judge
    fell = Column(result(family, 60, 59, 61), RAISED)
    assert judge(sight(Column(hidden(FTE, Status.WITHHELD), Change(direction="unknown")), fell, before=LESS_BEFORE)) is U
    assert judge(sight(MORE, fell, before=(hidden(FTE, Status.WITHHELD),))) is U
    assert judge(sight(MORE, fell)) is U
    assert judge(sight(MORE, Column(result(family, 60, 59, 61), Change(direction="unknown")), before=LESS_BEFORE)) is U
    assert judge(sight(MORE, Column(hidden(family, Status.SUPPRESSED), Change(direction="unknown")), before=LESS_BEFORE)) is U


def ledger(reasons: tuple[str, ...], status: Status = Status.OK) -> dict[str, Column]:
    shown = status is Status.OK
    found = replace(result(FTE, 100, 90, 110), metric="gain_ledger", status=status, value=100.0 if shown else None, reasons=reasons)
    return {"gain_ledger": Column(found, Change(direction="none"))}


@pytest.mark.parametrize("rule", ["substitution", "intensification"])
def test_the_gain_ledger_warns(rule: str) -> None:
    judge = registry.rules()[rule].judge
    assert judge(sight(figures=ledger((f"alert:{rule}",)))) is F
    assert judge(sight(figures=ledger(("provisional:outcomes",)))) is Q
    assert judge(sight(figures=ledger(("awi:suppressed",), Status.WITHHELD))) is U
    assert judge(sight(figures=ledger((), Status.NOT_APPLICABLE))) is Q
    assert judge(sight()) is U


def contained(raw: float, direction: str = "worse") -> Column:
    parts = {"raw_containment": raw, "ai_sessions": 4000}
    found = replace(result(RQ, 20, 19, 21), metric="containment_rate", parts=parts)
    return Column(found, replace(RAISED, direction=direction, distinguishable=direction == "worse"))


def test_containment_that_rises_in_name_only_fires() -> None:
    judge = registry.rules()["containment_in_name_only"].judge
    before = (contained(0.30).result,)
    assert judge(sight(figures={"containment_rate": contained(0.35)}, before=before)) is F
    assert judge(sight(figures={"containment_rate": contained(0.302)}, before=before)) is Q  # within noise
    assert judge(sight(figures={"containment_rate": contained(0.35, "none")}, before=before)) is Q
    assert judge(sight(figures={"containment_rate": contained(0.35)})) is U


def test_a_survey_that_is_too_old_fires() -> None:
    judge = registry.rules()["saving_without_fresh_wellbeing"].judge
    withheld = Column(hidden(FTE, Status.WITHHELD, reasons=("awi:stale",)), Change(direction="unknown"))
    other = Column(hidden(FTE, Status.WITHHELD, reasons=("awi:suppressed",)), Change(direction="unknown"))
    assert [judge(sight(column)) for column in (withheld, other, MORE)] == [F, Q, Q]


def test_too_few_who_reach_a_person_fires_beyond_doubt_alone(settings: object) -> None:
    settings.HUMAN_REACH_FLOOR = 80  # type: ignore[attr-defined]
    judge = registry.rules()["human_reach_below_floor"].judge

    def reached(value: float, high: float) -> dict[str, Column]:
        found = replace(result(RQ, 1, 0, 2), metric="reach_rate", value=value, low=value - 0.02, high=high)
        return {"reach_rate": Column(found, QUIET)}

    assert [judge(sight(figures=reached(*pair))) for pair in ((0.75, 0.78), (0.79, 0.81), (0.80, 0.82), (0.9, 0.92))] == [F, U, Q, Q]
    assert judge(sight()) is U


def test_every_rule_names_what_the_figure_may_have_cost() -> None:
    assert len(registry.rules()) >= 8
    assert list(checks.pairs_only(registry.files("alerts", "RULE"), list(registry.metrics().values()))) == []


def test_a_rule_about_a_saving_alone_is_refused() -> None:
    lonely = Rule("lonely", "Lonely", "words", "fte_reduction", ("csat",), lambda _sight: Q)
    nowhere = Rule("other", "Other", "words", "no_such", ("csat", "agent_wellbeing_index", "resolution_quality"), lambda _sight: Q)
    found = list(checks.pairs_only([("lonely", lonely), ("nowhere", nowhere)], list(registry.metrics().values())))
    assert [error.id for error in found] == ["kpi.E015", "kpi.E013", "kpi.E014"]
