"""A broken definition stops the start, with a sentence that says what would be right."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest
from django.core.checks import CheckMessage, run_checks

from kpi import checks
from kpi.edition import Version
from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Period, Status, Unit
from kpi.source import Cell, Column, Source
from kpi.subject import Subject

SMILES = Measure("smiles", "interaction", pl.lit(1))
FRAME = Frame(Period(date(2026, 3, 1), date(2026, 4, 1)), date(2026, 4, 13))
METRIC = Metric(
    key="smile_rate",
    label="Smile rate",
    family=Family.CUSTOMER,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(SMILES,),
    windows=lambda frame: {},
    estimate=lambda evidence: Estimate(Status.NO_DATA),
    formula="smiles ÷ contacts",
    caveat="Nobody counts them.",
    sample="contacts",
    source="A1",
    example=Example(Evidence(FRAME), gives=0.5),
    headline=True,
)
SUBJECTS = {"interaction": Subject("interaction", ("site",), lambda days: pl.DataFrame())}


def text(item: pl.Expr, reading: object) -> Cell:
    return Cell(item, pl.lit(None))


SOURCE = Source(key="calls_csv", label="Calls", stores="kpi.Interaction", columns=(Column("id", "external_id", text),))


def ids(found: object) -> list[str | None]:
    assert not isinstance(found, CheckMessage)
    return [error.id for error in found]  # type: ignore[attr-defined]


def test_sound_definitions_give_no_message() -> None:
    family = [replace(METRIC, key=name, family=name) for name in Family]
    assert ids(checks.key_is_file_name([("smile_rate", METRIC), ("calls_csv", SOURCE)])) == []
    assert ids(checks.key_once([("smile_rate", METRIC)], [("calls_csv", SOURCE)])) == []
    assert ids(checks.one_headline(family)) == []
    assert ids(checks.words_present([METRIC])) == []
    assert ids(checks.companions_exist(family)) == []
    assert ids(checks.subjects_exist([METRIC], SUBJECTS)) == []
    assert ids(checks.stores_something_known([SOURCE])) == []
    assert ids(checks.no_feelings_of_agents([SOURCE])) == []


def test_what_is_built_in_passes_every_check() -> None:
    assert run_checks(tags=["kpi"]) == []


def test_a_key_that_is_not_the_file_name_is_refused() -> None:
    [error] = checks.key_is_file_name([("smiles", METRIC)])
    assert error.id == "kpi.E001"
    assert error.msg == "smiles.py defines “smile_rate”."


def test_a_key_two_apps_define_is_refused() -> None:
    assert ids(checks.key_once([("smile_rate", METRIC), ("smile_rate", METRIC)])) == ["kpi.E012"]


def test_two_headlines_in_a_family_are_refused() -> None:
    assert ids(checks.one_headline([METRIC, replace(METRIC, key="laughs")])) == ["kpi.E002"]
    assert ids(checks.one_headline([METRIC, replace(METRIC, key="laughs", headline=False)])) == []


@pytest.mark.parametrize("name", ["label", "formula", "caveat", "sample", "source"])
def test_an_empty_word_is_refused(name: str) -> None:
    [error] = checks.words_present([replace(METRIC, **{name: " "})])
    assert error.id == "kpi.E003"
    assert name in error.msg


@pytest.mark.parametrize("missing", checks.COMPANIONS)
def test_a_saving_is_refused_while_a_companion_family_has_no_headline(missing: Family) -> None:
    metrics = [replace(METRIC, key=family, family=family, headline=family is not missing) for family in Family]
    [error] = checks.companions_exist(metrics)
    assert error.id == "kpi.E004"
    assert f"“{missing}”" in error.msg


def test_a_raised_version_without_a_word_about_it_is_refused() -> None:
    told = tuple(Version(number, date(2026, 1, number), "what changed") for number in (1, 2))
    assert ids(checks.history_ends_with_the_version([replace(METRIC, version=2)])) == ["kpi.E013"]
    assert ids(checks.history_ends_with_the_version([replace(METRIC, version=3, history=told)])) == ["kpi.E013"]
    assert ids(checks.history_ends_with_the_version([METRIC, replace(METRIC, version=2, history=told)])) == []


def test_a_measure_of_an_unknown_subject_is_refused() -> None:
    assert ids(checks.subjects_exist([METRIC], {})) == ["kpi.E005"]


def test_a_stratified_measure_of_a_subject_without_strata_is_refused() -> None:
    metric = replace(METRIC, measures=(replace(SMILES, stratified=True),))
    assert ids(checks.subjects_exist([metric], SUBJECTS)) == ["kpi.E006"]
    assert ids(checks.subjects_exist([metric], {"interaction": replace(SUBJECTS["interaction"], strata=True)})) == []


@pytest.mark.parametrize("label", ["kpi.Nothing", "Interaction", "nowhere.Interaction"])
def test_a_source_that_stores_an_unknown_model_is_refused(label: str) -> None:
    assert ids(checks.stores_something_known([replace(SOURCE, stores=label)])) == ["kpi.E007"]


def test_a_source_that_fills_an_unknown_field_is_refused() -> None:
    wrong = replace(SOURCE, columns=(*SOURCE.columns, Column("colour", "colour", text)), constants={"shape": "round"})
    found = list(checks.stores_something_known([wrong]))
    assert [error.msg for error in found] == [
        "calls_csv fills “colour”, which kpi.Interaction does not have.",
        "calls_csv fills “shape”, which kpi.Interaction does not have.",
    ]


def test_a_field_for_what_an_agent_felt_is_refused_and_that_of_a_customer_is_not() -> None:
    felt = replace(
        SOURCE, columns=(Column("agent_sentiment", "customer_sentiment", text), Column("customer_sentiment", "customer_sentiment", text))
    )
    [error] = checks.no_feelings_of_agents([felt])
    assert error.id == "kpi.E009"
    assert "“agent_sentiment”" in error.msg


def production(**values: object) -> SimpleNamespace:
    return SimpleNamespace(**{"PRODUCTION": True, "DEBUG": False, "ALLOWED_HOSTS": ["numbers.example.org"], **values})


def test_production_does_not_start_with_debug_or_open_hosts() -> None:
    assert ids(checks.production_is_closed(production())) == []
    assert ids(checks.production_is_closed(production(DEBUG=True))) == ["kpi.E010"]
    assert ids(checks.production_is_closed(production(ALLOWED_HOSTS=["*"]))) == ["kpi.E011"]
    assert ids(checks.production_is_closed(production(ALLOWED_HOSTS=[]))) == ["kpi.E011"]
    assert ids(checks.production_is_closed(production(PRODUCTION=False, DEBUG=True, ALLOWED_HOSTS=["*"]))) == []
