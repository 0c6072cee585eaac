"""Refusals of what cannot be: each a ValueError whose sentence says what is wrong and what would be right. Pure."""

from __future__ import annotations

import math

MOST_CONTACTS = 1_000_000_000


def not_negative(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} cannot be {value}: 0 or more would be right")


def above_zero(name: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise ValueError(f"{name} cannot be {value}: more than 0 would be right")


def volume(name: str, value: float) -> None:
    """Contacts somebody needs people for: none is no question, and beyond a billion it is a typing error."""
    if not 0 < value <= MOST_CONTACTS:
        raise ValueError(f"{name} cannot be {value:g}: more than 0 and at most {MOST_CONTACTS:,} would be right".replace(",", "\u202f"))


def between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} cannot be {value}: from {low:g} to {high:g} would be right")


def share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a share and cannot be {value}: from 0 to 1 would be right, 0.2 for 20 %")


def occupancy(value: float, name: str = "occupancy") -> None:
    if not 0 < value <= 1:
        raise ValueError(f"{name} cannot be {value}: nobody works more than all of the time; above 0 and at most 1 would be right")


def shrinkage(value: float) -> None:
    if not 0 <= value < 1:
        raise ValueError(f"shrinkage cannot be {value}: at 1 nobody would ever be on queue; from 0 to below 1 would be right")


def whole(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} cannot be {value}: a whole number from {low} to {high} would be right")
