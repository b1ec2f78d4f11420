"""What a page's head says of it: title, description, picture, address, structured data.

Open Graph (ogp.me), schema.org as JSON-LD, and the canonical address of RFC 6596.
"""

import json
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from library.layouts import SOCIAL_SPEC, made
from pages.chrome import chrome_for
from pages.social_image import social_image_url

DESCRIPTION_LENGTH = 300
# What must not stand in a script element, whatever an editor typed.
_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Crumb:
    """One step of the way from the home page."""

    title: str
    url: str


@dataclass(frozen=True)
class SharedPicture:
    """The picture shown where a page is shared: an absolute address and its size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Metadata:
    """All that the head of a page says; addresses are absolute."""

    title: str
    description: str
    address: str
    picture: SharedPicture
    kind: str = "website"
    breadcrumbs: list[Crumb] = field(default_factory=list)
    graph: list[dict] = field(default_factory=list)
    indexed: bool = True

    @property
    def json_ld(self) -> SafeString:
        """The structured data as the text of a script element."""
        document = {"@context": "https://schema.org", "@graph": self.graph}
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return mark_safe(text.translate(_SCRIPT_ESCAPES))  # noqa: S308 - escaped above


def absolute(path: str) -> str:
    """Return the absolute address of a path of this site; an absolute one stays as it is."""
    return path if path.startswith(("http://", "https://")) else f"{settings.SITE_URL}{path}"


def drawn_picture(title: str) -> SharedPicture:
    """Return the picture that is drawn from a title."""
    return SharedPicture(absolute(social_image_url(title)), 1200, 630)


def page_metadata(page, request: HttpRequest) -> Metadata:
    """Return what the head of a Wagtail page says of it."""
    crumbs = page.get_breadcrumbs(request)
    return build_metadata(
        request,
        title=page.seo_title or page.title,
        description=page.summary,
        breadcrumbs=crumbs,
        image=page.social_image,
        graph=page.structured_data(request),
    )


def build_metadata(
    request: HttpRequest,
    *,
    title: str,
    description: str = "",
    breadcrumbs: list[Crumb] | None = None,
    image=None,
    graph: list[dict] | None = None,
    kind: str = "website",
    indexed: bool = True,
) -> Metadata:
    """Return the metadata of whatever answers at the request's path.

    The picture is the given image, else the site's own, else one drawn from the title. What is
    not for search engines may hold a visitor's words, which are never drawn.
    """
    crumbs = breadcrumbs or []
    address = absolute(request.path)
    organisation = organisation_data(request)
    parts = [organisation, *(item for item in graph or [] if item != organisation)]
    if len(crumbs) > 1:
        parts.append(breadcrumb_data(crumbs))
    image = image or chrome_for(request).social_image
    words = title if indexed else organisation["name"]
    return Metadata(
        title=title,
        description=Truncator(" ".join(description.split())).chars(DESCRIPTION_LENGTH),
        address=address,
        picture=(_rendered(image) if image else None) or drawn_picture(words),
        kind=kind,
        breadcrumbs=crumbs,
        graph=parts,
        indexed=indexed,
    )


def organisation_data(request: HttpRequest) -> dict:
    """Return the organisation as a schema.org NGO, with what staff have filled in."""
    organisation = chrome_for(request).organisation
    facts = {
        "@type": "NGO",
        "@id": absolute("/#organization"),
        "name": organisation.name,
        "alternateName": organisation.short_name,
        "url": absolute("/"),
        "logo": absolute(f"{settings.STATIC_URL}img/icon-512.png"),
        "email": organisation.email,
        "taxID": organisation.ein,
        "address": organisation.postal_address,
        "sameAs": [profile.url for profile in organisation.profiles],
    }
    return {name: value for name, value in facts.items() if value}


def breadcrumb_data(crumbs: list[Crumb]) -> dict:
    """Return the way to the page as a schema.org BreadcrumbList."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.title,
                "item": absolute(crumb.url),
            }
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }


def _rendered(image) -> SharedPicture | None:
    """The image as it is shared; None until the worker has made it."""
    rendition = made(image, SOCIAL_SPEC).get(SOCIAL_SPEC)
    return rendition and SharedPicture(absolute(rendition.url), rendition.width, rendition.height)
