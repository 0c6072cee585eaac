"""Who may see the way of the data, send files, read rejected rows and take an import back. Applied where they are read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from kpi.models import Membership

Role = Membership.Role
SEES_RUNS = frozenset({Role.EXECUTIVE, Role.ANALYST, Role.STEWARD, Role.REPRESENTATIVE, Role.ADMINISTRATOR})
SENDS = frozenset({Role.ANALYST, Role.STEWARD, Role.ADMINISTRATOR})
TAKES_BACK = frozenset({Role.STEWARD, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Keeper:
    """What somebody may do with imports. A manager sees how fresh the sources are, and no file, which may name another's team."""

    sees: bool
    sees_runs: bool
    sends: bool
    takes_back: bool
    administers: bool
    sites: frozenset[int] | None  # None: all


def keeper_of(user: AbstractBaseUser | AnonymousUser) -> Keeper:
    member = Membership.objects.filter(user_id=user.pk or 0).first() if getattr(user, "is_active", False) else None
    if member is None:
        return Keeper(False, False, False, False, False, frozenset())
    user.membership = member  # type: ignore[union-attr]  # the navigation asks for the role of the same request
    role = Role(member.role)
    sites = frozenset(member.teams.values_list("site", flat=True)) if role is Role.MANAGER else None
    return Keeper(True, role in SEES_RUNS, role in SENDS, role in TAKES_BACK, role == Role.ADMINISTRATOR, sites)
