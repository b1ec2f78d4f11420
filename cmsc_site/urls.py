"""All addresses of the site; whatever is not named here is a page's."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern
from wagtail.views import authenticate_with_password, serve

from accounts.views import admin_sign_in
from cmsc_site import errors, health, local_mail_views, machines
from cmsc_site.mail_provider import webhook_address
from finance.views import public_file
from pages.views import search

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ReadyView.as_view(), name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap_xml, name="sitemap"),
    path("manifest.webmanifest", machines.web_manifest, name="web_manifest"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    path("social/<str:token>.png", machines.social_picture, name="social_image"),
    path("media/images/<path:path>", machines.rendition, name="rendition"),
    path("search/", search, name="search"),
    path("account/", include("accounts.urls")),
    path("board/", include("finance.urls")),
    path("newsletter/", include("newsletter.urls")),
    path("teachers/own/", include("teachers.urls")),
    *webhook_address("newsletter/webhook/"),
    path("mail/", local_mail_views.inbox, name="local_mail"),
    path("mail/<str:name>/", local_mail_views.mail, name="local_mail_one"),
    path("mail/<str:name>/html/", local_mail_views.mail_html, name="local_mail_html"),
    path("admin/login/", admin_sign_in, name="admin_sign_in"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.DEBUG and not settings.TESTING:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()

urlpatterns += [
    # Wagtail's own sign-in for private pages knows neither passkeys nor codes nor rate limits.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        authenticate_with_password,
        name="wagtailcore_authenticate_with_password",
    ),
    # Files below a page have no slash at their end.
    re_path(r"^((?:[\w\-]+/)+[\w\-]+\.(?:pdf|jpg))$", public_file),
    re_path(r"^((?:[\w\-]+/)+[\w\-]+\.(?:zip|csv|json|atom))$", csrf_exempt(serve)),
    # A page that takes a form guards it itself; all others answer a POST with 405, as they should.
    re_path(serve_pattern, csrf_exempt(serve), name="wagtail_serve"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
