"""Customers left in a loop: what counts as one, that figure and list agree, and who may see the list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import polars as pl
import pytest

from kpi import cases
from kpi.metric import Evidence, Frame, Period, Status
from kpi.metrics import loop_rate
from kpi.metrics._shared import example_totals
from kpi.models import Interaction, Team
from kpi.result import Query, Scope, Viewer
from kpi.rights import NotAllowed
from kpi.subjects import interaction
from tests import factories

MARCH = Period(date(2026, 3, 2), date(2026, 3, 30))
ANALYST, LOOPS = Viewer("analyst"), cases.KINDS["loops"]
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
AI, HUMAN = Interaction.HandledBy.AI, Interaction.HandledBy.HUMAN
REPEAT = Interaction.Role.REPEAT


def loop(team: Team, **values: object) -> Interaction:
    """A repeat that the machine closed alone and after which the customer came back."""
    given = {"handled_by": AI, "role": REPEAT, "returned": True, "customer": 77, "started_at": NOON} | values
    return factories.InteractionFactory(team=team, **given)


def listed(viewer: Viewer = ANALYST, **scope: object) -> list[str]:
    found = cases.list_cases(viewer, Query(MARCH, Scope(**scope)), LOOPS)  # type: ignore[arg-type]
    return [case.reference for case in found.cases]


@pytest.mark.django_db
def test_the_list_holds_the_very_contacts_the_figure_counts(lark: Team) -> None:
    """Every combination of what makes a loop, each of a customer of its own, through the list and through the measure."""
    choices = product(Interaction.HandledBy.values, (None, 0, 1, 2, 3), (None, False, True), (False, True), (False, True))
    for number, (handled_by, role, returned, asked, reached) in enumerate(choices):
        times = {"human_requested_at": NOON if asked else None, "human_reached_at": NOON if asked and reached else None}
        loop(lark, handled_by=handled_by, role=role, returned=returned, customer=1000 + number, day=NOON.date(), **times)
    frame = interaction.read([NOON.date()])
    counted = frame.filter(loop_rate.LOOPED.value.fill_null(value=False))["id"].to_list()
    expected = Interaction.objects.filter(pk__in=counted).values_list("external_id", flat=True)
    assert len(expected) > 3
    assert sorted(listed()) == sorted(expected)


def test_openers_count_below_and_strangers_nowhere() -> None:
    frame = pl.DataFrame(
        {
            "machine_only": [True, True, True, True, False],
            "role": [1, 2, 3, 0, 2],
            "returned": [True, False, True, None, True],
            "human_requested_at": [None, NOON, None, None, None],
            "human_reached_at": [None] * 5,
        },
        schema_overrides={"human_requested_at": pl.Datetime, "human_reached_at": pl.Datetime},
    )
    assert frame.select(loop_rate.LOOPED.value).to_series().to_list() == [False, True, None, None, None]


def test_the_last_seven_days_wait() -> None:
    frame = Frame(MARCH, date(2026, 4, 1))
    assert loop_rate.windows(frame)["mature"].end == date(2026, 3, 25)
    found = loop_rate.estimate(Evidence(frame, {"mature": example_totals({loop_rate.LOOPED: (400, 30)})}))
    assert (found.value, found.parts["loops"], found.status) == (0.075, 30, Status.PROVISIONAL)


@pytest.mark.django_db
def test_an_issue_is_listed_once_with_its_last_contact(lark: Team) -> None:
    loop(lark, external_id="first")
    loop(lark, external_id="last", started_at=NOON + timedelta(days=1))
    loop(lark, external_id="other issue", intent=factories.IntentFactory(code="orders"))
    assert listed() == ["last", "other issue"]


@pytest.mark.django_db
@pytest.mark.parametrize("intent", ["billing", None])
def test_who_was_served_by_a_person_since_is_left_out(lark: Team, heron: Team, intent: str | None) -> None:
    about = {"intent": intent and factories.IntentFactory(code=intent), "handled_by": HUMAN, "role": REPEAT}
    loop(lark, intent=about["intent"], external_id="waits")
    factories.InteractionFactory(team=heron, customer=77, started_at=NOON - timedelta(days=1), **about)
    factories.InteractionFactory(team=heron, customer=78, started_at=NOON + timedelta(days=1), **about)
    other = {**about, "intent": factories.IntentFactory(code="orders")}
    factories.InteractionFactory(team=heron, customer=77, started_at=NOON + timedelta(days=1), **other)
    assert listed() == ["waits"]
    factories.InteractionFactory(team=heron, customer=77, started_at=NOON + timedelta(days=20), **about)
    assert listed() == []


@pytest.mark.django_db
def test_a_manager_sees_contacts_of_the_own_teams_alone(lark: Team, heron: Team) -> None:
    loop(lark, external_id="mine", customer=1)
    loop(heron, external_id="theirs", customer=2)
    loop(None, external_id="of no team", customer=3, site=lark.site)  # type: ignore[arg-type]
    manager = Viewer("manager", frozenset({lark.pk}), frozenset({lark.site_id}))
    assert listed(manager) == ["mine"]
    assert listed(manager, site=lark.site_id) == ["mine"]
    assert sorted(listed()) == ["mine", "of no team", "theirs"]
    with pytest.raises(NotAllowed):
        listed(manager, teams=frozenset({heron.pk}))


@pytest.mark.django_db
def test_a_filter_no_team_of_the_manager_meets_lists_nobody(lark: Team, heron: Team) -> None:
    queue = factories.QueueFactory(code="elsewhere")
    loop(heron, external_id="theirs", queue=queue)
    factories.CellFactory(site=heron.site_id, team=heron.pk, queue=queue.pk, channel=factories.ChannelFactory().pk)
    assert listed(Viewer("manager", frozenset({lark.pk}), frozenset({lark.site_id})), queue=queue.pk) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["executive", "representative"])
def test_roles_that_read_totals_see_no_contacts(role: str, lark: Team) -> None:
    with pytest.raises(NotAllowed):
        listed(Viewer(role))
    assert cases.kinds_of(Viewer(role), "human-ai") == []


@pytest.mark.django_db
def test_a_list_speaks_of_whole_weeks(lark: Team) -> None:
    loop(lark, external_id="monday", started_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    loop(lark, external_id="sunday before", started_at=datetime(2026, 3, 1, 9, tzinfo=UTC), customer=5)
    march = Query(Period(date(2026, 3, 1), date(2026, 4, 1)))
    assert [case.reference for case in cases.list_cases(ANALYST, march, LOOPS).cases] == ["monday"]
