"""How the mail is doing, and whether the sending domain is set up for it, for staff."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from newsletter.deliverability import UnknowableDomainError, check_domain, sending_domain
from newsletter.dns_lookups import Lookups
from pages.mail_state import queue_state
from pages.models import OrganisationSettings


class SelectorForm(forms.Form):
    """The name of the DKIM key, where staff know it."""

    selector = forms.CharField(
        label=gettext_lazy("DKIM selector"),
        required=False,
        max_length=63,
        help_text=gettext_lazy(
            "The name of the key that your provider signs with. Left empty, the usual names are "
            "tried."
        ),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
                gettext_lazy("A selector is made of letters, digits, hyphens and dots."),
            )
        ],
    )


@permission_required("newsletter.change_subscriber", raise_exception=True)
def deliverability(request: HttpRequest) -> HttpResponse:
    """Answer with the state of the mail; asked by POST, also with that of the sending domain.

    What is found is shown and not kept.
    """
    form = SelectorForm(request.POST or None)
    domain = sending_domain(settings.DEFAULT_FROM_EMAIL)
    context = {
        "form": form,
        "domain": domain,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "transport": transport(),
        "queue": queue_state(),
        "has_postal_address": OrganisationSettings.for_site(
            Site.find_for_request(request)
        ).postal_address.strip(),
    }
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 400
    elif request.method == "POST":
        try:
            context["findings"] = check_domain(
                domain,
                Lookups(),
                selector=form.cleaned_data["selector"],
                provider=settings.MAIL_PROVIDER,
            )
        except UnknowableDomainError as error:
            context["unknowable"] = str(error)
    template = "newsletter/staff/deliverability.html"
    return TemplateResponse(request, template, context, status=status)


def transport() -> str:
    """Return in words how mail leaves the site; never with a name or password to sign in with."""
    backend = settings.POST_OFFICE["BACKENDS"]["default"]
    if backend.startswith("anymail."):
        return _("The provider %(name)s") % {"name": backend.split(".")[2].replace("_", " ")}
    if backend.endswith(".smtp.EmailBackend"):
        secured = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
        words = (
            _("The mail server %(host)s, port %(port)s, encrypted")
            if secured
            else _("The mail server %(host)s, port %(port)s, not encrypted")
        )
        return words % {"host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT}
    if settings.EMAIL_FILE_PATH:
        return _("Files on this machine: no mail leaves it. Set EMAIL_URL to send mail.")
    return _("%(name)s: no mail leaves this machine.") % {"name": backend.split(".")[-2]}
