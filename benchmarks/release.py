"""A decision of the release rule (metrics.md C5) over 25 units beside all it released before, against reading the whole log back.

Questions are drawn at random until the log holds as many sets as asked for, or thirty times that many were asked.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from kpi.anonymity import ReleasedSets

UNITS, ROUNDS = 25, 3


def questions(chance: random.Random, waves: int) -> Iterator[list[tuple[int, int]]]:
    """Some teams in one wave; one time in seven, where there are several, in all waves up to one."""
    while True:
        teams, wave = chance.sample(range(UNITS), chance.randint(1, UNITS)), chance.randrange(waves)
        first = 0 if chance.random() < 1 / 7 else wave
        yield [(team, day) for team in teams for day in range(first, wave + 1)]


def run(*, sets: int, waves: int, least: int, seed: int) -> None:
    chance = random.Random(seed)
    people = {(team, wave): chance.randint(least, 25) for team in range(UNITS) for wave in range(waves)}
    log, spent = ReleasedSets(people=people), list[float]()
    for _, asked in zip(range(30 * sets), questions(chance, waves), strict=False):
        began = perf_counter()
        log.release(asked)
        spent.append(1000 * (perf_counter() - began))
        if len(log.stored) >= sets:
            break
    began = perf_counter()
    ReleasedSets(people=people, stored=log.stored)
    again = 1000 * (perf_counter() - began)
    print(f"{waves} waves, {least}-25 people a team: {len(spent)} questions, {len(log.stored)} sets released;", end=" ")
    print(f"a decision {median(spent):.2f} ms, the slowest {max(spent):.1f} ms;", end=" ")
    print(f"the log read back {again:.0f} ms = {again / median(spent):.0f} decisions")


if __name__ == "__main__":
    SETS = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    for waves, least in ((1, 4), (1, 10), (12, 4)):
        for seed in range(ROUNDS):
            run(sets=SETS, waves=waves, least=least, seed=seed)
