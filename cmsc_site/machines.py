"""Answers meant for machines: robots.txt, security.txt, the web manifest, renditions."""

import posixpath
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.static import serve as serve_file
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.models import Page, Site

from pages.chrome import chrome_for
from pages.generation import fragment_key
from pages.metadata import absolute
from pages.read_only import read_only
from pages.remembered import remembered
from pages.social_image import social_image, title_of
from pages.visibility import public

PAPER, INK = "#fbf7f0", "#0a4347"


@read_only
@remembered()
def robots(request: HttpRequest) -> HttpResponse:
    """Answer robots.txt: everything public may be read; the rest is not worth the visit."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /account/",
        "Disallow: /search/",
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@read_only
@remembered()
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answer security.txt (RFC 9116): where to report a weakness.

    The contact is the setting, else the address that staff gave in the admin, else the site.
    """
    contact = settings.SECURITY_CONTACT or chrome_for(request).organisation.email or absolute("/")
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=180
    )
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class PublicSitemap(Sitemap):
    """Wagtail's sitemap, with the site's own answer to which pages anyone may see."""

    def items(self):
        """Return the published pages of the site that anyone may see."""
        root = self.get_wagtail_site().root_page
        pages = Page.objects.descendant_of(root, inclusive=True).live()
        return public(pages).order_by("path").specific()


@read_only
@remembered("p")
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Answer sitemap.xml with every public page, remembered until staff change anything.

    A site of more than 50,000 pages has several parts, `?p=2` and so on; 404 beyond the last.
    """

    def text() -> bytes:
        return sitemap(request, sitemaps={"pages": PublicSitemap(request)}).render().content

    if request.GET.get("p", "1") != "1":  # rare, and anyone may ask for any number
        return HttpResponse(text(), content_type="application/xml")
    site = Site.find_for_request(request)
    # With the day, on which a teacher's entry may end.
    key = fragment_key("sitemap", site.pk if site else 0, timezone.localdate().isoformat())
    return HttpResponse(cache.get_or_set(key, text), content_type="application/xml")


@read_only
@remembered()
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Answer the web app manifest: the site's name, colours and icons for a home screen."""
    organisation = chrome_for(request).organisation
    icons = [("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any")]
    icons.append(("icon-maskable-512.png", "512x512", "maskable"))
    return JsonResponse(
        {
            "name": organisation.name,
            "short_name": organisation.short_name,
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": PAPER,
            "theme_color": INK,
            "icons": [
                {"src": static(f"img/{name}"), "sizes": sizes, "type": "image/png", "purpose": use}
                for name, sizes, use in icons
            ],
        },
        content_type="application/manifest+json",
    )


@read_only
@cache_control(public=True, max_age=31_536_000, immutable=True)
def social_picture(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the picture that is drawn from the signed title in the address."""
    title = title_of(token)
    if title is None:
        raise Http404
    return HttpResponse(social_image(title), content_type="image/png")


# A CDN forgets within a day the portrait of someone who left.
@read_only
@cache_control(public=True, max_age=31_536_000, s_maxage=86_400, immutable=True)
def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with a picture as a page shows it.

    Of all that is uploaded only the renditions are here: an original may hold the place where
    it was taken, and documents are given out by Wagtail, which knows who may have them.
    """
    if isinstance(default_storage, FileSystemStorage):
        try:
            return serve_file(request, path, document_root=Path(settings.MEDIA_ROOT) / "images")
        # The path leads out of the folder, or is longer than one may be.
        except (SuspiciousFileOperation, OSError) as error:
            raise Http404 from error
    return _stored_rendition(f"images/{path}")


def _stored_rendition(name: str) -> HttpResponse:
    """Answer with a picture from object storage; they are small, so it is read whole."""
    if posixpath.normpath(name) != name:  # another name for it, or for something else
        raise Http404
    try:
        found = default_storage.stored(name)
    except FileNotFoundError as error:
        raise Http404 from error
    with closing(found["Body"]) as body:
        response = HttpResponse(body.read(), content_type=found["ContentType"])
    response["ETag"] = found["ETag"]
    response["Last-Modified"] = http_date(found["LastModified"].timestamp())
    # Keeps GZipMiddleware away; cmsc_site.headers takes it off again.
    response["Content-Encoding"] = "identity"
    return response
