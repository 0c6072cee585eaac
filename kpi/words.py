"""Numbers and reasons as a reader sees them. Rounding happens here and nowhere else (metrics.md 0.2: half up)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django.conf import settings
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from kpi.metric import Period, Status, Unit
from kpi.result import Growth, Result

HOUSE = "en"  # its numbers and days are written as the product's design has them
NARROW = "\u202f"  # narrow no-break space between thousands
MINUS = "\u2212"
NOTHING = "–"
DASH = "–"  # from one count to another
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DECIMALS = {
    Unit.SHARE: 1, Unit.INDEX: 0, Unit.FTE: 1, Unit.POINTS: 0, Unit.MEAN: 2, Unit.SECONDS: 0, Unit.HOURS: 0, Unit.COUNT: 0, Unit.MONEY: 0,
    Unit.GAP: 1, Unit.PERCENT: 0, Unit.FIVES: 0,
}  # fmt: skip
UNITS = {
    Unit.SHARE: "%", Unit.INDEX: "/ 100", Unit.FTE: gettext_noop("FTE"), Unit.POINTS: gettext_noop("points"),
    Unit.MEAN: "", Unit.SECONDS: "s", Unit.HOURS: "h",
    Unit.COUNT: "", Unit.GAP: gettext_noop("pt"), Unit.PERCENT: "%", Unit.FIVES: "%",
}  # fmt: skip


FINEST = Decimal("1e-9")


@cache
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def rounded(value: float, decimals: int) -> Decimal:
    """Half up, as on paper: 0.5 becomes 1, -0.5 becomes -1 and 82.25 becomes 82.3."""
    exact = Decimal(repr(float(value))).quantize(FINEST, ROUND_HALF_UP)  # 81.4 stored as 81.39999999999999 is 81.4
    found = exact.quantize(_step(decimals), ROUND_HALF_UP)
    return abs(found) if found == 0 else found


def number(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    found = rounded(value, decimals)
    digits = f"{abs(found):,.{decimals}f}".replace(",", NARROW).replace(".", decimal_point())
    mark = MINUS if found < 0 else "+" if sign and found > 0 else ""
    return mark + digits


def decimal_point() -> str:
    """That of the reader's language; thousands have a narrow space in all of them."""
    language = get_language() or HOUSE
    return "." if language.startswith(HOUSE) else str(get_format("DECIMAL_SEPARATOR", language))


def unit_word(unit: Unit) -> str:
    """The unit as it stands behind a value; empty where it has none."""
    if unit is Unit.MONEY:
        return str(settings.CURRENCY)
    name = UNITS[unit]
    return _(name) if name.isalpha() else name


def scaled(value: float, unit: Unit) -> float:
    return value * 100 if unit in (Unit.SHARE, Unit.GAP, Unit.PERCENT, Unit.FIVES) else value


def figure(value: float | None, unit: Unit) -> str:
    """The value without its unit: "81.4", "58", "9.6"."""
    return NOTHING if value is None else number(scaled(value, unit), DECIMALS[unit])


def with_unit(value: float | None, unit: Unit) -> str:
    """The value and its unit, as it stands in a sentence: "81.4 %", "312 s", "−12"."""
    text, name = figure(value, unit), unit_word(unit)
    return text if value is None or not name else f"{text}{NARROW}{name}"


def money(value: float, decimals: int) -> str:
    """An amount with more digits than a figure has: "0.85 EUR"."""
    return f"{number(value, decimals)}{NARROW}{unit_word(Unit.MONEY)}"


def percent(value: float | None, decimals: int = 1) -> str:
    return NOTHING if value is None else f"{number(value * 100, decimals)}{NARROW}%"


def between(least: str, most: str) -> str:
    return _("%(low)s to %(high)s") % {"low": least, "high": most}


def interval(low: float | None, high: float | None, unit: Unit) -> str:
    if low is None or high is None:
        return ""
    return between(figure(low, unit), figure(high, unit))


def signed_interval(low: float | None, high: float | None, unit: Unit) -> str:
    """Of a difference, from the least to the most it may have been: "−9 to −7"."""
    if low is None or high is None:
        return ""
    return between(*(number(scaled(limit, unit), DECIMALS[unit], sign=True) for limit in (low, high)))


def margin(value: float | None, low: float | None, high: float | None, unit: Unit) -> str:
    """± half the interval; both ends where it is clearly lopsided."""
    if value is None or low is None or high is None:
        return ""
    down, up = scaled(value - low, unit), scaled(high - value, unit)
    decimals = 0 if unit is Unit.MONEY else DECIMALS[unit] or 1
    if rounded(down, decimals) == rounded(up, decimals) or abs(down - up) < 0.2 * max(down, up, 1e-12):
        return f"±{number((down + up) / 2, decimals)}"
    return f"{MINUS}{number(down, decimals)} / +{number(up, decimals)}"


def day(value: date, *, year: bool = True) -> str:
    """7 Jun 2026."""
    if not (get_language() or HOUSE).startswith(HOUSE):
        return date_format(value, "DATE_FORMAT" if year else "MONTH_DAY_FORMAT")
    text = f"{value.day} {MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def moment(value: datetime) -> str:
    """7 Jun 2026, 02:17. As it is given: whoever shows it says in which zone."""
    return f"{day(value.date())}, {value:%H:%M}"


def span(period: Period) -> str:
    """Inclusive, as people say it: "1 Sep – 30 Sep 2026"."""
    last = period.end - timedelta(1)
    if last == period.start:
        return day(last)
    return f"{day(period.start, year=period.start.year != last.year)} – {day(last)}"


def whole_weeks(asked: Period, read: Period) -> str:
    """C7, for a reader who chose a month or days of their own."""
    said = {"asked": span(asked), "read": span(read)}
    text = _("%(asked)s is read as its whole weeks, %(read)s: figures are told for calendar weeks that are over, never for single days.")
    return text % said


def turn(growth: Growth) -> str:
    """The week of the turn, and the weeks it may as well have been."""
    said = {"week": day(growth.turn)} if growth.turn else {"week": ""}
    text = _("the week of %(week)s") % said
    if growth.turn_low is None or growth.turn_high is None or growth.turn_low == growth.turn_high:
        return text
    first, last = (day(at, year=False) for at in (growth.turn_low, growth.turn_high))
    return text + " " + _("(between %(first)s and %(last)s)") % {"first": first, "last": last}


def cannot_compare(reason: str) -> str:
    return _("cannot be compared: %(reason)s") % {"reason": reason}


STATUS_WORDS = {
    Status.OK: "",
    Status.PROVISIONAL: gettext_noop("provisional"),
    Status.SMALL_SAMPLE: gettext_noop("small sample"),
    Status.PARTIAL: gettext_noop("partial"),
    Status.CARRIED_FORWARD: gettext_noop("carried forward"),
    Status.INSUFFICIENT: gettext_noop("not enough data"),
    Status.SUPPRESSED: gettext_noop("protected"),
    Status.WITHHELD: gettext_noop("withheld"),
    Status.NO_DATA: gettext_noop("no data"),
    Status.NOT_APPLICABLE: gettext_noop("does not apply"),
}


def status_word(status: Status) -> str:
    return _(STATUS_WORDS[status]) if STATUS_WORDS[status] else ""


def state(result: Result) -> str:
    """All that is to be said of a value that is shown: "small sample, provisional"; empty where nothing is."""
    said = [status_word(result.status)]
    if result.provisional and result.status is not Status.PROVISIONAL:
        said.append(status_word(Status.PROVISIONAL))
    return ", ".join(word for word in said if word)
