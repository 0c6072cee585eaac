"""The product's numbers against the truths of the reference centre, by the ordinary import, rollup and panel."""

from datetime import date, timedelta
from typing import Any

import pytest

from kpi.metric import Status
from kpi.models import ImportRun, Interaction, RejectedRow
from kpi.panel import build_panel
from kpi.result import Panel, Query, Result, Scope, Viewer
from kpi.sheet import build_figures
from tests.reference.fixture import *  # noqa: F403
from tests.reference.fixture import Loaded

SITES = ("cork", "lisbon", "gdansk")
SPANS = ("year_ago", "now")
EXECUTIVE = Viewer("executive")
CSAT, WELLBEING, RESOLUTION, SAVING = range(4)


def scope_of(centre: Loaded, name: str) -> Scope:
    if name == "all":
        return Scope()
    return Scope(site=centre.site(name).pk) if name in SITES else Scope(teams=frozenset({centre.team(name).pk}))


def panel(centre: Loaded, name: str, span: str = "now") -> Panel:
    return build_panel(EXECUTIVE, Query(centre.period(span), scope_of(centre, name)))


def result(centre: Loaded, name: str, family: int, span: str = "now") -> Result:
    return panel(centre, name, span).columns[family].result


def test_every_row_was_accepted_and_counted_once(reference_centre: Loaded) -> None:
    assert not RejectedRow.objects.exists()
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"done"}
    assert Interaction.objects.count() == reference_centre.truth["contacts"]


def test_the_file_sent_again_changed_the_corrected_rows_and_no_other(reference_centre: Loaded) -> None:
    [sent] = [item for item in reference_centre.truth["files"] if item["file"].endswith("_corrected.csv")]
    run = ImportRun.objects.get(file_name=sent["file"])
    assert (run.new, run.changed, run.unchanged) == (0, sent["corrected"], sent["rows"] - sent["corrected"])


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("name", ["all", *SITES])
def test_csat_is_the_counted_one_and_its_interval_holds_the_planted_one(reference_centre: Loaded, name: str, span: str) -> None:
    told = reference_centre.truth["counted"][span][name]
    found = result(reference_centre, name, CSAT, span)
    assert found.n == told["csat"]["n"]
    assert found.parts["raw"] == pytest.approx(told["csat"]["k"] / told["csat"]["n"], abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    margin = (found.high - found.low) / 4  # eight intervals of 95 % are asked for: one may well miss by a little
    assert found.low - margin <= told["csat_latent"] <= found.high + margin


@pytest.mark.parametrize("name", ["all", *SITES])
def test_who_was_asked_and_who_answered_is_the_counted_and_the_planted(reference_centre: Loaded, name: str) -> None:
    told = reference_centre.truth["counted"]["now"][name]
    query = Query(reference_centre.period("now"), scope_of(reference_centre, name))
    found = build_figures(EXECUTIVE, query, ("survey_coverage", "survey_response_rate"))
    coverage, response = found["survey_coverage"], found["survey_response_rate"]
    survey = told["survey"]
    assert (coverage.n, coverage.value) == (told["contacts"], pytest.approx(survey["invited"] / told["contacts"], abs=1e-12))
    assert (response.n, response.value) == (survey["delivered"], pytest.approx(survey["answered"] / survey["delivered"], abs=1e-12))
    assert response.parts["uninvited"] == told["csat"]["n"] - survey["answered"] >= (name == "all")
    for result, planted in ((coverage, survey["planted_coverage"]), (response, survey["planted_response_rate"])):
        assert result.low is not None
        assert result.high is not None
        margin = (result.high - result.low) / 4  # eight intervals of 95 %, as above
        assert result.low - margin <= planted <= result.high + margin


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("name", ["all", *SITES])
def test_fcr_is_the_counted_one(reference_centre: Loaded, name: str, span: str) -> None:
    told = reference_centre.truth["counted"][span][name]["fcr"]
    parts = result(reference_centre, name, RESOLUTION, span).parts
    assert parts["fcr_n"] == told["denominator"]
    assert parts["fcr"] == pytest.approx(told["numerator"] / told["denominator"], abs=1e-12)


@pytest.mark.parametrize("name", ["all", *SITES])
def test_false_containment_is_the_counted_one(reference_centre: Loaded, name: str) -> None:
    told = reference_centre.truth["counted"]["now"][name]["containment"]
    parts = result(reference_centre, name, RESOLUTION).parts
    assert parts["false_containment_rate"] == pytest.approx(told["false"] / told["ai_only"], abs=1e-12)
    assert parts["raw_containment"] == pytest.approx(told["ai_only"] / told["sessions"], abs=1e-12)
    assert parts["true_containment"] == pytest.approx((told["ai_only"] - told["false"]) / told["sessions"], abs=1e-12)


@pytest.mark.parametrize("name", SITES)
def test_required_people_and_their_reduction_are_the_counted_ones(reference_centre: Loaded, name: str) -> None:
    told = reference_centre.truth["capacity"][name]["counted"]
    found = result(reference_centre, name, SAVING)
    assert found.value == pytest.approx(told["fte_reduction"], abs=1e-9)
    for part in ("required_base", "counterfactual", "required_now", "volume_effect"):
        assert found.parts[part] == pytest.approx(told[part], abs=1e-9), part


def test_the_reduction_of_all_sites_is_the_sum_of_theirs(reference_centre: Loaded) -> None:
    told = sum(reference_centre.truth["capacity"][name]["counted"]["fte_reduction"] for name in SITES)
    planted = sum(reference_centre.truth["capacity"][name]["planted"]["fte_reduction"] for name in SITES)
    found = result(reference_centre, "all", SAVING)
    assert found.value == pytest.approx(told, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= planted <= found.high


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("name", ["all", *SITES, "lark"])
def test_the_wellbeing_index_is_the_counted_one(reference_centre: Loaded, name: str, span: str) -> None:
    """Whole points are shown (metrics.md C6)."""
    told = reference_centre.truth["wellbeing"][span][name]["agent_wellbeing_index"]
    found = result(reference_centre, name, WELLBEING, span)
    assert found.value == pytest.approx(told, abs=0.75)
    assert "missing:ai_autonomy" not in found.reasons


@pytest.mark.parametrize("name", SITES)
def test_the_wellbeing_index_is_near_the_planted_one(reference_centre: Loaded, name: str) -> None:
    planted = reference_centre.truth["planted"]["sites"][name]
    for span, practice in (("year_ago", "before"), ("now", "after")):
        found = result(reference_centre, name, WELLBEING, span)
        assert found.value == pytest.approx(planted[practice]["agent_wellbeing_index"], abs=2.0)


def test_wren_is_too_small_to_show(reference_centre: Loaded) -> None:
    found = panel(reference_centre, "wren")
    wellbeing, saving = found.columns[WELLBEING].result, found.columns[SAVING].result
    assert (wellbeing.status, wellbeing.value) == (Status.SUPPRESSED, None)
    assert (saving.status, saving.value) == (Status.WITHHELD, None)
    assert "awi:suppressed" in saving.reasons
    assert not found.steps
    row = next(row for row in panel(reference_centre, "gdansk").teams if row.team == reference_centre.team("wren").pk)
    assert [column.result.value for column in row.columns][WELLBEING :: SAVING - WELLBEING] == [None, None]


def test_wren_cannot_be_found_by_taking_the_others_from_the_site(reference_centre: Loaded) -> None:
    """The team with the fewest answers after it is hidden as well; together they are ten or more."""
    rows = panel(reference_centre, "gdansk").teams
    hidden = {row.team for row in rows if row.columns[WELLBEING].result.status is Status.SUPPRESSED}
    assert hidden == {reference_centre.team(name).pk for name in ("wren", "osprey")}


def test_heron_has_no_satisfaction_and_so_no_saving(reference_centre: Loaded) -> None:
    found = panel(reference_centre, "heron")
    assert found.columns[CSAT].result.value is None
    assert (found.columns[SAVING].result.status, found.columns[SAVING].result.value) == (Status.WITHHELD, None)


def test_the_lost_week_is_known_to_be_lost(reference_centre: Loaded) -> None:
    lost = date.fromisoformat(reference_centre.truth["planted"]["gap_week"])
    weeks = {week.start: week.contacts for week in panel(reference_centre, "all").growth.weeks}
    assert weeks[lost] is None
    assert weeks[lost - timedelta(weeks=1)]
    assert weeks[lost + timedelta(weeks=1)]


def test_growth_stopped_within_three_weeks_of_the_planted_one(reference_centre: Loaded) -> None:
    planted = date.fromisoformat(reference_centre.truth["planted"]["turning_week"])
    growth = panel(reference_centre, "all").growth
    assert growth.phase in ("plateau", "decline")
    assert growth.turn is not None
    assert abs(growth.turn - planted) <= timedelta(weeks=3)


def test_the_story_is_told_in_one_sentence_each(reference_centre: Loaded) -> None:
    """The saving, its price, and the turn, as a reader meets them."""
    query = Query(reference_centre.period("now"), comparison=reference_centre.period("year_ago"), comparison_key="year")
    found = build_panel(EXECUTIVE, query)
    changes: dict[str, Any] = {column.result.metric: column.change for column in found.columns}
    assert (found.columns[SAVING].result.value or 0) > 0
    assert changes["agent_wellbeing_index"].direction == "worse"
    assert changes["agent_wellbeing_index"].value < -4
    assert not changes["csat"].distinguishable
    assert changes["resolution_quality"].direction == "worse"
    assert "stopped growing" in found.verdict.text
