"""Every case of what can go wrong is held by a test, and every test it names is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.catalogue import CASES, WITHOUT

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT.parent / "shared" / "fault-catalogue.md"


def found_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def cases(text: str) -> Iterator[str]:
    """A row of two letters in bold begins a group, a row of two digits is a case of it."""
    group = ""
    for row in text.split("\n## Cases", 1)[1].split("\n## ", 1)[0].splitlines():
        if found := re.match(r"\| \*\*([A-Z])\*\* ", row):
            group = found[1]
        elif found := re.match(r"\| (\d\d) ", row):
            yield group + found[1]


def test_every_test_a_case_names_is_there() -> None:
    named = {test for tests in CASES.values() for test in tests}
    there = {file: found_in(file) for file in {test.split("::")[0] for test in named}}
    assert not {test for test in named if test.split("::")[1] not in there[test.split("::")[0]]}


def test_every_case_of_the_catalogue_has_a_test_or_says_why_not() -> None:
    if not CATALOGUE.exists():
        pytest.skip("the catalogue of faults is not beside this tree")
    listed = list(cases(CATALOGUE.read_text(encoding="utf-8")))
    assert len(listed) > 40
    assert sorted(listed) == sorted([*CASES, *WITHOUT])
