"""Which letter leads to which page: given once for all pages, so that it is the same for every reader."""

from __future__ import annotations

from collections.abc import Iterable


def letters(names: Iterable[str]) -> dict[str, str]:
    """The first letter of a name that no name before it has; a name whose letters are all taken has none."""
    found: dict[str, str] = {}
    for name in names:
        free = (letter for letter in name.lower() if letter.isascii() and letter.isalpha() and letter not in found.values())
        found[name] = next(free, "")
    return found
