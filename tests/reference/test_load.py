"""An organisation is stored once, and what somebody edited since stays."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from kpi import ingest
from kpi.models import Action, Annotation, DataSource, Initiative, Intent, IntentPolicy, Limits, Membership, Site, Target, Team
from kpi.models.policy import BEGINNING
from tests.reference.fixture import *  # noqa: F403

pytestmark = pytest.mark.django_db


def load(path: Path, *options: str) -> str:
    told = StringIO()
    call_command("load_organisation", str(path), *options, stdout=told, skip_checks=True)
    return told.getvalue().strip()


@pytest.fixture
def organisation(reference_files: Path) -> Path:
    return reference_files / "organisation.json"


@pytest.fixture
def broken(organisation: Path, tmp_path: Path) -> Any:
    """Writes the organisation with one row changed."""

    def write(name: str, **changes: object) -> Path:
        content = json.loads(organisation.read_text())
        content[name][0] = {key: value for key, value in {**content[name][0], **changes}.items() if value is not ...}
        path = tmp_path / "organisation.json"
        path.write_text(json.dumps(content))
        return path

    return write


def test_the_centre_is_stored_with_all_that_its_figures_stand_on(organisation: Path, reference_truth: dict[str, Any]) -> None:
    load(organisation)
    assert (Site.objects.count(), Team.objects.count()) == (3, 18)
    assert Team.objects.get(code="lark").site.code == "cork"
    baseline = apps.get_model("staffing", "Baseline").objects.get()
    assert baseline.first_day.isoformat() == reference_truth["planted"]["baseline_first_day"]
    assert baseline.site is None
    baseline.full_clean()
    assert apps.get_model("staffing", "StaffingAssumption").objects.get().paid_hours_per_week == 37.5
    assert DataSource.objects.get(key="surveys").contacts_from == DataSource.objects.get(key="telephony")
    policy = Intent.objects.get(code="complaint").policies.get()
    assert (policy.policy, policy.valid_from) == (IntentPolicy.Policy.PEOPLE_ONLY, BEGINNING)
    assert Annotation.objects.filter(site=None).exists()
    assert not Membership.objects.exists()


def test_a_second_time_creates_nothing_and_keeps_what_was_edited(organisation: Path) -> None:
    load(organisation, "--with-users")
    Site.objects.filter(code="cork").update(name="Cork harbour")
    told = load(organisation, "--with-users")
    assert set(told.replace(",", "").split()[::2]) == {"0"}
    assert Site.objects.get(code="cork").name == "Cork harbour"


def test_every_role_has_a_login_that_works(organisation: Path) -> None:
    load(organisation, "--with-users")
    assert set(Membership.objects.values_list("role", flat=True)) == set(Membership.Role.values)
    for row in json.loads(organisation.read_text())["users"]:
        user = authenticate(RequestFactory().get("/"), username=row["username"], password=row["password"])
        assert user is not None, row["username"]
        assert user.is_superuser == (row["role"] == "administrator")
    lark = Membership.objects.get(user__username="manager.lark")
    assert sorted(lark.teams.values_list("code", flat=True)) == ["lark", "robin"]


def test_the_steward_opens_the_import_pages_of_the_admin_and_no_others(organisation: Path, client: Client) -> None:
    load(organisation, "--with-users")
    client.force_login(Membership.objects.get(role="steward").user)
    for name in ("importrun_changelist", "importrun_add", "rejectedrow_changelist", "datasource_changelist"):
        assert client.get(reverse(f"admin:kpi_{name}")).status_code == 200, name
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    client.force_login(Membership.objects.get(role="analyst").user)
    assert client.get(reverse("admin:kpi_importrun_changelist")).status_code == 302


def test_every_source_belongs_to_a_site_of_the_centre(organisation: Path) -> None:
    load(organisation)
    ingest.open_run(organisation, "telephony")
    assert set(DataSource.objects.values_list("site__code", flat=True)) == {"cork"}
    assert Site.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("sites", {"zone": "Europe/Corck"}, "row 1 of sites: {'zone': "),
        ("sites", {"code": ...}, "row 1 of sites has no 'code'"),
        ("teams", {"site": "dublin"}, "row 1 of teams: there is no site dublin"),
        ("baselines", {"weeks": 4}, "row 1 of baselines: {'weeks': "),
        ("baselines", {"go_live": "soon"}, "row 1 of baselines: "),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_nothing_is_stored(broken: Any, name: str, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        load(broken(name, **changes))
    assert sentence in str(refused.value)
    assert not Site.objects.exists()


@pytest.mark.parametrize(("content", "sentence"), [("{", "is not a JSON file"), ("[]", "an object with the lists sites, teams")])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        load(path)
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        load(tmp_path / "absent.json")


def test_the_plans_of_the_centre_were_made_before_their_days(organisation: Path) -> None:
    """Each is entered once, in the name of a login, and a verdict can be one: limits were frozen before the first day they judge."""
    load(organisation)
    assert not Target.objects.exists(), "without logins nobody has signed"
    load(organisation, "--with-users")
    load(organisation, "--with-users")
    assert (Target.objects.count(), Initiative.objects.count(), Limits.objects.count(), Action.objects.count()) == (6, 4, 4, 4)
    assert all(item.entered_at.date() < item.valid_from for item in Target.objects.all())
    assert all(item.frozen_at.date() == item.frozen_on < item.after_start for item in Limits.objects.all())
    assert set(Action.objects.values_list("state", flat=True)) == set(Action.State.values)


def test_limits_that_were_frozen_too_late_are_refused(broken: Any) -> None:
    with pytest.raises(CommandError, match="row 1 of initiatives: Limits are frozen before data arrive"):
        load(broken("initiatives", frozen_on="2026-04-12"), "--with-users")
    assert not Initiative.objects.exists()
