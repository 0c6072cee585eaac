"""Actions: tied to a metric, with an owner and a day; the same weeks before and after, and a saving only in its panel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from kpi.metric import Period
from kpi.models import Action, Team
from kpi.result import Scope
from kpi.rights import NotAllowed
from kpi.weighing import before_and_after
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, Centre, centre, manager, of, planted_beside_wellbeing
from tests.web.test_annotations import client_of
from tests.web.test_targets import owner

pytestmark = pytest.mark.django_db
ENTRY = {
    "what": "Coaching on closing questions", "metric": "csat", "scope": "all", "starts_on": "2026-02-04", "due": "2026-03-04",
    "state": "planned",
}  # fmt: skip


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing():
        yield made


def test_an_action_is_planned_run_and_done_and_its_history_is_kept() -> None:
    client = client_of("executive")
    link = client.post("/actions/", ENTRY | {"owner": owner()}).url
    client.post(link, ENTRY | {"owner": owner(), "state": "running"})
    client.post(link, ENTRY | {"owner": owner(), "state": "done", "done_on": "2026-02-20"})
    item = Action.objects.get()
    assert (item.state, item.done_on, item.entered_by_id) == ("done", date(2026, 2, 20), owner())
    page = client.get(link).content.decode()
    assert "planned → running" in page
    assert "running → done" in page
    assert "Coaching on closing questions" in client.get("/actions/").content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": "2026-02-01"}, "It is due before it starts."),
        ({"state": "done"}, "Say on which day it was done"),
        ({"state": "done", "done_on": "2026-02-01"}, "It was done before it started."),
        ({"done_on": "2026-02-10"}, "Only what is done has a day"),
        ({"state": "dropped"}, "Say why it was dropped."),
        ({"drop_reason": "no time"}, "Only what was dropped has such a reason."),
        ({"what": "tell ada@example.org"}, "An e-mail address belongs to a person"),
        ({"metric": "net_saving"}, "net_saving is not one of the available choices"),
        ({"initiative": "999"}, "This initiative is not one of yours."),
        ({"owner": ""}, "This field is required."),
    ],
)
def test_what_does_not_go_together_is_refused_with_a_sentence(changes: dict[str, str], said: str) -> None:
    page = client_of("executive").post("/actions/", ENTRY | {"owner": owner()} | changes)
    assert (page.status_code, said in page.content.decode()) == (400, True)
    assert not Action.objects.exists()


def test_a_manager_plans_in_own_teams_and_reads_no_others(lark: Team, wren: Team) -> None:
    client = client_of("manager", lark)
    for scope, status in ((f"team:{lark.pk}", 302), (f"team:{wren.pk}", 400), ("all", 400)):
        assert client.post("/actions/", ENTRY | {"owner": owner(), "scope": scope}).status_code == status, scope
    theirs, hidden = factories.ActionFactory(team=wren), factories.InitiativeFactory(team=wren, title="Only for Wren")
    tied = factories.ActionFactory(team=lark, initiative=hidden)
    assert client.get(f"/actions/{theirs.pk}/").status_code == 404
    for page in ("/actions/", f"/actions/{tied.pk}/"):
        assert "Only for Wren" not in client.get(page).content.decode().split("Change it")[0]
    everybody = factories.ActionFactory()
    assert client.get(f"/actions/{everybody.pk}/").status_code == 200
    assert client.post(f"/actions/{everybody.pk}/", ENTRY | {"owner": owner()}).status_code == 404
    assert client_of("representative").post("/actions/", ENTRY).status_code == 404


def test_the_database_refuses_an_end_without_its_day_or_reason() -> None:
    for wrong in ({"state": "done"}, {"state": "dropped"}, {"done_on": date(2026, 2, 5)}, {"due": date(2026, 1, 1)}, {"drop_reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.ActionFactory(**wrong)


def test_whole_weeks_before_the_start_are_compared_with_as_many_after_the_end(here: Centre) -> None:
    found = before_and_after(EXECUTIVE, Scope(), "csat", date(2026, 2, 4), date(2026, 2, 27))
    assert found.before is not None
    assert found.after is not None
    assert found.change is not None
    assert Period(found.after.period_start, found.after.period_end) == Period(date(2026, 3, 2), date(2026, 3, 30))
    assert Period(found.before.period_start, found.before.period_end) == Period(date(2026, 1, 5), date(2026, 2, 2))
    assert (found.change.words, found.interval != "") == ("no clear change", True)
    assert found.panel is None


def test_a_saving_is_told_by_its_panel_alone_and_nothing_is_told_before_the_end(here: Centre) -> None:
    found = before_and_after(EXECUTIVE, Scope(), "fte_reduction", date(2026, 2, 4), date(2026, 2, 27))
    assert (found.before, found.after, found.change) == (None, None, None)
    assert found.panel is not None
    assert len(found.panel.columns) == 4
    assert before_and_after(EXECUTIVE, Scope(), "csat", date(2026, 2, 4), None).after is None
    assert "Not one whole week" in before_and_after(EXECUTIVE, Scope(), "csat", date(2026, 2, 4), date(2026, 3, 27)).text
    with pytest.raises(NotAllowed):
        before_and_after(manager(here, "Heron"), of(here, "Wren"), "csat", date(2026, 2, 4), date(2026, 2, 27))


@pytest.mark.parametrize("page", ["/actions/", "/annotations/", "/initiatives/", "/targets/"])
def test_what_is_planned_or_noted_is_about_the_scope_in_view_first(page: str, lark: Team, wren: Team) -> None:
    client = client_of("executive")
    for question, key in (
        (f"team={lark.pk}", f"team:{lark.pk}"),
        (f"site={lark.site_id}", f"site:{lark.site_id}"),
        ("", None),
        ("team=x", None),
    ):
        assert client.get(f"{page}?{question}").context["entry"].initial.get("scope") == key, question
    own = client_of("manager", lark)
    assert own.get(f"{page}?team={wren.pk}").context["entry"].initial.get("scope") is None, "of others nothing is offered"
