"""What web, worker and beat write while names, tokens, passwords and figures pass through them: none of it. Minutes long: `-m slow`.

In the ordinary run every case of tests/fault looks for planted names in what its workers wrote (`invariants`, 7).
"""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.fault.processes import PLANTED, Centre, file_of, until

pytestmark = [pytest.mark.fault, pytest.mark.slow]
PORT = 8197
SECRET = "cw_t0ken-that-nobody-may-read"
PREPARE = """
from django.contrib.auth.models import User
from kpi.ingest import open_run
from kpi.intake.tokens import make_token
from kpi.models import DataSource, Membership, Site
site = Site.objects.create(code="harbour", name="Harbour", zone="UTC")
source = DataSource.objects.create(key="interactions_csv", format="interactions_csv", site=site, zone="UTC")
user = User.objects.create_user("zebulon@example.com", password="p4ssw0rd-of-zebulon", first_name="Zebulon")
Membership.objects.create(user=user, role="executive")
print(make_token(source, "telephony", 30)[1])
"""
ODD = (
    "/definitions/zebulon-quarterstaff/?q=zebulon%40example.com",
    f"/mails/stop/{SECRET}/",
    f"/{SECRET}/",
    "/api/v1/panel?team=zebulon",
    f"/metrics?{SECRET}",
    "/healthz",
)


def ask(method: str, path: str, body: bytes | str = b"", **headers: str) -> int:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def is_up() -> bool:
    try:
        return ask("GET", "/healthz") == 200
    except OSError:
        return False


def test_nothing_that_passes_through_is_written_down(embedded: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "LOG_REQUESTS": "true"}.items():
        monkeypatch.setenv(name, value)
    prepared = embedded.python(PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    token = prepared.stdout.strip()
    embedded.start("-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}", "--worker-class", "gthread", "--no-control-socket")
    embedded.worker()
    embedded.beat()
    until(is_up, 120, "the web server answers")
    file = file_of(tmp_path / "zebulon.csv", 1000).read_bytes()
    path = "/api/v1/imports?file_name=zebulon@example.com.csv"
    assert ask("POST", path, file, Authorization=f"Bearer {token}", Content_Type="text/csv") == 202
    assert ask("POST", path, b"\x00\xff", Authorization=f"Bearer {token}", Content_Type="text/csv") == 202
    assert ask("POST", path, file, Authorization=f"Bearer {SECRET}", Content_Type="text/csv") == 401
    for address in ODD:
        ask("GET", address, Cookie=f"sessionid={SECRET}", User_Agent="Zebulon Quarterstaff")
    ask("GET", "/", Host="zebulon.example.com")
    ask("POST", "/login/", "username=zebulon@example.com&password=p4ssw0rd-of-zebulon", Content_Type="application/x-www-form-urlencoded")
    until(embedded.settled, 120, "imported")
    embedded.stop()
    said = embedded.log.read_text()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    events = {line["event"] for line in lines}
    assert {"request", "import.ended", "job"} <= events
    assert {line["route"] for line in lines if line["event"] == "request"} >= {"api/v1/imports", "mails/stop/<str:token>/"}
    found = [word for word in (*PLANTED, "zebulon", "quarterstaff", SECRET, token, "p4ssw0rd") if word.lower() in said.lower()]
    assert found == [], [line for line in said.splitlines() if any(word.lower() in line.lower() for word in found)][:5]
    assert "Traceback" not in said  # what is no line of ours is what Celery greets with
