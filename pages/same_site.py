"""Whether a form was sent from this site, told without a cookie.

Public pages are the same bytes for everyone, so the form on them holds no secret of its own.
Browsers say where a request comes from (Fetch Metadata, W3C; Origin, RFC 6454); what says
neither is no browser of the last years, and is left to the other defences.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest

# "none" is a request that no page made: the visitor's own reload, say.
FROM_HERE = {"same-origin", "same-site", "none"}


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether the request may have come from a page of this site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site.strip().lower() in FROM_HERE
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        address = urlsplit(origin.strip().lower())
    except ValueError:
        return False
    return (address.scheme, address.netloc) == (request.scheme, request.get_host().lower())
