"""What is asked, and by whom: scope, period and comparison of a question, and the rights it is asked with. Plain types."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.metric import Period


@dataclass(frozen=True)
class Scope:
    """What a number is about. Empty means all; ids, never names. `teams` of several are taken together."""

    site: int | None = None
    teams: frozenset[int] = frozenset()
    queue: int | None = None
    channel: int | None = None
    intent: int | None = None
    tier: str = ""  # "high" or "other"

    @property
    def filtered(self) -> bool:
        """True under a filter by queue or channel: people measures are then those of the teams that did the work."""
        return self.queue is not None or self.channel is not None

    @property
    def sliced(self) -> bool:
        """True under a filter by intent or tier: kept for whole sites only (docs/decisions/0007)."""
        return self.intent is not None or self.tier != ""

    @property
    def answerable(self) -> bool:
        """Whether totals are kept for it: a site or the company cut by intent or by tier, and by nothing else."""
        both = self.intent is not None and self.tier != ""
        return not (self.sliced and (self.teams or self.filtered or both))


@dataclass(frozen=True)
class Query:
    """One question to the panel: which days, against which, about what."""

    period: Period
    scope: Scope = Scope()
    comparison: Period | None = None
    comparison_key: str = "none"
    period_key: str = ""


def _listed(ids: frozenset[int] | None) -> str:
    return "*" if ids is None else ",".join(map(str, sorted(ids)))


@dataclass(frozen=True)
class Viewer:
    """Who asks. `teams` and `sites` are None where the role sees all; rights are checked where data are read."""

    role: str
    teams: frozenset[int] | None = None
    sites: frozenset[int] | None = None

    @property
    def key(self) -> str:
        """Equal for two users who may see the same."""
        return f"{self.role}:{_listed(self.sites)}:{_listed(self.teams)}"
