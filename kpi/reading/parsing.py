"""From the text of one JSON record to named texts, or the reason why it is refused.

Numbers stay the characters they were written in: no digit of an id is lost, 5 000 digits cost nothing, and what a column means
is decided by its reader, as in a table. An empty text is unknown, as an empty cell is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from kpi.reading.careful import BadRow
from kpi.reading.cutting import DEEPEST, Cut

MOST_KEYS = 10_000
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
Texts = dict[str, str | None]


class Wrong(Exception):
    """One record cannot be read: the code of its problem and what was found."""

    def __init__(self, problem: str, found: str) -> None:
        super().__init__(problem)
        self.problem, self.found = problem, found


@dataclass(frozen=True)
class Parsed:
    """A record by its number, counted from 1; `line` is where it begins."""

    number: int
    line: int
    value: Mapping[str, Any] | None = None
    bad: BadRow | None = None


def parse(cut: Cut, number: int, refuse: Callable[[str], bool], complain: Callable[[str, int], None]) -> Parsed:
    """`complain(path, line)` is called for the first name that `refuse` will not have."""
    try:
        value = _read(cut)
        for path in paths(value):
            if refuse(path):
                complain(path, cut.line)
    except Wrong as wrong:
        return Parsed(number, cut.line, bad=BadRow(number, wrong.problem, wrong.found))
    return Parsed(number, cut.line, value)


def _read(cut: Cut) -> Mapping[str, Any]:
    if cut.deep:
        raise Wrong("too_deep", f"more than {DEEPEST} levels")
    try:
        value = json.loads(cut.text.decode(), object_pairs_hook=_object, parse_constant=_constant, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise Wrong("not_json", f"{error.msg.split(':')[0]} (character {error.pos + 1} of the record)") from error
    except RecursionError as error:
        raise Wrong("too_deep", f"more than {DEEPEST} levels") from error
    if HALF.search(cut.text):
        _check_signs(value)
    if not isinstance(value, dict):
        raise Wrong("not_an_object", f"a {'list' if isinstance(value, list) else 'single value'}")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Wrong("equal_keys", f"“{twice[:60]}” twice in one object")
    return made


def _constant(name: str) -> NoReturn:
    raise Wrong("json_nan", name)


def _check_signs(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Wrong("half_a_sign", "half of a pair of escapes that stand for one sign") from error


def paths(value: Mapping[str, Any]) -> Iterator[str]:
    """Every name in the record with those above it; elements of a list have the names of their list."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    count = 0
    while waiting:
        above, item, depth = waiting.pop()
        if depth > DEEPEST:
            raise Wrong("too_deep", f"more than {DEEPEST} levels")
        if isinstance(item, dict):
            count += len(item)
            if count > MOST_KEYS:
                raise Wrong("too_many_keys", f"more than {MOST_KEYS:,} names".replace(",", " "))
            for name, below in item.items():
                path = f"{above}.{name}" if above else name
                yield path
                if isinstance(below, dict | list):
                    waiting.append((path, below, depth + 1))
        else:
            waiting += [(above, below, depth + 1) for below in item if isinstance(below, dict | list)]


def at(value: Any, path: str) -> Any:
    """What stands at a path (`contacts.0.id`); None where the path does not lead anywhere."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for name in _names(path):
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


@lru_cache(maxsize=1000)
def _names(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def as_text(value: Any, path: str) -> str | None:
    """One cell: text, number as written, true, false, or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    raise Wrong("not_a_cell", f"a {'list' if isinstance(value, list) else 'JSON object'} at {path}")


def by_path(value: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> Texts:
    """{name: the first of its paths that holds something}"""
    return {
        name: next((text for path in tried if (text := as_text(at(value, path), path)) is not None), None) for name, tried in names.items()
    }
