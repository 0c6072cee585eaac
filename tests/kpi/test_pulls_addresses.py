"""Where a pull may connect to: to public addresses by TLS, checked at the moment of connecting. No setting opens another way."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kpi import registry
from kpi.pulls import addresses, wire
from kpi.vendor import Problem

INSIDE = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::127.0.0.1",
    "2001:0:7f00:1::80ff:fffe", "nonsense",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "203.0.112.1", "2606:4700::1111"]
NOT_HOSTS = ["localhost", "169.254.169.254", "10.0.0.1", "[::1]", "2130706433", "0x7f.1", "acme.zendesk.com@10.0.0.1",
             "acme.zendesk.com:8080",
             "acme.zendesk.com/x", "a.acme.zendesk.com", "zendesk.com", "acme.zendesk.com.evil.example", "ACME.zendesk.com\n"]  # fmt: skip


def answering(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """The name service gives these addresses, whatever it is asked."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [(2, 1, 6, "", (item, 443)) for item in found])


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_and_nothing_is_connected_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, "8.8.8.8", address)  # among honest ones too
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("connected"))
    with pytest.raises(Problem, match="inside"):
        wire.connect("acme.zendesk.com")


def test_public_addresses_are_public() -> None:
    assert [address for address in OUTSIDE if not addresses.is_public(address)] == []


def test_what_was_checked_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once: a second answer, which could lead inside, is never asked for."""
    answering(monkeypatch, "8.8.8.8")
    reached: list[Any] = []

    def connect(address: tuple[str, int], **kwargs: object) -> None:
        reached.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Problem, match="unreachable"):
        wire.connect("acme.zendesk.com")
    assert reached == [("8.8.8.8", 443)]


@pytest.mark.parametrize("host", NOT_HOSTS)
def test_a_secret_is_for_hosts_of_its_vendor_alone(host: str) -> None:
    assert not any(vendor.host.fullmatch(host) for vendor in registry.vendors().values())


def test_every_vendor_knows_its_own_host_and_reads_a_source_that_exists() -> None:
    for vendor in registry.vendors().values():
        assert vendor.format in registry.sources()
        assert vendor.host.fullmatch(vendor.sample.split(",")[0]), vendor.format


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[int]:
    """A TLS server of that very name whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "acme.zendesk.com")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("acme.zendesk.com")]), critical=False)
    file = tmp_path / "impostor.pem"
    text = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            link, _peer = listening.accept()
            with link, suppress(OSError):
                context.wrap_socket(link, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def test_a_certificate_nobody_vouches_for_is_refused(impostor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    monkeypatch.setattr(wire, "PORT", impostor)
    monkeypatch.setattr(socket, "create_connection", lambda address, **kwargs: _by_number(address))
    with pytest.raises(Problem, match="certificate"):
        wire.connect("acme.zendesk.com")


def _by_number(address: tuple[str, int]) -> socket.socket:
    made = socket.socket()
    made.settimeout(5)
    made.connect(address)
    return made
