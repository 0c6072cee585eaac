"""Which addresses a pull may connect to: public ones alone. A name is looked up once, and what was checked is what is connected to."""

from __future__ import annotations

import ipaddress
import socket

from kpi.vendor import Problem

NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(text: str) -> bool:
    """False for what lies inside: private, loopback, link-local (the metadata of clouds is there), shared, reserved, multicast, and an
    IPv4 address of these inside an IPv6 one."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_outside(item) for item in (address, *_inside(address)))


def _outside(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inside(address: Address) -> list[Address]:
    """The IPv4 addresses that an IPv6 one stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64 or int(address) >> 32 == 0:  # translated, or IPv4-compatible
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [item for item in found if item is not None]


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name. One inside among them is enough to refuse it: an honest name has none."""
    try:
        found = [str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Problem("unknown_host", passing=True, host=host) from None
    if not found:
        raise Problem("unknown_host", passing=True, host=host)
    if not all(is_public(address) for address in found):
        raise Problem("inside", host=host)
    return found
