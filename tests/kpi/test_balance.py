"""From estimates to results: what is released of people, what of a saving, and that nothing stays of what is not shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kpi import registry
from kpi.balance import ABSENT, Four, Setting, balanced, headlines, result_of, shield
from kpi.metric import Estimate, Family, Period, Status
from kpi.metric import Unit as InUnit
from kpi.protect import Guard
from kpi.result import Result
from kpi.scopes import Organisation, Unit
from kpi.totals import EVERYTHING, Members

WAVE = date(2026, 3, 20)
PERIOD = Period(date(2026, 3, 2), date(2026, 3, 30))
THERE = Organisation({1: 10, 2: 10, 3: 10}, {1: "Wren", 2: "Lark", 3: "Heron"}, {10: "Harbour"})
CREWS = Guard(THERE, {PERIOD: {1: 9, 2: 14, 3: 20}}, 5)
SETTING = Setting(date(2026, 4, 13), Guard(THERE, {WAVE: {1: 4, 2: 12, 3: 20}}, 10), CREWS, 10)
COMPANY = Unit(EVERYTHING, EVERYTHING, (), None)
FOUR = {
    Family.CUSTOMER: Estimate(Status.OK, 0.8145, 0.803, 0.825, 4812),
    Family.WELLBEING: Estimate(
        Status.OK, 58.29, 55.61, 60.5, 37, parts={"felt": 56.15, "conditions": 61.02, "exhaustion": None, "response_rate": 0.65},
        extra={"wave": WAVE}, basis="dimensions",
    ),
    Family.RESOLUTION: Estimate(Status.OK, 72.4, 72.0, 72.8, 61234, basis="parts"),
    Family.SAVINGS: Estimate(Status.OK, 9.65, 8.9, 10.4, 128400, parts={"percent": 0.093}, extra={"baseline": "13 weeks"}),
}  # fmt: skip


def made(estimates: Mapping[Family, Estimate] = FOUR, setting: Setting = SETTING) -> Four:
    return balanced(estimates, scope="Harbour", period=PERIOD, setting=setting)


def keyed(**changes: Any) -> dict[str, Estimate]:
    """Estimates by metric key, as they come from the definitions."""
    found = {metric.key: FOUR[family] for family, metric in headlines().items()}
    return found | {key: replace(found[key], **change) for key, change in changes.items()}


def team(key: int) -> Unit:
    people = Members("team", (key,))
    return Unit(people, people, (), frozenset({key}), asked=frozenset({key}))


def test_all_four_leave_with_their_sample_and_doubt() -> None:
    assert [(item.family, item.text, item.unit_text, item.margin_text) for item in made()] == [
        (Family.CUSTOMER, "81.5", "%", "±1.1"),
        (Family.WELLBEING, "58", "/ 100", "56 to 61"),
        (Family.RESOLUTION, "72", "/ 100", "±0.4"),
        (Family.SAVINGS, "9.7", "FTE", "±0.8"),
    ]
    assert [item.sample_text.split(" ")[0] for item in made()] == ["4\u202f812", "35–39", "61\u202f234", "128\u202f400"]


def test_wellbeing_leaves_in_whole_numbers_and_bands() -> None:
    found = made()[1]
    assert (found.value, found.low, found.high, found.n) == (58.0, 56.0, 61.0, 35)
    assert found.parts == {"felt": 56.0, "conditions": 61.0, "exhaustion": None, "response_rate": 0.65}
    assert "37" not in repr(found) + " ".join([found.sample_text, found.text, found.margin_text])


@pytest.mark.parametrize(("rate", "released"), [(1.0, 0.95), (0.02, 0.05), (0.5, 0.5)])
def test_nobody_learns_that_all_answered_or_hardly_anybody(rate: float, released: float) -> None:
    wellbeing = replace(FOUR[Family.WELLBEING], parts={"response_rate": rate})
    assert made({**FOUR, Family.WELLBEING: wellbeing})[1].parts == {"response_rate": released}


def test_the_sample_is_told_as_the_band_it_lies_in() -> None:
    assert made()[1].sample_text.startswith("35–39 ")


@pytest.mark.parametrize(("k", "n", "text"), [(2, 14, "15"), (12, 12, "≥95"), (0, 12, "≤5")])
def test_what_became_of_a_few_people_leaves_in_steps_of_five_and_bands(k: int, n: int, text: str) -> None:
    metric = registry.metrics()["reskilling_absorption"]
    found = result_of(metric, Estimate(Status.SMALL_SAMPLE, k / n, 0.04, 0.41, n), "Harbour", PERIOD, SETTING)
    assert (found.text, found.n, found.sample_text.split(" ")[0]) == (text, 10, "10–14")
    assert (found.low, found.high) == (0.05, 0.4)


def test_shares_and_savings_are_not_rounded_before_they_are_printed() -> None:
    found = made()
    assert (found[0].value, found[2].value, found[3].value) == (0.8145, 72.4, 9.65)


def nothing_left(result: Result) -> bool:
    kept = (result.value, result.low, result.high, result.n, result.age_days, result.basis, dict(result.parts), dict(result.extra))
    texts = (result.unit_text, result.interval_text, result.margin_text, result.sample_text)
    return kept == (None,) * 6 + ({}, {}) and texts == ("",) * 4 and result.text == "–"


def test_wellbeing_of_a_small_team_leaves_nothing_and_takes_the_saving_along() -> None:
    found = made(shield(keyed(agent_wellbeing_index={"n": 4, "age_days": 20}), team(1), 9, PERIOD, SETTING))
    assert (found[1].status, found[3].status) == (Status.SUPPRESSED, Status.WITHHELD)
    assert nothing_left(found[1])
    assert nothing_left(found[3])
    assert found[3].reasons == ("awi:suppressed",)
    assert found[3].why == ("agent wellbeing is protected: groups of 10 and more",)
    assert found[3].unlock == "Widen the scope to a group that may be shown."


def test_the_team_hidden_beside_it_leaves_nothing_either() -> None:
    found = made(shield(keyed(agent_wellbeing_index={"n": 12}), team(2), 9, PERIOD, SETTING))
    assert nothing_left(found[1])
    assert (found[0].shown, found[2].shown, found[3].shown) == (True, True, False)


def test_too_few_answers_to_judge_leave_no_count_of_people() -> None:
    gone = Estimate(Status.INSUFFICIENT, n=13, reasons=("missing:exhaustion",), parts={"felt": 51.0}, extra={"wave": WAVE}, age_days=3)
    assert nothing_left(made({**FOUR, Family.WELLBEING: gone})[1])


def test_a_survey_that_is_too_old_leaves_no_age_and_withholds_the_saving() -> None:
    stale = Estimate(Status.CARRIED_FORWARD, n=37, reasons=("awi:stale",), extra={"wave": WAVE}, age_days=93)
    found = made({**FOUR, Family.WELLBEING: stale})
    assert nothing_left(found[1])
    assert found[3].reasons == ("awi:stale",)


def test_a_survey_carried_forward_keeps_its_age_and_the_saving() -> None:
    carried = replace(FOUR[Family.WELLBEING], status=Status.CARRIED_FORWARD, age_days=92)
    found = made({**FOUR, Family.WELLBEING: carried})
    assert (found[1].age_days, found[1].basis, found[3].shown) == (92, "dimensions", True)


@pytest.mark.parametrize("family", [Family.CUSTOMER, Family.WELLBEING, Family.RESOLUTION])
def test_without_any_companion_the_saving_leaves_nothing(family: Family) -> None:
    found = made({**FOUR, family: Estimate(Status.NO_DATA)})
    assert nothing_left(found[3])
    assert "9.65" not in repr(found)
    assert "9.7" not in repr(found)


def test_a_saving_that_could_not_be_estimated_keeps_its_own_reason() -> None:
    short = Estimate(Status.INSUFFICIENT, n=3, reasons=("baseline:missing",), parts={"percent": 0.1})
    found = made({**FOUR, Family.SAVINGS: short})[3]
    assert (found.status, found.reasons, found.parts, found.value) == (Status.INSUFFICIENT, ("baseline:missing",), {}, None)


@pytest.mark.parametrize(("crew", "shown"), [(0, True), (4, False), (5, True)])
def test_figures_about_the_work_of_fewer_than_five_agents_are_hidden(crew: int, shown: bool) -> None:
    found = made(shield(keyed(), COMPANY, crew, PERIOD, SETTING))
    assert [item.shown for item in found] == [shown, True, shown, shown]
    assert shown or nothing_left(found[0])
    assert shown or found[3].reasons == ("csat:suppressed", "rq:suppressed")


def test_a_definition_that_gave_nothing_is_absent() -> None:
    found = shield({}, COMPANY, 9, PERIOD, SETTING)
    assert list(found.values()) == [ABSENT] * 4
    assert made(found)[3].status is Status.WITHHELD


def test_reasons_are_said_once_each() -> None:
    twice = replace(FOUR[Family.RESOLUTION], status=Status.PARTIAL, reasons=("missing:qa", "missing:qa", "unidentified:many"))
    assert made({**FOUR, Family.RESOLUTION: twice})[2].why == (
        "without quality reviews",
        "more than a fifth of the contacts have no known customer",
    )


def test_points_of_a_trend_carry_no_words() -> None:
    found = made(setting=replace(SETTING, texts=False))
    assert [(item.text, item.sample_text, item.why) for item in found] == [("", "", ())] * 4
    assert found[3].value == 9.65


def test_a_family_nobody_measures_is_empty_and_withholds_the_saving() -> None:
    without = {key: metric for key, metric in registry.metrics().items() if metric.family is not Family.RESOLUTION}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "metrics", lambda: without)
        found = made(shield(keyed(), COMPANY, 9, PERIOD, SETTING))
    assert (found[2].status, found[2].value) == (Status.NO_DATA, None)
    assert found[3].reasons == ("rq:absent",)


@pytest.mark.parametrize(("share", "text"), [(0.05, "≤5"), (0.07, "5"), (0.62, "60"), (0.95, "≥95")])
def test_what_became_of_a_few_people_is_worded_as_in_every_table(share: float, text: str) -> None:
    """Seven percent leave as 5 too, and are not "at most 5"."""
    metric = next(item for item in registry.metrics().values() if item.unit is InUnit.FIVES)
    found = result_of(metric, Estimate(Status.OK, share, share, share, n=40), "", PERIOD, SETTING)
    assert (found.text, found.interval_text) == (text, f"{text} to {text}")
