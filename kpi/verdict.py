"""The answer in words, made from the four results and their doubt: nothing is claimed that is not beyond noise."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kpi import words
from kpi.compare import clear
from kpi.metric import Family, Unit
from kpi.result import Change, Column, Growth, Result, Verdict

Sentence = tuple[str, bool]
UNITS = {Family.CUSTOMER: Unit.SHARE, Family.WELLBEING: Unit.INDEX, Family.RESOLUTION: Unit.INDEX}


def verdict_of(columns: Sequence[Column], growth: Growth) -> Verdict:
    customer, wellbeing, resolution, saving = columns
    companions = (customer, wellbeing, resolution)
    named = [column for column in companions if column.result.shown or saving.result.shown]  # else the saving's own reasons name them
    said = [_saving(saving), *(_companion(column) for column in named), *_unknown(named), _growth(growth, saving)]
    return Verdict(_lead(saving, companions), tuple(sentence for sentence in said if sentence[0]))


def state(change: Change) -> str:
    """held, eroded or unknown: what a companion did while the saving was made."""
    if change.direction == "worse":
        return "eroded"
    return "unknown" if change.direction == "unknown" else "held"


def _lead(saving: Column, companions: Sequence[Column]) -> str:
    result = saving.result
    if not result.shown:
        return _("No saving can be shown.")
    if not clear(result):
        return _("No clear saving.")
    if (result.value or 0.0) < 0:
        return _("More work than before, not less.")
    states = [state(column.change) for column in companions]
    if "eroded" in states:
        return _("A saving with a cost.")
    return _("A saving whose price is not yet known.") if "unknown" in states else _("A saving, and its companions held.")


def _saving(column: Column) -> Sentence:
    result = column.result
    if not result.shown:
        reasons = "; ".join(result.why) or _("it needs customer satisfaction, wellbeing and resolution quality beside it")
        return _("The saving is not shown: %(reasons)s.") % {"reasons": reasons}, False
    if not clear(result):
        text = _("The need differs from base practice by no more than noise: %(fte)s FTE, %(interval)s.")
        return text % {"fte": result.text, "interval": result.interval_text or _("without an interval")}, False
    said = {
        "fte": words.with_unit(abs(result.value or 0.0), Unit.FTE),
        "percent": column.change.text,
        "main": _main_part(column),
        "interval": _size(result),
    }
    template = _("%(fte)s less work than at base practice (%(interval)s; %(percent)s)%(main)s.")
    if (result.value or 0.0) < 0:
        template = _("%(fte)s more work than at base practice (%(interval)s; %(percent)s)%(main)s.")
    return template % said, False


def _size(saving: Result) -> str:
    """The interval of how much, whichever way it goes: a clear saving has both limits on one side of zero."""
    low, high = sorted((abs(saving.low or 0.0), abs(saving.high or 0.0)))
    return words.interval(low, high, Unit.FTE)


PARTS = {
    "containment": gettext_noop("contacts the AI resolved"),
    "aht": gettext_noop("shorter handling time"),
    "occupancy": gettext_noop("higher occupancy"),
    "shrinkage": gettext_noop("less time away from the queue"),
}


def _main_part(column: Column) -> str:
    parts = {key: value for key in PARTS if (value := column.result.parts.get(key)) is not None and value > 0}
    if not parts or (column.result.value or 0.0) <= 0:
        return ""
    most = max(parts, key=lambda key: parts[key])
    return _(", most of it from %(part)s") % {"part": _(PARTS[most])}


def _companion(column: Column) -> Sentence:
    change, result = column.change, column.result
    names = {
        Family.CUSTOMER: (
            _("customers are less satisfied (%(by)s)"),
            _("customers are more satisfied (%(by)s)"),
            _("customer satisfaction shows no clear change"),
        ),
        Family.WELLBEING: (
            _("wellbeing fell by %(by)s points"),
            _("wellbeing rose by %(by)s points"),
            _("wellbeing shows no clear change"),
        ),
        Family.RESOLUTION: (
            _("resolution quality fell by %(by)s points"),
            _("resolution quality rose by %(by)s points"),
            _("resolution quality shows no clear change"),
        ),
    }
    worse, better, same = names[result.family]
    by = change.text.lstrip("▲▼ ")
    if not result.shown:
        return _("%(label)s: %(why)s.") % {"label": result.label, "why": "; ".join(result.why) or words.status_word(result.status)}, True
    if change.direction == "unknown":
        return "", False
    text = {"worse": worse, "better": better}.get(change.direction, same) % {"by": by}
    limits = words.signed_interval(change.low, change.high, UNITS[result.family])
    limits = f"{limits} {_('pt')}" if limits and result.family is Family.CUSTOMER else limits
    said = f"{text[0].upper()}{text[1:]}{f', {limits}' if limits else ''}"
    return f"{said.removesuffix('.')}.", change.direction == "worse"  # a short form of a language may bring its own full stop


def _unknown(columns: Sequence[Column]) -> list[Sentence]:
    """Shown, but not to be compared: whether it held is not known, and why; those of one reason together."""
    names = {Family.CUSTOMER: _("customer satisfaction"), Family.WELLBEING: _("wellbeing"), Family.RESOLUTION: _("resolution quality")}
    because: dict[str, list[str]] = {}
    for column in columns:
        if column.result.shown and column.change.direction == "unknown":
            because.setdefault(_reason(column.change), []).append(names[column.result.family])
    text = _("Whether %(names)s held is not known: %(why)s.")
    return [(text % {"names": _listed(found), "why": why}, False) for why, found in because.items()]


def _reason(change: Change) -> str:
    prefix = words.cannot_compare("")
    return change.words.removeprefix(prefix) if change.words.startswith(prefix) else _("there is nothing to compare with")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def _growth(growth: Growth, saving: Column) -> Sentence:
    """What further efficiency does now: only beside a clear saving; silent where the phase or its direction is not known."""
    if not saving.result.shown or growth.phase in {"insufficient", "undetermined"}:
        return "", False
    freed = clear(saving.result) and (saving.result.value or 0.0) > 0
    if growth.phase == "growth":
        return (_("Volume is still growing and takes up the freed hours."), False) if freed else (_("Volume is still growing."), False)
    if growth.turn is None:
        text = (
            _("Volume is not growing: further efficiency removes posts instead of easing load.") if freed else _("Volume is not growing.")
        )
        return text, freed
    text = _("Volume stopped growing in %(when)s") % {"when": words.turn(growth)}
    return (text + _(", so further efficiency now removes posts instead of easing load.") if freed else text + "."), freed
