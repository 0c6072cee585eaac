"""The balanced four of single units and periods that are known already: to this process, or to another one of the site."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kpi import between
from kpi.balance import Four
from kpi.protect import is_uncommon
from kpi.releases import UNAVAILABLE
from kpi.result import Result
from kpi.values import FAILED, Target
from kpi.version import current, kept

PASSING = frozenset({FAILED, UNAVAILABLE})  # the next reader may get more


@dataclass(frozen=True)
class Wanted:
    """The four of one unit and period: what they are called, and whether in words too."""

    target: Target
    scope: str = ""
    texts: bool = False


@dataclass(frozen=True)
class KnownFours:
    """Of one question; `asked` is what else they depend on: filters, the day, the language, k."""

    asked: tuple[Hashable, ...]

    def here(self, wanted: Sequence[Wanted]) -> dict[Wanted, Four]:
        """Those this process has."""
        version = current()
        if version is None:
            return {}
        found = {item: kept.recall(version.all, self._key(item)) for item in wanted if not is_uncommon(item.target.unit)}
        return {item: four for item, four in found.items() if four is not None}

    def anywhere(self, wanted: Sequence[Wanted]) -> dict[Wanted, Four]:
        """Those any process has; what another one told is kept here too."""
        found, version = self.here(wanted), current()
        if version is None:
            return {}
        keys = {self._key(item): item for item in wanted if item not in found and not is_uncommon(item.target.unit)}
        told = between.recall(version.all, keys)
        for key, four in told.items():
            kept.keep(version.all, key, four)
        return found | {keys[key]: four for key, four in told.items()}

    def keep(self, made: Mapping[Wanted, Four]) -> None:
        """Never of a group whose showing is remembered (C5): each asking of it is judged anew. Nor what may succeed the next time."""
        version = current()
        if version is None:
            return
        lasts = {self._key(item): four for item, four in made.items() if not is_uncommon(item.target.unit) and lasting(four)}
        for key, four in lasts.items():
            kept.keep(version.all, key, four)
        between.keep(version.all, lasts)

    def _key(self, item: Wanted) -> Hashable:
        return item, *self.asked


def lasting(results: Iterable[Result]) -> bool:
    """Whether they may be kept: nothing among them that the next reader may get."""
    return not any(reason in PASSING for result in results for reason in result.reasons)
