"""May a figure be released beside all that was released before? (metrics.md C5).

A set is told apart by its members, never by its value. Members are whatever is never split: (respondent, wave), or a team in a wave with
the number of its respondents. Keep one `ReleasedSets` for each measure: what two measures share gives nobody away.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from kpi.anonymity.echelon import Echelon, Remainder, opposite
from kpi.anonymity.thresholds import DEFAULT_K, smallest_group

BELOW_K, NESTED, COMBINATION, OK = "below_k", "nested_difference", "linear_combination", "ok"
Members = frozenset[Hashable]


@dataclass(frozen=True)
class Verdict:
    """The first reason that stands against the release, or `ok`."""

    allowed: bool
    reason: str


class _Knowledge:
    """Classes of members that no released set tells apart, and what can be worked out about them."""

    def __init__(self, classes: Mapping[int, Members] | None = None, echelon: Echelon | None = None) -> None:
        self.classes: dict[int, Members] = dict(classes or {})
        self.echelon = echelon or Echelon()

    def with_set(self, members: Members) -> _Knowledge:
        """After one more release; members never seen before form a class of their own."""
        after, inside, left = _Knowledge(self.classes, self.echelon.copy()), [], members
        for number, group in self.classes.items():
            common = group & left
            if not common:
                continue
            left -= common
            inside.append(number)
            if rest := group - common:
                after.classes[number] = common
                after.echelon.split(number, after._open(rest))
        if left:
            inside.append(after._open(left))
        after.echelon.add(inside)
        return after

    def gives_away(self, people: Mapping[Hashable, int], k: int) -> bool:
        """True when a class, or a union of two, with fewer than k people can be worked out."""
        sizes = {number: sum(people.get(member, 1) for member in group) for number, group in self.classes.items()}
        smallest: dict[Remainder, int] = {}
        for number in sorted((number for number, size in sizes.items() if size < k), key=lambda number: sizes[number]):
            remainder = self.echelon.remainder(number)
            if not remainder:
                return True
            other = smallest.get(opposite(remainder))
            if other is not None and other + sizes[number] < k:
                return True
            smallest.setdefault(remainder, sizes[number])
        return False

    def _open(self, members: Members) -> int:
        number = len(self.classes)
        self.classes[number] = members
        return number


class ReleasedSets:
    """The sets of people about whom figures of one measure have been released. Rebuilt from `stored`, in any order, it decides the same."""

    def __init__(self, k: int = DEFAULT_K, people: Mapping[Hashable, int] | None = None, stored: Iterable[Iterable[Hashable]] = ()) -> None:
        """`people`: how many stand behind a member, one where it is not named. `stored` was released once and is not asked again."""
        self.k, self.people = smallest_group(k), dict(people or {})
        if any(n < 0 for n in self.people.values()):
            raise ValueError("a number of respondents is 0 or more")
        self._known = _Knowledge()
        self._sizes: dict[Members, int] = {}
        self._leaks: bool | None = None
        for members in stored:
            self._keep(self._filled(members))

    @property
    def stored(self) -> tuple[Members, ...]:
        """What must be kept to rebuild this: every set once, in the order of release."""
        return tuple(self._sizes)

    def knows(self, candidate: Iterable[Hashable]) -> bool:
        """Whether this very set was released before."""
        return self._filled(candidate) in self._sizes

    def add(self, members: Iterable[Hashable]) -> None:
        """A set that somebody else released: it is known now, whatever is thought of it here."""
        self._keep(self._filled(members))

    def judge(self, candidate: Iterable[Hashable]) -> Verdict:
        """The decision alone: nothing is released by asking."""
        return self._judged(self._filled(candidate))[0]

    def release(self, candidate: Iterable[Hashable]) -> Verdict:
        """The decision; an allowed set counts as released from now on."""
        members = self._filled(candidate)
        verdict, after = self._judged(members)
        if verdict.allowed and members not in self._sizes:
            self._known, self._leaks = after, False
            self._sizes[members] = self._count(members)
        return verdict

    def _judged(self, members: Members) -> tuple[Verdict, _Knowledge]:
        again, size = members in self._sizes, self._count(members)
        if size < self.k:
            return Verdict(False, BELOW_K), self._known
        if not again and self._nested(members, size):
            return Verdict(False, NESTED), self._known
        after = self._known if again else self._known.with_set(members)
        unsafe = self._leaking() if again else after.gives_away(self.people, self.k)
        return (Verdict(False, COMBINATION) if unsafe else Verdict(True, OK)), after

    def _nested(self, members: Members, size: int) -> bool:
        """The sizes are compared first: of 400 sets few are so close that one may lie in the other."""
        near = (other for other, n in self._sizes.items() if 0 < abs(n - size) < self.k)
        return any(other < members or members < other for other in near)

    def _leaking(self) -> bool:
        """True when what is stored gives somebody away by itself, as after k was raised."""
        if self._leaks is None:
            self._leaks = self._known.gives_away(self.people, self.k)
        return self._leaks

    def _keep(self, members: Members) -> None:
        if members and members not in self._sizes:
            self._known, self._leaks = self._known.with_set(members), None
            self._sizes[members] = self._count(members)

    def _filled(self, members: Iterable[Hashable]) -> Members:
        """Without those behind whom nobody stands."""
        return frozenset(member for member in members if self.people.get(member, 1))

    def _count(self, members: Members) -> int:
        return sum(self.people.get(member, 1) for member in members)


def judge_release(candidate: Iterable[Hashable], released: Collection[Iterable[Hashable]], k: int = DEFAULT_K) -> Verdict:
    """The decision of C5 for one candidate beside sets of single people."""
    return ReleasedSets(k, stored=released).judge(candidate)
