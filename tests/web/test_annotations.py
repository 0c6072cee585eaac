"""Annotations: who may note what, where it is drawn, and what is refused."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.test import Client

from kpi.models import Annotation, Membership, Team
from tests import factories

pytestmark = pytest.mark.django_db
ENTRY = {"kind": "outage", "text": "Telephone system down", "day": "2026-03-10", "last_day": "", "scope": "all"}


def client_of(role: str, *teams: Team) -> Client:
    user = factories.UserFactory(first_name="Ada", last_name=f"Of{role}")
    Membership.objects.create(user=user, role=role).teams.set(teams)
    client = Client()
    client.force_login(user)
    return client


def test_an_annotation_is_noted_listed_changed_and_removed_and_its_history_is_kept() -> None:
    client = client_of("executive")
    assert client.post("/annotations/", ENTRY).status_code == 302
    item = Annotation.objects.get()
    assert "Telephone system down" in client.get("/annotations/").content.decode()
    client.post(f"/annotations/{item.pk}/", ENTRY | {"text": "Network down", "last_day": "2026-03-12"})
    page = client.get(f"/annotations/{item.pk}/").content.decode()
    assert "Telephone system down → Network down" in page
    client.post(f"/annotations/{item.pk}/remove/")
    assert not Annotation.objects.exists()
    assert [entry.action for entry in LogEntry.objects.filter(content_type__model="annotation").order_by("pk")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "ask ada@example.org"}, "An e-mail address belongs to a person"),
        ({"text": "call +351 21 123 45 67"}, "looks like a telephone number"),
        ({"text": "ada ofanalyst left the team"}, "This names a person who uses this site"),
        ({"last_day": "2026-03-09"}, "The last day lies before the first."),
        ({"day": "yesterday"}, "Write a date like 2026-09-30."),
        ({"day": "1889-01-01"}, "The dates lie too far away."),
        ({"scope": "team:999999"}, "You can write about your own teams and sites alone."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_on_page_and_api(changes: dict[str, str], said: str) -> None:
    client = client_of("analyst")
    page = client.post("/annotations/", ENTRY | changes)
    assert (page.status_code, said in page.content.decode()) == (400, True)
    answer = client.post("/api/v1/annotations", ENTRY | changes, content_type="application/json")
    assert answer.status_code == 400
    assert said in str(answer.json()["error"]["fields"])
    assert not Annotation.objects.exists()


def test_a_manager_notes_for_own_teams_and_sites_and_sees_no_others(lark: Team, wren: Team) -> None:
    client, other = client_of("manager", lark), factories.TeamFactory()
    kept = {f"team:{lark.pk}": 201, f"site:{lark.site_id}": 201, "all": 400, f"team:{wren.pk}": 400, f"site:{other.site_id}": 400}
    for scope, status in kept.items():
        assert client.post("/api/v1/annotations", ENTRY | {"scope": scope}, content_type="application/json").status_code == status, scope
    theirs = [factories.AnnotationFactory(team=wren), factories.AnnotationFactory(site=other.site)]
    everybody = factories.AnnotationFactory()
    told = {item["id"]: item["yours"] for item in client.get("/api/v1/annotations").json()["annotations"]}
    assert {item.pk for item in theirs} & set(told) == set()
    assert told[everybody.pk] is False
    for item in (*theirs, everybody):
        assert client.post(f"/annotations/{item.pk}/", ENTRY).status_code == 404
        assert client.post(f"/annotations/{item.pk}/remove/").status_code == 404
        assert client.delete(f"/api/v1/annotations/{item.pk}").status_code == 404
    assert Annotation.objects.count() == 5


def test_the_api_changes_only_what_is_sent_and_removes(lark: Team) -> None:
    client = client_of("manager", lark)
    item = factories.AnnotationFactory(team=lark, day=date(2026, 3, 2))
    answer = client.patch(f"/api/v1/annotations/{item.pk}", {"text": "Night shift begins"}, content_type="application/json")
    assert answer.json() == {
        "id": item.pk, "kind": "other", "text": "Night shift begins", "day": "2026-03-02", "last_day": None, "scope": f"team:{lark.pk}",
        "where": "Lark", "yours": True,
    }  # fmt: skip
    away = client.patch(f"/api/v1/annotations/{item.pk}", {"scope": "all"}, content_type="application/json")
    assert (away.status_code, set(away.json()["error"]["fields"])) == (400, {"scope"})
    assert client.patch(f"/api/v1/annotations/{item.pk}", [1], content_type="application/json").json()["error"]["code"] == "invalid"
    assert client.delete(f"/api/v1/annotations/{item.pk}").status_code == 204
    assert client.delete(f"/api/v1/annotations/{item.pk}").json()["error"]["code"] == "not_found"


def test_representatives_read_and_the_api_is_held_to_the_session_and_its_token(lark: Team) -> None:
    reader = client_of("representative")
    assert reader.get("/annotations/").status_code == 200
    assert reader.post("/api/v1/annotations", ENTRY, content_type="application/json").json()["error"]["code"] == "not_allowed"
    assert reader.post("/annotations/", ENTRY).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.MembershipFactory().user)
    assert strict.post("/api/v1/annotations", ENTRY, content_type="application/json").json()["error"]["code"] == "not_allowed"
    assert not Annotation.objects.exists()
