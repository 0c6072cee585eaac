"""Another route to what can be worked out from sums: plain elimination over fractions, and ranks compared. Slow and simple."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations


def rank(rows: Iterable[Sequence[int]]) -> int:
    left, found = [[Fraction(value) for value in row] for row in rows], 0
    while left and left[0]:
        pivot = next((row for row in left if row[0]), None)
        if pivot is None:
            left = [row[1:] for row in left]
            continue
        found += 1
        left.remove(pivot)
        left = [[value - row[0] / pivot[0] * other for value, other in zip(row, pivot, strict=True)][1:] for row in left]
    return found


def in_row_space(vector: Sequence[int], rows: Sequence[Sequence[int]]) -> bool:
    return rank([*rows, vector]) == rank(rows)


def classes_of(sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """People whom no set tells apart, those in no set left out."""
    found: dict[tuple[bool, ...], set[int]] = {}
    for person in frozenset[int]().union(*sets):
        found.setdefault(tuple(person in members for members in sets), set()).add(person)
    return [frozenset(group) for group in found.values()]


def gives_away(sets: Sequence[frozenset[int]], k: int, people: Mapping[int, int]) -> bool:
    """True when a class, or a union of two, with fewer than k people lies in the row space of the memberships."""
    classes = classes_of(sets)
    rows = [[int(group <= members) for group in classes] for members in sets]
    asked = [*((group,) for group in classes), *combinations(classes, 2)]
    small = [groups for groups in asked if sum(people.get(person, 1) for group in groups for person in group) < k]
    return any(in_row_space([int(group in groups) for group in classes], rows) for groups in small)
