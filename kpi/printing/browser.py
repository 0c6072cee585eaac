"""A browser without a window that prints one document of ours and ends. It is spoken to through a pipe, so no port is open, nothing of the
document stands on its command line, and it reaches no other machine: names lead nowhere, and every request ends at a closed door.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60.0  # seconds from start to end; a slow machine takes ten
LARGEST = 64 * 1024 * 1024  # bytes of one answer
FLAGS = (
    "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--disable-extensions", "--disable-default-apps",
    "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--no-first-run", "--no-pings",
    "--no-default-browser-check",
    "--disable-breakpad", "--password-store=basic", "--use-mock-keychain", "--hide-scrollbars", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=socks5://127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
)  # fmt: skip

# Hands the two ends of the pipe on under the numbers the browser expects, whatever numbers they have here, and becomes the browser.
BEGIN = """import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for place, end in enumerate(ends, 3): os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])"""


class NoBrowser(Exception):
    """There is none, or it did not do what it was asked; the message is a sentence for the reader."""


def find_browser() -> str | None:
    """A browser that is already here; none is ever downloaded."""
    if settings.CHROMIUM_PATH:
        return str(settings.CHROMIUM_PATH) if os.access(settings.CHROMIUM_PATH, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def why_not() -> str:
    """Why there is no PDF and no PNG, and what would help; empty where a browser is here."""
    if find_browser():
        return ""
    if settings.CHROMIUM_PATH:
        return _("PDF and PNG need Chromium: CHROMIUM_PATH names no program that can be started.")
    return _("PDF and PNG need Chromium on the server: apt-get install --no-install-recommends chromium, or set CHROMIUM_PATH.")


@contextmanager
def opened() -> Iterator[Tab]:
    """A browser with one empty tab; whatever happens it is gone afterwards, with everything it wrote."""
    path = find_browser()
    if path is None:
        raise NoBrowser(why_not())
    with tempfile.TemporaryDirectory(prefix="counterweight-print-", dir=_short(), ignore_cleanup_errors=True) as folder:
        to_us, to_it = os.pipe(), os.pipe()
        try:
            process = _start(path, folder, to_it[0], to_us[1])
        finally:
            os.close(to_it[0])
            os.close(to_us[1])
        try:
            yield Tab(Pipe(to_us[0], to_it[1], time.monotonic() + PATIENCE))
        finally:
            os.close(to_it[1])
            os.close(to_us[0])
            _end(process)


def _short() -> str | None:
    """The browser's own socket lies in the folder, and the path of a socket is short: a long TMPDIR is left alone."""
    return "/tmp" if len(tempfile.gettempdir()) > 50 and os.path.isdir("/tmp") else None  # noqa: S108 - a private folder is made in it


def _start(path: str, folder: str, reads: int, writes: int) -> subprocess.Popen[bytes]:
    """It reads at 3 and writes at 4, as it is used to. Of our environment it gets no secret."""
    sandbox = () if settings.CHROMIUM_SANDBOX and os.geteuid() else ("--no-sandbox",)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "FONTCONFIG_PATH") if name in os.environ}
    begin = [sys.executable, "-I", "-S", "-c", BEGIN, str(reads), str(writes)]
    command = [*begin, path, *FLAGS, *sandbox, f"--user-data-dir={folder}/profile", "about:blank"]
    return subprocess.Popen(
        command,
        pass_fds=(reads, writes),
        env={**kept, "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_CACHE_HOME": folder, "TMPDIR": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all it started: they are one session of their own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


class Pipe:
    """Messages end with a zero byte; each question waits for its own answer."""

    def __init__(self, reads: int, writes: int, until: float) -> None:
        self.reads, self.writes, self.until = reads, writes, until
        self.number, self.rest = 0, b""
        os.set_blocking(writes, False)

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._write(json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._next())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise NoBrowser(_("The browser refused: %(method)s.") % {"method": method})
                found: dict[str, Any] = answer["result"]
                return found

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise NoBrowser(_("The browser took too long."))
        return left

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            if not select.select([], [self.writes], [], self._left())[1]:
                continue
            try:
                view = view[os.write(self.writes, view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise NoBrowser(_("The browser did not start.")) from None

    def _next(self) -> bytes:
        pieces = [self.rest]
        while b"\0" not in pieces[-1]:
            if not select.select([self.reads], [], [], self._left())[0]:
                continue
            piece = os.read(self.reads, 1 << 20)
            if not piece or sum(map(len, pieces)) > LARGEST:
                raise NoBrowser(_("The browser ended before it was done."))
            pieces.append(piece)
        message, _zero, self.rest = b"".join(pieces).partition(b"\0")
        return message


class Tab:
    """One page of the browser."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        targets = pipe.ask("Target.getTargets")["targetInfos"]
        target = next(item["targetId"] for item in targets if item["type"] == "page")
        self.session = str(pipe.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        self.ask("Network.enable")
        self.ask("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        return self.pipe.ask(method, self.session, **params)

    def evaluate(self, expression: str) -> Any:
        """What the expression gives; a promise is waited for."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise NoBrowser(_("The page could not be drawn."))
        return found["result"].get("value")

    def size(self, width: int, height: int, scale: float = 1) -> None:
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def light_paper(self) -> None:
        """As on paper: the print style, light whatever the machine prefers."""
        features = [{"name": "prefers-color-scheme", "value": "light"}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.ask("Emulation.setEmulatedMedia", media="print", features=features)

    def show(self, html: str) -> None:
        """The document through the pipe: it lies on no disk and has no address."""
        frame = self.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self.ask("Page.setDocumentContent", frameId=frame, html=html)

    def print_pdf(self, options: Mapping[str, Any]) -> str:
        return str(self.ask("Page.printToPDF", **options)["data"])

    def picture(self, width: int, height: int) -> str:
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        return str(self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"])
