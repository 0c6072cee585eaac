"""AWS Signature Version 4 of a request without a body, for S3."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

NOTHING = hashlib.sha256(b"").hexdigest()
SERVICE, ALGORITHM = "s3", "AWS4-HMAC-SHA256"


def signed(host: str, target: str, headers: Mapping[str, str], *, key: str, secret: str, region: str, now: datetime) -> dict[str, str]:
    """The headers that sign GET `target` (path and query, encoded); `headers` are further ones that are signed along."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    own = {"x-amz-content-sha256": NOTHING, "x-amz-date": stamp}
    names = {name.lower(): value.strip() for name, value in {**headers, **own, "host": host}.items()}
    listed = ";".join(sorted(names))
    path, _question, query = target.partition("?")
    canonical = "\n".join(["GET", path, _query(query), *(f"{name}:{names[name]}" for name in sorted(names)), "", listed, NOTHING])
    scope = f"{stamp[:8]}/{region}/{SERVICE}/aws4_request"
    text = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(_key(secret, stamp[:8], region), text.encode(), hashlib.sha256).hexdigest()
    return own | {"Authorization": f"{ALGORITHM} Credential={key}/{scope},SignedHeaders={listed},Signature={signature}"}


def _query(query: str) -> str:
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{name}={value}" for name, value in pairs)


def _key(secret: str, day: str, region: str) -> bytes:
    made = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made
