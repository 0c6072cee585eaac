"""Short facts under each figure, and the steps from base practice to now. Only from results that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kpi import words
from kpi.metric import Family, Metric, Status
from kpi.result import Column, Result, Step, TeamRow

Columns = tuple[Column, Column, Column, Column]
NAMED = 3  # teams; all of them are in the table


def column_notes(result: Result) -> tuple[str, ...]:
    """What stands under the figure of a family; nothing where no value is shown."""
    if not result.shown:
        return ()
    made = {
        Family.CUSTOMER: _customer,
        Family.WELLBEING: _wellbeing,
        Family.RESOLUTION: _resolution,
        Family.SAVINGS: _savings,
    }[result.family](result)
    state = words.status_word(result.status)
    return tuple(note for note in ([state] if state else []) + made if note)


def with_unaccompanied(columns: Columns, teams: Sequence[TeamRow]) -> Columns:
    """Under a saving the teams that made a part of it and show none of their own, because a companion is missing there: whoever
    subtracts the others from it holds a saving alone, and is told so."""
    *companions, saving = columns
    names = [row.label for row in teams if row.columns[3].result.status is Status.WITHHELD]
    if not names or not saving.result.shown:
        return columns
    named = ", ".join(names[:NAMED]) + (_(" and %(n)s more") % {"n": len(names) - NAMED} if len(names) > NAMED else "")
    note = _("includes teams whose own saving is withheld, as a companion is missing there: %(teams)s") % {"teams": named}
    return companions[0], companions[1], companions[2], replace(saving, notes=(*saving.notes, note))


def part_notes(metric: Metric, result: Result) -> tuple[str, ...]:
    """The parts a metric names, in their units; one that is not known is left out."""
    if not result.shown:
        return ()
    known = {key: value for key in metric.shows if (value := result.parts.get(key)) is not None}
    wave = result.extra.get("wave")
    return (
        *(_part(metric, key, value) for key, value in known.items()),
        *([_("survey of %(day)s") % {"day": words.day(wave)}] if wave else []),
    )


def _part(metric: Metric, key: str, value: float) -> str:
    if key == "response_rate":
        return _answered(value)
    return f"{metric.shows[key].label} {words.with_unit(value, metric.shows[key].unit)}"


def _customer(result: Result) -> list[str]:
    share = result.parts.get("answered_share")
    return [_("%(share)s of contacts answered") % {"share": words.percent(share)} if share is not None else ""]


def _wellbeing(result: Result) -> list[str]:
    felt, conditions = result.parts.get("felt"), result.parts.get("conditions")
    rate = result.parts.get("response_rate")
    return [
        _("felt %(felt)s, conditions %(conditions)s") % {"felt": words.number(felt), "conditions": words.number(conditions)}
        if felt is not None and conditions is not None
        else "",
        _answered(rate) if rate is not None else "",
        _("survey of %(day)s") % {"day": words.day(wave)} if (wave := result.extra.get("wave")) else "",
    ]


def _answered(rate: float) -> str:
    """C6: shares at the edges are only said to be there."""
    share = words.percent(rate, 0)
    if rate >= 0.95:
        return _("%(share)s or more answered") % {"share": share}
    return (_("%(share)s or fewer answered") if rate <= 0.05 else _("%(share)s answered")) % {"share": share}


def _resolution(result: Result) -> list[str]:
    names = {"fcr": _("FCR %(p)s"), "false_containment_rate": _("false containment %(p)s")}
    return [text % {"p": words.percent(value)} for key, text in names.items() if (value := result.parts.get(key)) is not None]


def _savings(result: Result) -> list[str]:
    base, now = result.parts.get("counterfactual"), result.parts.get("required_now")
    window = result.extra.get("baseline")
    return [
        _("needed %(base)s at base practice, %(now)s now") % {"base": words.number(base, 1), "now": words.number(now, 1)}
        if base is not None and now is not None
        else "",
        _("baseline %(window)s") % {"window": window} if window else "",
    ]


def steps_of(result: Result) -> tuple[Step, ...]:
    """The bars of the waterfall: base need, volume, the four parts, need now. They add up exactly."""
    parts = result.parts
    needed = ("required_base", "volume_effect", "containment", "aht", "occupancy", "shrinkage", "required_now")
    if not result.shown or any(parts.get(key) is None for key in needed):
        return ()
    labels = (_("Base need"), _("Volume"), _("AI resolution"), _("Handling time"), _("Occupancy"), _("Shrinkage"), _("Need now"))
    signs = (1, 1, -1, -1, -1, -1, 1)
    made, beside = [], _sample_and_doubt(result)
    for key, label, sign in zip(needed, labels, signs, strict=True):
        value, total = sign * (parts[key] or 0.0), key.startswith("required")
        made.append(Step(key, label, value, total, words.number(value, 1, sign=not total), beside))
    return tuple(made)


def steps_text(result: Result) -> str:
    """The waterfall in a sentence, for those who do not see it."""
    steps = steps_of(result)
    if not steps:
        return ""
    listed = ", ".join(f"{step.label} {step.text}" for step in steps)
    said = {"steps": listed, "value": result.text, "beside": _sample_and_doubt(result)}
    return _("Required FTE: %(steps)s. The parts of the FTE reduction add up to %(value)s (%(beside)s).") % said


def _sample_and_doubt(result: Result) -> str:
    """The parts are worked out from the same contacts; only their sum has an interval of its own."""
    interval = _("sum of the parts %(interval)s") % {"interval": result.interval_text} if result.interval_text else ""
    return ", ".join(text for text in (result.sample_text, interval) if text)
