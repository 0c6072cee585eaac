"""Who may read how a wave goes, and who may open one. Nobody's role gives a further look at an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi.models import Membership
from kpi.rights import NotAllowed, viewer_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


@dataclass(frozen=True)
class Reader:
    """`teams` are those whose response is told; None: all."""

    may_open: bool = False
    teams: frozenset[int] | None = None


def reader_of(user: AbstractBaseUser | AnonymousUser) -> Reader | None:
    """None for a data steward, who sees nothing of wellbeing, and for whoever has no role."""
    if not getattr(user, "is_active", False):
        return None
    member = Membership.objects.filter(user_id=user.pk or 0).first()
    if getattr(user, "is_superuser", False) or (member is not None and member.role == Membership.Role.ADMINISTRATOR):
        user.membership = member  # type: ignore[union-attr]  # the navigation asks for the role of the same request
        return Reader(may_open=True)
    try:
        return Reader(teams=viewer_of(user).teams)
    except NotAllowed:
        return None
