"""Addresses a webhook may point to: https, two ports, and only machines of the public internet.

Asked when the address is entered and again before every single sending, after its name was resolved; the sender then
connects to the very address that was judged, so that a name that answers differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared_apps.exchange.rules import WEBHOOK_PORTS

URL_LENGTH_MAX = 300
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
# Beyond what `ipaddress` calls not global: carriers' networks, benchmarks, translations of IPv4 into IPv6, and the
# clouds' metadata, which one of them keeps under a global address.
_REFUSED = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24",
        "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
        "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip


class TargetRefused(ValueError):
    """`args[0]` is the reason's code."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: the name for certificate and Host, the judged address to connect to, and what to ask for."""

    host: str
    port: int
    address: str
    path: str


def split(url: str) -> tuple[str, int, str]:
    """(host, port, path with query) of an address that may be registered. Raises TargetRefused."""
    if len(url) > URL_LENGTH_MAX or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise TargetRefused("form")
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else 443
    except ValueError:
        raise TargetRefused("form") from None
    if parts.scheme != "https" or "@" in parts.netloc or parts.fragment:
        raise TargetRefused("form")
    if port not in WEBHOOK_PORTS:
        raise TargetRefused("port")
    host = (parts.hostname or "").lower()
    # Names only: an address has no certificate, and numbers have too many spellings (0x7f.1, 2130706433).
    if _HOST.fullmatch(host) is None or len(host) > 253 or host.rpartition(".")[2].isdigit():
        raise TargetRefused("host")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if _PATH.fullmatch(path) is None:
        raise TargetRefused("form")
    return host, port, path


def resolve(host: str, port: int) -> list[str]:
    """All addresses of the name. Raises OSError."""
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def is_public(address: str) -> bool:
    """Whether the address is a machine of the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global or found.is_multicast or found.is_reserved:
        return False
    return not any(found.version == net.version and found in net for net in _REFUSED)


def target_of(url: str) -> Target:
    """Where the url leads now. Raises TargetRefused, also when one of several addresses is not public."""
    host, port, path = split(url)
    try:
        addresses = resolve(host, port)
    except OSError:
        raise TargetRefused("unresolved") from None
    if not addresses or not all(is_public(address) for address in addresses):
        raise TargetRefused("address")
    return Target(host, port, addresses[0], path)
