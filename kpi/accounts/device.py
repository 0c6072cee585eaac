"""The device of a person: its secret sealed under the site's key and bound to its owner, and the codes it shows (RFC 6238)."""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b32decode, b32encode

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kpi.pulls.sealing import keys_for
from kpi.sealed import Broken
from kpi.vendor import Problem

PURPOSE = b"counterweight second factors"
ISSUER = "Counterweight"
SECRET_BYTES = 20  # as long as the hash, as RFC 4226 asks
DIGITS, STEP_S = 6, 30


def new_secret() -> str:
    """As authenticator apps take it."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(owner: int, secret: str) -> str:
    return keys_for(PURPOSE).seal(json.dumps({"user": owner, "secret": secret}))


def unseal(owner: int, sealed: str) -> str:
    """The secret, for the person it was made for alone: copied into another one's row it opens nothing."""
    try:
        kept = json.loads(keys_for(PURPOSE).unseal(sealed))
    except Broken:
        raise Problem("other_key") from None
    if kept["user"] != owner:
        raise Problem("other_key")
    return str(kept["secret"])


def step_of(secret: str, code: str, at: float) -> int | None:
    """The half minute whose code this is: the present one, or the one before for who types slowly."""
    now = int(at // STEP_S)
    good = [step for step in (now - 1, now) if hmac.compare_digest(code_at(secret, step).encode(), code.encode(errors="replace"))]
    return good[-1] if good else None


def code_at(secret: str, step: int) -> str:
    return _totp(secret).generate(step * STEP_S).decode()


def address_of(secret: str, name: str) -> str:
    """What the picture says."""
    return _totp(secret).get_provisioning_uri(name, ISSUER)


def picture_of(secret: str, name: str) -> str:
    """A drawing inside the page: nothing is fetched, and dark pages leave it dark on light, as cameras want it."""
    return segno.make(address_of(secret, name), micro=False).svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)


def _totp(secret: str) -> TOTP:
    return TOTP(b32decode(secret), DIGITS, SHA1(), STEP_S)  # noqa: S303 - what authenticator apps know; an HMAC stands on it safely
