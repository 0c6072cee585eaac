"""From a file to UTF-8 text in pieces: gzip undone, encodings turned, sizes bounded, every failure named with its line."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_noop as _

from kpi.reading.limits import GIB, KIB, MIB, READ_SIZE, Limits
from kpi.source import Refused

GZIP = b"\x1f\x8b"
Progress = Callable[[int], None]


def is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP


def open_bytes(path: Path, limits: Limits, progress: Progress | None = None) -> Iterator[bytes]:
    """The bytes of the file after decompression; `progress` hears how many bytes of the file have been read."""
    with path.open("rb") as file:
        pieces = _gunzip(file, path, limits, progress) if is_gzip(path) else _plain(file, progress)
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > limits.max_bytes:
                text = _("%(file)s: holds more than the limit of %(most)s; split it into smaller files.")
                raise Refused(text, file=path.name, most=_size(limits.max_bytes))
            yield piece


def _plain(file: BinaryIO, progress: Progress | None) -> Iterator[bytes]:
    done = 0
    while piece := file.read(READ_SIZE):
        done += len(piece)
        if progress:
            progress(done)
        yield piece


def _gunzip(file: BinaryIO, path: Path, limits: Limits, progress: Progress | None) -> Iterator[bytes]:
    """All members of a gzip file; padding of zeros at the end is allowed, anything else is not."""
    total, lines, size = path.stat().st_size, 0, 0
    ratio_limit = max(limits.ratio_from, total * limits.max_ratio)
    member = zlib.decompressobj(wbits=31)
    rest = b""
    while True:
        if not rest:
            rest = file.read(READ_SIZE // 4)
            if progress and rest:
                progress(file.tell())
        if member.eof:
            rest = rest.lstrip(b"\0")
            if not rest:
                if not file.read(1):
                    return
                file.seek(-1, 1)
                continue
            if not GZIP.startswith(rest[:2]):
                text = _("%(file)s: after line %(line)s the gzip file goes on with bytes that are not gzip; compress and send it again.")
                raise Refused(text, file=path.name, line=lines)
            member = zlib.decompressobj(wbits=31)
        if not rest:
            text = _("%(file)s: the gzip file ends early after line %(line)s; it was cut on the way, send it again.")
            raise Refused(text, file=path.name, line=lines)
        piece = _inflate(member, rest, path, lines)
        rest = member.unused_data if member.eof else member.unconsumed_tail
        size += len(piece)
        lines += piece.count(b"\n")
        if size > ratio_limit:
            text = _(
                "%(file)s: unpacks to more than %(times)s times its %(size)s (limit %(most)s, reached after line %(line)s); if it is "
                "genuine, send it uncompressed."
            )
            limit = {"times": limits.max_ratio, "size": _size(total), "most": _size(ratio_limit)}
            raise Refused(text, file=path.name, line=lines, **limit)
        yield piece


def _inflate(member: zlib._Decompress, rest: bytes, path: Path, lines: int) -> bytes:
    try:
        return member.decompress(rest, READ_SIZE)
    except zlib.error as error:
        text = _("%(file)s: the gzip file is damaged after line %(line)s (%(error)s); send it again.")
        raise Refused(text, file=path.name, line=lines, error=error) from error


def _size(count: int) -> str:
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if count >= unit:
            return f"{count / unit:.0f} {name}"
    return f"{count} bytes"


def as_utf8(pieces: Iterator[bytes], encoding: str, name: str) -> Iterator[bytes]:
    """The same text as UTF-8 without a byte order mark. UTF-8 passes through; `validate` looks at it line by line later."""
    if encoding == "utf-8":
        yield from _without_mark(pieces)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    lines, first = 1, True
    try:
        for piece in pieces:
            text = decoder.decode(piece)
            text = text.removeprefix("\ufeff") if first and text else text
            first = first and not text
            lines += text.count("\n")
            yield text.encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        text = _("%(file)s: not valid %(encoding)s near line %(line)s; choose the right encoding for the source.")
        raise Refused(text, file=name, encoding=encoding, line=lines) from error


def _without_mark(pieces: Iterator[bytes]) -> Iterator[bytes]:
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= len(codecs.BOM_UTF8):
            break
    yield head.removeprefix(codecs.BOM_UTF8)
    yield from pieces


def validate(text: bytes, first_line: int, name: str) -> None:
    """Refuse bytes that are not UTF-8, naming the line; which other encoding it may be is never guessed."""
    if text.isascii():
        return
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line = first_line + text.count(b"\n", 0, error.start)
        said = _(
            "%(file)s, line %(line)s: byte 0x%(byte)s is not valid UTF-8; choose the encoding for the source (for instance cp1252 or "
            "utf-16)."
        )
        raise Refused(said, file=name, line=line, byte=f"{text[error.start]:02x}") from error
