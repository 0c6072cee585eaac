"""What a log line is about: the request or the job in which it was written. Numbers and codes alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
_ABOUT: ContextVar[dict[str, object] | None] = ContextVar("about", default=None)


class About(logging.Filter):
    """Gives every line the request or job it belongs to; what the line says itself stands."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in (_ABOUT.get() or {}).items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


@contextmanager
def about(**facts: object) -> Iterator[dict[str, object]]:
    """Lines inside are about this; facts that become known on the way are put into what is yielded."""
    held = dict(facts)
    token = _ABOUT.set(held)
    try:
        yield held
    finally:
        _ABOUT.reset(token)


def begin(**facts: object) -> None:
    """As `about`, where beginning and end are told apart by somebody else."""
    _ABOUT.set(dict(facts))


def end() -> None:
    _ABOUT.set(None)


def untraced(view: View) -> View:
    """Requests of this view leave neither a line nor a count: how many people answer, and when, is nobody's to read."""
    view.untraced = True  # type: ignore[attr-defined]
    return view
