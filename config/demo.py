"""`make demo`: the reference centre in a running site, from nothing to a printed address.

Every step looks first at what is there, so that a demo stopped at any moment continues when it is started again.
"""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from config import demo_centre, demo_pulse
from config.children import Child, Keeper

HOST = "127.0.0.1"
READY_S = 120
STOPPED_EARLY = 130  # what a shell reports after Ctrl-C


class CannotStart(Exception):
    """One sentence: what is in the way, and what to do."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def chosen_port() -> int:
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT={text!r} is not a port: choose a number from 1024 to 65535, as in make demo PORT=8001")
    return int(text)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotStart(f"Port {port} may not be used by you. Choose one above 1023: make demo PORT=8001") from None
        except OSError:
            raise CannotStart(f"Port {port} is taken. End what runs there, or choose another: make demo PORT={port + 1}") from None


def only_one(folder: Path) -> IO[str]:
    """Hold the folder while we live; the lock goes with the process, however it ends."""
    lock = (folder / "demo.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotStart(
            f"A demo is already running on {folder}. End it with Ctrl-C there, or choose another folder: DATA_DIR=..."
        ) from None
    return lock


def children(port: int, data: Path) -> list[Child]:
    """Web, jobs, timetable: exactly one beat."""
    python = sys.executable
    web = (python, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--workers", "2",
           "--threads", "4", "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning")  # fmt: skip
    celery = (python, "-W", "ignore::RuntimeWarning:celery.platforms", "-m", "celery", "-A", "config", "--quiet")  # as root, it scolds
    return [
        Child("web", web),
        Child("worker", (*celery, "worker", "--pool", "prefork", "-c", "2", "--loglevel", "WARNING")),
        Child("beat", (*celery, "beat", "--loglevel", "WARNING", "--schedule", str(data / "beat-schedule"), "--pidfile", "")),
    ]


def answers(port: int) -> bool:
    """True once the site gives any answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def wait_until_ready(port: int, keeper: Keeper, stopping: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_S
    while not stopping() and not answers(port):
        if time.monotonic() > deadline:
            raise CannotStart(f"The site did not answer within {READY_S} s; its messages stand above.")
        keeper.tend()
        time.sleep(0.2)


def serve(port: int, data: Path) -> None:
    """Until Ctrl-C or SIGTERM."""
    wishes: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: wishes.append(received))
    site = os.environ.get("SITE_URL") or f"http://{HOST}:{port}"  # so that the links of its mails lead here
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DATA_DIR": str(data), "SITE_URL": site}
    keeper = Keeper(environment, str(settings.BASE_DIR), say)
    try:
        for child in children(port, data):
            keeper.start(child)
        wait_until_ready(port, keeper, lambda: bool(wishes))
        if not wishes:
            address = f"http://{HOST}:{port}/"
            further = [text for text in (demo_pulse.invitation(address), demo_centre.begin_first_night()) if text]
            say(demo_centre.welcome(address, centre_in(data), "\n".join(further)))
        while not wishes:
            keeper.tend()
            time.sleep(0.5)
    finally:
        say("Ending web, worker and beat ...")
        keeper.stop()


def centre_in(data: Path) -> Path:
    return data / "reference"


def prepare(data: Path) -> None:
    """Database and centre; a step already done says so and takes no time."""
    started = time.monotonic()
    say("1/4  Database")
    call_command("migrate", verbosity=0)
    demo_centre.load(centre_in(data), say)
    say(f"     ready after {time.monotonic() - started:.0f} s")


def leave_early(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def run() -> None:
    signal.signal(signal.SIGTERM, leave_early)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    port = chosen_port()
    django.setup()
    data = Path(settings.DATA_DIR).resolve()
    lock = only_one(data)
    check_port(port)
    prepare(data)
    serve(port, data)
    lock.close()


def main() -> int:
    try:
        run()
    except KeyboardInterrupt:
        say("\nStopped. Start it again with make demo: it continues where it was.")
        return STOPPED_EARLY
    except (CannotStart, demo_centre.OtherCentre, ImproperlyConfigured, CommandError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
