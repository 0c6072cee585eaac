"""Results by hand, in display units: `result(CSAT, 81.4, 80.3, 82.5)`. For the tests of what is said about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from kpi import words
from kpi.metric import Family, Period, Status, Unit
from kpi.result import Change, Column, Result

PERIOD = Period(date(2026, 3, 2), date(2026, 3, 30))
AS_OF = date(2026, 4, 13)
KEYS = {
    Family.CUSTOMER: ("csat", "Customer satisfaction", Unit.SHARE),
    Family.WELLBEING: ("agent_wellbeing_index", "Agent wellbeing index", Unit.INDEX),
    Family.RESOLUTION: ("resolution_quality", "Resolution quality", Unit.INDEX),
    Family.SAVINGS: ("fte_reduction", "FTE reduction", Unit.FTE),
}
CSAT, AWI, RQ, FTE = Family


def result(family: Family, value: float, low: float | None, high: float | None, **changes: Any) -> Result:
    key, label, unit = KEYS[family]
    size = 100 if unit is Unit.SHARE else 1
    value, low, high = (number if number is None else number / size for number in (value, low, high))  # type: ignore[assignment]
    made = Result(
        metric=key, label=label, family=family, status=Status.OK, value=value, low=low, high=high, n=500, scope="Harbour",
        period_start=PERIOD.start, period_end=PERIOD.end, data_as_of=AS_OF, definition_version=1,
        text=words.figure(value, unit), interval_text=words.interval(low, high, unit),
    )  # fmt: skip
    return replace(made, **changes)


def hidden(family: Family, status: Status = Status.NO_DATA, **changes: Any) -> Result:
    return replace(result(family, 0, None, None), status=status, value=None, n=None, text=words.NOTHING, **changes)


def column(family: Family, direction: str = "none", text: str = "", *, of: Result | None = None) -> Column:
    found = of or result(family, 70, 69, 71)
    return Column(found, Change(0.0, direction=direction, text=text, distinguishable=direction in {"better", "worse"}))
