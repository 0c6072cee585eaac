"""The web server of the product, and what somebody with a browser or a token gets from it, and how long that takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.fault.processes import Centre
from tests.servers import free_port

PATIENCE_S = 60  # of whoever asks
SESSION = """
from django.contrib.auth.models import User
from django.test import Client
from kpi.ingest.runs import data_source
from kpi.intake.tokens import make_token
from kpi.models import Membership
for role in ("executive", "administrator"):
    user = User.objects.create_user(role)
    Membership.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    print(client.cookies["sessionid"].value)
print(make_token(data_source("interactions_csv"), "telephony", 30)[1])
"""


class Answer(NamedTuple):
    """`status` is 0 while nobody listens."""

    status: int
    text: str
    seconds: float


@dataclass(frozen=True)
class Web:
    """One server; the sessions of two people and the token of one system."""

    address: str
    executive: str
    administrator: str
    token: str

    def get(self, path: str = "/", who: str = "") -> Answer:
        return ask(Request(self.address + path, headers={"Cookie": f"sessionid={who or self.executive}"}))

    def send(self, content: bytes, key: str = "") -> Answer:
        """A file by the API."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "text/csv"} | ({"Idempotency-Key": key} if key else {})
        return ask(Request(self.address + "/api/v1/imports?file_name=sent.csv", content, headers))


def ask(request: Request) -> Answer:
    started = time.monotonic()
    try:
        with urlopen(request, timeout=PATIENCE_S) as response:
            status, text = response.status, response.read().decode()
    except HTTPError as error:
        with error:
            status, text = error.code, error.read().decode()
    except (URLError, OSError):
        status, text = 0, ""
    return Answer(status, text, time.monotonic() - started)


def serve(made: Centre, threads: int = 2) -> Web:
    """Started; the first answers come a moment later."""
    told = made.python(SESSION)
    assert told.returncode == 0, told.stderr
    port = free_port()
    made.start(
        "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", str(threads), "--no-control-socket"
    )  # fmt: skip
    return Web(f"http://127.0.0.1:{port}", *told.stdout.strip().splitlines()[-3:])
