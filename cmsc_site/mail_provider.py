"""Where the mail provider tells of bounces and complaints; django-anymail reads what it says."""

import logging
from collections.abc import Callable

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.urls import urlpatterns as anymail_patterns
from django.conf import settings
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger("cmsc_site.mail")

MOST_BYTES = 2 * 1024 * 1024
# What anymail's readers come to grief with, some before they have verified who calls.
UNREADABLE = (AnymailError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
# They sign what they send with a key that is among their own settings; the others need the secret.
SIGNING_KEYS = {
    "mailgun": ("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"),
    "mandrill": ("MANDRILL_WEBHOOK_KEY",),
    "mailersend": ("MAILERSEND_SIGNING_SECRET",),
    "mailtrap": ("MAILTRAP_TRACKING_SECRET",),
    "postal": ("POSTAL_WEBHOOK_KEY",),
    "resend": ("RESEND_SIGNING_SECRET",),
    "sendgrid": ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",),
    "unisender_go": ("UNISENDER_GO_API_KEY",),
}


def webhook_address(route: str) -> list[URLPattern]:
    """Return the one address for the provider that is set; none without a way to verify it.

    Raises ImproperlyConfigured where the provider's own settings lack what it needs.
    """
    provider = settings.MAIL_PROVIDER
    if not provider or not _is_verified(provider):
        return []
    names = {f"{provider}_tracking_webhook", f"{provider}_webhook"}
    view = next(one.callback for one in anymail_patterns if one.name in names)
    try:
        view.view_class(**view.view_initkwargs)  # which is done at each call, and too late there
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"MAIL_PROVIDER_SETTINGS lacks something: {error}") from error
    return [path(route, _guarded(view), name="newsletter_webhook")]


def _is_verified(provider: str) -> bool:
    keys = SIGNING_KEYS.get(provider, ())
    return any(settings.ANYMAIL.get(key) for key in ("WEBHOOK_SECRET", *keys))


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse what is too long, not verified or not readable, and say so in one line of the log."""

    @csrf_exempt
    def webhook(request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return HttpResponse(status=413)
        try:
            return view(request)
        except AnymailWebhookValidationFailure as error:
            logger.warning("webhook refused", extra={"provider": settings.MAIL_PROVIDER})
            raise PermissionDenied(_("This is for the mail provider alone.")) from error
        except UNREADABLE as error:
            logger.exception("webhook unreadable", extra={"provider": settings.MAIL_PROVIDER})
            raise BadRequest("The event cannot be read.") from error

    return webhook
