"""May this group be shown beside all that was shown before? The stored memory of the rule in kpi/anonymity/release.py (metrics.md C5).

A single team, a site and the company are shown side by side on every page, and what C3 lets stand of them is the ground every log
starts from. Whoever asks for another group (the teams behind a queue, several teams of a manager) is judged beside that ground and
beside every such group anybody was shown before. What cannot be remembered is not shown.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from threading import RLock

from django.db import DatabaseError, connection, transaction

from kpi.anonymity import ReleasedSets
from kpi.models import ReleasedSet

logger = logging.getLogger(__name__)

UNAVAILABLE = "release:unavailable"
LOCK = 0x72656C65617365  # one release at a time: two questions that are harmless alone may not be together
Teams = frozenset[int]
Crowd = tuple[str, date]  # the question, and the closing day of its wave
Counts = Mapping[Hashable, Mapping[int, int]]  # by crowd, or by wave alone: {team: people who answered}


class Unavailable(Exception):
    """The memory does not answer: what cannot be remembered is not shown."""


class Releases:
    """The log of one version of the answers. `standard` names the sets of a crowd that ordinary pages show."""

    def __init__(self, answered: Counts, standard: Callable[[Hashable], Iterable[Teams]], k: int) -> None:
        self.answered, self.standard, self.k = answered, standard, k
        self.lock = RLock()
        self.logs: dict[Crowd, ReleasedSets] = {}
        self.read_to = 0  # the last row that stands in the logs

    def allows(self, teams: Teams, crowds: Sequence[Hashable]) -> bool:
        """True where a figure about these teams may be shown; it counts as shown from now on. Unavailable where nobody can remember it."""
        wanted = [_crowd(crowd) for crowd in crowds]
        try:
            with self.lock:
                if not self._known(teams, wanted):
                    self._catch_up(wanted)
                    self._release(teams, wanted)
                    self._catch_up(wanted)
                return self._known(teams, wanted) and all(self.logs[crowd].judge(teams).allowed for crowd in wanted)
        except DatabaseError as error:
            logger.warning("releases.unavailable error=%s", type(error).__name__)
            raise Unavailable from error

    def _known(self, teams: Teams, crowds: Iterable[Crowd]) -> bool:
        """Whether a figure of these teams was shown before, as far as this process has read."""
        return all(crowd in self.logs and self.logs[crowd].knows(teams) for crowd in crowds)

    def _catch_up(self, crowds: Iterable[Crowd]) -> None:
        """What other processes released meanwhile, and the ground of crowds nobody asked for yet: these last, so that what is released
        between the two readings stands in one of them, or in both."""
        for row in ReleasedSet.objects.filter(id__gt=self.read_to).order_by("id"):
            self.read_to = row.pk
            if (row.question, row.wave) in self.logs:
                self.logs[row.question, row.wave].add(_teams(row.teams))
        new = [crowd for crowd in crowds if crowd not in self.logs]
        if new:
            self._begin(new)

    def _begin(self, crowds: Sequence[Crowd]) -> None:
        """Ordinary pages first, then what was shown since, read at once for all the crowds."""
        stored: dict[Crowd, list[Teams]] = {crowd: list(self.standard(_key(crowd))) for crowd in crowds}
        rows = ReleasedSet.objects.filter(wave__in={wave for _, wave in crowds}).order_by("id")
        for question, wave, text in rows.values_list("question", "wave", "teams"):
            if (question, wave) in stored:
                stored[question, wave].append(_teams(text))
        self.logs |= {crowd: ReleasedSets(self.k, self._people(crowd), sets) for crowd, sets in stored.items()}

    def _people(self, crowd: Crowd) -> Mapping[Hashable, int]:
        return {team: n for team, n in self.answered.get(_key(crowd), {}).items()}  # noqa: C416 - the type of the keys widens

    def _release(self, teams: Teams, crowds: Sequence[Crowd]) -> None:
        """All crowds of a figure or none, judged while nobody else releases anything."""
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            self._catch_up(crowds)
            if all(self.logs[crowd].judge(teams).allowed for crowd in crowds):
                rows = [_row(crowd, self._filled(crowd, teams), self.k) for crowd in crowds]
                ground = [_row(crowd, members, self.k, standard=True) for crowd in crowds for members in self.standard(_key(crowd))]
                ReleasedSet.objects.bulk_create([*ground, *rows], ignore_conflicts=True)

    def _filled(self, crowd: Crowd, teams: Teams) -> Teams:
        answered = self.answered.get(_key(crowd), {})
        return frozenset(team for team in teams if answered.get(team, 0))


def _crowd(crowd: Hashable) -> Crowd:
    return crowd if isinstance(crowd, tuple) else ("", crowd)


def _key(crowd: Crowd) -> Hashable:
    return crowd if crowd[0] else crowd[1]


def _teams(text: str) -> Teams:
    return frozenset(int(team) for team in text.split(",") if team)


def _row(crowd: Crowd, teams: Teams, k: int, *, standard: bool = False) -> ReleasedSet:
    text = ",".join(map(str, sorted(teams)))
    digest = hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
    return ReleasedSet(question=crowd[0], wave=crowd[1], teams=text, digest=digest, k=k, standard=standard)
