"""Another process of another edition writes while this one serves: a source, a metric, a rule, a step nobody here knows, and new teams.

No page may be an error because of it, until somebody starts the site anew or ever after.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from kpi import ingest, version
from kpi.models import Channel, DataSource, ImportRun, Membership, Queue, Site, Team
from kpi.source import Refused
from tests import factories
from tests.web.planted import planted
from tests.web.routes import MODELS, ROUTES, address
from tests.web.test_every_surface import centre, client_of  # noqa: F401  a fixture

TOMORROW = "made_tomorrow"  # in code that this process has not read


def written_elsewhere(site: Site) -> Any:
    """One of each row that names something of the registry; the run of the file."""
    source = factories.DataSourceFactory(key=TOMORROW, format=TOMORROW, site=site, late_after_hours=1)
    factories.ConnectionFactory(source=source)
    factories.TimetableEntryFactory(source=source)
    factories.ImportTokenFactory(source=source)
    factories.VendorTotalFactory(source=source)
    for state in ImportRun.State.values:
        factories.ImportRunFactory(source=source, state=state)
    run = factories.ImportRunFactory(source=source, rejected=1, finished_at=timezone.now() - timedelta(days=2))
    factories.RejectedRowFactory(run=run)
    further = factories.DataSourceFactory(key="mapped_tomorrow", format="mapped")
    factories.SourceMappingFactory(source=further, content={"record": TOMORROW, "columns": [{"field": "external_id", "column": "Nr"}]})
    factories.ImportRunFactory(source=further)
    boss = User.objects.get(username="executive")
    factories.TargetFactory(metric=TOMORROW, owner=boss)
    factories.ActionFactory(metric=TOMORROW, owner=boss)
    factories.AlertChangeFactory(alert=factories.AlertFactory(rule=TOMORROW))
    factories.SavedViewFactory(user=boss, name="Tomorrow", address=f"/{TOMORROW}/?period=13w")
    factories.ListOpenedFactory(kind=TOMORROW)
    factories.PublishedValueFactory(metric=TOMORROW)
    night = factories.NightFactory(day=timezone.localdate(), began_at=timezone.now() - timedelta(hours=3))
    factories.NightStepFactory(night=night, step=TOMORROW, state="failed", said=[[TOMORROW, {"n": 3}]])
    factories.DueDayFactory(subject=TOMORROW, due=2, done=1)
    factories.RollupFactory(subject=TOMORROW)
    factories.SlotFactory(measure=TOMORROW)
    return run


@pytest.mark.parametrize("role", ["executive", "manager", "steward", "administrator"])
def test_no_page_stumbles_over_what_another_edition_wrote(role: str, centre: Team) -> None:  # noqa: F811
    run = written_elsewhere(centre.site)
    further = {f"/data/runs/{item.pk}/" for item in ImportRun.objects.filter(source__in=DataSource.objects.all())}
    further |= {f"/data/runs/{run.pk}/rejected.csv", "/data/mappings/mapped_tomorrow/", "/data/mappings/mapped_tomorrow/1.yaml"}
    further |= {f"/data/send/?source={TOMORROW}", "/data/map/?key=mapped_tomorrow"}
    with planted():
        client = client_of(role)
        found = {place: client.get(place).status_code for place in (*map(address, ROUTES), *sorted(further))}
    assert {place: status for place, status in found.items() if status >= 500} == {}


def test_no_page_of_the_admin_does(centre: Team) -> None:  # noqa: F811
    written_elsewhere(centre.site)
    client = client_of("boss")
    found: dict[str, int] = {}
    for model in MODELS:
        listed = client.get(f"/admin/{model}/")
        found[model] = listed.status_code
        for row in listed.context["cl"].result_list if listed.context and "cl" in listed.context else ():
            found[f"{model} {row.pk}"] = client.get(f"/admin/{model}/{row.pk}/change/").status_code
    assert {place: status for place, status in found.items() if status >= 500} == {}


def test_a_file_of_an_unknown_kind_is_not_taken_back_and_it_is_said_why(centre: Team) -> None:  # noqa: F811
    run = written_elsewhere(centre.site)
    with pytest.raises(Refused, match=f"What the files of “{TOMORROW}” hold is not known here"):
        ingest.take_back(run)
    run.refresh_from_db()
    assert run.state == ImportRun.State.DONE


@pytest.mark.parametrize("role", ["executive", "manager"])
def test_new_teams_queues_and_channels_of_another_process_trouble_no_page_of_this_one(
    role: str,
    centre: Team,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They may come between the moment at which an answer's version was read and the answer, or without moving any version at all."""
    standing = version.version_now()
    monkeypatch.setattr(version, "version_now", lambda: standing)
    with planted():
        client = client_of(role)
        read = [route for route, expected in ROUTES.items() if expected[role] == 200 and not route.startswith(("admin/", "definitions/"))]
        for route in read:
            client.get(address(route))
        made = new_members(centre.site, role)
        asked = [
            {"team": made.pk},
            {"site": made.site_id},
            {"queue": Queue.objects.latest("pk").pk},
            {"channel": Channel.objects.latest("pk").pk},
        ]
        found = {(route, *each): client.get(address(route), each).status_code for route in read for each in asked}
    assert {place: status for place, status in found.items() if status >= 500} == {}


def new_members(site: Site, role: str) -> Any:
    """A team, a site, a queue and a channel with a contact each, and the team among those of a manager."""
    made = factories.TeamFactory(code="new", site=factories.SiteFactory(code="new"))
    further = factories.TeamFactory(code="newer", site=site)
    for team in (made, further):
        row = factories.InteractionFactory(
            team=team, site=team.site, queue=factories.QueueFactory(), channel=factories.ChannelFactory(), day=date(2026, 3, 2)
        )
        factories.CellFactory(site=team.site_id, team=team.pk, queue=row.queue_id, channel=row.channel_id)
    if role == "manager":
        Membership.objects.get(role=role).teams.add(made, further)
    return made
