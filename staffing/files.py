"""The scenarios as tables of a file: what the page prints, its assumptions, and all four beside a saving that is foreseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpi.result import Panel, Register
from staffing.answers import Answer

Rows = tuple[tuple[str, ...], ...]


def tables_of(context: Mapping[str, Any]) -> Iterator[Register]:
    """From what the page is rendered with, so that the two cannot differ."""
    panel: Panel = context["panel"]
    yield Register(_("The coming years"), *_outlook(context["outlook"], panel))
    named = {"calculator": _("Calculator"), "agents": _("Agents of an interval"), "claim": _("From 100 to 50"), "targets": _("Targets")}
    for key, title in named.items():
        yield Register(title, *_answer(context[key]))
    yield Register(_("Assumptions"), (_("Assumption"), _("Value"), _("Where it comes from")), tuple(_entries(context["groups"])))


def _answer(answer: Answer) -> tuple[tuple[str, ...], Rows]:
    """Words first, then the table; or why there is none."""
    said = [*answer.words, *([answer.refused] if answer.refused else []), *answer.assumptions]
    head = answer.head or (_("In words"),)
    return tuple(map(str, head)), (*answer.rows, *((str(text),) for text in said))


def _outlook(answer: Answer, panel: Panel) -> tuple[tuple[str, ...], Rows]:
    if answer.withheld:
        reasons = ((_("Withheld"), str(why)) for why in answer.withheld)
        return (_("Outlook"), _("Why")), ((_("Outlook"), _("withheld")), *reasons)
    head, rows = _answer(answer)
    return head, (*rows, *four_rows(panel))


def four_rows(panel: Panel) -> Rows:
    """All four of the scope and period, for a table that holds a saving."""
    results = [column.result for column in panel.columns]
    return tuple(
        (str(item.label), f"{item.text} {item.unit_text}".strip(), str(item.interval_text), str(item.sample_text)) for item in results
    )


def _entries(groups: Mapping[str, Sequence[tuple[Any, str]]]) -> Iterator[tuple[str, ...]]:
    for fields in groups.values():
        for field, origin in fields:
            yield str(field.label), str(field.value() if field.value() is not None else ""), str(origin)
