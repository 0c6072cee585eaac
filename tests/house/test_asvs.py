"""docs/asvs.md answers every requirement of levels 1 and 2 of OWASP ASVS 5.0.0 once, and what it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "asvs.md"
# How many requirements of levels 1 and 2 each section has. They come first in every section, those of level 3 after them.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5,
    "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4,
    "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3,
    "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4,
    "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
LEVEL_1_AND_2 = 70 + 183
ANSWERS = ("yes", "not applicable", "open")
PLACES = ("kpi/", "wellbeing/", "staffing/", "config/", "templates/", "static/", "tests/", "docs/", "benchmarks/")


def lines() -> list[tuple[str, str, str]]:
    """(number, what is asked, answer)"""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [(number, asked.strip(), answer.strip()) for number, asked, answer in found]


def test_every_requirement_of_levels_1_and_2_is_answered_once_and_in_order() -> None:
    expected = [f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]
    assert len(expected) == LEVEL_1_AND_2
    assert [number for number, _asked, _answer in lines()] == expected


def test_every_line_says_yes_not_applicable_or_open_and_why() -> None:
    odd = [number for number, asked, answer in lines() if not answer.startswith(tuple(f"{word}: " for word in ANSWERS)) or not asked]
    assert odd == []
    assert [number for number, _asked, answer in lines() if len(answer.partition(": ")[2]) < 4] == []


def test_the_page_counts_its_own_answers() -> None:
    told = re.search(r"(\d+) yes, (\d+) not applicable, (\d+) open", PAGE.read_text(encoding="utf-8"))
    counted = [sum(answer.startswith(f"{word}: ") for _number, _asked, answer in lines()) for word in ANSWERS]
    assert told is not None
    assert [int(number) for number in told.groups()] == counted


def test_every_file_and_every_test_a_line_names_is_there() -> None:
    missing = [(number, name) for number, _asked, answer in lines() for name in re.findall(r"`([^`\s]+)`", answer) if not is_there(name)]
    assert missing == []


def is_there(name: str) -> bool:
    """Whatever looks like a file is one; `file::test` names a test of it. Anything else is a word."""
    file, _colons, test = name.partition("::")
    looks = file.startswith(PLACES) or file in {"docker-compose.yml", "gunicorn.conf.py", "requirements.lock", ".dockerignore"}
    if not looks:
        return not test
    return (ROOT / file).is_file() and (not test or test in functions_of(file))


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_who_says_yes_names_where() -> None:
    """Some follow from what the framework is; the others point at code, a test or a document."""
    bare = [number for number, _asked, answer in lines() if answer.startswith("yes") and not re.search(r"`[^`]*[./][^`]+`", answer)]
    assert set(bare) <= {"3.4.5", "3.7.1", "7.2.3", "9.2.3"}
