"""A disk without room: whoever sends or writes is told so, nothing is kept of it, and with room everything goes on."""

import json

import pytest

from tests.fault.processes import Centre

pytestmark = pytest.mark.fault
FULL = """
import json, resource, signal, sys
from pathlib import Path
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from kpi.ingest.runs import data_source
from kpi.intake.tokens import make_token
from kpi.models import ImportRun, Membership
settings.ALLOWED_HOSTS = ["*"]
user = User.objects.create_user("steward")
Membership.objects.create(user=user, role="steward")
client = Client(raise_request_exception=False)
client.force_login(user)
bearer = {"Authorization": "Bearer " + make_token(data_source("interactions_csv"), "telephony", 30)[1]}
row = b"%d,2026-03-10T09:00:00Z,voice,general\\n"
content = b"external_id,started_at,channel,queue\\n" + b"".join(row % number for number in range(5000))
large = content + row % 9999 * 200_000  # Django keeps it in a file of its own while it comes

def send(what):
    answer = client.post("/data/send/", {"source": "interactions_csv", "file": SimpleUploadedFile("night.csv", what)})
    return answer.status_code, answer.content.decode()

def answers():
    log_in = Client(raise_request_exception=False).post("/login/", {"username": "steward", "password": "wrong"})
    told = {"log in": (log_in.status_code, log_in.content.decode())}
    for name, what in (("small", content), ("large", large)):
        api = client.post("/api/v1/imports", what, content_type="text/csv", headers=bearer)
        told |= {name + " by a system": (api.status_code, api.content.decode()), name + " on the page": send(what)}
    return told

sys.dont_write_bytecode = True  # Python does not notice that a compiled file was cut off, and would leave it for everybody
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
data, found = Path(settings.DATA_DIR), {}
size = (data / "counterweight.sqlite3").stat().st_size
for name, limit in (("full", 2000), ("little", size + 2_000_000), ("room", hard)):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    found[name] = answers()
    found[name + " kept"] = len([path for path in (data / "inbox").rglob("*") if path.is_file()]), ImportRun.objects.count()
print(json.dumps(found))
"""


def test_where_nothing_can_be_written_senders_are_told_and_nothing_is_kept(embedded: Centre) -> None:
    """No file of the process may grow beyond a limit: first one that the database is beyond already, then one for large files alone."""
    told = embedded.python(FULL)
    assert told.returncode == 0, told.stderr
    assert "Traceback" not in told.stderr
    found = json.loads(told.stdout.strip().splitlines()[-1])
    status = {name: {what: status for what, (status, _text) in found[name].items()} for name in ("full", "little", "room")}
    refused = [what for what in found["full"] if status["full"][what] == 503]
    assert refused == list(found["full"])
    assert [what for what in found["little"] if status["little"][what] == 503] == ["large by a system", "large on the page"]
    assert set(status["room"].values()) == {200, 202}
    for name in ("full", "little"):
        assert all("no space left on the disk" in text for status, text in found[name].values() if status == 503)
    assert (found["full kept"], found["little kept"]) == ([0, 0], [2, 1])  # the small file by a system, and the one looked at on the page
