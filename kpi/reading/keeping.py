"""What is kept of a rejected row. A name in a column that masks no names must not stay behind in clear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi.cells.problems import ADDRESS, SHIFTED

NOT_KEPT = "was not kept"
AT = ("@", "＠", "﹫")


@dataclass(frozen=True)
class Wrong:
    """One problem of a row: the cell as shown, the code, and the sentence. `unread`: its reader failed, not a check of the row."""

    column: str
    found: str
    problem: str
    expected: str
    unread: bool


@dataclass(frozen=True)
class Kept:
    """What of a row may be shown and stored."""

    problems: Sequence[Wrong]
    row: Mapping[str, str]


def keep_safe(line: int, problems: Sequence[Wrong], row: Mapping[str, str], free: frozenset[str]) -> Kept:
    """Cells of a row that seems shifted lose their text; so does a wrong cell with an @ outside the `free` columns of comments."""
    unread = {item.column for item in problems if item.unread}
    shifted = len(unread) > 1 and any(item.found for item in problems if item.unread)
    gone = unread if shifted else {item.column for item in problems if item.column not in free and _address(item, row)}
    if not gone:
        return Kept(problems, row)
    why = SHIFTED % {"line": line} if shifted else ADDRESS
    safe = [
        Wrong(item.column, "", item.problem, f"{item.expected}; {why}", item.unread) if item.column in gone else item for item in problems
    ]
    return Kept(safe, {name: "" if name in gone or (shifted and name not in free and _at(text)) else text for name, text in row.items()})


def found_in_words(problem: Mapping[str, str]) -> str:
    """What stands in the cell, or why that is not told: an empty text is not what was found there."""
    if problem["found"]:
        return f"found “{problem['found']}”"
    return "found nothing" if was_kept(problem) else f"found a text that {NOT_KEPT}"


def was_kept(problem: Mapping[str, str]) -> bool:
    """Whether an empty text is what stands in the cell."""
    return NOT_KEPT not in problem["expected"]


def _address(item: Wrong, row: Mapping[str, str]) -> bool:
    return _at(item.found) or _at(row.get(item.column, ""))


def _at(text: str) -> bool:
    return any(sign in text for sign in AT)
