"""The AI policy of an intent: which version judged a contact, that no edit reaches back, and that list and figure agree."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from kpi import cases, ledger, policies, registry
from kpi.metric import Period
from kpi.metrics import policy_breach_rate
from kpi.models import DueDay, IntentPolicy, Interaction, Team
from kpi.result import Query, Viewer
from kpi.rollup import roll_up_due
from kpi.subjects import interaction
from tests import factories
from tests.factories import IntentPolicyFactory
from tests.kpi.world import cells

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MARCH = Period(date(2026, 3, 2), date(2026, 3, 30))
P, BREACHES = IntentPolicy.Policy, cases.KINDS["breaches"]


def listed() -> dict[str, str]:
    found = cases.list_cases(Viewer("analyst"), Query(MARCH), BREACHES)
    return {case.reference: case.why for case in found.cases}


def judged(*days: date) -> dict[str, bool | None]:
    frame = interaction.read(days).select("id", policy_breach_rate.BREACH.value.alias("breach"))
    names = dict(Interaction.objects.values_list("pk", "external_id"))
    return {names[key]: verdict for key, verdict in frame.iter_rows()}


def test_the_version_of_the_day_judges_and_the_one_entered_last_wins() -> None:
    intent, other = factories.IntentFactory(), factories.IntentFactory(code="orders")
    IntentPolicyFactory(intent=intent, policy=P.PEOPLE_ONLY, valid_from=date(2026, 3, 11))
    IntentPolicyFactory(intent=intent, policy=P.AI_MAY_OFFER, valid_from=date(2026, 3, 12))
    IntentPolicyFactory(intent=intent, policy=P.AI_MAY_HANDLE, valid_from=date(2026, 3, 12))
    IntentPolicyFactory(intent=other, policy=P.AI_MAY_OFFER, valid_from=date(2026, 1, 1))
    for day in (10, 11, 12, 13):
        factories.InteractionFactory(intent=intent, handled_by="ai", started_at=NOON.replace(day=day), external_id=f"{day}")
    factories.InteractionFactory(intent=None, handled_by="ai", external_id="without intent")
    days = [date(2026, 3, day) for day in (10, 11, 12, 13)]
    assert judged(*days) == {"10": None, "11": True, "12": False, "13": False, "without intent": None}
    assert [(span.policy, span.start) for span in policies.spans() if span.intent == intent.pk] == [
        (P.PEOPLE_ONLY, date(2026, 3, 11)),
        (P.AI_MAY_HANDLE, date(2026, 3, 12)),
    ]


def test_the_list_holds_the_very_contacts_the_figure_counts(lark: Team) -> None:
    """Every policy, handler and way of asking, before and after a change of policy."""
    choices = product((*P.values, None), (*Interaction.HandledBy.values, None), (False, True), (False, True), (9, 10))
    for policy, handled_by, asked, reached, day in choices:
        intent = factories.IntentFactory(code=f"about {policy}")
        if policy and not intent.policies.exists():
            IntentPolicyFactory(intent=intent, policy=policy, valid_from=date(2026, 1, 1))
            IntentPolicyFactory(intent=intent, policy=P.PEOPLE_ONLY, valid_from=date(2026, 3, 10))
        times = {"human_requested_at": NOON if asked else None, "human_reached_at": NOON if asked and reached else None}
        factories.InteractionFactory(team=lark, intent=intent, handled_by=handled_by, started_at=NOON.replace(day=day), **times)
    expected = {name for name, verdict in judged(date(2026, 3, 9), date(2026, 3, 10)).items() if verdict}
    found = listed()
    assert len(expected) > 10
    assert set(found) == expected
    assert len(set(found.values())) == 2


def test_a_change_today_leaves_the_totals_of_yesterday_as_they_were(lark: Team, clock) -> None:
    intent = factories.IntentFactory()
    IntentPolicyFactory(intent=intent, policy=P.AI_MAY_HANDLE, valid_from=date(2026, 1, 1))
    for number in range(6):
        factories.InteractionFactory(
            team=lark, intent=intent, handled_by="ai", day=date(2026, 4, 12), started_at=NOON, external_id=f"{number}"
        )
    ledger.mark_due("interaction", [date(2026, 4, 12)])
    roll_up_due()
    before = cells()
    change = IntentPolicy(intent=intent, policy=P.PEOPLE_ONLY, valid_from=date(2026, 4, 13), signed_by="A. Person")
    change.full_clean()
    change.save()
    ledger.mark_all_due("interaction")
    roll_up_due()
    assert cells() == before
    assert not any(judged(date(2026, 4, 12)).values())


def test_a_version_may_not_reach_back_over_contacts(lark: Team, clock) -> None:
    intent = factories.IntentFactory()
    values = {"intent": intent, "policy": P.PEOPLE_ONLY, "signed_by": "A. Person"}
    IntentPolicy(valid_from=date(2020, 1, 1), **values).full_clean()  # nothing was judged yet
    factories.InteractionFactory(team=lark, intent=intent, day=date(2026, 3, 10))
    IntentPolicy(valid_from=date(2026, 4, 13), **values).full_clean()
    IntentPolicy(valid_from=date(2026, 3, 11), **values).full_clean()  # no contact came since
    with pytest.raises(ValidationError, match="begin today"):
        IntentPolicy(valid_from=date(2026, 3, 10), **values).full_clean()


def test_only_days_from_the_change_on_are_computed_again() -> None:
    days = [date(2026, 4, 12), date(2026, 4, 13), date(2026, 4, 14)]
    DueDay.objects.bulk_create([DueDay(subject="interaction", day=day, due=1, done=1) for day in days])
    assert ledger.mark_due_from("interaction", date(2026, 4, 13)) == 2
    assert sorted(ledger.due()["interaction"]) == days[1:]


def test_without_any_policy_nothing_is_listed_or_judged(lark: Team) -> None:
    factories.InteractionFactory(team=lark, handled_by="ai", started_at=NOON)
    assert listed() == {}
    assert list(judged(NOON.date()).values()) == [None]
    assert policies.register_of(MARCH) is None


def test_the_register_names_every_version_of_the_period(lark: Team) -> None:
    intent = factories.IntentFactory(name="Refund")
    for policy, start in ((P.AI_MAY_HANDLE, date(2025, 1, 1)), (P.AI_MAY_OFFER, date(2026, 3, 9)), (P.PEOPLE_ONLY, MARCH.end)):
        IntentPolicyFactory(intent=intent, policy=policy, valid_from=start)
    found = policies.register_of(MARCH)
    assert found is not None
    assert found.rows == (("Refund", "AI may handle", "1 Jan 2025"), ("Refund", "AI may offer", "9 Mar 2026"))


def test_the_figure_tells_what_was_broken() -> None:
    found = policy_breach_rate.METRIC.estimate(policy_breach_rate.METRIC.example.evidence)
    assert (found.value, found.parts) == (0.05, {"forbidden": 12, "kept": 38, "unjudged_share": 0.2})
    assert registry.metrics()["policy_breach_rate"].page == "human-ai"
