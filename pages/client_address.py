"""Which IP address a request comes from, as far as anyone's word for it can be believed."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# With a port, as some proxies write it: 192.0.2.1:5678, [2001:db8::1]:443.
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>[\d.]+):\d+")
IPV4_PREFIX, IPV6_PREFIX = 24, 48


def client_address(request: HttpRequest) -> str:
    """Return the visitor's IP address; empty where none is known.

    Each of our proxies adds whom it was asked by at the end of X-Forwarded-For, so that only the
    last entries, as many as there are proxies (TRUSTED_PROXIES), are not the visitor's own to say.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        told = chain[-settings.TRUSTED_PROXIES :][0] or told
    address = _parsed(told)
    return str(address) if address else ""


def network_of(address: str) -> str:
    """Return the /24 or /48 that an address is in: what is left of it when it is shortened."""
    found = _parsed(address)
    if found is None:
        return ""
    prefix = IPV4_PREFIX if found.version == 4 else IPV6_PREFIX
    return str(ip_network((found, prefix), strict=False))


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own."""
    found = _parsed(address)
    return found is not None and found.is_loopback


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()[:60]
    if match := _WITH_PORT.fullmatch(text):
        text = match["six"] or match["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
