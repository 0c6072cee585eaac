"""Every row of the test vectors of metrics.md H, from VECTORS_DIR or the shared folder beside the project."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.vectors.adapters import ADAPTERS

FOLDER = Path(os.environ.get("VECTORS_DIR") or Path(__file__).resolve().parents[2].parent / "shared" / "vectors")


def read_rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += list(csv.DictReader(file, strict=True))
    return rows


ROWS = read_rows()
if os.environ.get("VECTORS_DIR") and not ROWS:
    raise RuntimeError(f"VECTORS_DIR names {FOLDER}, which holds no vectors")
needs_vectors = pytest.mark.skipif(not ROWS, reason=f"no vectors in {FOLDER}; set VECTORS_DIR to the folder that holds them")


def check(found: Any, expected: Any, tolerance: float, where: str) -> None:
    """Numbers within the absolute tolerance, all else equal, and of a mapping only the keys that are expected."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{where}: {found!r} instead of {expected!r}"
        for key, value in expected.items():
            assert key in found, f"{where}.{key} is not computed"
            check(found[key], value, tolerance, f"{where}.{key}")
    elif isinstance(expected, list):
        assert isinstance(found, list), f"{where}: {found!r} instead of {expected!r}"
        assert len(found) == len(expected), f"{where}: {found!r} instead of {expected!r}"
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            check(one, other, tolerance, f"{where}[{place}]")
    elif isinstance(expected, bool) or expected is None or isinstance(expected, str):
        assert (type(found), found) == (type(expected), expected), f"{where}: {found!r} instead of {expected!r}"
    else:
        assert type(found) in (int, float), f"{where}: {found!r} is not a number"
        assert abs(found - expected) <= tolerance, f"{where}: {found!r} instead of {expected!r} ± {tolerance}"


@needs_vectors
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['area']}-{row['case_id']}")
def test_a_vector_holds_within_its_tolerance(row: dict[str, str]) -> None:
    found = ADAPTERS[row["area"]](json.loads(row["inputs"]))
    check(found, json.loads(row["expected"]), float(row["tolerance"]), row["area"])


@needs_vectors
def test_every_area_of_the_vectors_has_an_adapter() -> None:
    assert {row["area"] for row in ROWS} - ADAPTERS.keys() == set()


def test_a_missing_key_or_a_wrong_number_is_noticed() -> None:
    check({"a": 1.0, "b": 2}, {"a": 1.0 + 1e-9}, 1e-8, "x")
    for found in ({}, {"a": 1.1}, {"a": None}, {"a": True}, {"a": "1"}):
        with pytest.raises(AssertionError):
            check(found, {"a": 1}, 1e-8, "x")
