"""What the key of a wave does: hashes of codes, and answers under seal. Pure.

Answers are sealed with AES-256-GCM (kpi/sealed.py), by a key made of the wave's for that alone. A seal is as long for everybody, for what
is sealed is (wellbeing/pulse/questionnaire.py), and says neither who answered nor in which order.
"""

from __future__ import annotations

import hashlib
import hmac

from kpi import sealed as library
from kpi.sealed import Broken

__all__ = ["KEY", "Broken", "digest", "seal", "unseal"]

KEY = 32  # bytes
PURPOSE = b"counterweight pulse answers"
FORM = b"gcm1"  # what is sealed now begins so
OLD_NONCE, OLD_TAG, OLD_BLOCK = 16, 16, 64


def digest(key: bytes, code: str) -> str:
    """By which an unused code is known."""
    return hashlib.blake2b(code.encode(), key=key, person=b"pulse code", digest_size=32).hexdigest()


def seal(key: bytes, text: bytes) -> bytes:
    return FORM + library.seal(key, PURPOSE, text)


def unseal(key: bytes, sealed: bytes) -> bytes:
    if sealed.startswith(FORM):
        try:
            return library.unseal(key, PURPOSE, sealed.removeprefix(FORM))
        except Broken:
            pass  # of one in four thousand million seals of before the random number begins so
    return _of_before(key, sealed)


def _of_before(key: bytes, sealed: bytes) -> bytes:
    """Until 2026-11-28: a stream of keyed BLAKE2b. Waves that were open then are read; nothing is sealed so any more."""
    nonce, tag, covered = sealed[:OLD_NONCE], sealed[OLD_NONCE : OLD_NONCE + OLD_TAG], sealed[OLD_NONCE + OLD_TAG :]
    made = hashlib.blake2b(nonce + covered, key=key, person=b"pulse tag", digest_size=OLD_TAG).digest()
    if not hmac.compare_digest(tag, made):
        raise Broken
    blocks = range(-(-len(covered) // OLD_BLOCK))
    stream = b"".join(hashlib.blake2b(nonce + place.to_bytes(8, "big"), key=key, person=b"pulse stream").digest() for place in blocks)
    return bytes(one ^ other for one, other in zip(covered, stream, strict=False))
