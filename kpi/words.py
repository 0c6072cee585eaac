"""Numbers and reasons as a reader sees them. Rounding happens here and nowhere else (metrics.md 0.2: half up)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi.metric import Period, Status, Unit
from kpi.result import Growth, Result
from kpi.sentences import ALERTS, PARTS, RATERS, SAID, UNLOCK

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
    Unit.SHARE: "%", Unit.INDEX: "/ 100", Unit.FTE: "FTE", Unit.POINTS: "points", Unit.MEAN: "", Unit.SECONDS: "s", Unit.HOURS: "h",
    Unit.COUNT: "", Unit.MONEY: "", Unit.GAP: "pt", Unit.PERCENT: "%", Unit.FIVES: "%",
}  # fmt: skip


def rounded(value: float, decimals: int) -> Decimal:
    """Half up, as on paper: 0.5 becomes 1, -0.5 becomes -1 and 82.25 becomes 82.3."""
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(repr(float(value))).quantize(Decimal("1e-9"), ROUND_HALF_UP)  # 81.4 stored as 81.39999999999999 is 81.4
    found = exact.quantize(step, ROUND_HALF_UP)
    return abs(found) if found == 0 else found


def number(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    found = rounded(value, decimals)
    digits = f"{abs(found):,.{decimals}f}".replace(",", NARROW)
    mark = MINUS if found < 0 else "+" if sign and found > 0 else ""
    return mark + digits


def scaled(value: float, unit: Unit) -> float:
    return value * 100 if unit in (Unit.SHARE, Unit.GAP, Unit.PERCENT, Unit.FIVES) else value


def figure(value: float | None, unit: Unit) -> str:
    """The value without its unit: "81.4", "58", "9.6"."""
    return NOTHING if value is None else number(scaled(value, unit), DECIMALS[unit])


def with_unit(value: float | None, unit: Unit) -> str:
    """The value and its unit, as it stands in a sentence: "81.4 %", "312 s", "−12"."""
    text, name = figure(value, unit), UNITS[unit]
    return text if value is None or not name else f"{text}{NARROW}{name}"


def percent(value: float | None, decimals: int = 1) -> str:
    return NOTHING if value is None else f"{number(value * 100, decimals)}{NARROW}%"


def interval(low: float | None, high: float | None, unit: Unit) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": figure(low, unit), "high": figure(high, unit)}


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
    text = f"{value.day} {_(MONTHS[value.month - 1])}"
    return f"{text} {value.year}" if year else text


def span(period: Period) -> str:
    """Inclusive, as people say it: "1 Sep – 30 Sep 2026"."""
    last = period.end - timedelta(1)
    if last == period.start:
        return day(last)
    return f"{day(period.start, year=period.start.year != last.year)} – {day(last)}"


def turn(growth: Growth) -> str:
    """The week of the turn, and the weeks it may as well have been."""
    said = {"week": day(growth.turn)} if growth.turn else {"week": ""}
    text = _("the week of %(week)s") % said
    if growth.turn_low is None or growth.turn_high is None or growth.turn_low == growth.turn_high:
        return text
    first, last = (day(at, year=False) for at in (growth.turn_low, growth.turn_high))
    return text + " " + _("(between %(first)s and %(last)s)") % {"first": first, "last": last}


SHORT = {"csat": "csat", "agent_wellbeing_index": "awi", "resolution_quality": "rq"}
NAMES: Mapping[str, str] = {"csat": "customer satisfaction", "awi": "agent wellbeing", "rq": "resolution quality"}

STATUS_WORDS = {
    Status.OK: "",
    Status.PROVISIONAL: "provisional",
    Status.SMALL_SAMPLE: "small sample",
    Status.PARTIAL: "partial",
    Status.CARRIED_FORWARD: "carried forward",
    Status.INSUFFICIENT: "not enough data",
    Status.SUPPRESSED: "protected",
    Status.WITHHELD: "withheld",
    Status.NO_DATA: "no data",
    Status.NOT_APPLICABLE: "does not apply",
}


def status_word(status: Status) -> str:
    return _(STATUS_WORDS[status]) if STATUS_WORDS[status] else ""


def state(result: Result) -> str:
    """All that is to be said of a value that is shown: "small sample, provisional"; empty where nothing is."""
    said = [status_word(result.status)]
    if result.provisional and result.status is not Status.PROVISIONAL:
        said.append(status_word(Status.PROVISIONAL))
    return ", ".join(word for word in said if word)


def why(reason: str, *, k: int) -> str:
    """A sentence for a reason code of metrics.md 0.1 and 0.4."""
    return _why(reason, k, get_language())


@lru_cache(maxsize=4096)  # a page has hundreds of reasons, and few different ones
def _why(reason: str, k: int, _language: str | None) -> str:
    subject, _colon, detail = reason.partition(":")
    if subject in NAMES:
        return _companion(subject, detail, k=k)
    return _own(subject, detail, k=k)


def _companion(subject: str, detail: str, *, k: int) -> str:
    name = _(NAMES[subject])
    if detail == "suppressed" and subject != "awi":
        return _("%(name)s is protected: fewer than five agents, or it would tell about a group that small") % {"name": name}
    said = {
        "absent": _("%(name)s is not there for these people and this period"),
        "no_data": _("%(name)s has no data here"),
        "insufficient": _("%(name)s has too little data here"),
        "suppressed": _("%(name)s is protected: groups of %(k)s and more"),
        "stale": _("the last wellbeing survey is more than 92 days old"),
        "other_scope": _("%(name)s is only there for other people"),
        "carried_forward_not_allowed": _("%(name)s is from an earlier period"),
        "withheld": _("%(name)s is withheld"),
        "not_applicable": _("%(name)s does not apply here"),
    }.get(detail, _("%(name)s is not shown"))
    return said % {"name": name, "k": k}


def without(reasons: tuple[str, ...]) -> str:
    """The companions a withheld saving lacks, where they stand beside it and say themselves why."""
    names = [_(NAMES[subject]) for reason in reasons if (subject := reason.partition(":")[0]) in NAMES]
    return _("without %(names)s") % {"names": ", ".join(names)} if names else ""


def _own(subject: str, detail: str, *, k: int) -> str:
    if subject in SAID:
        return _said(subject, detail)
    plain = {
        "people": _("too few people to show without pointing at them: groups of %(k)s and more"),
        "agents": _("fewer than five agents handled these contacts, or it would tell about a group that small"),
        "mature": _("the last seven days can still change"),
        "provisional": _("answers and repeat contacts of the last days can still arrive"),
        "baseline": _("no signed baseline of at least eight complete weeks before go-live"),
        "current": _("at least four complete weeks and 1 000 contacts are needed"),
        "go_live": _("the AI went live inside this period: choose one that begins later")
        if detail == "inside"
        else _("the period lies before the AI went live"),
        "occupancy": _("occupancy is the signed planning value: no working days were imported"),
        "shrinkage": _("shrinkage is the signed planning value: no working days were imported"),
        "missing": _("without %(detail)s"),
        "gap": _("%(detail)s without data"),
        "period": _("the period is not over"),
        "low_response": _("fewer than half answered"),
        "computation": _("it could not be computed; the log says why"),
        "sample": _("too few records for a figure") if detail.startswith("below") else _("a small sample: the interval is wide"),
        "crowd": _("fewer than five people worked these days, or it would tell about a group that small"),
        "answers": _("too few answers for a figure: from 30 on"),
        "weeks": _("fewer than four weeks: nothing is known of how they differ"),
        "assumption": _("no signed staffing assumption says how many hours a full-time post is paid"),
        "handling": _("no handling times are known for these weeks"),
        "containment": _("nobody can know whether the customers of the AI came back: none is counted as contained"),
        "unidentified": _("more than a fifth of the contacts have no known customer"),
        "reviews": _("reviews of the last days can still arrive"),
        "raters": _(RATERS.get(detail, RATERS["few"])),
        "reopening": _("no reopening is on record here: none happened, or nobody notes them")
        if detail == "none_recorded"
        else _("cases of the last days can still be opened again"),
        "reach": _reach(detail),
        "equity": _equity(detail),
        "strain": _("at or above 90 %%: at such a load people burn out"),
        "paid": _("these people did other work too, and what their hours cost cannot be split by queue or channel")
        if detail == "part"
        else _("no paid hours are known for some of these weeks, or fewer than the contacts took"),
        "alert": _(ALERTS[detail]) if detail in ALERTS else "",
        "cost": _("no signed cost says %(detail)s"),
        "attrition": _("no spells of employment say how many left of their own will"),
        "reskilling": _("known for whole sites only: lift the filter by team, queue or channel"),
        "displaced": _("nobody lost a role whose six months ended here"),
        "small_sites": _("sites with fewer than ten of these people are left out"),
        "entered": _("nobody entered a course that had half a year to end here"),
    }.get(subject)
    words = plain if plain is not None else "%(subject)s %(detail)s"
    return words % {"k": k, "detail": _part(detail), "subject": subject.replace("_", " ")}


def _reach(detail: str) -> str:
    return {
        "below_half": _("fewer than half of those who asked reached a person within a day"),
        "below_nine_in_ten": _("fewer than nine in ten of those who asked reached a person within a day"),
    }.get(detail, _("who asked on the last day may still reach a person"))


def _equity(detail: str) -> str:
    return {
        "material": _("the tiers differ by five points or more, beyond noise"),
        "coverage": _("a fifth or more of the contacts are of intents only one tier has"),
    }.get(detail, _("both tiers are needed, with at least five records each in the intents they share"))


def _said(subject: str, detail: str) -> str:
    name, _colon, part = detail.partition(":")
    text = _(SAID[subject][name]) if name in SAID[subject] else detail.replace("_", " ")
    return f"{text} {_part(part)}" if part else text


def _part(detail: str) -> str:
    return _(PARTS[detail]) if detail in PARTS else detail.replace("_", " ")


def unlock(reasons: tuple[str, ...]) -> str:
    """What would make a withheld number appear."""
    found = [_(UNLOCK[reason]) for reason in reasons if reason in UNLOCK]
    return " ".join(dict.fromkeys(found))
