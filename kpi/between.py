"""What the processes of a site tell each other: what one of them worked out from a version of the data, the others find.

Each process keeps what it worked out itself (kpi/facts.py). With two of them a page whose weeks are new to one of them is often known
to the other, and would be worked out once by each. Without a cache in common nothing is told.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from kpi import memory

SECONDS = 600  # as long as whole answers


def recall(version: str, keys: Sequence[Hashable]) -> list[Any]:
    """What some process kept of this version under each of these keys, all asked for at once; None where none did."""
    if not version or not keys or not memory.is_shared():
        return [None] * len(keys)
    names = [_name(version, key) for key in keys]
    found = memory.recall_many(names)
    return [found.get(name) for name in names]


def keep(version: str, keys: Iterable[Hashable], results: Iterable[object]) -> None:
    """For the others, where there are others. A key is what its representation says: no two that differ may read alike."""
    if version and memory.is_shared():
        memory.keep_many({_name(version, key): found for key, found in zip(keys, results, strict=True)}, SECONDS)


def _name(version: str, key: Hashable) -> str:
    return f"between|{version}|{key!r}"
