"""A definition worked through with the reader's own numbers: as the page shows them, and a saving with all four."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from kpi import registry
from kpi.metric import Estimate, Period, Status
from kpi.models import Membership, Team
from kpi.result import Query
from kpi.sheet import build_figures
from kpi.worked import work_through
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, SECRETS, Centre, planted_beside_wellbeing
from tests.kpi.panel_help import centre as make_centre
from tests.kpi.rollup_help import store
from tests.web.planted import FAULTS, Fault, alone, any_saving, planted
from tests.web.test_every_surface import centre  # noqa: F401 - a fixture
from tests.web.test_every_surface import client_of as client_of_role
from tests.web.test_every_surface import text_of as raw_text_of
from tests.web.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db
WEEK = Query(Period(date(2026, 3, 2), date(2026, 3, 9)))


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = make_centre()
    for grain in ("d", "w"):
        store("interaction", "all", 0, date(2026, 3, 2), grain, human_reached=(400, 340), human_attempts=(400, 680), agents=(9, 9))
    with planted_beside_wellbeing():
        yield made


def test_a_share_is_told_as_its_two_halves_with_its_doubt(here: Centre) -> None:
    worked = work_through(EXECUTIVE, WEEK, registry.metrics()["reach_rate"])
    assert worked is not None
    assert worked.result == build_figures(EXECUTIVE, WEEK, ["reach_rate"])["reach_rate"]
    assert (worked.scope_text, worked.period_text) == ("All sites", "2 Mar – 8 Mar 2026")
    assert worked.steps[0] == "340 ÷ 400 requests = 85.0\u202f%"
    assert "attempts for each who reached one: 2.00" in worked.steps
    assert worked.steps[-1].startswith("95 % interval: 81")
    assert worked.panel is None


def test_a_figure_that_is_not_shown_gives_its_reason_and_no_step(here: Centre) -> None:
    worked = work_through(EXECUTIVE, Query(Period(date(2025, 5, 5), date(2025, 5, 12))), registry.metrics()["reach_rate"])
    assert worked is not None
    assert (worked.result.value, worked.steps) == (None, ())


def test_wellbeing_is_told_in_the_form_its_page_has(here: Centre) -> None:
    query = Query(Period(date(2026, 3, 2), date(2026, 3, 30)))
    worked = work_through(EXECUTIVE, query, registry.metrics()["agent_wellbeing_index"])
    assert worked is not None
    assert worked.steps[0].endswith("people who answered")
    assert "÷" not in worked.steps[0]
    assert worked.result.value == round(worked.result.value or 0)


def page_of(client: Client, key: str) -> str:
    return text_of(client.get(f"/definitions/{key}/"))


def test_a_saving_stands_on_its_definition_with_all_four(here: Centre) -> None:
    text = page_of(client_of(), "fte_reduction")
    for metric in registry.metrics().values():
        assert not metric.headline or str(metric.label) in text
    assert "With your own numbers" in text


def test_a_saving_is_withheld_on_its_definition_as_on_the_page(here: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.balance.protected", lambda *_given: Estimate(Status.NO_DATA))
    text = page_of(client_of(), "fte_reduction")
    assert [secret for secret in SECRETS[:-1] if secret in text] == []
    assert "Withheld" in text


@pytest.mark.parametrize("role", [Membership.Role.STEWARD, Membership.Role.ADMINISTRATOR])
def test_who_has_no_dashboards_reads_the_definition_alone(here: Centre, role: str) -> None:
    text = page_of(client_of(role), "fte_reduction")
    assert "With your own numbers" not in text
    assert "Formula" in text


def test_without_data_there_is_no_example_of_ones_own() -> None:
    factories.UserFactory()
    assert "With your own numbers" not in page_of(client_of(), "csat")


def test_no_definition_shows_a_saving_alone(centre: Team) -> None:  # noqa: F811
    with planted():
        for key in ("fte_reduction", "net_saving"):
            text = raw_text_of(client_of_role("executive").get(f"/definitions/{key}/"))
            assert any_saving(text), key
            assert alone(text) == [], key


@pytest.mark.parametrize("fault", FAULTS[::5], ids=lambda fault: f"{fault.metric} {fault.name}")
def test_no_definition_shows_a_saving_while_a_companion_is_missing(fault: Fault, centre: Team) -> None:  # noqa: F811
    with planted(fault):
        for key in ("fte_reduction", "net_saving"):
            text = raw_text_of(client_of_role("executive").get(f"/definitions/{key}/"))
            assert any_saving(text) == [], key
            assert "withheld" in text.lower()
