"""What changed: the surest first, judged among all comparisons of the page, and never a saving."""

from __future__ import annotations

from dataclasses import replace

from kpi.changed import MOST, changes_of
from kpi.compare import compared
from kpi.metric import Family
from kpi.result import Change, Column, TeamRow
from tests.kpi.result_help import AWI, CSAT, FTE, RQ, result

Four = tuple[Column, Column, Column, Column]


def moved(family: Family, change: float, half: float) -> Column:
    """A column whose figure moved by so many points, give or take."""
    now = result(family, 70, 69, 71)
    size = 100 if family is CSAT else 1
    d, e = change / size, half / size
    sure = abs(d) > e
    found = Change(d, d - e, d + e, sure, ("better" if d > 0 else "worse") if sure else "none", f"{change}", "worse, beyond noise")
    return Column(now, found)


def four(csat: Column | None = None, awi: Column | None = None, rq: Column | None = None) -> Four:
    saving = result(FTE, 9.6, 8.9, 10.3, parts={"percent": 0.093})
    still = [moved(family, 0.1, 2) for family in (CSAT, AWI, RQ)]
    return csat or still[0], awi or still[1], rq or still[2], Column(saving, compared(saving, None))


def row(team: int, name: str, columns: Four) -> TeamRow:
    return TeamRow(team, name, "Harbour", columns)


def test_the_surest_change_comes_first_wherever_it_happened() -> None:
    whole = four(awi=moved(AWI, -8, 2), rq=moved(RQ, -4, 2))
    teams = [row(1, "Lark", four(awi=moved(AWI, -27, 3))), row(2, "Heron", four(csat=moved(CSAT, 3, 2)))]
    assert [(item.where, item.metric) for item in changes_of(whole, teams)] == [
        ("Lark", "agent_wellbeing_index"),
        ("", "agent_wellbeing_index"),
        ("", "resolution_quality"),
        ("Heron", "csat"),
    ]


def test_a_change_is_told_with_what_it_is_now_and_the_range_it_may_have() -> None:
    [found] = changes_of(four(csat=moved(CSAT, -3.1, 1.2)), [])
    assert (found.text, found.interval_text, found.where, found.team) == ("70.0", "−4.3 to −1.9", "", None)


def test_a_change_carries_the_sample_of_its_figure() -> None:
    column = moved(CSAT, -3.1, 1.2)
    [found] = changes_of(four(csat=replace(column, result=replace(column.result, sample_text="412 answers"))), [])
    assert found.sample_text == "412 answers"


def test_what_is_within_noise_or_not_sure_among_many_is_not_told() -> None:
    assert changes_of(four(), []) == ()
    barely = moved(AWI, -2.02, 2)
    many = [row(team, f"Team {team}", four()) for team in range(20)]
    assert [item.metric for item in changes_of(four(awi=barely), [])] == ["agent_wellbeing_index"]
    assert changes_of(four(awi=barely), many) == ()


def test_a_saving_is_never_told_and_a_hidden_figure_neither() -> None:
    sure = moved(AWI, -8, 2)
    hidden = Column(replace(sure.result, value=None), sure.change)
    assert changes_of(four(awi=hidden), []) == ()
    assert all(item.family is not Family.SAVINGS for item in changes_of(four(awi=sure), []))


def test_a_scope_of_one_team_is_told_once_and_no_more_than_eight_are() -> None:
    sure = four(awi=moved(AWI, -8, 2))
    assert [item.where for item in changes_of(sure, [row(1, "Lark", sure)])] == [""]
    assert len(changes_of(sure, [row(team, f"Team {team}", sure) for team in range(20)])) == MOST
