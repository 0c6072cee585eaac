"""What people and files call things is text on every page: no name becomes a part of the page, an address or a script."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kpi.models import Annotation, Channel, ImportRun, Intent, Membership, Queue, Team
from tests import factories
from tests.web.doing_routes import plan
from tests.web.planted import planted
from tests.web.routes import ADDED_BY_IMPORT, MODELS, ROUTES, address

pytestmark = pytest.mark.embedded  # the same on every database
RUNS = "</script><script>alert(7)</script>\"'><img src=x onerror=alert(7)>"
RAW = ("<script>alert(7)", "<img src=x", "onerror=alert(7)>")


@pytest.fixture
def hostile(lark: Team, wren: Team) -> ImportRun:
    """Teams, queue, channel, intent, file, message and annotation with a name that runs, in a centre with data and plans."""
    site = lark.site
    for place, team in enumerate((lark, wren)):
        for week in range(8):
            factories.InteractionFactory(team=team, site=site, day=date(2026, 2, 2) + timedelta(weeks=week))
        Team.objects.filter(pk=team.pk).update(name=RUNS, code=f"{RUNS}{place}")
    for model in (Queue, Channel, Intent):
        model.objects.update(name=RUNS, code=RUNS[:64])
    site.name = RUNS
    site.save()
    factories.StaffingAssumptionFactory(site=site)
    factories.AlertFactory()
    for role in ("executive", "administrator"):
        Membership.objects.create(user=factories.UserFactory(username=role, is_superuser=role == "administrator", is_staff=True), role=role)
    plan()
    Annotation.objects.update(text=RUNS)
    run = ImportRun.objects.all()[0]
    run.file_name = run.message = RUNS
    run.facts = {"evidence": {RUNS: RUNS}}
    run.rejected = 1
    run.save()
    problem = {"column": RUNS, "found": RUNS, "problem": "not_a_number", "expected": RUNS}
    factories.RejectedRowFactory(run=run, line=2, problems=[problem], row={RUNS: RUNS})
    return run


def walked(client: Client, addresses: list[str]) -> int:
    """How many of these pages hold the name, none of them raw."""
    holding = 0
    for where in addresses:
        answer = client.get(where)
        if "text/html" not in answer.get("Content-Type", "") or answer.streaming:
            continue
        text = answer.content.decode()
        assert answer.status_code < 500, where
        assert not [raw for raw in RAW if raw in text], where
        holding += "alert(7)" in text
    return holding


def test_what_somebody_calls_things_is_text_on_every_page(hostile: ImportRun) -> None:
    executive, administrator = Client(raise_request_exception=False), Client(raise_request_exception=False)
    for client, role in ((executive, "executive"), (administrator, "administrator")):
        client.force_login(Membership.objects.get(role=role).user)
    run = [reverse("data-run", args=[hostile.pk])]
    lists = [f"/admin/{model}/" for model in MODELS] + [f"/admin/{model}/add/" for model in set(MODELS) - ADDED_BY_IMPORT]
    with planted():
        assert walked(executive, [address(route) for route in ROUTES if "logout" not in route] + ["/?side=team", "/?by=intent"]) > 10
    assert walked(administrator, [*run, "/data/", *lists, f"/admin/kpi/importrun/{hostile.pk}/change/"]) > 10
