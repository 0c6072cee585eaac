"""What a preview says of hours that clocks pass twice or never: how many lines, how they are read, and the first cells that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from kpi import words
from kpi.mapping.dates import told
from kpi.reading.formats import Seen


@dataclass(frozen=True)
class HourLine:
    """A sentence and what shows it."""

    sentence: str
    cells: Sequence[str]


def hour_lines(facts: Mapping[str, Any]) -> list[HourLine]:
    """Of the facts of a preview."""
    return [
        HourLine(_sentence(kind, item["lines"]), [told(Seen(*cell)) for cell in item["cells"]])
        for kind, item in facts.get("hours", {}).items()
    ]


def _sentence(kind: str, lines: int) -> str:
    said = {"n": words.number(lines)}
    if kind == "twice":
        return (
            ngettext(
                "%(n)s line has a time in an hour that came twice, when clocks went back: the first of the two is meant.",
                "%(n)s lines have a time in an hour that came twice, when clocks went back: the first of the two is meant.",
                lines,
            )
            % said
        )
    return (
        ngettext(
            "%(n)s line has a time in an hour that never was, when clocks went forward: no moment can be meant.",
            "%(n)s lines have a time in an hour that never was, when clocks went forward: no moment can be meant.",
            lines,
        )
        % said
    )
