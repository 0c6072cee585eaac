"""Words of mails."""

from __future__ import annotations

from django import template

from kpi.result import Panel

register = template.Library()


@register.filter
def doubts(panel: Panel) -> list[tuple[str, str]]:
    """What is to be said of figures that are shown, each sentence once with the figures it is said of."""
    said: dict[str, list[str]] = {}
    for column in panel.columns:
        for why in column.result.why if column.result.shown else ():
            said.setdefault(str(why), []).append(str(column.result.label))
    return [(", ".join(labels), why) for why, labels in said.items()]
