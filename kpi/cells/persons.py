"""Persons become keyed pseudonyms of 63 bits while a cell is read; nothing later ever sees the name.

A cell of the form pseudonym:HEX16, as it stands in the list of rejected rows, is read back as that pseudonym.
No pseudonym is cached between blocks: one costs 0.3 microseconds, and a table of them would break the memory bar.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpi.cells.reader import Reader, first_problem, has_blanks
from kpi.source import Cell, Reading

PREFIX = "pseudonym:"
WRITTEN = re.compile(r"pseudonym:[0-7][0-9a-f]{15}")
MASK = (1 << 63) - 1
LONGEST_KEY = 64
LIMIT = 200


def pseudonym_text(value: int) -> str:
    """The pseudonym as it is written in place of a name."""
    return f"{PREFIX}{value:016x}"


def pseudonym_of(text: str, key: bytes) -> int:
    """The pseudonym of one identifier, never zero."""
    return _written(text) if WRITTEN.fullmatch(text) else int(_hash_all([text], key)[0])


def _keyed(key: bytes) -> hashlib.blake2b:
    short = key if len(key) <= LONGEST_KEY else hashlib.blake2b(key).digest()
    return hashlib.blake2b(key=short, digest_size=8)


def _hash_all(texts: Collection[str], key: bytes) -> NDArray[np.int64]:
    """A million names a minute matter: the calls are looked up once."""
    copy, digests = _keyed(key).copy, []
    for text in texts:
        one = copy()
        one.update(text.encode())
        digests.append(one.digest())
    hashed = np.frombuffer(b"".join(digests), dtype="<u8") & np.uint64(MASK)
    values: NDArray[np.int64] = np.maximum(hashed, 1).astype(np.int64)
    return values


def _written(text: str) -> int:
    return int(text[len(PREFIX) :], 16) or 1


def pseudonyms(names: pl.Series, key: bytes) -> pl.Series:
    """The pseudonym of every name of a column; each different name is hashed once."""
    different = names.unique().drop_nulls()
    hashed = pl.Series(_hash_all(different.to_list(), key), dtype=pl.Int64)
    written = different.str.contains(f"^{WRITTEN.pattern}$")
    if written.any():
        hashed = hashed.scatter(written.arg_true(), [_written(text) for text in different.filter(written)])
    return names.replace_strict(different, hashed, default=None, return_dtype=pl.Int64)


def _person(text: pl.Expr, reading: Reading) -> Cell:
    value = text.map_batches(lambda names: pseudonyms(names, reading.key), return_dtype=pl.Int64)
    problem = first_problem(
        (has_blanks(text), "blanks_around"),
        (text.str.len_chars() > LIMIT, "too_long"),
        (text.str.starts_with(PREFIX) & ~text.str.contains(f"^{WRITTEN.pattern}$"), "bad_pseudonym"),
    )
    return Cell(value, problem)


def person_unless(*nobody: str) -> Reader:
    """A person, except where the source writes one of these for “nobody known”."""

    def build(text: pl.Expr, reading: Reading) -> Cell:
        return _person(pl.when(~text.is_in(nobody)).then(text), reading)

    return Reader("person", build)


pseudonym = Reader("person", _person)
