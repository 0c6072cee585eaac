"""A backup brings everything back: totals equal records, pages say the same; what does not fit is refused and changes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpi import backup
from kpi.backup import Unfit, engines
from tests.fault.processes import Centre, file_of, own_database

pytestmark = pytest.mark.fault
KEY = "h8Yt3nQ5wL0zX7cV2bM4kJ9gF6dS1aPe"
FILL = """
from django.core.management import call_command
call_command("import_file", {file!r}, source="interactions_csv", zone="UTC", verbosity=0)
call_command("backup", {backup!r})
"""
TOLD = """
import json
from django.core.management import call_command
from django.contrib.auth.models import User
from django.test import Client
from kpi.models import ImportRun, Interaction, Membership
call_command("check_data")
user, _made = User.objects.get_or_create(username="executive")
Membership.objects.get_or_create(user=user, role="executive")
client = Client(HTTP_HOST="localhost")
client.force_login(user)
panel = client.get("/api/v1/panel").json()
print(json.dumps([Interaction.objects.count(), ImportRun.objects.get().checksum, panel["columns"], panel["teams"]], sort_keys=True))
"""


@pytest.fixture
def elsewhere(anywhere: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    """Another installation of the same kind, without a table."""
    monkeypatch.setenv("PSEUDONYM_KEY", KEY)
    (tmp_path / "other").mkdir()
    if not anywhere.database:
        yield Centre(tmp_path / "other")
        return
    with own_database(anywhere.database) as url:
        yield Centre(tmp_path / "other", url, anywhere.redis)


def told(made: Centre) -> str:
    done = made.python(TOLD)
    assert done.returncode == 0, done.stderr
    assert "0 differences." in done.stdout
    return done.stdout.splitlines()[-1]


def test_what_is_restored_says_what_the_original_says(anywhere: Centre, elsewhere: Centre, tmp_path: Path) -> None:
    if anywhere.database and not shutil.which("pg_dump"):
        pytest.skip("no pg_dump: apt-get install postgresql-client")
    folder = tmp_path / "backup"
    waiting = anywhere.folder / "inbox" / "0a" / "calls.csv"
    waiting.parent.mkdir(parents=True)
    waiting.write_text("a file that waits")
    keys = anywhere.folder / "pulse" / "1.key"
    keys.parent.mkdir()
    keys.write_text("a key of an open wave")
    made = anywhere.python(FILL.format(file=str(file_of(tmp_path / "calls.csv", 1000)), backup=str(folder)))
    assert made.returncode == 0, made.stderr
    assert folder.stat().st_mode & 0o077 == 0
    done = elsewhere.manage("restore", str(folder))
    assert done.returncode == 0, done.stderr
    restored = told(elsewhere)
    assert json.loads(restored)[0] == 999
    assert restored == told(anywhere)
    assert (elsewhere.folder / "inbox" / "0a" / "calls.csv").read_text() == "a file that waits"
    assert not (elsewhere.folder / "pulse").exists()
    assert KEY.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())
    again = elsewhere.manage("restore", str(folder))
    assert (again.returncode, "not empty" in again.stderr) == (1, True)


@pytest.mark.django_db
def test_another_key_or_a_damaged_copy_changes_nothing(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "copy_out", lambda folder: (folder / engines.name()).write_bytes(b"all of it"))
    folder = tmp_path / "backup"
    backup.store(folder)
    with pytest.raises(Unfit, match="not empty: name a folder"):
        backup.store(folder)
    with pytest.raises(Unfit, match="database is not empty"):
        backup.restore(folder)
    monkeypatch.setattr(engines, "copy_in", pytest.fail)
    settings.PSEUDONYM_KEY = KEY.encode()
    with pytest.raises(Unfit, match="another PSEUDONYM_KEY"):
        backup.restore(folder)
    monkeypatch.undo()
    monkeypatch.setattr(engines, "copy_in", pytest.fail)
    held = json.loads((folder / "backup.json").read_text()) | {"pseudonym_key": backup.copying.fingerprint()}
    (folder / "backup.json").write_text(json.dumps(held))
    (folder / engines.name()).write_bytes(b"some of it")
    with pytest.raises(Unfit, match="not as it was written"):
        backup.restore(folder)
    (folder / "backup.json").unlink()
    with pytest.raises(Unfit, match="no complete backup"):
        backup.restore(folder)
