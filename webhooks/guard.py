"""Where a webhook may be aimed: never at the platform's own network, whatever the address is called.

The form of a URL is judged here without asking the network; the addresses that its host resolves to are
judged on every attempt (webhooks/network.py).
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = frozenset({443, 8443})
LONGEST = 2000

# IPv4 (IANA's special-purpose registry): what Python calls global and is none, or is no single receiver:
# AS112, AMT and 6to4 anycast, protocol assignments (a cloud's metadata answers at 192.0.0.192), and the
# address at which another cloud's hosts talk to their virtual machines.
_REFUSED_V4 = [
    IPv4Network(text)
    for text in (
        "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
        "168.63.129.16/32", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# IPv6: an allow-list, because each way to write an IPv4 address as IPv6 (mapped, compatible, NAT64, 6to4,
# Teredo) leads back into the networks above, and Python calls some of them global.
_UNICAST_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = [
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]

_URL = re.compile(r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?#\\]*)(?P<rest>[^#\\]*)")
# RFC 3986 section 3: what may stand in a path and a query.
_REST = re.compile(r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:@\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# What an address parser reads as a number (URL standard of WHATWG, "ends in a number"): 127.1, 0x7f000001.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Letters that the two versions of IDNA send to different hosts.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")
# Names that only a private network answers (RFC 6761, RFC 6762, RFC 8375, ICANN's reservation of 2024).
_PRIVATE_NAMES = ("localhost", "local", "internal", "home.arpa")


class RefusedUrl(Exception):
    """The URL is none that a webhook may have; `text` says why."""

    def __init__(self, text: Promise) -> None:
        super().__init__("refused_url")
        self.text = text


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `host` in ASCII or an address without brackets, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_public(self) -> bool:
        """Whether it may be any public address: https on a port for it."""
        return self.scheme == "https" and self.port in PORTS

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL and in the header ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def check_url(url: str, *, field: str = "webhook_url") -> str:
    """The URL in its usual form (host in ASCII and lower case). Asks no name server.

    Raises `InvalidInput` naming the field.
    """
    try:
        return str(read_url(url))
    except RefusedUrl as refused:
        raise InvalidInput(**{field: refused.text}) from refused


def read_url(url: str) -> Target:
    """What a URL leads to. Raises `RefusedUrl` for one that a webhook may not have."""
    found = _URL.fullmatch(url) if len(url) <= LONGEST else None
    if found is None or not _REST.fullmatch(found["rest"]):
        raise RefusedUrl(_("Write a URL such as https://example.org/hook, of at most 2,000 characters."))
    if "@" in found["authority"]:
        raise RefusedUrl(_("Leave user names and passwords out of the URL."))
    scheme, place = found["scheme"].lower(), _AUTHORITY.fullmatch(found["authority"])
    if scheme != "https" and not (scheme == "http" and allowed_networks()):
        raise RefusedUrl(_("The URL must begin with https://."))
    if place is None:
        raise RefusedUrl(_("The URL names no host."))
    port = int(place["port"] or {"https": 443, "http": 80}[scheme])
    if not _may_have_port(port):
        raise RefusedUrl(_("Use port 443 or 8443."))
    path = found["rest"] if found["rest"].startswith("/") else f"/{found['rest']}"
    return Target(scheme=scheme, host=_host(place["host"]), port=port, path=path)


def is_allowed(address: Address, target: Target) -> bool:
    """Whether a request for a target may go to an address.

    The networks of the setting take anything; all others only https on its ports, at public addresses.
    """
    if any(address in network for network in allowed_networks() if network.version == address.version):
        return True
    return target.is_public and is_public_address(address)


def is_public_address(address: Address) -> bool:
    """Whether an address is one machine's on the public internet."""
    if isinstance(address, IPv6Address):
        return address in _UNICAST_V6 and not any(address in network for network in _REFUSED_V6)
    return address.is_global and not any(address in network for network in _REFUSED_V4)


def allowed_networks() -> tuple[Network, ...]:
    """The networks of our own that webhooks may reach: none in production."""
    return _networks(tuple(settings.WEBHOOK_ALLOWED_NETWORKS))


@lru_cache(maxsize=8)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


def _may_have_port(port: int) -> bool:
    return port in PORTS or (bool(allowed_networks()) and 0 < port < 2**16)


def _host(text: str) -> str:
    """A host's name in ASCII and lower case, or a literal address of a network that the setting allows."""
    host = text[1:-1] if text.startswith("[") else _in_ascii(text).removesuffix(".")
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        return _literal(host)
    if not all(map(_LABEL.fullmatch, labels)) or len(host) > 253:  # noqa: PLR2004  -- RFC 1035 section 2.3.4
        raise RefusedUrl(_("The URL names no host."))
    if _is_private_name(host) and not (allowed_networks() and labels[-1] == "localhost"):
        raise RefusedUrl(_("This host is of a private network."))
    return host


def _literal(host: str) -> str:
    try:
        # Python takes four decimal numbers alone: none of the short, octal and hexadecimal forms.
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is None or not any(address in network for network in allowed_networks()):
        raise RefusedUrl(_("Name the host: a number is refused."))
    return str(address)


def _is_private_name(host: str) -> bool:
    return "." not in host or any(host == name or host.endswith(f".{name}") for name in _PRIVATE_NAMES)


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        if _AMBIGUOUS.isdisjoint(host):
            # Full-width digits and dots become plain ones here, before the name is judged.
            return host.encode("idna").decode().lower()
    except UnicodeError:
        pass
    raise RefusedUrl(_("Write the host's name in ASCII (xn--…)."))
