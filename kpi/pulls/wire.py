"""One question over the wire: TLS alone, to an address that was checked, without a redirect, counted while it comes, and over in time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from kpi.pulls import addresses
from kpi.vendor import Answer, Problem, Request

PORT = 443
CONNECT_S, SILENT_S, WHOLE_S = 10, 30, 180  # seconds: to connect, without a byte, for the whole answer
PIECE = 1 << 16
AGENT = "Counterweight"

Keep = Callable[[], None]


def connect(host: str) -> socket.socket:
    """A TLS connection to a public address of this host; its certificate has to be the host's."""
    addressed = addresses.resolved(host, PORT)
    plain = _reached(addressed, host)
    try:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context.wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError:
        plain.close()
        raise Problem("certificate", host=host) from None
    except OSError:
        plain.close()
        raise Problem("unreachable", passing=True, host=host) from None


def _reached(addressed: list[str], host: str) -> socket.socket:
    """By number, so that no second look-up can answer otherwise."""
    for address in addressed:
        try:
            made = socket.create_connection((address, PORT), timeout=CONNECT_S)
        except OSError:
            continue
        if addresses.is_public(str(made.getpeername()[0])):
            made.settimeout(SILENT_S)
            return made
        made.close()
        raise Problem("inside", host=host)
    raise Problem("unreachable", passing=True, host=host)


def exchange(host: str, request: Request, headers: Mapping[str, str], keep: Keep, within_s: float = WHOLE_S) -> Answer:
    """The answer, whole, whatever its status is; `keep` is called while it comes. Problem for everything that goes wrong."""
    link = http.client.HTTPConnection(host, timeout=SILENT_S)
    link.sock = made = connect(host)
    with made, _in_time(made, within_s) as over:
        try:
            sent = {"Accept-Encoding": "identity", "User-Agent": AGENT, "Accept": "*/*", **request.headers, **headers}
            link.request(request.method, request.path, body=request.body or None, headers=sent)
            with link.getresponse() as answer:
                named = {name.lower(): value for name, value in answer.getheaders()}
                return Answer(answer.status, named, _body(answer, request.limit, keep))
        except (OSError, http.client.HTTPException, ValueError) as error:
            if over.is_set() or isinstance(error, TimeoutError):
                raise Problem("slow", passing=True, host=host) from None
            raise Problem("cut_off", passing=True) from None
        finally:
            link.close()


def _body(answer: http.client.HTTPResponse, limit: int, keep: Keep) -> bytes:
    """Never more than `limit`, whatever length was announced; one that ends before its announced length is none."""
    if answer.length is not None and answer.length > limit:
        raise Problem("too_large", most=limit // 10**6)
    made = bytearray()
    while piece := answer.read(PIECE):
        made += piece
        if len(made) > limit:
            raise Problem("too_large", most=limit // 10**6)
        keep()
    if answer.length:
        raise http.client.IncompleteRead(b"")
    return bytes(made)


@contextmanager
def _in_time(link: socket.socket, within_s: float) -> Iterator[threading.Event]:
    """Ends the connection when the time is over: a byte every ten seconds would last for ever otherwise."""
    over = threading.Event()

    def end() -> None:
        over.set()
        with suppress(OSError):
            socket.socket.shutdown(link, socket.SHUT_RDWR)

    timer = threading.Timer(within_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()
