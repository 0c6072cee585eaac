"""One entry of a definition's version history. A plain type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text
else:
    Text = str


@dataclass(frozen=True)
class Version:
    """What changed with a version, in words, and since when it is in force."""

    number: int
    since: date
    words: Text | str
