"""Ask a vendor with patience: as slowly as it wants, again where that may help, never more than a few times."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.utils import timezone

from kpi.pulls import wire
from kpi.vendor import Answer, Order, Problem, Request, Vendor

TRIES = 5
FIRST_S, LONGEST_S = 1.0, 60.0  # the pause before the second try is up to FIRST_S and doubles; what is longer is left to the next pull
PUT_OFF_MOST_S = 24 * 3600
REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
TOO_MANY, SERVER = 429, 500
WRONG = {401: "not_allowed", 403: "not_allowed", 404: "not_found"}

sleep = time.sleep
random_share = random.random


@dataclass
class Asker:
    """Asks for one pull. `keep` extends its lease and raises where the pull is no longer ours."""

    vendor: Vendor
    order: Order
    keep: Callable[[], None]
    tries: int = TRIES
    within_s: float = wire.WHOLE_S

    def __call__(self, request: Request) -> Answer:
        for done in range(1, self.tries + 1):
            try:
                return self._once(request)
            except Problem as problem:
                if not problem.passing or done == self.tries:
                    raise
                pause = _jittered(done) if problem.wait_s is None else problem.wait_s
                if pause > LONGEST_S:
                    raise Problem("put_off", passing=True, wait_s=min(pause, PUT_OFF_MOST_S), seconds=int(pause)) from None
                self._wait(pause)
        raise AssertionError("a try answers or raises")

    def _once(self, request: Request) -> Answer:
        self.keep()
        headers = self.vendor.sign(request, self.order, timezone.now())
        answer = wire.exchange(self.order.host, request, headers, self.keep, self.within_s)
        _judge(answer)
        if self.tries > 1:
            self._wait(_until_allowed(answer.headers))
        return answer

    def _wait(self, seconds: float) -> None:
        """In short steps, so that the lease is kept."""
        while seconds > 0:
            sleep(min(seconds, 5))
            seconds -= 5
            self.keep()


def _jittered(done: int) -> float:
    """Full jitter: anything up to a bound that doubles, so that those who failed together do not come back together."""
    return random_share() * min(LONGEST_S, FIRST_S * 2 ** (done - 1))  # type: ignore[no-any-return]


def _judge(answer: Answer) -> None:
    if answer.status == 200:
        return
    if 300 <= answer.status < 400:
        raise Problem("redirect", status=answer.status)
    if answer.status == TOO_MANY:
        raise Problem("too_often", passing=True, wait_s=_told_to_wait(answer.headers))
    if answer.status >= SERVER:
        raise Problem("vendor_failed", passing=True, wait_s=_told_to_wait(answer.headers), status=answer.status)
    raise Problem(WRONG.get(answer.status, "refused"), status=answer.status)


def _told_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds, from a number or a date; None where nothing understandable is said."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdecimal() and len(told) < 9:
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - timezone.now()).total_seconds())


def _until_allowed(headers: Mapping[str, str]) -> float:
    """How long to wait before the next question, where this answer was the last one allowed."""
    if not any(headers.get(name, "").strip() == "0" for name in REMAINING):
        return 0.0
    reset = headers.get("x-ratelimit-reset", "").strip()
    if reset.isascii() and reset.isdecimal() and len(reset) < 12:
        return min(LONGEST_S, max(0.0, float(reset) - datetime.now(UTC).timestamp()))
    return LONGEST_S
