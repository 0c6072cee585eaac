"""Invitations: who was asked and who answered, from the file to the rate (metrics.md A3)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from kpi import ledger, registry, rollup
from kpi.metric import Estimate, Evidence, Frame, Period, Status, Totals
from kpi.metrics import survey_coverage, survey_response_rate
from kpi.metrics._csat import SATISFIED
from kpi.metrics._invited import ANSWERED, INVITED, UNSURE
from kpi.metrics._shared import CONTACTS, example_totals
from kpi.models import DueDay, Invitation, Team
from kpi.result import Query, Scope, Viewer
from kpi.sheet import build_figures
from kpi.subjects import interaction
from tests import factories
from tests.kpi.reading_help import read, table

DAY = date(2026, 3, 10)
CLOSED = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
Counts = tuple[int, float]


def estimated(metric: object, *, invited: Counts, answered: int = 0, answers: int = 0, unsure: int = 0, contacts: int = 1000) -> Estimate:
    counts = {INVITED: invited, UNSURE: (unsure, unsure), ANSWERED: (answered, answered), SATISFIED: (answers, answers)}
    totals: Totals = example_totals({**counts, CONTACTS: (contacts, contacts)})
    return metric.estimate(Evidence(Frame(MARCH, date(2026, 5, 1)), {"period": totals}))  # type: ignore[attr-defined]


def test_the_rate_is_of_those_an_invitation_reached_and_strays_are_told_apart() -> None:
    found = estimated(survey_response_rate, invited=(400, 380), answered=95, answers=99)
    assert (found.status, found.value, found.n) == (Status.OK, 0.25, 380)
    assert found.low is not None
    assert found.high is not None
    assert 0.20 < found.low < 0.25 < found.high < 0.30
    assert (found.parts["not_delivered"], found.parts["uninvited"]) == (20, 4)
    assert found.reasons == ("invitations:uninvited",)


def test_where_nobody_says_what_arrived_the_page_says_so() -> None:
    found = estimated(survey_response_rate, invited=(400, 400), answered=100, answers=100, unsure=300)
    assert (found.value, found.parts["unsure"], found.reasons) == (0.25, 300, ("invitations:unsure",))


@pytest.mark.parametrize("metric", [survey_response_rate, survey_coverage])
def test_without_invitations_there_is_no_rate_and_the_reason_says_what_to_import(metric: object) -> None:
    found = estimated(metric, invited=(0, 0), answers=80)
    assert (found.status, found.value, found.reasons) == (Status.NO_DATA, None, ("invitations:none",))


def test_coverage_is_of_all_contacts() -> None:
    assert estimated(survey_coverage, invited=(400, 380)).value == 0.4


def test_a_row_needs_a_contact_and_a_moment_and_leaves_unknown_delivery_unknown(tmp_path: Path) -> None:
    row = {"external_id": "i-1", "interaction_id": "c-1", "sent_at": "2026-03-10T10:00:00Z"}
    path = tmp_path / "invitations.csv"
    path.write_text(table([{**row, "delivered": ""}, {**row, "interaction_id": ""}, {**row, "sent_at": "soon"}]))
    found = read(path, registry.source("invitations_csv"))
    assert found.accepted.select("delivered").rows() == [(None,)]
    assert [item.column for item in found.rejected] == ["interaction_id", "sent_at"]


@pytest.fixture
def asked(lark: Team) -> Team:
    """Forty contacts of eight agents on one day: thirty invited, one of them twice and one about NPS alone; ten answered."""
    run = factories.ImportRunFactory()
    common = {"team": lark, "site": lark.site, "started_at": CLOSED - timedelta(minutes=5), "ended_at": CLOSED, "day": DAY, "run": run}
    for n in range(40):
        factories.InteractionFactory(external_id=f"c-{n}", agent=100 + n % 8, **common)
    for n in range(30):
        factories.InvitationFactory(external_id=f"i-{n}", interaction_ref=f"c-{n}", delivered={28: False, 29: None}.get(n, True), run=run)
    factories.InvitationFactory(external_id="reminder", interaction_ref="c-28", delivered=False, run=run)
    factories.InvitationFactory(external_id="other", interaction_ref="c-35", question="nps", run=run)
    for n in (*range(9), 39):
        factories.CustomerAnswerFactory(interaction_ref=f"c-{n}", scale="likert5", answered_at=CLOSED + timedelta(hours=1), run=run)
    return lark


def test_each_contact_knows_whether_it_was_asked_about_satisfaction_once(asked: Team) -> None:
    rows = interaction.narrow([DAY], frozenset({"invited", "delivered"}), None)
    assert (rows.height, rows["invited"].sum()) == (40, 30)
    assert dict(rows["delivered"].value_counts().iter_rows()) == {True: 28, False: 1, None: 11}


def test_from_the_records_to_the_page(asked: Team) -> None:
    monday, after = DAY - timedelta(DAY.weekday()), DAY + timedelta(7)
    factories.InteractionFactory(team=asked, site=asked.site, day=after)  # the week is over
    ledger.mark_due("interaction", [DAY, after])
    rollup.refresh_flags()
    rollup.roll_up_due()
    query = Query(Period(monday, monday + timedelta(7)), Scope())
    found = build_figures(Viewer("executive"), query, ("survey_coverage", "survey_response_rate"))
    assert found["survey_coverage"].value == pytest.approx(30 / 40)
    assert found["survey_response_rate"].value == pytest.approx(9 / 29)
    assert found["survey_response_rate"].parts["uninvited"] == 1


def test_an_invitation_that_arrives_later_makes_the_day_of_its_contact_due(asked: Team, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("external_id,interaction_id,sent_at\nlate-1,c-33,2026-03-10T10:00:00Z\n")
    factories.DataSourceFactory(key="mailer", format="invitations_csv", site=asked.site)
    call_command("import_file", str(path), "--source", "mailer", no_roll_up=True, verbosity=0)
    assert Invitation.objects.filter(interaction_ref="c-33").exists()
    assert DueDay.objects.filter(subject="interaction", day=DAY).exists()
