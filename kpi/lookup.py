"""Looking something up among entries: those that hold every word that was typed, wherever it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

LONGEST = 80
Entry = TypeVar("Entry")


def matching(typed: str, entries: Iterable[Entry], texts: Callable[[Entry], Iterable[object]]) -> Sequence[Entry]:
    """Every entry where nothing was typed."""
    words = plain(typed[:LONGEST]).split()
    return [entry for entry in entries if all(word in plain(" ".join(map(str, texts(entry)))) for word in words)]


def plain(text: str) -> str:
    """Without case, accents, hyphens and the underscores of keys."""
    apart = unicodedata.normalize("NFKD", re.sub(r"[-_–]", " ", text.casefold()))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
