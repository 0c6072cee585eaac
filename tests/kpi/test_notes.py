"""What stands under a figure and the steps of the waterfall: only where the figure itself is shown."""

from dataclasses import replace
from datetime import date

import pytest

from kpi.metric import Family, Status
from kpi.notes import column_notes, steps_of, steps_text, with_unaccompanied
from kpi.result import Result, TeamRow
from tests.kpi.result_help import AWI, CSAT, FTE, RQ, column, hidden, result

STEPS = {
    "required_base": 186.0, "volume_effect": -18.6, "containment": 45.7, "aht": 13.7, "occupancy": 7.9, "shrinkage": 3.6,
    "required_now": 96.5, "counterfactual": 167.4, "percent": 0.42,
}  # fmt: skip
SAVING = result(FTE, 70.9, 65, 76, parts=STEPS, extra={"baseline": "13 weeks to 28 Sep 2025"})


@pytest.mark.parametrize(
    ("shown", "notes"),
    [
        (result(CSAT, 81, 80, 82, parts={"answered_share": 0.142}), ("14.2\u202f% of contacts answered",)),
        (result(CSAT, 81, 80, 82), ()),
        (
            result(AWI, 58, 56, 60, parts={"felt": 56.0, "conditions": 61.0, "response_rate": 0.65}, extra={"wave": date(2026, 3, 20)}),
            ("felt 56, conditions 61", "65\u202f% answered", "survey of 20 Mar 2026"),
        ),
        (result(AWI, 58, 56, 60, parts={"felt": 56.0}), ()),
        (
            result(RQ, 72, 71, 73, parts={"fcr": 0.691, "false_containment_rate": 0.113}),
            ("FCR 69.1\u202f%", "false containment 11.3\u202f%"),
        ),
        (result(RQ, 72, 71, 73, parts={"fcr": None}), ()),
        (SAVING, ("needed 167.4 at base practice, 96.5 now", "baseline 13 weeks to 28 Sep 2025")),
        (result(FTE, 70.9, 65, 76), ()),
    ],
)  # fmt: skip
def test_the_facts_under_each_figure(shown: Result, notes: tuple[str, ...]) -> None:
    assert column_notes(shown) == notes


def test_a_status_that_is_not_plain_comes_first() -> None:
    assert column_notes(result(RQ, 72, 71, 73, status=Status.PARTIAL, parts={"fcr": 0.5})) == ("partial", "FCR 50.0\u202f%")


@pytest.mark.parametrize(
    ("rate", "text"), [(0.95, "95\u202f% or more answered"), (0.9, "90\u202f% answered"), (0.05, "5\u202f% or fewer answered")]
)
def test_that_everybody_answered_is_not_said(rate: float, text: str) -> None:
    assert column_notes(result(AWI, 58, 56, 60, parts={"response_rate": rate})) == (text,)


@pytest.mark.parametrize("family", list(Family))
def test_without_a_value_nothing_stands_there(family: Family) -> None:
    gone = hidden(family, Status.WITHHELD, parts=STEPS | {"felt": 56.0, "conditions": 61.0}, extra={"baseline": "13 weeks"})
    assert column_notes(gone) == ()
    assert (steps_of(gone), steps_text(gone)) == ((), "")


def test_the_steps_add_up_from_base_need_to_need_now() -> None:
    steps = steps_of(SAVING)
    assert sum(step.value for step in steps[:-1]) == pytest.approx(steps[-1].value)
    assert [step.text for step in steps] == ["186.0", "−18.6", "−45.7", "−13.7", "−7.9", "−3.6", "96.5"]
    assert [step.total for step in steps] == [True, *[False] * 5, True]


def test_the_steps_are_also_a_sentence() -> None:
    assert steps_text(SAVING).startswith("Required FTE: Base need 186.0, Volume −18.6, AI resolution −45.7")
    told = replace(SAVING, sample_text="4 141 contacts", interval_text="62.0 to 80.1")
    assert steps_text(told).endswith("add up to 70.9 (4 141 contacts, sum of the parts 62.0 to 80.1).")
    assert {step.sample for step in steps_of(told)} == {"4 141 contacts, sum of the parts 62.0 to 80.1"}


def test_with_a_part_unknown_there_are_no_steps() -> None:
    assert steps_of(replace(SAVING, parts=STEPS | {"aht": None})) == ()


def _row(number: int, saving: Result) -> TeamRow:
    return TeamRow(number, f"Team {number}", "Harbour", (column(CSAT), column(AWI), column(RQ), column(FTE, of=saving)))


def _notes(saving: Result, rows: list[TeamRow]) -> tuple[str, ...]:
    four = with_unaccompanied((column(CSAT), column(AWI), column(RQ), replace(column(FTE, of=saving), notes=("baseline",))), rows)
    assert [item.notes for item in four[:3]] == [(), (), ()]
    return tuple(map(str, four[3].notes))


def test_a_saving_names_the_teams_whose_part_of_it_has_no_companions() -> None:
    shown, withheld = _row(1, SAVING), [_row(number, hidden(FTE, Status.WITHHELD)) for number in range(2, 7)]
    assert _notes(SAVING, [shown]) == ("baseline",)
    assert _notes(SAVING, [shown, *withheld[:2]]) == (
        "baseline", "includes teams whose own saving is withheld, as a companion is missing there: Team 2, Team 3",
    )  # fmt: skip
    assert _notes(SAVING, withheld)[1].endswith("Team 2, Team 3, Team 4 and 2 more")
    assert _notes(SAVING, [shown, _row(2, hidden(FTE, Status.NO_DATA))]) == ("baseline",)  # nothing was saved there
    assert _notes(hidden(FTE, Status.WITHHELD), withheld) == ("baseline",)
