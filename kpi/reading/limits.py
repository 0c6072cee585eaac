"""How large a file, a line, a record and a header may be, so that memory and time are bounded whatever is sent."""

from __future__ import annotations

from dataclasses import dataclass

KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True)
class Limits:
    """Every limit is named in the sentence that refuses a file."""

    max_bytes: int = 20 * GIB  # after decompression
    max_ratio: int = 100  # times the compressed size; exports reach 5 to 30, a repeated line 150 to 1 000
    ratio_from: int = 64 * MIB  # small files may compress as they like
    max_line: int = 8 * MIB
    max_record: int = 131_072  # one row; a quote open for longer was never closed
    max_columns: int = 1000


LIMITS = Limits()
READ_SIZE = MIB
