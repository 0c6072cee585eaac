"""What the key of a wave does: hashes of codes, and answers under seal. Pure.

Keyed BLAKE2b is the only tool: a stream of it, started by a random number that is never used twice, covers the text, and another one
over the result shows whether anybody changed it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

KEY = 32  # bytes
NONCE, TAG, BLOCK = 16, 16, 64


class Broken(Exception):
    """Not sealed with this key, or changed since."""


def digest(key: bytes, code: str) -> str:
    """By which an unused code is known."""
    return hashlib.blake2b(code.encode(), key=key, person=b"pulse code", digest_size=32).hexdigest()


def seal(key: bytes, text: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    covered = _covered(key, nonce, text)
    return nonce + _tag(key, nonce + covered) + covered


def unseal(key: bytes, sealed: bytes) -> bytes:
    nonce, tag, covered = sealed[:NONCE], sealed[NONCE : NONCE + TAG], sealed[NONCE + TAG :]
    if not hmac.compare_digest(tag, _tag(key, nonce + covered)):
        raise Broken
    return _covered(key, nonce, covered)


def _covered(key: bytes, nonce: bytes, text: bytes) -> bytes:
    blocks = range(-(-len(text) // BLOCK))
    stream = b"".join(hashlib.blake2b(nonce + place.to_bytes(8, "big"), key=key, person=b"pulse stream").digest() for place in blocks)
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))


def _tag(key: bytes, text: bytes) -> bytes:
    return hashlib.blake2b(text, key=key, person=b"pulse tag", digest_size=TAG).digest()
