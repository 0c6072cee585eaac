"""The broker of folders: a reader finds nothing or a whole message, and nothing that is found ends it."""

import logging
import os
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from config import celery, folders

BELL = {"body": "W10=", "headers": {"task": "bell"}, "properties": {"body_encoding": "base64", "delivery_tag": "1"}}
NAME = "1_first.bells.msg"


class Killed(BaseException):
    """What nothing in the product catches, as nothing catches a kill."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


@contextmanager
def process(place: Path) -> Iterator[Any]:
    """A channel as another process would have it: nothing shared but the folders."""
    with Connection("folders://", transport_options=celery.folders(place)) as connection:
        yield connection.default_channel


@pytest.fixture
def writer(place: Path) -> Iterator[Any]:
    with process(place) as channel:
        yield channel


@pytest.fixture
def reader(place: Path) -> Iterator[Any]:
    with process(place) as channel:
        yield channel


def queued(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "broker" / "queue").iterdir())


def heard(channel: Any) -> object:
    """The next message, None if there is none."""
    try:
        return channel._get("bells")
    except Empty:
        return None


def test_the_address_of_the_broker_leads_here(writer: Any) -> None:
    assert type(writer) is folders.Channel
    assert celery.configuration()["broker_url"] in {"folders://", os.environ.get("REDIS_URL")}


def test_a_reader_during_a_put_sees_nothing_and_after_it_the_whole_message(
    place: Path, writer: Any, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, replace, seen = Path.open, Path.replace, []

    def look() -> None:
        seen.append((len(queued(place)), reader._size("bells"), reader._purge("bells"), heard(reader)))

    def open_and_look(self: Path, *words: Any) -> Any:
        file = opened(self, *words)
        look()
        return file

    def look_and_replace(self: Path, target: Path) -> Path:
        look()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look_and_replace)
    monkeypatch.setattr(Path, "open", open_and_look)
    writer._put("bells", BELL)
    assert seen[0] == (1, 0, 0, None), "opened: there is a file, and it is no message"
    assert seen[-1] == (1, 0, 0, None), "written: neither"
    monkeypatch.undo()
    assert reader._size("bells") == 1
    assert heard(reader) == BELL
    assert queued(place) == []


def test_messages_come_in_order_and_each_queue_has_its_own(place: Path, writer: Any, reader: Any) -> None:
    for number, queue in enumerate(("bells", "others", "bells")):
        writer._put(queue, {**BELL, "number": number})
        time.sleep(0.002)  # names begin with the millisecond
    assert [heard(reader)["number"], heard(reader)["number"], heard(reader)] == [0, 2, None]
    assert len(queued(place)) == 1


def test_of_two_readers_of_one_message_one_gets_it(writer: Any, reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower one has read it, too, when the faster one takes it."""
    writer._put("bells", BELL)
    unlink, taken = Path.unlink, []

    def too_late(self: Path) -> None:
        monkeypatch.undo()
        taken.append(heard(reader))
        unlink(self)

    monkeypatch.setattr(Path, "unlink", too_late)
    assert heard(writer) is None
    assert taken == [BELL]


def test_a_reader_killed_before_it_took_the_message_leaves_it(writer: Any, reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(self: Path) -> None:
        raise Killed

    writer._put("bells", BELL)
    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(Killed):
        heard(reader)
    monkeypatch.undo()
    assert heard(reader) == BELL


@pytest.mark.parametrize("text", [b"", b'{"body": "W10=", "prop', b"null", b"{}", b"[1]", b"\xff\xfe", b'{"properties": {}, "body": "W"}'])
def test_what_is_no_message_is_set_aside_with_a_line_and_the_next_one_comes(
    place: Path, writer: Any, reader: Any, text: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    writer._put("bells", BELL)
    (place / "broker" / "queue" / NAME).write_bytes(text)
    with caplog.at_level(logging.WARNING):
        assert heard(reader) == BELL
        assert heard(reader) is None
    assert queued(place) == [f"{NAME}.unreadable"]
    assert [(record.msg, vars(record)["file"]) for record in caplog.records] == [("message.unreadable", NAME)]


def test_what_cannot_be_opened_is_set_aside_too(place: Path, reader: Any) -> None:
    (place / "broker" / "queue" / NAME).mkdir()
    assert heard(reader) is None
    assert queued(place) == [f"{NAME}.unreadable"]


def test_a_full_disk_leaves_no_part_of_a_message_and_the_sender_is_told(place: Path, writer: Any) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, hard))
    try:
        with pytest.raises(ChannelError, match="File too large"):
            writer._put("bells", BELL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert queued(place) == []


def test_the_draft_of_a_writer_that_died_is_cleared_and_that_of_one_at_work_is_not(place: Path, reader: Any) -> None:
    dead, alive = (place / "broker" / "queue" / f"{name}.bells.msg.draft" for name in ("1_dead", "2_alive"))
    for draft in (dead, alive):
        draft.touch()
    os.utime(dead, (time.time() - 61, time.time() - 61))
    assert heard(reader) is None
    assert queued(place) == [alive.name]


def test_a_table_is_read_while_it_is_written_and_holds_what_it_held(writer: Any, reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    writer._queue_bind("exchange", "one", None, "one")
    replace, seen = Path.replace, []

    def look_and_replace(self: Path, target: Path) -> Path:
        seen.append([binding.queue for binding in reader.get_table("exchange")])
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look_and_replace)
    writer._queue_bind("exchange", "two", None, "two")
    assert seen == [["one"]]
    assert [binding.queue for binding in reader.get_table("exchange")] == ["two", "one"]


def test_a_table_that_a_crash_left_empty_is_made_anew(place: Path, writer: Any, caplog: pytest.LogCaptureFixture) -> None:
    (place / "broker" / "control" / "exchange.exchange").touch()
    assert writer.get_table("exchange") == []
    writer._queue_bind("exchange", "one", None, "one")
    assert [binding.queue for binding in writer.get_table("exchange")] == ["one"]
    assert {record.msg for record in caplog.records} == {"bindings.unreadable"}


def test_all_who_bind_at_once_are_in_the_table_and_who_leaves_is_not(place: Path, writer: Any) -> None:
    def bind(number: int) -> None:
        with process(place) as channel:
            for queue in ("same", f"own{number}"):
                channel._queue_bind("exchange", queue, None, queue)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bind, range(16)))
    names = {"same"} | {f"own{number}" for number in range(16)}
    assert sorted(binding.queue for binding in writer.get_table("exchange")) == sorted(names)
    writer._delete("same", "exchange", "same", None)
    assert {binding.queue for binding in writer.get_table("exchange")} == names - {"same"}
