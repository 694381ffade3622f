"""The address that a request came from, as far as it can be believed."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings


def client_address(meta: Mapping[str, Any]) -> str:
    """The client's address out of a request's `META`; the network of an IPv6 one; empty if there is none.

    `TRUSTED_PROXIES` says how many proxies of ours append to ``X-Forwarded-For``: what stands further left in
    it was written by the client. With 0 only the connection itself (``REMOTE_ADDR``) is believed.
    """
    proxies = settings.TRUSTED_PROXIES
    told = [part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    # Fewer entries than proxies: somebody came past one of them, and may have written what is there.
    believed = told[-proxies] if 0 < proxies <= len(told) else ""
    return _canonical(believed) or _canonical(str(meta.get("REMOTE_ADDR", "")))


def _canonical(text: str) -> str:
    """One spelling for each client, or nothing for what is no address. Some proxies add a port."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        # Whoever has one address of a /64 has them all (RFC 6177).
        return str(ip_network((address.packed, 64), strict=False))
    return str(address)
