"""The filters of a page as words: what is applied, and the way down to where one is. Plain types."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chip:
    """An applied filter as words, and the address without it."""

    label: str
    text: str
    without: str


@dataclass(frozen=True)
class Crumb:
    """One step of the way down, and its address."""

    text: str
    address: str
