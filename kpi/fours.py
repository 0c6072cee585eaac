"""The balanced four of single units and periods that are known already: to this process, or to another one of the site."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
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

    def here(self, wanted: Sequence[Wanted]) -> list[Four | None]:
        """Those this process has, in the order asked for."""
        version = current()
        if version is None:
            return [None] * len(wanted)
        return [None if is_uncommon(item.target.unit) else kept.recall(version.all, self._key(item)) for item in wanted]

    def anywhere(self, wanted: Sequence[Wanted]) -> list[Four | None]:
        """Those any process has; what another one told is kept here too."""
        found, version = self.here(wanted), current()
        if version is None:
            return found
        missing = [i for i, four in enumerate(found) if four is None and not is_uncommon(wanted[i].target.unit)]
        keys = [self._key(wanted[i]) for i in missing]
        for i, key, four in zip(missing, keys, between.recall(version.all, keys), strict=True):
            if four is not None:
                found[i] = four
                kept.keep(version.all, key, four)
        return found

    def keep(self, wanted: Sequence[Wanted], made: Sequence[Four]) -> None:
        """Never of a group whose showing is remembered (C5): each asking of it is judged anew. Nor what may succeed the next time."""
        version = current()
        if version is None:
            return
        pairs = zip(wanted, made, strict=True)
        lasts = [(self._key(item), four) for item, four in pairs if not is_uncommon(item.target.unit) and lasting(four)]
        for key, four in lasts:
            kept.keep(version.all, key, four)
        between.keep(version.all, (key for key, _ in lasts), (four for _, four in lasts))

    def _key(self, item: Wanted) -> Hashable:
        return item, *self.asked


def lasting(results: Iterable[Result]) -> bool:
    """Whether they may be kept: nothing among them that the next reader may get."""
    return not any(reason in PASSING for result in results for reason in result.reasons)
