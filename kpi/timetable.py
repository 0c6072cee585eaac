"""When something is due: a time of day on chosen weekdays in a time zone, each day once, whatever the clocks do.

Pure. An hour that is left out when clocks go forward is met as long after as they went forward; of an hour that comes twice the first
one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
NOON = 12


@dataclass(frozen=True)
class Slot:
    """`at` is read off a clock on the wall in `zone`; weekdays count from Monday, 0."""

    at: time
    zone: str
    weekdays: frozenset[int] = EVERY_DAY

    def moment(self, day: date) -> datetime:
        """The moment of this local day, in UTC."""
        return datetime.combine(day, self.at.replace(fold=0), ZoneInfo(self.zone)).astimezone(UTC)

    def last(self, now: datetime) -> datetime | None:
        """The latest moment that is not after `now`; None where no weekday is chosen."""
        return self._search(now.astimezone(ZoneInfo(self.zone)).date() + DAY, -DAY, lambda moment: moment <= now)

    def next(self, now: datetime) -> datetime | None:
        """The first moment after `now`."""
        return self._search(now.astimezone(ZoneInfo(self.zone)).date() - DAY, DAY, lambda moment: moment > now)

    def _search(self, day: date, step: timedelta, fits) -> datetime | None:  # type: ignore[no-untyped-def]
        for _ in range(10):  # a week, and a day on either side
            if day.weekday() in self.weekdays and fits(found := self.moment(day)):
                return found
            day += step
        return None


def day_of_night(begins: datetime, zone: str) -> date:
    """The day whose morning a night leads to: one that begins at noon or later belongs to the day after."""
    local = begins.astimezone(ZoneInfo(zone))
    return local.date() + (DAY if local.hour >= NOON else timedelta())
