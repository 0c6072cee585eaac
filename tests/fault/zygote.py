"""Processes without the two seconds every Python spends on importing numpy and its kin: they are forked from one that has.

What comes out is a process like any other, with its own number, session, environment and output; it reads the settings and
the product's own modules itself, and ends by itself or by a kill. Whoever is asked for it says how it ended.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
# What the product imports of others and what reads no setting of Django while it is imported.
IMPORTED = (
    "celery.apps.beat", "celery.apps.worker", "celery.bin.celery", "celery.concurrency.prefork", "django.core.management",
    "django.db.backends.postgresql.base", "django.db.models", "django.test", "django.views", "kombu.transport.filesystem",
    "kombu.transport.redis", "orjson", "pandas", "polars", "psycopg", "psycopg_pool", "scipy.optimize", "scipy.stats",
    "statsmodels.stats.proportion", "statsmodels.tsa.seasonal",
)  # fmt: skip


class Forked:
    """What a test holds of such a process; as much of subprocess.Popen as the tests ask for."""

    def __init__(self, report: IO[str]) -> None:
        self.report = report
        self.pid = int(report.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self.report], [], [], 0)[0]:
            self._hear()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self.report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self._hear()
        assert self.returncode is not None
        return self.returncode

    def _hear(self) -> None:
        self.returncode = int(self.report.readline())
        self.report.close()


@functools.cache
def line() -> socket.socket:
    """To the process that forks, which is started with the first wish and ends when our end is closed, at the latest with us."""
    ours, its = socket.socketpair()
    with its:
        command = [sys.executable, "-m", "tests.fault.zygote", str(its.fileno())]
        zygote = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL, start_new_session=True)

    def hang_up() -> None:
        ours.close()
        zygote.wait(10)

    atexit.register(hang_up)
    return ours


def start(*words: str, environment: dict[str, str], out: IO[Any], err: IO[Any]) -> Forked:
    """As `python WORDS` would, in the root of the tree: a script, -m and a module, or -c and code."""
    reading, writing = os.pipe()
    with tempfile.TemporaryFile("w+") as request, open(writing, "w") as report:
        json.dump({"words": words, "environment": environment}, request)
        request.flush()
        request.seek(0)
        socket.send_fds(line(), [b"!"], [stream.fileno() for stream in (request, out, err, report)])
    return Forked(open(reading))


def run(*words: str, environment: dict[str, str], timeout: float = 120) -> "subprocess.CompletedProcess[str]":
    """To its end, with what it said."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = start(*words, environment=environment, out=out, err=err)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        for stream in (out, err):
            stream.seek(0)
        return subprocess.CompletedProcess(words, code, out.read(), err.read())


def serve(asked: socket.socket) -> list[str]:
    """In the process that forks: until nobody can ask any more. In a forked one: the words it was made for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who wait for the forked ones need nobody who waits for them
    while True:
        told, streams, *_ = socket.recv_fds(asked, 1, 4)
        if not told:
            return []
        if os.fork() == 0:
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return bear(*streams)
        for stream in streams:
            os.close(stream)


def bear(request: int, out: int, err: int, report: int) -> list[str]:
    """The process itself goes on from here; its parent stays only to say how it ended."""
    if number := os.fork():
        for stream in (request, out, err):
            os.close(stream)
        status = os.waitpid(number, 0)[1]
        os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.setsid()
    os.write(report, f"{os.getpid()}\n".encode())
    os.close(report)
    for stream, place in ((out, 1), (err, 2)):
        os.dup2(stream, place)
        os.close(stream)
    with open(request) as file:
        asked = json.load(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    return list(asked["words"])


def become(words: list[str]) -> None:
    if words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    elif words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    if asked_for := serve(socket.socket(fileno=int(sys.argv[1]))):
        become(asked_for)
