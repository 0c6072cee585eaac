"""What the processes of a site tell each other: what one of them worked out from a version of the data, the others find.

Each process keeps what it worked out itself (kpi/facts.py). With two of them a page whose weeks are new to one of them is often known
to the other, and a quarter of all pages of a morning would be worked out twice. Without a cache in common nothing is told.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Any

from kpi import memory

SECONDS = 600  # as long as whole answers


def recall(version: str, keys: Collection[Hashable]) -> dict[Hashable, Any]:
    """Those results of this version that some process kept, all asked for at once."""
    if not version or not keys or not memory.is_shared():
        return {}
    named = {_name(version, key): key for key in keys}
    return {named[name]: found for name, found in memory.recall_many(named).items()}


def keep(version: str, results: Mapping[Hashable, object]) -> None:
    """For the others, where there are others. A key is what its representation says: no two that differ may read alike."""
    if version and results and memory.is_shared():
        memory.keep_many({_name(version, key): found for key, found in results.items()}, SECONDS)


def _name(version: str, key: Hashable) -> str:
    return f"between|{version}|{key!r}"
