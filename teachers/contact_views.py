"""The address that a profile's form is sent to, and the page that says that it was."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pages.metadata import build_metadata
from pages.rate_limits import seconds_left
from pages.read_only import read_only
from pages.same_site import is_from_here
from pages.token_page import for_nobody_else, token_page
from teachers.contact import ContactBox, ContactForm, TooManyMessagesError, contact_box, relay
from teachers.models import DirectoryEntry, directory_address

# Many times what the form can hold.
MOST_BYTES = 64 * 1024


def write(request: HttpRequest, page, entry: DirectoryEntry) -> HttpResponse:
    """Show the form alone; take a message and lead to the page that says it is on its way.

    400 for what was typed wrongly, with all of it kept, 403 from another site, 404 where the
    teacher cannot be written to, 413 for too much, 429 in a flood. `page` is the directory.
    """
    box = contact_box(entry.teacher, page.profile_url(entry.slug, request))
    if request.method != "POST":
        return _form_page(request, box)
    if _length(request) > MOST_BYTES:
        return _refusal(request, 413, _("This is more than the form can hold."))
    if not is_from_here(request):
        raise PermissionDenied(_("This form was sent from another site. Please use ours."))
    if not box.can_write:
        raise Http404
    request.encoding = "utf-8"  # whatever the request says, which may be none
    form = ContactForm(request.POST)
    if not form.is_valid() and not form.is_a_robots:
        box = contact_box(entry.teacher, page.profile_url(entry.slug, request), form)
        return _form_page(request, box, status=400)
    try:
        relay(request, entry.teacher, form)
    except TooManyMessagesError as error:
        form.add_error(
            None,
            _(
                "So many messages came at once that we take no more just now. Please keep yours "
                "and try again in an hour."
            ),
        )
        box = contact_box(entry.teacher, page.profile_url(entry.slug, request), form)
        response = _form_page(request, box, status=429)
        response["Retry-After"] = str(seconds_left(error.seconds))
        return response
    response = redirect("teachers_sent", entry.slug)
    response.status_code = 303  # RFC 9110, 15.4.4: go on with a GET
    return for_nobody_else(response)


@never_cache
@read_only
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a message is on its way to a teacher who is in the directory; else 404."""
    entry = DirectoryEntry.objects.current().select_related("teacher").filter(slug=slug).first()
    address = directory_address()
    if entry is None or not address:
        raise Http404
    response = token_page(
        request,
        _("Your message is on its way"),
        [
            _("We have sent it to %(name)s.") % {"name": entry.teacher.name},
            _(
                "The answer comes to the address that you gave. We keep your message for 30 days "
                "at most, and then it is deleted."
            ),
        ],
        links=[(f"{address}{slug}/", _("Back to %(name)s") % {"name": entry.teacher.name})],
    )
    return for_nobody_else(response)


def _form_page(request: HttpRequest, box: ContactBox, status: int = 200) -> HttpResponse:
    title = _("Write to %(name)s") % {"name": box.name}
    context = {
        "metadata": build_metadata(request, title=title, indexed=False),
        "contact": box,
        "alone": True,
    }
    response = render(request, "teachers/own/write.html", context, status=status)
    return response if status == 200 else for_nobody_else(response)


def _refusal(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    metadata = build_metadata(request, title=sentence, indexed=False)
    context = {"metadata": metadata, "status": status, "title": sentence, "text": ""}
    return for_nobody_else(render(request, "errors/error.html", context, status=status))


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
