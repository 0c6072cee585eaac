"""Contacts that somebody has to look at: customers left in a loop, to be called back, and breaches of the AI policy.

Lists of contacts, not of agents: no name, no agent, no count of one person leaves from here. The customer is the pseudonym
the file was read with; the contact is named by the id of the system it came from, where whoever calls back finds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import policies, rights, words
from kpi.cells import pseudonym_text
from kpi.followed import FOLLOWED, IN_VAIN
from kpi.metric import Period, whole_weeks
from kpi.models import IntentPolicy, Interaction
from kpi.reporting import members_of
from kpi.result import Query, Viewer
from kpi.slices import narrowed

SHOWN = 25  # rows on a page; the file has all of them
LOOKED_UP_TOGETHER = 5000
HandledBy, PEOPLE_ONLY = Interaction.HandledBy, IntentPolicy.Policy.PEOPLE_ONLY
EVERY = slice(None)
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
Issue = tuple[int, str | None]  # customer and intent group


@dataclass(frozen=True)
class CaseKind:
    """A list beside a page: `metric` is the figure that counts what it names."""

    key: str
    page: str
    metric: str
    label: Promise
    question: Promise
    words: Promise


@dataclass(frozen=True)
class Case:
    """One contact of the list. Texts, and the day it closed."""

    day: date
    customer: str
    intent: str
    channel: str
    queue: str
    source: str
    reference: str
    why: str


@dataclass(frozen=True)
class CaseList:
    """The answer: newest first."""

    kind: CaseKind
    period: Period
    cases: tuple[Case, ...]
    count: int  # of all, where `cases` are those of one page
    page: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // SHOWN))

    @property
    def first(self) -> int:
        return (self.page - 1) * SHOWN + 1

    @property
    def last(self) -> int:
        return self.first + len(self.cases) - 1

    @property
    def period_text(self) -> str:
        return words.span(self.period)


KINDS = {
    kind.key: kind
    for kind in (
        CaseKind(
            "loops",
            "human-ai",
            "loop_rate",
            gettext_lazy("Customers to call back"),
            gettext_lazy("Who was left in a loop and waits for a call?"),
            gettext_lazy(
                "Customers who came back with the same issue, met the machine alone again, and had to come back once more or asked for a "
                "person in vain; each issue once, with its last such contact. Left out is whoever a person has served since."
            ),
        ),
        CaseKind(
            "breaches",
            "human-ai",
            "policy_breach_rate",
            gettext_lazy("Breaches of the AI policy"),
            gettext_lazy("Where did the AI do what it may not?"),
            gettext_lazy(
                "Every contact that broke the policy its intent had on that day: the AI took part though only people may serve, or it may "
                "only make an offer and closed the contact alone although the customer asked for a person."
            ),
        ),
        CaseKind(
            "unreached",
            "human-ai",
            "reach_rate",
            gettext_lazy("Asked for a person in vain"),
            gettext_lazy("Who asked for a person and did not reach one within a day?"),
            gettext_lazy("Every contact in which the customer asked for a person and reached none, or only after more than a day."),
        ),
        CaseKind(
            "name-only",
            "resolution",
            "containment_rate",
            gettext_lazy("Contained in name only"),
            gettext_lazy("Which contacts did the AI close without solving them?"),
            gettext_lazy(
                "Contacts the AI closed alone after which the customer came back with the same issue, asked for a person in vain, or said "
                "that it was not resolved."
            ),
        ),
        CaseKind(
            "returned",
            "resolution",
            "fcr",
            gettext_lazy("Came back within seven days"),
            gettext_lazy("Which issues were not solved on the first contact?"),
            gettext_lazy("First contacts of an issue after which the same customer came back with it within seven days, on any channel."),
        ),
        CaseKind(
            "reopened",
            "resolution",
            "reopen_rate",
            gettext_lazy("Opened again"),
            gettext_lazy("Which cases had to be opened again?"),
            gettext_lazy("Cases that were closed and opened again within fourteen days."),
        ),
    )
}


def kinds_of(viewer: Viewer, page: str) -> list[CaseKind]:
    """The lists of a page that this viewer may open."""
    return [kind for kind in KINDS.values() if kind.page == page] if rights.sees_contacts(viewer) else []


def list_cases(viewer: Viewer, query: Query, kind: CaseKind, page: int | None = None) -> CaseList:
    """The cases of a question in whole weeks, or rights.NotAllowed. Read from the contacts themselves: a list is no total. Without a
    `page` all of them; a page beyond the last is the last."""
    granted = rights.grant_contacts(viewer, query.scope)
    period = whole_weeks(query.period)
    found = _inside(granted, period)
    if kind.key in FOLLOWED:
        return _followed(kind, period, found, page)
    every = tuple({"loops": _loops, "breaches": _breaches}[kind.key](found))
    at, cut = _cut(len(every), page)
    return CaseList(kind, period, every[cut], len(every), at)


def _followed(kind: CaseKind, period: Period, found: QuerySet[Interaction], page: int | None) -> CaseList:
    """Only the rows of the page are read."""
    followed = FOLLOWED[kind.key]
    wanted = followed.of(found)
    count = wanted.count()
    at, cut = _cut(count, page)
    rows = _rows(wanted, followed.reads, cut)
    return CaseList(kind, period, tuple(_case(row, followed.why(row)) for row in rows), count, at)


def _cut(count: int, page: int | None) -> tuple[int, slice]:
    if page is None:
        return 1, slice(0, count)
    at = min(max(page, 1), max(1, -(-count // SHOWN)))
    return at, slice((at - 1) * SHOWN, at * SHOWN)


def _inside(granted: rights.Grant, period: Period) -> QuerySet[Interaction]:
    """The contacts of a grant; of the teams in its rows where the viewer or the question names teams."""
    scope = granted.scope
    wanted = {"site": scope.site, "queue": scope.queue, "channel": scope.channel}
    found = Interaction.objects.filter(day__gte=period.start, day__lt=period.end)
    found = narrowed(found.filter(**{f"{name}_id": value for name, value in wanted.items() if value is not None}), scope)
    if not scope.teams and granted.viewer.teams is None:
        return found
    teams = members_of(granted.rows)  # contacts keep the team of their file: those of a group are its teams'
    return found.filter(team_id__in=teams if granted.viewer.teams is None else teams & granted.viewer.teams)


def in_loop() -> Q:
    """What kpi/metrics/loop_rate.py counts, as a condition on stored contacts."""
    return Q(role=Interaction.Role.REPEAT, handled_by=HandledBy.AI) & (Q(returned=True) | IN_VAIN)


def in_breach(span: policies.Span) -> Q:
    """What kpi/metrics/policy_breach_rate.py counts while this version of a policy is in force."""
    part = Q(handled_by__in=(HandledBy.AI, HandledBy.HYBRID)) if span.policy == PEOPLE_ONLY else Q(handled_by=HandledBy.AI) & IN_VAIN
    return part & Q(intent=span.intent, day__gte=span.start, day__lt=span.end)


def _loops(found: QuerySet[Interaction]) -> Iterator[Case]:
    """Each issue once, unless a person took it after the loop."""
    rows = list(_rows(found.filter(in_loop())))
    taken = _taken({row["customer"] for row in rows}, min((row["day"] for row in rows), default=date.max))
    seen: set[Issue] = set()
    for row in rows:
        issue = (row["customer"], row["intent__group"])
        if issue not in seen and row["started_at"] >= taken.get(issue, BEFORE_ALL):
            yield _case(row, _("came back again") if row["returned"] else _("asked for a person in vain"))
        seen.add(issue)


def _breaches(found: QuerySet[Interaction]) -> Iterator[Case]:
    """Each contact by the version that was in force on its day."""
    spans = [span for span in policies.spans() if span.policy != IntentPolicy.Policy.AI_MAY_HANDLE]
    strict = {(span.intent, span.start, span.end) for span in spans if span.policy == PEOPLE_ONLY}
    for row in _rows(found.filter(reduce(or_, map(in_breach, spans)))) if spans else ():
        forbidden = any(intent == row["intent"] and start <= row["day"] < end for intent, start, end in strict)
        yield _case(row, _("only people may serve this") if forbidden else _("asked for a person in vain; the AI may only offer"))


def _taken(customers: Collection[int], first: date) -> dict[Issue, datetime]:
    """When a person last had each issue of these customers, on any channel and in any team."""
    by_person = Q(handled_by__in=(HandledBy.HUMAN, HandledBy.HYBRID)) | Q(human_reached_at__isnull=False)
    last: dict[Issue, datetime] = {}
    for some in batched(sorted(customers), LOOKED_UP_TOGETHER):
        known = Interaction.objects.filter(by_person, customer__in=some, day__gte=first).values_list("customer", "intent__group")
        last |= {(customer, group): at for customer, group, at in known.annotate(at=Max("started_at"))}
    return last


def batched(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (items[first : first + size] for first in range(0, len(items), size))


def _rows(found: QuerySet[Interaction], more: Sequence[str] = (), cut: slice = EVERY) -> Iterator[dict[str, Any]]:
    names = {"queue_name": F("queue__name"), "channel_name": F("channel__name"), "intent_name": F("intent__name"), "key": F("source__key")}
    wanted = ("day", "started_at", "customer", "intent", "intent__group", "external_id", "returned", *names)
    return iter(found.order_by("-started_at", "-pk").annotate(**names).values(*wanted, *more)[cut])


def _case(row: dict[str, Any], why: str) -> Case:
    """A row without a customer is named by its contact alone."""
    return Case(
        day=row["day"],
        customer=_("not known") if row["customer"] is None else pseudonym_text(row["customer"]),
        intent=row["intent_name"] or _("not known"),
        channel=row["channel_name"],
        queue=row["queue_name"],
        source=row["key"],
        reference=row["external_id"],
        why=why,
    )
