"""The contacts behind figures of quality and reach: each condition holds for the very contacts its figure counts.

Conditions on stored contacts, newest first; kpi/cases.py names and lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kpi.access import DAY_S
from kpi.metrics.reopen_rate import WITHIN as REOPENED_WITHIN
from kpi.models import CustomerAnswer, Interaction
from kpi.subjects.interaction import ANSWERED_WITHIN

Row = Mapping[str, Any]
Contacts = QuerySet[Interaction]
IN_VAIN = Q(human_requested_at__isnull=False, human_reached_at__isnull=True)
A_DAY = timedelta(seconds=DAY_S)


@dataclass(frozen=True)
class Followed:
    """Which contacts, why each is listed, and what must be read of it for that."""

    of: Callable[[Contacts], Contacts]
    why: Callable[[Row], str]
    reads: tuple[str, ...] = ()


def falsely_contained(found: Contacts) -> Contacts:
    """What `falsely_contained` counts: closed by the machine alone for a known customer, and in name only."""
    alone = found.filter(handled_by=Interaction.HandledBy.AI, returned__isnull=False).annotate(said=_last_word())
    return alone.filter(Q(returned=True) | IN_VAIN | Q(said=0.0))


def _last_word() -> Subquery:
    """The last valid answer to "resolved?" within seven days of closing; of two in the same moment the worse one."""
    closed = Coalesce(OuterRef("ended_at"), OuterRef("started_at"))
    answers = CustomerAnswer.objects.filter(
        Q(source__contacts_from__isnull=True) | Q(source__contacts_from=OuterRef("source")),
        interaction_ref=OuterRef("external_id"),
        question=CustomerAnswer.Question.RESOLVED,
        score__in=(0.0, 1.0),
        answered_at__lte=closed + ANSWERED_WITHIN,
    )
    return Subquery(answers.order_by("-answered_at", "score").values("score")[:1])


def unreached(found: Contacts) -> Contacts:
    """Requests for a person that `human_reached` counts as not reached within a day."""
    late = Q(human_reached_at__gt=F("human_requested_at") + A_DAY)
    return found.filter(human_requested_at__isnull=False).filter(Q(human_reached_at__isnull=True) | late)


def reopened(found: Contacts) -> Contacts:
    """What `reopened` counts: closed, not abandoned, opened again within fourteen days."""
    closed = found.filter(ended_at__isnull=False).exclude(abandoned=True)
    return closed.filter(reopened_at__lte=F("ended_at") + REOPENED_WITHIN)


def came_back(found: Contacts) -> Contacts:
    """Issues that `fcr` does not count as resolved on the first contact."""
    return found.filter(role=Interaction.Role.OPENER, returned=True)


def _why_false(row: Row) -> str:
    if row["returned"]:
        return _("came back again")
    return _("said it was not resolved") if row["said"] == 0.0 else _("asked for a person in vain")


def _why_unreached(row: Row) -> str:
    return _("never reached a person") if row["human_reached_at"] is None else _("reached a person after more than a day")


FOLLOWED = {
    "name-only": Followed(falsely_contained, _why_false, ("said",)),
    "unreached": Followed(unreached, _why_unreached, ("human_reached_at",)),
    "reopened": Followed(reopened, lambda row: _("opened again within fourteen days")),
    "returned": Followed(came_back, lambda row: _("came back with the same issue within seven days")),
}
