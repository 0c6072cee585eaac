"""Texts under seal: AES-256 in Galois/Counter mode, from the library, with a key of its own for each purpose. Pure.

A seal is a random number that is never used twice, the covered text, and a tag that shows whether anybody changed either. It is as much
longer than its text for everybody: what may not be told by its length has to be made of one length before.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG, KEY = 12, 16, 32  # bytes


class Broken(Exception):
    """Not sealed with this key and for this purpose, or changed since."""


def seal(key: bytes, purpose: bytes, text: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(key, purpose).encrypt(nonce, text, purpose)


def unseal(key: bytes, purpose: bytes, sealed: bytes) -> bytes:
    if len(sealed) < NONCE + TAG:
        raise Broken
    try:
        return _cipher(key, purpose).decrypt(sealed[:NONCE], sealed[NONCE:], purpose)
    except InvalidTag:
        raise Broken from None


def _cipher(key: bytes, purpose: bytes) -> AESGCM:
    """A key that is used for nothing else."""
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose + b", aes-256-gcm").derive(key))
