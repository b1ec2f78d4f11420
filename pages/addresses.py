"""The address of the one page of a kind, below which other things have theirs."""

from django.core.cache import cache

from pages.generation import fragment_key
from pages.models import BasePage
from pages.visibility import public


def public_address(page_type: type[BasePage]) -> str:
    """Return the address of the public page of that type; empty while there is none.

    Asked once in each generation of the site, since lists and the search need it again and again.
    """
    key = fragment_key("address", page_type._meta.label_lower)
    address = cache.get(key)
    if address is None:
        page = public(page_type.objects.live()).first()
        address = page.url if page else ""
        cache.set(key, address)
    return address
