"""My views: kept by address, opened with one's own rights, one of them where one begins."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kpi.doing.addresses import links, problem
from kpi.models import Membership, SavedView, Team
from kpi.panel import data_as_of
from kpi.result import Viewer
from tests import factories
from tests.web.test_annotations import client_of

pytestmark = pytest.mark.django_db
ENTRY = {"name": "Chat at Harbour", "address": "/capacity/?period=13w&compare=none"}


@pytest.mark.parametrize(
    "address",
    ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/no/such/page/", "capacity/", "/admin/",
     "/api/v1/panel",
     "/export/panel.csv", "/logout/", "/views/1/open/", "/start/", "/?" + "x" * 1000, ""],
)  # fmt: skip
def test_only_a_page_of_ours_is_kept(address: str) -> None:
    assert problem(address)
    client = client_of("executive")
    assert client.post("/views/new/", ENTRY | {"address": address}).status_code == 400
    assert not SavedView.objects.exists()


def test_a_view_is_kept_listed_renamed_and_removed_by_its_owner_alone() -> None:
    client, other = client_of("executive"), client_of("analyst")
    assert client.post("/views/new/", ENTRY).status_code == 302
    item = SavedView.objects.get()
    assert 'href="/capacity/?period=13w&amp;compare=none"' in client.get("/views/").content.decode()
    assert "Chat at Harbour" not in other.get("/views/").content.decode()
    for address in (f"/views/{item.pk}/", f"/views/{item.pk}/open/"):
        assert other.get(address).status_code == 404
    assert other.post(f"/views/{item.pk}/remove/").status_code == 404
    again = client.post("/views/new/", ENTRY)
    assert (again.status_code, "You have a view of this name already." in again.content.decode()) == (400, True)
    client.post(f"/views/{item.pk}/", ENTRY | {"name": "Voice"})
    assert SavedView.objects.get().name == "Voice"
    client.post(f"/views/{item.pk}/remove/")
    assert not SavedView.objects.exists()


def test_a_shared_view_opens_for_the_roles_named_with_their_own_rights(lark: Team, wren: Team) -> None:
    factories.InteractionFactory(team=wren, site=wren.site)
    client = client_of("executive")
    client.post("/views/new/", ENTRY | {"address": f"/?team={wren.pk}", "roles": ["manager"]})
    link = f"/views/{SavedView.objects.get().pk}/open/"
    assert link in client.get("/views/").content.decode()
    manager = client_of("manager", lark)
    assert "Chat at Harbour" in manager.get("/views/").content.decode()
    assert manager.get(link).url == f"/?team={wren.pk}"
    assert client_of("representative").get(link).status_code == 404
    assert client_of("steward").get(link).status_code == 403


def test_one_view_is_where_one_begins() -> None:
    client = client_of("executive")
    assert client.get("/start/").url == "/"
    client.post("/views/new/", ENTRY | {"start": "on"})
    client.post("/views/new/", ENTRY | {"name": "Other", "address": "/people/", "start": "on"})
    assert client.get("/start/").url == "/people/"
    assert [item.start for item in SavedView.objects.order_by("pk")] == [False, True]
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.update(start=True)
    assert Client().get("/start/").url == "/login/?next=/start/"


def test_a_link_keeps_its_moving_dates_or_the_very_days(lark: Team) -> None:
    factories.InteractionFactory(team=lark, site=lark.site)
    viewer = Viewer("executive")
    found = links(viewer, f"/capacity/?compare=previous&site={lark.site_id}&aht=300")
    assert found.moving == f"/capacity/?compare=previous&site={lark.site_id}&aht=300&period=13w"
    assert "period=custom" in found.fixed
    assert "from=" in found.fixed
    assert "aht=300" in found.fixed
    again = links(viewer, found.fixed)
    assert (again.moving, again.fixed) == ("", found.fixed), "days chosen by hand stand still"
    assert links(viewer, "/targets/").fixed == ""
    assert data_as_of() is None or found.days


def test_both_links_stand_on_the_page_without_a_script() -> None:
    page = client_of("analyst").get("/views/new/", {"address": "/?period=4w"}).content.decode()
    assert page.count("readonly value=") == 2
    assert 'value="http://testserver/?period=4w"' in page
    assert page.count("hidden data-copy=") == 2


def test_who_keeps_the_data_begins_with_the_data() -> None:
    assert client_of("steward").get("/start/").url == "/data/"


FIRST_PAGES = dict.fromkeys(("executive", "manager", "analyst", "representative"), "/") | {"steward": "/data/", "administrator": "/data/"}


@pytest.mark.parametrize("role", FIRST_PAGES)
@pytest.mark.parametrize("wanted", ["", "/"])
def test_the_first_page_after_the_log_in_is_one_the_role_may_see(role: str, wanted: str, lark: Team) -> None:
    """Whether they came by the log-in itself or by the name of the site, which sends strangers there."""
    user = factories.UserFactory(username=role)
    user.set_password("a long password of this test")
    user.save()
    Membership.objects.create(user=user, role=role).teams.set([lark] if role == "manager" else [])
    client = Client()
    if wanted:
        assert client.get("/")["Location"] == "/login/?next=/"
    entry = {"username": role, "password": "a long password of this test", "next": wanted}
    landed = client.post("/login/", entry, follow=True)
    assert (landed.status_code, landed.request["PATH_INFO"]) == (200, FIRST_PAGES[role])
    for page in ("/data/", "/no-such-page/"):
        assert f'class="brand" href="{FIRST_PAGES[role]}"' in client.get(page).content.decode(), "the name of the site leads there too"


def test_a_manager_without_a_team_begins_with_the_data_and_the_staff_without_a_role_with_the_admin(db: None) -> None:
    assert client_of("manager").get("/start/").url == "/data/"
    boss = Client()
    boss.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    assert boss.get("/start/").url == "/admin/"
    nobody = Client()
    nobody.force_login(factories.UserFactory())
    assert nobody.get("/start/").url == "/", "which says whom to ask"


def test_an_error_leads_a_steward_back_to_a_page_that_opens(db: None) -> None:
    page = client_of("steward").get("/data/runs/999/").content.decode()
    assert "Go to data and imports" in page
    assert "Go to the overview" not in page
