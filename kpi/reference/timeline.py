"""Days, weeks and clocks of the centre: when what is true, and what a local time is in UTC."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kpi.reference.plan import STORY, Practice, SitePlan, Story

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EPOCH = date(1970, 1, 1)
DAY = 86_400


@dataclass(frozen=True)
class Timeline:
    """`end` is the Sunday on which the last week ends."""

    end: date
    story: Story = STORY

    def __post_init__(self) -> None:
        if self.end.weekday() != 6:
            raise ValueError(f"the centre ends on a Sunday; {self.end} is a {self.end:%A}")

    @property
    def first(self) -> date:
        return self.end - timedelta(days=7 * self.story.weeks - 1)

    @property
    def days(self) -> int:
        return 7 * self.story.weeks

    @property
    def first_epoch_day(self) -> int:
        return (self.first - EPOCH).days

    def monday(self, week: int) -> date:
        return self.first + timedelta(weeks=week)

    @cached_property
    def growth(self) -> Floats:
        """Offered contacts of each week, relative to the first: growth, then a plateau, then decline."""
        week = np.arange(self.story.weeks)
        rising = (1 + self.story.growth) ** (np.minimum(week, self.story.plateau) / 13)
        falling = (1 - self.story.fall) ** np.maximum(0, week - self.story.decline + 1)
        return np.asarray(rising * falling, dtype=np.float64)

    @cached_property
    def ai_share(self) -> Floats:
        """Of its full share, what the AI takes in each week."""
        return np.clip((np.arange(self.story.weeks) - self.story.go_live + 1) / self.story.ramp, self.story.old_bot, 1)

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Weeks in which the AI is there, and not the simple bot."""
        return np.arange(self.story.weeks) >= self.story.go_live

    @cached_property
    def change(self) -> Floats:
        """How far a site has moved from its old way of working to the new, week by week."""
        return np.clip((np.arange(self.story.weeks) - self.story.go_live + 1) / self.story.settle, 0, 1)

    def between(self, before: float, after: float) -> Floats:
        return before + (after - before) * self.change

    def practice(self, site: SitePlan, name: str) -> Floats:
        return self.between(getattr(site.before, name), getattr(site.after, name))

    def practice_in(self, site: SitePlan, week: int) -> Practice:
        return Practice(**{item.name: float(self.practice(site, item.name)[week]) for item in fields(Practice)})

    @property
    def waves(self) -> tuple[int, ...]:
        """The weeks in which a wave of the survey closes."""
        return tuple(sorted(range(self.story.last_wave, -1, -self.story.wave_every)))


def last_sunday_before(day: date) -> date:
    return day - timedelta(days=day.weekday() + 1)


@dataclass(frozen=True)
class Clock:
    """Offsets of one zone over a range of days, for whole columns of times."""

    zone: str
    starts: Ints  # UTC seconds from which each offset holds
    offsets: Ints

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, zone: str, first: date, days: int) -> Clock:
        start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) - 2 * DAY
        place = ZoneInfo(zone)
        hours = range(start, start + (days + 30) * DAY, 3600)
        seen: list[tuple[int, int]] = []
        for moment in hours:
            offset = datetime.fromtimestamp(moment, place).utcoffset()
            seconds = int(offset.total_seconds()) if offset is not None else 0
            if not seen or seen[-1][1] != seconds:
                seen.append((moment, seconds))
        return cls(zone, np.array([item[0] for item in seen]), np.array([item[1] for item in seen]))

    def offset(self, utc: Ints) -> Ints:
        return self.offsets[np.maximum(0, np.searchsorted(self.starts, utc, side="right") - 1)]

    def local(self, utc: Ints) -> Ints:
        return utc + self.offset(utc)

    def utc(self, local: Ints) -> Ints:
        """A time that occurs twice is its second; one that does not occur is moved on."""
        return local - self.offset(local - self.offset(local))


def choose(rng: np.random.Generator, chance: Floats) -> NDArray[np.bool_]:
    """True with the given chance, and the count of any stretch of rows within one of what is expected."""
    steps = np.floor(np.cumsum(chance) + rng.random())
    return np.asarray(np.diff(steps, prepend=0.0) > 0)


def whole(rng: np.random.Generator, expected: Floats) -> Ints:
    """Whole counts whose running sum follows the expected one."""
    steps = np.floor(np.cumsum(expected) + rng.random()).astype(np.int64)
    return np.diff(steps, prepend=0)


def random_for(seed: int, part: int) -> np.random.Generator:
    """Each part draws from a stream of its own, so that a change in one leaves the others as they are."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, part])))
