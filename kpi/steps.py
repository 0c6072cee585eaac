"""Named steps of long work. Tests set `on_step` to fail, to wait or to be killed at each of them in turn."""

from __future__ import annotations

from collections.abc import Callable


def _nothing(name: str) -> None:
    pass


on_step: Callable[[str], None] = _nothing


def step(name: str) -> None:
    on_step(name)
