"""`make demo` starts from nothing, continues where it was stopped, and says what is in its way."""

import contextlib
import hashlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config import demo, demo_centre, demo_pulse
from kpi.models import Night, NightStep
from tests import factories
from tests.house.test_children import eventually, is_alive

ROOT = Path(__file__).resolve().parents[2]
ORGANISATION = {
    "sites": [{"code": "harbour"}],
    "users": [{"username": "executive", "password": "counterweight-demo", "role": "executive"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A generated centre of two files."""
    folder = tmp_path / "reference"
    folder.mkdir()
    (folder / "organisation.json").write_text(json.dumps(ORGANISATION))
    (folder / "manifest.json").write_text(
        json.dumps([{"file": "staff.csv", "source": "staff"}, {"file": "calls.csv", "source": "telephony"}])
    )
    (folder / "staff.csv").write_text("agent_id\n1\n")
    (folder / "calls.csv").write_text("external_id\n1\n")
    return folder


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The management commands that would have run."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(demo_centre, "call_command", lambda *words, **options: calls.append(words))
    return calls


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_the_centre_is_loaded_in_the_order_its_files_were_sent(db: None, folder: Path, called: list[tuple[str, ...]]) -> None:
    demo_centre.load(folder, lambda text: None)
    assert called == [
        ("load_organisation", str(folder / "organisation.json"), "--with-users"),
        ("import_file", str(folder / "staff.csv"), "--source", "staff", "--no-roll-up"),
        ("import_file", str(folder / "calls.csv"), "--source", "telephony", "--no-roll-up"),
        ("roll_up",),
    ]


def test_a_folder_that_was_being_written_when_it_was_stopped_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(*words: str) -> None:
        draft = Path(words[-1])
        draft.mkdir()
        (draft / "manifest.json").write_text("[]")

    monkeypatch.setattr(demo_centre, "call_command", make)
    (tmp_path / "reference.draft").mkdir()
    (tmp_path / "reference.draft" / "half.csv").write_text("ext")
    demo_centre.make_files(tmp_path / "reference")
    assert [path.name for path in (tmp_path / "reference").iterdir()] == ["manifest.json"]
    assert not (tmp_path / "reference.draft").exists()


def test_a_centre_that_was_made_whole_is_not_made_again(folder: Path, called: list[tuple[str, ...]]) -> None:
    demo_centre.make_files(folder)
    assert called == []


def test_a_second_centre_is_never_laid_on_top_of_another(db: None, folder: Path) -> None:
    factories.SiteFactory(code="elsewhere")
    with pytest.raises(demo_centre.OtherCentre, match="already holds another centre"):
        demo_centre.refuse_other_centre(folder)


def test_the_same_centre_of_another_week_is_another_centre(db: None, folder: Path) -> None:
    factories.SiteFactory(code="harbour")
    factories.ImportRunFactory(checksum="0" * 64)
    with pytest.raises(demo_centre.OtherCentre):
        demo_centre.refuse_other_centre(folder)


def test_the_demo_starts_again_after_its_user_imported_a_file_of_their_own(db: None, folder: Path) -> None:
    factories.ImportRunFactory(checksum=hashlib.sha256((folder / "staff.csv").read_bytes()).hexdigest())
    factories.ImportRunFactory(source__site=factories.SiteFactory(code="own"))
    demo_centre.refuse_other_centre(folder)


def test_the_address_the_logins_and_the_way_to_stop_are_printed(folder: Path) -> None:
    text = demo_centre.welcome("http://127.0.0.1:8000/", folder)
    assert "running: http://127.0.0.1:8000/" in text
    assert "executive  counterweight-demo  (executive)" in text
    assert "Ctrl-C stops." in text


def test_a_taken_port_is_named_with_the_way_to_choose_another(taken_port: int) -> None:
    with pytest.raises(demo.CannotStart, match=f"Port {taken_port} is taken.*make demo PORT={taken_port + 1}"):
        demo.check_port(taken_port)


@pytest.mark.parametrize("text", ["http", "0", "70000", "80 80"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(demo.CannotStart, match="is not a port: choose a number"):
        demo.chosen_port()


def test_two_demos_never_share_a_folder(tmp_path: Path) -> None:
    held = demo.only_one(tmp_path)
    with pytest.raises(demo.CannotStart, match="already running"):
        demo.only_one(tmp_path)
    held.close()
    demo.only_one(tmp_path).close()


def test_web_worker_and_exactly_one_beat_are_started(tmp_path: Path) -> None:
    commands = [" ".join(child.command) for child in demo.children(8000, tmp_path)]
    assert [child.name for child in demo.children(8000, tmp_path)] == ["web", "worker", "beat"]
    assert "--worker-class gthread --workers 2 --threads 4" in commands[0]
    assert "worker --pool prefork -c 2" in commands[1]


@pytest.mark.parametrize("problem", [CommandError("no space left"), demo.CannotStart("port 1 is taken")])
def test_what_is_in_the_way_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], problem: Exception
) -> None:
    def fail() -> None:
        raise problem

    monkeypatch.setattr(demo, "run", fail)
    assert demo.main() == 1
    assert capsys.readouterr().err == f"{problem}\n"


SMALL = """
import sys
from config import demo, demo_centre

demo_centre.SIZE, whole = "5000", demo_centre.deliveries

def deliveries(folder):
    first = {}
    for file in whole(folder):
        first.setdefault(file.source, file)
    return list(first.values())

demo_centre.deliveries = deliveries
sys.exit(demo.main())
"""


def small_demo(folder: Path, port: int) -> "subprocess.Popen[str]":
    """The real thing, with the smallest centre, and of that the first file of every source."""
    environment = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": "", "PYTHONUNBUFFERED": "1"}
    with (folder / "log").open("a") as log:
        return subprocess.Popen([sys.executable, "-c", SMALL], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)


def descendants(number: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in map(str.split, listed.splitlines())}
    found = [number]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def page(port: int) -> int:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().status


@pytest.mark.fault
@pytest.mark.embedded
def test_a_demo_killed_in_mid_import_continues_and_ends_all_its_children(tmp_path: Path) -> None:
    folder = tmp_path / "mit Leerzeichen é"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log"
    first = small_demo(folder, port)
    assert eventually(lambda: "2 of " in log.read_text(), 120), log.read_text()
    first.kill()
    first.wait()
    second = small_demo(folder, port)
    try:
        assert eventually(lambda: "Ctrl-C stops." in log.read_text() or second.poll() is not None, 240)
        assert second.poll() is None, log.read_text()
        assert page(port) in {200, 302}
        running = descendants(second.pid)
        assert len(running) > 3
    finally:
        second.send_signal(signal.SIGTERM)
        code = second.wait(60)
    assert code == 0, log.read_text()
    assert eventually(lambda: not any(is_alive(number) for number in running))
    assert "Traceback" not in log.read_text()
    assert len(re.findall(r"Counterweight is running", log.read_text())) == 1


def test_the_demo_begins_its_first_night_once_and_leaves_it_to_the_worker(db: None) -> None:
    said = [demo_centre.begin_first_night() for _start in range(2)]
    assert ("The first night runs in the background" in said[0], said[1], Night.objects.count()) == (True, "", 1)
    assert set(NightStep.objects.values_list("state", flat=True)) == {"waiting"}


def test_the_demo_invites_to_its_pulse_and_makes_new_codes_at_every_start(db: None) -> None:
    for code in ("lark", "dunlin"):
        factories.TeamFactory(code=code)
    first, second = (demo_pulse.invitation("http://127.0.0.1:8000/") for _start in range(2))
    codes = [re.findall(r"http://127\.0\.0\.1:8000/pulse/ with the code ([0-9A-Z-]{14})$", text, re.MULTILINE) for text in (first, second)]
    assert [len(found) for found in codes] == [4, 4]
    assert not set(codes[0]) & set(codes[1])


def test_the_demo_starts_without_a_pulse_where_its_teams_are_asked_already_or_gone(db: None) -> None:
    assert demo_pulse.invitation("http://127.0.0.1:8000/") == ""
