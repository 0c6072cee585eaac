"""The answer in words: what the saving is, what it cost, and nothing that is not beyond noise."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from django.utils import translation

from kpi.compare import compared, unknown
from kpi.metric import Status
from kpi.result import Column, Growth, Result
from kpi.templatetags.panel_words import defined
from kpi.verdict import state, verdict_of
from tests.kpi.result_help import AWI, CSAT, FTE, RQ, column, hidden, result

SILENT = Growth("insufficient", None, None, None, None, None, (), "")
PARTS = {"percent": 0.093, "containment": 6.0, "aht": 2.0, "occupancy": 1.0, "shrinkage": 0.6}


def saving(value: float, low: float | None, high: float | None) -> Column:
    made = result(FTE, value, low, high, parts=PARTS | {"percent": value / 100})
    return Column(made, compared(made, None))


CLEAR, CROSSING, NEGATIVE = saving(9.6, 8.9, 10.3), saving(2.04, -3, 7), saving(-9.6, -10.3, -8.9)
SECRET = hidden(FTE, Status.WITHHELD, parts={"percent": 0.7, "containment": 7001.4}, why=("agent wellbeing is protected",))
WITHHELD = Column(SECRET, compared(SECRET, None))


def said(saving: Column, directions: tuple[str, str, str] = ("none", "none", "none"), growth: Growth = SILENT) -> tuple[str, list[str]]:
    """The lead, and the strong sentences."""
    texts = {"worse": "▼ 6", "better": "▲ 6"}
    columns = [column(family, direction, texts.get(direction, "")) for family, direction in zip((CSAT, AWI, RQ), directions, strict=True)]
    found = verdict_of([*columns, saving], growth)
    return found.lead, [text for text, strong in found.sentences if strong]


STATES = ("none", "better", "worse", "unknown")


@pytest.mark.parametrize("directions", list(product(STATES, repeat=3)))
def test_a_clear_saving_is_named_with_its_price(directions: tuple[str, str, str]) -> None:
    expected = (
        "A saving with a cost."
        if "worse" in directions
        else "A saving whose price is not yet known."
        if "unknown" in directions
        else "A saving, and its companions held."
    )
    assert said(CLEAR, directions)[0] == expected


@pytest.mark.parametrize(
    ("column", "lead"),
    [
        (CROSSING, "No clear saving."),
        (saving(2, None, None), "No clear saving."),
        (NEGATIVE, "More work than before, not less."),
        (WITHHELD, "No saving can be shown."),
    ],
)
@pytest.mark.parametrize("directions", [("none",) * 3, ("worse",) * 3, ("unknown",) * 3])
def test_without_a_clear_saving_the_lead_claims_none(column: Column, lead: str, directions: tuple[str, str, str]) -> None:
    assert said(column, directions)[0] == lead


@pytest.mark.parametrize("column", [CLEAR, CROSSING, NEGATIVE, WITHHELD])
def test_what_eroded_is_always_named_and_strong(column: Column) -> None:
    assert said(column, ("worse", "worse", "worse"))[1] == [
        "Customers are less satisfied (6).",
        "Wellbeing fell by 6 points.",
        "Resolution quality fell by 6 points.",
    ]


def test_what_rose_or_held_is_said_calmly() -> None:
    found = verdict_of([column(CSAT, "better", "▲ 2.0 pt"), column(AWI, "better", "▲ 6"), column(RQ), CLEAR], SILENT)
    assert found.sentences[1:] == (
        ("Customers are more satisfied (2.0 pt).", False),
        ("Wellbeing rose by 6 points.", False),
        ("Resolution quality shows no clear change.", False),
    )


def test_a_change_is_told_with_its_interval_also_where_it_is_none() -> None:
    moved = replace(column(AWI, "worse", "▼ 8").change, value=-8.0, low=-9.2, high=-6.6)
    still = replace(column(CSAT).change, value=-0.005, low=-0.019, high=0.0094)
    found = verdict_of([Column(column(CSAT).result, still), Column(column(AWI).result, moved), column(RQ), CLEAR], SILENT)
    assert [text for text, _strong in found.sentences[1:3]] == [
        "Customer satisfaction shows no clear change, −1.9 to +0.9 pt.",
        "Wellbeing fell by 8 points, −9 to −7.",
    ]


def test_a_sentence_ends_with_one_full_stop_in_every_language() -> None:
    still = replace(column(CSAT).change, value=-0.005, low=-0.019, high=0.0094)
    with translation.override("de"):
        found = verdict_of([Column(column(CSAT).result, still), column(AWI), column(RQ), CLEAR], SILENT)
    assert found.sentences[1][0] == "Die Kundenzufriedenheit zeigt keine klare Veränderung, −1,9 bis +0,9 Pkt."


def test_the_unit_of_a_saving_is_that_of_the_reader_s_language_and_leads_to_its_entry() -> None:
    with translation.override("de"):
        said = verdict_of([column(CSAT), column(AWI), column(RQ), CLEAR], SILENT).sentences[0][0]
        assert said.startswith("9,6\u202fVZÄ weniger Arbeit als bei der früheren Arbeitsweise")
        assert '<a class="metric" href="/definitions/fte_reduction/">VZÄ</a>' in defined(said)


def test_a_clear_saving_says_how_much_and_where_most_of_it_comes_from() -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), CLEAR], SILENT)
    assert found.sentences[0] == (
        "9.6\u202fFTE less work than at base practice (8.9 to 10.3; 9.6\u202f%), most of it from contacts the AI resolved.",
        False,
    )
    assert found.text.startswith("A saving, and its companions held. 9.6\u202fFTE less work")


def test_a_saving_without_parts_says_no_source() -> None:
    made = result(FTE, 9.6, 8.9, 10.3, parts={"percent": 0.096})
    found = verdict_of([column(CSAT), column(AWI), column(RQ), Column(made, compared(made, None))], SILENT)
    assert found.sentences[0][0].endswith("(8.9 to 10.3; 9.6\u202f%).")


def test_more_work_is_called_more_and_names_no_source() -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), NEGATIVE], SILENT)
    assert found.sentences[0][0] == "9.6\u202fFTE more work than at base practice (8.9 to 10.3; 9.6\u202f%)."


@pytest.mark.parametrize(("low", "high", "interval"), [(-3, 7, "−3.0 to 7.0"), (None, None, "without an interval")])
def test_a_saving_within_noise_is_not_claimed_in_words(low: float | None, high: float | None, interval: str) -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), saving(2.04, low, high)], SILENT)
    assert found.sentences[0][0] == f"The need differs from base practice by no more than noise: 2.0 FTE, {interval}."
    assert "less work" not in found.text


def test_a_saving_that_is_not_shown_says_why_and_never_its_value() -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), WITHHELD], Growth("growth", 0.05, 0.04, 0.06, None, None, (), ""))
    assert found.sentences[0] == ("The saving is not shown: agent wellbeing is protected.", False)
    assert len(found.sentences) == 4
    assert not any(digit in found.text for digit in "0123456789")


def test_a_saving_without_any_reason_says_what_it_needs() -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), Column(hidden(FTE), compared(hidden(FTE), None))], SILENT)
    assert "customer satisfaction, wellbeing and resolution quality beside it" in found.sentences[0][0]


@pytest.mark.parametrize(
    ("gone", "text"),
    [
        (hidden(AWI, Status.SUPPRESSED, why=("too few people",)), "Agent wellbeing index: too few people."),
        (hidden(AWI, Status.NO_DATA), "Agent wellbeing index: no data."),
    ],
)
def test_a_companion_that_is_not_shown_is_named_and_strong(gone: Result, text: str) -> None:
    found = verdict_of([column(CSAT), column(AWI, "unknown", of=gone), column(RQ), CLEAR], SILENT)
    assert (text, True) in found.sentences


def test_beside_a_withheld_saving_a_hidden_companion_is_named_once() -> None:
    found = verdict_of([column(CSAT), column(AWI, "unknown", of=hidden(AWI)), column(RQ), WITHHELD], SILENT)
    assert [text for text, _ in found.sentences[1:]] == [
        "Customer satisfaction shows no clear change.",
        "Resolution quality shows no clear change.",
    ]


@pytest.mark.parametrize(
    ("phase", "turn", "text", "strong"),
    [
        ("growth", None, "Volume is still growing and takes up the freed hours.", False),
        ("plateau", None, "Volume is not growing: further efficiency removes posts instead of easing load.", True),
        (
            "decline",
            date(2026, 6, 8),
            "Volume stopped growing in the week of 8 Jun 2026, so further efficiency now removes posts instead of easing load.",
            True,
        ),
    ],
)
def test_growth_says_what_further_efficiency_does(phase: str, turn: date | None, text: str, strong: bool) -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), CLEAR], Growth(phase, 0.0, -0.01, 0.01, turn, turn, (), ""))
    assert found.sentences[-1] == (text, strong)


@pytest.mark.parametrize("column_", [CROSSING, NEGATIVE])
@pytest.mark.parametrize(("phase", "text"), [("growth", "Volume is still growing."), ("plateau", "Volume is not growing.")])
def test_without_a_clear_saving_growth_says_nothing_of_freed_hours_or_posts(column_: Column, phase: str, text: str) -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), column_], Growth(phase, 0.0, -0.01, 0.01, None, None, (), ""))
    assert found.sentences[-1] == (text, False)


def test_the_turn_is_said_with_the_weeks_it_may_as_well_have_been() -> None:
    turn = date(2026, 6, 8)
    growth = Growth("plateau", 0.0, -0.01, 0.01, turn, turn, (), "", 26, date(2026, 5, 25), date(2026, 6, 22))
    found = verdict_of([column(CSAT), column(AWI), column(RQ), CROSSING], growth)
    assert found.sentences[-1] == ("Volume stopped growing in the week of 8 Jun 2026 (between 25 May and 22 Jun).", False)


@pytest.mark.parametrize("phase", ["insufficient", "undetermined"])
def test_an_unknown_phase_says_nothing(phase: str) -> None:
    found = verdict_of([column(CSAT), column(AWI), column(RQ), CLEAR], Growth(phase, None, None, None, None, None, (), ""))
    assert len(found.sentences) == 4


NAMES = ("customer satisfaction", "wellbeing", "resolution quality")
SAID = {
    "held": (
        "Customer satisfaction shows no clear change.",
        "Wellbeing shows no clear change.",
        "Resolution quality shows no clear change.",
    ),
    "eroded": ("Customers are less satisfied (6).", "Wellbeing fell by 6 points.", "Resolution quality fell by 6 points."),
}
DIRECTION = {"held": "none", "eroded": "worse", "unknown": "unknown"}


@pytest.mark.parametrize("states", list(product(DIRECTION, repeat=3)))
def test_each_of_the_27_prices_has_words_of_its_own(states: tuple[str, str, str]) -> None:
    """What held, what eroded and what is not known: each companion is named once, in its own way, and only what eroded is strong."""
    columns = [
        column(family, DIRECTION[name], "▼ 6" if name == "eroded" else "") for family, name in zip((CSAT, AWI, RQ), states, strict=True)
    ]
    found = verdict_of([*columns, CLEAR], SILENT)
    texts = [text for text, _ in found.sentences[1:]]
    known = [SAID[name][place] for place, name in enumerate(states) if name != "unknown"]
    unknown = [NAMES[place] for place, name in enumerate(states) if name == "unknown"]
    assert texts[: len(known)] == known
    if unknown:
        listed = unknown[0] if len(unknown) == 1 else f"{', '.join(unknown[:-1])} and {unknown[-1]}"
        assert texts[len(known) :] == [f"Whether {listed} held is not known: there is nothing to compare with."]
    assert len(texts) == len(known) + bool(unknown)
    assert [text for text, strong in found.sentences if strong] == [SAID["eroded"][i] for i, name in enumerate(states) if name == "eroded"]
    assert "price" not in found.lead or "eroded" not in states


def test_why_a_companion_cannot_be_judged_is_said() -> None:
    wave = Column(column(AWI).result, unknown("no new survey since"))
    found = verdict_of([column(CSAT, "unknown"), wave, column(RQ), CLEAR], SILENT)
    assert [text for text, _ in found.sentences[2:]] == [
        "Whether customer satisfaction held is not known: there is nothing to compare with.",
        "Whether wellbeing held is not known: no new survey since.",
    ]


def test_only_worse_counts_as_eroded() -> None:
    assert [state(column(AWI, name).change) for name in STATES] == ["held", "held", "eroded", "unknown"]
