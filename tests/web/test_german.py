"""Every page in German as every role that may open it: what holds a word no German sentence holds is an English sentence somebody forgot.

Pages of the analyst over the catalogue are in tests/house/test_messages.py; this walk opens whatever the table of routes has, and pages
of runs as they end.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from kpi import ingest, registry
from kpi.definitions import SUBJECTS
from kpi.metric import Period
from kpi.models import ImportRun, Team
from kpi.templatetags.panel_words import defined
from staffing.contradictions import Targets
from staffing.gain import Window, alerts, allocate
from staffing.practice import practice_of
from staffing.reskilling import reskilling
from staffing.saving import Costs, net_saving
from staffing.workload import Practice, lmdi, log_mean, seed_capacity
from tests import factories
from tests.house.test_messages import ENGLISH, sentences
from tests.kpi.ingest_help import contact, put, write
from tests.web.planted import planted
from tests.web.routes import MODELS, ROLES, ROUTES, address
from tests.web.test_every_surface import centre, client_of  # noqa: F401  a fixture

GERMAN = {"headers": {"Accept-Language": "de"}}
NO_PAGES = ("api/", "export/", "healthz", "readyz", "metrics", "logout/", "admin/jsi18n/")
TYPED = {"English", "agreed with the council", "billing questions go to the assistant first"}  # by people, in whatever language
OTHERS = ("auditlog/logentry", "admin/auth/")  # what was written down before, and pages of Django
PAGES = [route for route in ROUTES if not route.startswith(NO_PAGES) and not route.endswith((".csv", ".yaml", ".pdf", ".png", ".xlsx"))]


# Days as systems or English readers write them; codes of waves and names of files hold some, which are no days to read.
SAMPLE = "2026-03-01;412"  # of a line to be typed
FOREIGN_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])|\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")


def foreign_days(answer: Any) -> list[str]:
    """Texts of a German page with a day that is not written as Germans do."""
    return [found for found in sentences(answer.content.decode()) if FOREIGN_DAY.search(found) and SAMPLE not in found]


def english(answer: Any) -> list[str]:
    """Sentences of a German page that are none."""
    text = answer.content.decode()
    assert '<html lang="de"' in text, text[:300]
    return [found for found in sentences(text) if ENGLISH.search(found) and found not in TYPED]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_any_role_holds_an_english_sentence(role: str, centre: Team) -> None:  # noqa: F811
    client = client_of(role)
    found: dict[str, list[str]] = {}
    with planted():
        for route in PAGES:
            answer = client.get(address(route), **GERMAN)  # type: ignore[arg-type]
            if (
                not route.startswith(OTHERS)
                and answer.status_code in (200, 403, 404)
                and answer.headers["Content-Type"].startswith("text/html")
            ):
                found[route] = english(answer) + foreign_days(answer)
    assert {route: told for route, told in found.items() if told} == {}


def test_no_list_of_the_admin_holds_an_english_sentence(centre: Team) -> None:  # noqa: F811
    client = client_of("boss")
    runs_of_every_kind()
    lists = [model for model in MODELS if not model.startswith(OTHERS)]
    answers = {model: client.get(f"/admin/{model}/", **GERMAN) for model in lists}  # type: ignore[arg-type]
    found = {model: english(answer) + foreign_days(answer) for model, answer in answers.items()}
    assert {model: told for model, told in found.items() if told} == {}


@pytest.fixture
def steward(centre: Team) -> Client:  # noqa: F811
    return client_of("steward")


def runs_of_every_kind() -> None:
    """Runs whose rows hold what a run says."""
    source = factories.DataSourceFactory(key="german", format="interactions_csv")
    for state in ImportRun.State.values:
        factories.ImportRunFactory(source=source, state=state)


WHOLE = [contact("a"), contact("b", talk_s="bad")]
REFUSED: dict[str, bytes] = {
    "empty": b"",
    "no header": b"1;2;3\n4;5;6\n",
    "column": b"external_id,started_at,channel,que\na,2026-03-02T09:00:00Z,voice,care\n",
    "twice": b"external_id,started_at,channel,queue,queue\na,2026-03-02T09:00:00Z,voice,care,care\n",
    "emotion": b"external_id,started_at,channel,queue,agent_mood\na,2026-03-02T09:00:00Z,voice,care,sad\n",
    "offset": b"external_id,started_at,channel,queue\na,2026-03-02T09:00:00,voice,care\n",
    "dates": b"external_id,started_at,channel,queue\na,03/04/2026 09:00Z,voice,care\n",
    "both dates": b"external_id,started_at,channel,queue\na,31/03/2026 09:00Z,voice,care\nb,03/31/2026 09:00Z,voice,care\n",
    "utf": b"external_id,started_at,channel,queue\na,2026-03-02T09:00:00Z,voice,St\xf6rung\n",
    "pdf": b"%PDF-1.7 and so on",
    "json": b'{"external_id": "a"}\n',
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x00",
    "returns": b"external_id,started_at,channel,queue\ra,2026-03-02T09:00:00Z,voice,care\r",
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_run_that_failed_says_why_in_german_and_keeps_its_sentence_in_english(case: str, steward: Client, tmp_path: Path) -> None:
    path = tmp_path / "nacht.csv"
    path.write_bytes(REFUSED[case])
    run, _existed = ingest.open_run(path, "interactions_csv")
    ingest.store(run.pk)
    run.refresh_from_db()
    assert (run.state, bool(ENGLISH.search(run.message))) == ("failed", True), run.message
    answer = steward.get(f"/data/runs/{run.pk}/", **GERMAN)  # type: ignore[arg-type]
    assert english(answer) == []
    assert "nacht.csv" in answer.content.decode()


def test_what_became_of_a_file_is_told_in_german(steward: Client, tmp_path: Path) -> None:
    put(tmp_path / "1.csv", WHOLE)
    run = ImportRun.objects.latest("pk")
    assert run.message == "1 new, 0 changed, 0 unchanged, 0 repeated, 1 rejected."
    page = steward.get(f"/data/runs/{run.pk}/", **GERMAN)  # type: ignore[arg-type]
    assert "1 neu, 0 geändert, 0 unverändert, 0 wiederholt, 1 abgelehnt." in page.content.decode()
    assert english(page) == []
    again, existed = ingest.open_run(write(tmp_path / "1.csv", WHOLE), "interactions_csv")
    with translation.override("de"):
        assert (existed, ingest.same(again).message) == (True, f"dieselbe Datei wie Lauf {run.pk}: 0 neu, 0 geändert, 1 unverändert")
    ingest.take_back(run)
    run.refresh_from_db()
    assert run.message.startswith("Taken back: 1 rows deleted")
    taken = steward.get(f"/data/runs/{run.pk}/", **GERMAN)  # type: ignore[arg-type]
    assert "Zurückgenommen: 1 Zeilen gelöscht" in taken.content.decode()


def test_a_message_of_before_stands_as_it_was_written(steward: Client) -> None:
    run = factories.ImportRunFactory(state="failed", message="The file is gone: import it again.")
    assert "The file is gone: import it again." in steward.get(f"/data/runs/{run.pk}/", **GERMAN).content.decode()  # type: ignore[arg-type]


WORK = {"contacts": 100.0, "containment": 0.1, "aht_s": 300.0, "occupancy": 0.8, "shrinkage": 0.3, "paid_hours_per_fte": 160.0}
SPENT = dict.fromkeys(
    (
        "paid_fte_released", "loaded_cost_per_fte", "ai_run_cost", "recontact_contacts", "cost_per_human_contact", "attrition_rate_base",
        "attrition_rate_now", "headcount", "annual_salary", "one_off_cost", "amortisation_years", "reskilling_cost", "redundancy_cost",
    ),
    1.0,
)  # fmt: skip
HOURS = {"freed_h": 10.0, "growth_absorbed_h": 1.0, "released_h": 1.0, "relief_h": 1.0}
PEOPLE = {"displaced": 5, "entered": 5, "completed": 5, "redeployed_6m": 5}
SHARES = ("ai_resolution", "simple_share", "returned_share", "human_handled_max", "human_handled_min", "asked_for_human", "reach_rate_min")
CANNOT_BE = [
    *[(Practice, WORK | {name: -1.0}) for name in WORK],
    *[(Costs, SPENT | {name: -1e9}) for name in SPENT],
    *[(Targets, {name: 7.0}) for name in SHARES],
    *[(reskilling, PEOPLE | {name: -1}) for name in PEOPLE],
    (reskilling, PEOPLE | {"completed": 6}),
    (reskilling, PEOPLE | {"redeployed_6m": 6}),
    (Window, {"contacts": 1e6, "containment": 0.0, "aht_s": 3600.0, "paid_hours": 1.0}),
    (alerts, HOURS | {"phase": "growth"}),
    (alerts, HOURS | {"phase": "shrinking"}),
    (allocate, {"base": Window(10, 0.1, 60, 10), "now": Window(10, 0.1, 60, 10), "redeployed_h": 5.0}),
    (net_saving, {"costs": Costs(**SPENT), "mode": "hoped for"}),
    (net_saving, {"costs": Costs(**SPENT), "mode": "realised", "replacement_rate": 40.0}),
    (log_mean, {"a": 0.0, "b": 1.0}),
    (lmdi, {"v0": [1.0], "vt": [1.0], "x0": [[0.0]], "xt": [[1.0]]}),
    (seed_capacity, {"aht_s": 0.0, "productive_hours": 1.0, "contacts": 1.0}),
]


@pytest.mark.parametrize(("asked", "numbers"), CANNOT_BE)
def test_what_the_mathematics_refuse_is_told_in_german(asked: Any, numbers: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\S") as plain:
        asked(**numbers)
    with translation.override("de"), pytest.raises(ValueError, match=r"\S") as german:
        asked(**numbers)
    said = str(german.value)
    assert said != str(plain.value)
    assert not ENGLISH.search(said), said
    assert "would be right" not in said


def test_the_history_of_a_plan_and_the_paid_hours_have_german_days(centre: Team) -> None:  # noqa: F811
    item = factories.ActionFactory(team=centre)
    item.due = date(2026, 5, 6)
    item.save()
    page = client_of("executive").get(f"/actions/{item.pk}/", **GERMAN)  # type: ignore[arg-type]
    assert foreign_days(page) == []
    assert "6. Mai 2026" in page.content.decode()
    site = factories.SiteFactory()
    factories.StaffingAssumptionFactory(site=site, paid_hours_per_week=37.5, valid_from=date(2026, 1, 2), signed_by="M. Okafor")
    with translation.override("de"):
        told = practice_of([site.pk], Period(date(2026, 3, 2), date(2026, 3, 30)))[site.pk].assumption_text
        assert "37,5 bezahlte Stunden je VZÄ und Woche ab 2. Januar 2026" in told


def test_what_measures_are_added_up_over_has_a_german_word() -> None:
    from_measures = {measure.subject for measure in registry.measures().values()}
    assert from_measures <= set(SUBJECTS)
    with translation.override("de"):
        assert [name for name in SUBJECTS.values() if translation.gettext(name) == name] == []


def test_limits_of_an_initiative_are_a_list_without_articles(centre: Team) -> None:  # noqa: F811
    factories.LimitsFactory()
    page = client_of("executive").get("/initiatives/", **GERMAN).content.decode()  # type: ignore[arg-type]
    assert "das Wohlbefinden" not in page.split("<tbody>")[1].split("</tbody>")[0]


def test_a_german_sentence_leads_to_the_entries_of_what_it_names() -> None:
    with translation.override("de"):
        said = defined("Das Wohlbefinden fiel um 8 Punkte. Die Menge wächst nicht mehr.")
    assert 'href="/definitions/agent_wellbeing_index/">Wohlbefinden</a>' in said
    assert 'href="/definitions/growth/">Menge</a>' in said
