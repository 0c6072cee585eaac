"""The scenarios in words and tables: what the pure functions found, or the sentence with which they refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpi import words
from kpi.metric import Status
from kpi.result import Panel
from staffing.calculator import Answer as People
from staffing.calculator import Claim, Load, Mode, compare_aht, people_needed, readings
from staffing.contradictions import Targets, contradictions
from staffing.figures import Figure, outlook_figure
from staffing.outlook import Doubt, Outlook, build_outlook
from staffing.scenario import Plan, Year, project
from staffing.starting import Course, Today, plan_of

Numbers = Mapping[str, float | None]
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Answer:
    """Words first, then a table; or why there is none."""

    words: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: Rows = ()
    assumptions: tuple[str, ...] = ()
    figure: Figure | None = None
    refused: str = ""
    withheld: tuple[str, ...] = ()


def answered(make: Callable[[Numbers], Answer], numbers: Numbers) -> Answer:
    """What cannot be is refused in the words of the function that was asked."""
    try:
        return make(numbers)
    except (ValueError, OverflowError) as error:
        return Answer(refused=_sentence(str(error)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")


def companions_missing(panel: Panel) -> tuple[str, ...]:
    """0.4 for a saving that is only foreseen: it is not shown either without the three it is paid with."""
    missing = [column.result for column in panel.columns[:3] if not column.result.shown]
    saving = panel.columns[3].result
    if not missing and saving.status is Status.WITHHELD:  # a companion that is shown, but too old to stand beside a saving
        return tuple(map(str, saving.why)) or (_("a companion is too old to stand beside a saving"),)
    return tuple(f"{result.label}: {'; '.join(result.why) or _('there is no figure for this period')}" for result in missing)


def known(numbers: Numbers, name: str) -> float:
    value = numbers[name]
    if value is None:
        raise ValueError(_("a number is missing"))
    return value


def outlook_answer(numbers: Numbers, *, no_separations: bool) -> Answer:
    """E10 from today's work."""
    today = Today(
        known(numbers, "contacts"), known(numbers, "contained"), known(numbers, "aht"), known(numbers, "occupancy"),
        known(numbers, "shrinkage"), known(numbers, "paid_hours"),
    )  # fmt: skip
    years = known(numbers, "years")
    if years != int(years):
        raise ValueError(_("the number of years cannot be %(years)g: 3, 4 or 5 would be right") % {"years": years})
    names = ("growth", "containment", "gain", "attrition", "contained_ratio", "false", "return_ratio", "reskilled")
    course = Course(people=numbers["people"], years=int(years), **{name: known(numbers, name) for name in names})
    doubt = Doubt(**{name.removeprefix("d_"): known(numbers, name) for name in numbers if name.startswith("d_")})
    plan = plan_of(today, course)
    found, stay = build_outlook(plan, doubt, no_separations=no_separations), project(plan, no_separations=True)
    rows = (_now_row(today, plan), *(_year_row(found, stay[at], at) for at in range(len(found.base))))
    figure = outlook_figure(found, stay, need=today.need, people=plan.headcount0)
    return Answer(_outlook_words(found, today.need), _OUTLOOK_HEAD(), rows, _outlook_assumptions(found), figure)


def _fte(value: float) -> str:
    return words.number(value, 1)


def _outlook_words(found: Outlook, need: float) -> tuple[str, ...]:
    last, band = found.base[-1], found.band[-1]
    said = {
        "years": len(found.base), "base": _fte(last.required_fte), "low": _fte(band.low.required_fte), "now": _fte(need),
        "high": _fte(band.high.required_fte), "least": _fte(found.low[-1].required_fte), "most": _fte(found.high[-1].required_fte),
    }  # fmt: skip
    text = _(
        "In %(years)s years %(base)s FTE will be needed if all goes as assumed, %(low)s to %(high)s in 95 of 100 courses and %(least)s to "
        "%(most)s if everything goes one way; today’s work needs %(now)s."
    )
    return text % said, _people_words(found)


def _people_words(found: Outlook) -> str:
    """What becomes of people on the way."""
    total = {name: sum(getattr(year, name) for year in found.base) for name in ("hires", "reskilled", "separations", "surplus")}
    said = {name: _with_band(total[name], found.sums[name]) for name in ("hires", "reskilled", "separations")}
    if not total["surplus"]:
        return _("Nobody becomes surplus: more leave by themselves than posts go, and %(hires)s are hired.") % said
    if found.no_separations:
        said["most"] = _with_band(max(year.relief for year in found.base), found.sums["relief"])
        text = _(
            "Nobody is separated: up to %(most)s FTE beyond the need stay as relief until they leave, and %(reskilled)s are reskilled."
        )
        return text % said
    text = _("Beyond those who leave by themselves, %(separations)s FTE are separated and %(reskilled)s reskilled.")
    return text % said


def _with_band(value: float, limits: tuple[float, float]) -> str:
    low, high = limits
    return _("%(value)s (%(low)s to %(high)s in 95 of 100 courses)") % {"value": _fte(value), "low": _fte(low), "high": _fte(high)}


def _OUTLOOK_HEAD() -> tuple[str, ...]:  # noqa: N802
    return (
        _("Year"), _("Contacts"), _("FTE needed"), _("95 of 100"), _("low to high"), _("leave"), _("hired"), _("reskilled"),
        _("separated"), _("95 of 100"), _("relief"), _("people, FTE"), _("people if nobody is separated"),
    )  # fmt: skip


def _now_row(today: Today, plan: Plan) -> tuple[str, ...]:
    people = _fte(plan.headcount0)
    return (_("now"), words.number(today.contacts), _fte(today.need), *([words.NOTHING] * 8), people, people)


def _year_row(found: Outlook, stay: Year, at: int) -> tuple[str, ...]:
    year, band = found.base[at], found.band[at]
    return (
        str(year.year), words.number(year.contacts), _fte(year.required_fte), _range(band.low, band.high, "required_fte"),
        _range(found.low[at], found.high[at], "required_fte"), _fte(year.leavers), _fte(year.hires), _fte(year.reskilled),
        _fte(year.separations), _range(band.low, band.high, "separations"), _fte(year.relief), _fte(year.headcount),
        _fte(stay.headcount),
    )  # fmt: skip


def _range(low: Year, high: Year, name: str) -> str:
    return _("%(low)s to %(high)s") % {"low": _fte(getattr(low, name)), "high": _fte(getattr(high, name))}


def _outlook_assumptions(found: Outlook) -> tuple[str, ...]:
    said = {"draws": words.number(found.draws), "seed": found.seed}
    return (
        _("The band: %(draws)s courses, each assumption off by an amount of its own, the same in all years (seed %(seed)s).") % said,
        _("Low and high: every assumption at the end of its range that asks for the fewest, or the most, people."),
        _("Today’s work is computed as one; the panel adds up channels, intents and sites and may differ a little."),
        _("Containment and throughput go to their last year on a straight line; FTE are not rounded; nobody knows the future."),
    )


def calculator_answer(numbers: Numbers) -> Answer:
    """E5: the founding texts' figures in the three ways of rounding."""
    load = Load(*(known(numbers, f"c_{name}") for name in ("contacts", "before", "hours", "occupancy", "shrinkage")))
    after_s = known(numbers, "c_after")
    change = compare_aht(load, after_s, Mode.EXACT)
    said = {
        "aht": words.number(100 * change.aht_change, 1, sign=True), "capacity": words.number(100 * change.capacity_change, 1, sign=True),
        "people": words.number(100 * change.people_change, 1, sign=True), "before": words.number(change.before.people, 2),
        "after": words.number(change.after.people, 2),
    }  # fmt: skip
    text = _("Handling time %(aht)s %%, contacts per person %(capacity)s %%, people %(people)s %%: %(before)s to %(after)s, unrounded.")
    names = {Mode.SEED: _("seed: as printed in the founding texts"), Mode.PLAN: _("plan: enough people"), Mode.EXACT: _("exact")}
    rows = tuple(_mode_row(names[mode], load, after_s, mode) for mode in Mode)
    head = (
        _("Rounding"), _("contacts a day each, before"), _("people"), _("left undone"), _("contacts a day each, after"), _("people"),
        _("left undone"),
    )  # fmt: skip
    return Answer((text % said,), head, rows, change.before.assumptions[:3])


def _mode_row(name: str, load: Load, after_s: float, mode: Mode) -> tuple[str, ...]:
    """One way of rounding; where it cannot be asked, its sentence."""
    try:
        one = people_needed(load, mode)
        other = people_needed(Load(load.contacts, after_s, load.hours, load.occupancy, load.shrinkage), mode)
    except ValueError as error:
        return (name, _sentence(str(error)))
    return (name, *_people(one, mode), *_people(other, mode))


def _people(found: People, mode: Mode) -> tuple[str, ...]:
    digits = 2 if mode is Mode.EXACT else 0
    return words.number(found.capacity, 0 if mode is Mode.SEED else 2), words.number(found.people, digits), words.number(found.shortfall)


def claim_answer(numbers: Numbers) -> Answer:
    """E5: from so many to so few, solved for what it does not say."""
    claim = Claim(known(numbers, "k_resolution"), known(numbers, "k_gain"), known(numbers, "k_returned"))
    before, after = known(numbers, "k_before"), known(numbers, "k_after")
    found = readings(fte_before=before, fte_after=after, claim=claim)
    share = found[0].needed.simple_share
    text = _("From %(before)s to %(after)s FTE holds only if %(share)s of the WORKLOAD is simple: that is the assumption it does not name.")
    rows = tuple(
        (
            item.words,
            _fte(item.fte_after),
            words.percent(item.needed.simple_share),
            _("yes") if item.needed.feasible else _("no: it cannot be"),
        )
        for item in found
    )
    assumed = (
        _("The share is one of the work and not of the contacts: simple contacts are shorter."),
        _("What AI resolves takes no person, and the gain of throughput is that of everybody who is left."),
        _("Occupancy and shrinkage stay as they are; nobody leaves for it."),
    )
    head = (_("Read as"), _("FTE after, at that share"), _("simple share the target needs"), _("can it be?"))
    return Answer((text % {"before": f"{before:g}", "after": f"{after:g}", "share": words.percent(share)},), head, rows, assumed)


def targets_answer(numbers: Numbers) -> Answer:
    """Targets that cannot both hold."""
    found = contradictions(
        Targets(
            ai_resolution=numbers["t_resolution"], simple_share=known(numbers, "t_simple"), returned_share=known(numbers, "t_returned"),
            human_handled_max=numbers["t_most"], human_handled_min=numbers["t_least"], asked_for_human=numbers["t_asked"],
            reach_rate_min=numbers["t_reach"], fte_before=numbers["t_before"], fte_after=numbers["t_after"],
            throughput_gain=known(numbers, "t_gain"),
        )
    )  # fmt: skip
    if not found:
        return Answer((_("These targets can hold together, as far as they are set."),))
    return Answer(
        (_("Two targets cannot both hold.") if len(found) == 1 else _("Some targets cannot both hold."),),
        (_("Why"), _("What would be right")),
        tuple((_sentence(item.why), _sentence(item.right)) for item in found),
    )
