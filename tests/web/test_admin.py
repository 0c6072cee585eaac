"""The admin: everything that is kept there, nothing about one person, no saving."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry as AdminLog
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from kpi import ledger
from kpi.models import DueDay, Intent, IntentPolicy, Interaction, Site, Team
from staffing.models import Baseline
from tests import factories
from wellbeing.models import Wave

KEPT = {
    "kpi": {
        "Action", "Alert", "AlertChange", "Annotation", "Channel", "Connection", "DataSource", "Holiday", "ImportRun", "ImportToken",
        "Initiative", "Intent", "IntentPolicy", "Interaction", "Limits", "LimitsClosed", "ListOpened", "Publication", "Queue",
        "RejectedRow", "ReportingGroup", "Sending", "Site", "SourceMapping", "Subscription", "Target", "Team", "TimetableEntry",
    },
    "staffing": {"Baseline", "Cost", "StaffingAssumption"},
    "wellbeing": {"Wave"},
}  # fmt: skip
WRITTEN_BY_US = {
    "Alert", "AlertChange", "ImportRun", "Interaction", "ListOpened", "Publication", "RejectedRow", "Sending", "SourceMapping",
    "Subscription",
}  # fmt: skip
PERSON = {"agent", "customer", "respondent", "person", "rater", "talk_s", "hold_s", "wrap_s"}


@pytest.fixture
def boss(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


def fields_of(model_admin: admin.ModelAdmin) -> set[str]:  # type: ignore[type-arg]
    lists = (model_admin.list_display, model_admin.search_fields, model_admin.list_filter, model_admin.fields or ())
    return {str(name).lstrip("=") for names in lists for name in names}


@pytest.mark.parametrize("app", ["kpi", "staffing", "wellbeing"])
def test_what_is_kept_in_the_admin_is_there_and_nothing_else(app: str) -> None:
    found = {model.__name__ for model in admin.site._registry if model._meta.app_label == app}
    assert found == KEPT[app]


def test_no_admin_page_lists_or_searches_what_belongs_to_a_person() -> None:
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in KEPT:
            assert not fields_of(model_admin) & PERSON, model


def test_every_list_and_every_add_page_opens(boss: Client) -> None:
    opened = 0
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert boss.get(base, {"q": "1"}).status_code == 200, base
        expected = 200 if model_admin.has_add_permission(_request(boss)) else 403
        assert boss.get(base + "add/").status_code == expected, base
        opened += 1
    assert opened >= 14


def _request(client: Client):  # type: ignore[no-untyped-def]
    return client.get("/admin/").wsgi_request


def test_the_index_is_titled(boss: Client) -> None:
    page = boss.get("/admin/").content.decode()
    assert "<title>Counterweight | Counterweight</title>" in page


def test_configuration_is_kept_in_the_audit_log(boss: Client) -> None:
    boss.post("/admin/kpi/site/add/", {"code": "harbour", "name": "Harbour", "zone": "Europe/Lisbon"})
    entry = LogEntry.objects.get(content_type__model="site")
    assert entry.actor == User.objects.get(username="boss")
    assert entry.changes_dict["zone"] == ["None", "Europe/Lisbon"]


def test_every_model_somebody_edits_is_in_the_audit_log() -> None:
    from auditlog.registry import auditlog

    edited = {
        "kpi": KEPT["kpi"] - WRITTEN_BY_US | {"Membership"},
        "staffing": KEPT["staffing"],
        "wellbeing": {"Wave"},
    }
    for app, names in edited.items():
        for name in names:
            assert auditlog.contains(apps.get_model(app, name)), name


def test_a_zone_that_does_not_exist_is_refused_with_an_example(boss: Client) -> None:
    page = boss.post("/admin/kpi/site/add/", {"code": "x", "name": "X", "zone": "Lisbon"}).content.decode()
    assert "“Lisbon” is not a time zone; write one like Europe/Lisbon." in page


def test_the_zone_of_a_site_changes_only_while_no_record_was_counted_by_it(boss: Client, lark: Team) -> None:
    site = lark.site
    Interaction.objects.all().delete()
    data = {"code": site.code, "name": site.name, "zone": "Europe/Lisbon"}
    boss.post(f"/admin/kpi/site/{site.pk}/change/", data)
    assert Site.objects.get(pk=site.pk).zone == "Europe/Lisbon"
    factories.InteractionFactory(site=site, team=lark)
    page = boss.post(f"/admin/kpi/site/{site.pk}/change/", data | {"zone": "Asia/Tokyo"}).content.decode()
    assert Site.objects.get(pk=site.pk).zone == "Europe/Lisbon"
    assert "Take its import runs back" in page


def test_a_team_moves_only_while_nothing_was_worked_there(boss: Client, lark: Team) -> None:
    other, empty = factories.SiteFactory(), factories.TeamFactory()
    for team, moves in ((lark, False), (empty, True)):
        data = {"code": team.code, "name": team.name, "site": other.pk, "active": "on"}
        page = boss.post(f"/admin/kpi/team/{team.pk}/change/", data, follow=True).content.decode()
        assert (Team.objects.get(pk=team.pk).site == other) is moves
        assert ("Add a new team at the other site" in page) is not moves


def test_a_new_group_of_an_intent_makes_everything_due_and_its_chains_unknown(boss: Client, lark: Team) -> None:
    intent = factories.IntentFactory(code="refund")
    contact = factories.InteractionFactory(team=lark, site=lark.site, intent=intent, role=1, returned=False)
    other = factories.InteractionFactory(team=lark, site=lark.site, role=1, returned=False)
    DueDay.objects.all().delete()
    DueDay.objects.create(subject="interaction", day=date(2026, 3, 10), due=1, done=1)
    data = {"code": "refund", "name": "Refund", "group": intent.group}
    boss.post(f"/admin/kpi/intent/{intent.pk}/change/", data)
    assert not ledger.due()
    page = boss.post(f"/admin/kpi/intent/{intent.pk}/change/", data | {"group": "money"}, follow=True).content.decode()
    assert Intent.objects.get(pk=intent.pk).group == "money"
    assert list(ledger.due()["interaction"]) == [date(2026, 3, 10)]
    contact.refresh_from_db()
    other.refresh_from_db()
    assert (contact.role, contact.returned, other.role) == (None, None, 1)
    assert "1 contacts change their issue" in page


def test_a_policy_is_followed_by_a_version_and_never_changed(boss: Client, clock: object) -> None:
    version = factories.IntentPolicyFactory(valid_from=date(2026, 1, 1))
    DueDay.objects.bulk_create([DueDay(subject="interaction", day=date(2026, 4, day), due=1, done=1) for day in (12, 13)])
    data = {"intent": version.intent_id, "policy": "people_only", "valid_from": "2026-04-13", "signed_by": "A. Person", "note": ""}
    for page in ("change", "delete"):
        assert boss.post(f"/admin/kpi/intentpolicy/{version.pk}/{page}/", data | {"post": "yes"}).status_code == 403
    boss.post("/admin/kpi/intentpolicy/add/", data)
    first, second = IntentPolicy.objects.order_by("pk")
    assert (first.policy, second.policy, second.entered_by.username) == ("ai_may_offer", "people_only", "boss")
    assert list(ledger.due()["interaction"]) == [date(2026, 4, 13)]
    assert "people only" in boss.get("/admin/kpi/intent/").content.decode()


BASELINE = {
    "go_live": "2026-02-02",
    "first_day": "2025-09-01",
    "weeks": "13",
    "signed_by": "A. Person",
    "signed_on": "2026-01-10",
    "note": "",
}


def test_a_baseline_is_followed_by_a_new_version_and_never_moved(boss: Client) -> None:
    boss.post("/admin/staffing/baseline/add/", BASELINE | {"site": ""})
    boss.post("/admin/staffing/baseline/add/", BASELINE | {"site": "", "first_day": "2025-09-08"})
    first, second = Baseline.objects.order_by("version")
    assert [(item.version, item.first_day) for item in (first, second)] == [(1, date(2025, 9, 1)), (2, date(2025, 9, 8))]
    assert first.entered_by == User.objects.get(username="boss")
    assert boss.post(f"/admin/staffing/baseline/{first.pk}/change/", BASELINE | {"weeks": "8"}).status_code == 403
    assert boss.post(f"/admin/staffing/baseline/{first.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Baseline.objects.get(pk=first.pk).weeks == 13


def test_a_wave_with_answers_keeps_its_dates(boss: Client, lark: Team) -> None:
    answer = factories.WellbeingAnswerFactory(team=lark)
    wave = answer.wave
    boss.post(f"/admin/wellbeing/wave/{wave.pk}/change/", {"code": wave.code, "closed_on": "2020-01-01"})
    assert Wave.objects.get(pk=wave.pk).closed_on == wave.closed_on


def test_an_annotation_remembers_who_wrote_it(boss: Client) -> None:
    boss.post("/admin/kpi/annotation/add/", {"kind": "roll_out", "day": "2026-03-10", "text": "AI roll-out", "site": ""})
    entry = AdminLog.objects.get()
    assert entry.get_edited_object().author.username == "boss"


def test_the_role_of_a_user_stands_on_the_user(boss: Client, lark: Team) -> None:
    user = factories.UserFactory()
    page = boss.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
    assert "membership-0-role" in page
    assert "none: sees no panel" in boss.get("/admin/auth/user/").content.decode()


def test_a_contact_is_found_by_its_whole_id_without_a_person_or_a_duration(boss: Client, lark: Team) -> None:
    contact = factories.InteractionFactory(team=lark, site=lark.site, agent=77777777, customer=88888888, talk_s=123.5)
    for address in ("/admin/kpi/interaction/?q=" + contact.external_id, f"/admin/kpi/interaction/{contact.pk}/change/"):
        page = boss.get(address).content.decode()
        assert contact.external_id in page
        for secret in ("77777777", "88888888", "123.5"):
            assert secret not in page


@pytest.mark.parametrize("asked", ["agent__gt=1", "agent=5", "talk_s__gt=600", "customer=7", "day__gte=2026-03-01", "run__source__key=a"])
def test_records_are_not_counted_by_a_column_the_page_does_not_offer(admin_client: Client, asked: str) -> None:
    """The number of results for an agent would be a figure about one person."""
    assert admin_client.get(f"/admin/kpi/interaction/?{asked}").status_code == 400
    assert admin_client.get("/admin/kpi/interaction/?q=a1").status_code == 200
    assert admin_client.get("/admin/kpi/rejectedrow/?run__id__exact=1").status_code == 200


@pytest.mark.parametrize(
    "lookup", ["interaction__agent", "interaction__customer", "employment__agent", "agentday__agent", "agent", "customer"]
)
def test_no_list_can_be_narrowed_to_the_records_of_a_person(rf: RequestFactory, lookup: str) -> None:
    for model, page in admin.site._registry.items():
        allowed = page.lookup_allowed(lookup, "1", rf.get("/"))
        assert not (allowed and lookup.split("__")[0] in {field.name for field in model._meta.get_fields()}), model
