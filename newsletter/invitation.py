"""The invitation to the newsletter as visitors read it, and the form with it in each place.

It is read once and kept in the cache until staff change anything, since it stands on every page.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import get_language
from wagtail.models import Site

from newsletter.forms import SignUpForm
from newsletter.models import NewsletterSettings, wording_digest
from pages.chrome import chrome_for
from pages.fragments import fragment
from pages.generation import fragment_key

WORDING_LENGTH = 12  # hexadecimal digits of the digest; enough to tell a few dozen wordings apart
# The page that tells what is stored of people is one of text, so only its address tells it.
PRIVACY = "/privacy/"


@dataclass(frozen=True)
class Invitation:
    """What the form says and answers.

    `wording_text` is what a person agrees to by pressing the button; `wording` is the beginning
    of what names it. `privacy` is where the footer leads for that; empty where it does not.
    """

    heading: str
    promise: str
    button: str
    thanks_heading: str
    thanks_text: str
    proof_of_work: bool
    language: str
    privacy: str
    wording_text: str
    wording: str


@dataclass(frozen=True)
class SignUpBox:
    """The form in one place of a page, with what was typed where it was sent already.

    `place` keeps the ids of the forms of one page apart, `path` is the page's own.
    """

    invitation: Invitation
    place: str
    path: str
    form: SignUpForm | None = None

    @property
    def suffix(self) -> str:
        """What the ids end in: the place that the form was sent from, else this one."""
        return self._sent("place") or self.place

    @property
    def page(self) -> str:
        """The path of the page where the person began to sign up."""
        return self._sent("page") or self.path

    def _sent(self, name: str) -> str:
        if self.form is None or not self.form.is_bound:
            return ""
        self.form.is_valid()
        return self.form.cleaned_data.get(name, "")


def invitation_for(request: HttpRequest | None) -> Invitation:
    """Return the invitation of the request's site in the language in use.

    Without a request, as in a preview of a block, it is the one that new sites begin with.
    """
    known = getattr(request, "_newsletter_invitation", None)
    if known is not None:
        return known
    # By the host that was asked for, since finding its site takes a query.
    host = split_domain_port(request.get_host())[0] if request is not None else ""
    key = fragment_key("invitation", host, get_language())
    invitation = fragment(
        key, lambda: _read(Site.find_for_request(request), _privacy_address(request))
    )
    if request is not None:
        request._newsletter_invitation = invitation
    return invitation


def _privacy_address(request: HttpRequest | None) -> str:
    """Return where the footer's menu leads for privacy, so that no page is asked for twice."""
    links = chrome_for(request).footer_menu if request is not None else ()
    urls = [entry.url for link in links for entry in (link, *link.children)]
    return next((url for url in urls if url.endswith(PRIVACY)), "")


def _read(site: Site | None, privacy: str) -> Invitation:
    words = NewsletterSettings.objects.filter(site=site).first() or NewsletterSettings()
    return Invitation(
        heading=str(words.heading),
        promise=str(words.promise),
        button=str(words.button),
        thanks_heading=str(words.thanks_heading),
        thanks_text=str(words.thanks_text),
        proof_of_work=words.proof_of_work,
        language=get_language(),
        privacy=privacy,
        wording_text=words.wording,
        wording=wording_digest(words.wording)[:WORDING_LENGTH],
    )
