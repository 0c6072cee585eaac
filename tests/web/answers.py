"""What an answer says to whoever reads it with the program it is for, and what is logged meanwhile."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
from django.http import HttpResponseBase


def read(body: bytes) -> str:
    """As a reader's own program reads it: a book for spreadsheets cell by cell."""
    if not body.startswith(b"PK"):
        return body.decode()
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return "\n".join(",".join(str(cell) for cell in row if cell is not None) for row in rows)


def text_of(answer: HttpResponseBase) -> str:
    streamed = getattr(answer, "streaming_content", None)
    body = b"".join(streamed) if streamed is not None else answer.content  # type: ignore[attr-defined]
    random = {"ETag", "Content-Length", "X-Request-ID"}
    return read(body) + "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name not in random)


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, tracebacks included."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setLevel(logging.DEBUG)
    root, loggers = logging.getLogger(), [logging.getLogger("django"), logging.getLogger("kpi")]
    for logger in (root, *loggers):
        logger.addHandler(handler)
    try:
        yield heard
    finally:
        for logger in (root, *loggers):
            logger.removeHandler(handler)
