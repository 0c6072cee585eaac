"""What a reader may plan and note, and of what they may read it: a scope is the company, one site or one team; nothing is smaller.

product.md section 2. Executives and analysts write everywhere, managers in their own teams and sites, representatives read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpi.models import Membership
from kpi.result import Scope, Viewer
from kpi.rights import choices

EVERYWHERE = frozenset({Membership.Role.EXECUTIVE, Membership.Role.ANALYST})


@dataclass(frozen=True)
class Where:
    """The company where both are empty; never both a site and a team."""

    site: int | None = None
    team: int | None = None

    @property
    def key(self) -> str:
        """As a form names it."""
        return f"team:{self.team}" if self.team is not None else f"site:{self.site}" if self.site is not None else "all"

    @property
    def scope(self) -> Scope:
        return Scope(site=self.site, teams=frozenset() if self.team is None else frozenset({self.team}))

    @property
    def address(self) -> str:
        """The filter of a page, as the end of an address."""
        return f"&team={self.team}" if self.team is not None else f"&site={self.site}" if self.site is not None else ""


def where_of(item: object) -> Where:
    """Of anything that has a site and a team."""
    return Where(getattr(item, "site_id", None), getattr(item, "team_id", None))


def parse(key: str) -> Where:
    """From the key a form offered."""
    kind, _colon, number = key.partition(":")
    return Where(site=int(number)) if kind == "site" else Where(team=int(number)) if kind == "team" else Where()


def reads(viewer: Viewer, where: Where) -> bool:
    """A manager reads of own teams and sites, and of the company."""
    if viewer.teams is None:
        return True
    if where.team is not None:
        return where.team in viewer.teams
    return where.site is None or where.site in (viewer.sites or ())


def writes(viewer: Viewer, where: Where) -> bool:
    """Where a role may write at all; a manager not of the whole company."""
    if viewer.role in EVERYWHERE:
        return True
    return viewer.role == Membership.Role.MANAGER and where != Where() and reads(viewer, where)


def writes_anywhere(viewer: Viewer) -> bool:
    return viewer.role in EVERYWHERE or viewer.role == Membership.Role.MANAGER


def places(viewer: Viewer) -> list[tuple[str, str]]:
    """What a form offers this viewer to write about: (key, label)."""
    found = choices(viewer)
    every = [
        ("all", _("All sites")),
        *((f"site:{pk}", name) for pk, name in found.sites),
        *((f"team:{pk}", name) for pk, name in found.teams),
    ]
    return [(key, str(label)) for key, label in every if writes(viewer, parse(key))]


def in_view(viewer: Viewer, asked: Mapping[str, str]) -> dict[str, str]:
    """What a form about a place begins with: the team or site in the address, where this viewer writes about it."""
    offered = {key for key, _label in places(viewer)}
    found = [f"{name}:{asked[name]}" for name in ("team", "site") if asked.get(name)]
    return next(({"scope": key} for key in found if key in offered), {})
