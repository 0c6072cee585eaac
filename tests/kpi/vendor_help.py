"""Vendors' files for the tests: the real ones beside the project where they are, and small ones of the same shape."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kpi import registry
from tests.kpi.reading_help import REAL, Read, read

SAMPLES = REAL.parent / "platform-samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the real files are not beside the project")


def sample(name: str, key: str, **options: Any) -> Read:
    return read(SAMPLES / name, registry.source(key), **options)


def told(folder: Path, key: str, content: Any, **options: Any) -> Read:
    """What becomes of a text, of a JSON value, or of several of them one directly after the other."""
    text = content if isinstance(content, str) else "".join(map(json.dumps, content if isinstance(content, tuple) else (content,)))
    path = folder / "file.txt"
    path.write_text(text, encoding="utf-8")
    return read(path, registry.source(key), **options)


def only(found: Read) -> dict[str, Any]:
    assert [item for item in found.rejected if item.problem] == []
    [record] = found.accepted.iter_rows(named=True)
    return record


def rows(names: Iterable[str], *lines: Iterable[str]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in (names, *lines))
