"""The broker of folders, so that nobody finds half a message: whatever dies at whatever moment, a worker goes on.

It is the filesystem transport of kombu, with its names and folders, but for what a reader or a kill in mid-write breaks there:
a file has its final name only when it is whole, and a message leaves its folder only when it has been read. Nothing is forced
to the disk: a message is only a bell, the rows are the truth, and the sweep rings again for a bell that a power cut took.
"""

import fcntl
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

# Endings after ".QUEUE.msg", by which kombu knows a message: what has one of these is not delivered, counted or purged.
DRAFT = ".draft"
UNREADABLE = ".unreadable"
ABANDONED_S = 60  # a draft is a draft for a millisecond; its writer died
BROKEN = (ValueError, TypeError, KeyError, AttributeError)  # no JSON, no text, no base64; or something else than what is written here
GUARD = "guard"  # in the folder of tables; no table has this name, theirs end in ".exchange"

Binding = Any  # kombu's exchange_queue_t: routing key, pattern, queue


def write_whole(path: Path, content: object) -> None:
    """Under its final name only when every byte is there; otherwise not at all."""
    draft, written = path.with_name(path.name + DRAFT), str_to_bytes(dumps(content))
    try:
        with draft.open("wb") as file:  # buffered: a raw file that meets the end of the disk writes a part and says nothing
            file.write(written)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ChannelError(f"Cannot write {path.name}: {error.strerror}") from error


class Channel(filesystem.Channel):
    """Messages and tables of bindings; unlike kombu's it keeps no messages that were read (`store_processed`)."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: object) -> None:  # type: ignore[override]  # kombu has two names
        """No lock: nobody opens a draft but its writer, whose name for it is its own."""
        write_whole(Path(self.data_folder_out) / f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg", payload)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """The oldest message that can be read. Removing it is what takes it: of two readers one succeeds, and a reader that is
        killed before leaves it where it was."""
        for path in sorted(Path(self.data_folder_in).iterdir()):
            if path.name.endswith(DRAFT):
                forget_abandoned(path)
            elif path.name.partition(".")[2] == f"{queue}.msg":
                try:
                    payload: dict[str, Any] = loads(bytes_to_str(path.read_bytes()))
                    self.message_to_python(payload)  # the worker makes it too, where an error would end it
                except FileNotFoundError:
                    continue  # somebody else took it
                except (*BROKEN, OSError) as error:
                    set_aside(path, error)
                    continue
                with suppress(OSError):
                    path.unlink()
                    return payload
        raise Empty

    def _table(self, exchange: str) -> Path:
        """Kombu refuses a name that would lead out of the folder."""
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        return file

    def get_table(self, exchange: str) -> list[Binding]:
        """Read without a lock: a table is replaced, never written over. A broken one is as good as none, everybody binds at the start."""
        file = self._table(exchange)
        try:
            return [filesystem.exchange_queue_t(*binding) for binding in loads(bytes_to_str(file.read_bytes()))]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ChannelError(f"Cannot open {file.name}: {error.strerror}") from error
        except BROKEN as error:
            logger.warning("bindings.unreadable", extra={"file": file.name, "error": type(error).__name__})
            return []

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        new = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda bound: bound if new in bound else [new, *bound])

    def _delete(self, queue: str, exchange: str, routing_key: str | None, pattern: str | None, *args: object, **kwargs: object) -> None:
        self._purge(queue)
        old = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda bound: [binding for binding in bound if binding != old])

    def _change_table(self, exchange: str, change: Callable[[list[Binding]], list[Binding]]) -> None:
        with self._guard():
            bound = self.get_table(exchange)
            if (changed := change(bound)) != bound:
                write_whole(self._table(exchange), changed)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """One process at a time changes tables. The lock is on a file of its own, for a table is another file after each change."""
        try:
            self.control_folder.mkdir(exist_ok=True)
            file = (self.control_folder / GUARD).open("ab")
        except OSError as error:
            raise ChannelError(f"Cannot open {GUARD}: {error.strerror}") from error
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)  # by name: a process forked meanwhile would hold on to it


class Transport(filesystem.Transport):
    """What `folders://` stands for."""

    Channel = Channel


def forget_abandoned(draft: Path) -> None:
    with suppress(OSError):
        if time.time() - draft.stat().st_mtime > ABANDONED_S:
            draft.unlink()


def set_aside(message: Path, error: Exception) -> None:
    """Out of every worker's way, for a person to look at; another worker may have been faster."""
    with suppress(OSError):
        message.rename(message.with_name(message.name + UNREADABLE))
        logger.warning("message.unreadable", extra={"file": message.name, "error": type(error).__name__})
