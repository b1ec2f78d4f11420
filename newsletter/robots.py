"""What tells a robot from a person on pages that are the same for both.

Nothing here refuses a sign-up that a person may have made: what looks like a robot's is held for
staff, and the answer is the same. Only a flood from one place is turned away, and told so.
"""

from django.conf import settings
from django.http import HttpRequest

from newsletter.forms import SignUpForm
from newsletter.models.held import Suspicion
from newsletter.proof_of_work import is_solved
from pages.client_address import client_address, is_loopback, network_of
from pages.rate_limits import hit

HOUR = 3600
# In one hour: of one address, before further ones are not even noted.
PER_ADDRESS = 20
# How many times as many as are held until they are turned away.
FLOOD = 10
# The script measures from the page's beginning; nobody reads, types and sends in this time.
FASTEST_PERSON = 1500  # milliseconds


class TooManySignUpsError(Exception):
    """So many sign-ups came from one place that no more are taken for now."""


def is_one_too_many(key: str) -> bool:
    """Count a sign-up of an address; tell whether it comes so often that it is passed over."""
    return hit("sign-up:address", key, HOUR) > PER_ADDRESS


def suspicion_of(request: HttpRequest, form: SignUpForm, *, puzzle: bool) -> Suspicion | None:
    """Return why a sign-up should be held, or None; `puzzle` tells whether one had to be solved.

    Raises TooManySignUpsError. Each call counts, so that each sign-up is to be judged once. What
    is held for itself or for its network does not count towards the limit of all, so that robots
    do not get people held.
    """
    network = network_of(client_address(request))
    suspicion = _of_the_form(request, form, puzzle=puzzle)
    # All visitors have the loopback address where a proxy is not told of; it is no network.
    if network and not is_loopback(client_address(request)):
        crowd = _crowd("network", network, settings.SIGN_UPS_PER_NETWORK, Suspicion.NETWORK)
        suspicion = suspicion or crowd
    what = "held" if suspicion else "all"
    crowd = _crowd(what, "", settings.SIGN_UPS_IN_ALL, Suspicion.ALL)
    return suspicion or crowd


def _of_the_form(request: HttpRequest, form: SignUpForm, *, puzzle: bool) -> Suspicion | None:
    if form.cleaned_data["homepage"]:
        return Suspicion.TRAP
    waited = form.cleaned_data["waited"]
    if waited is not None and waited < FASTEST_PERSON:
        return Suspicion.TOO_FAST
    if puzzle and not is_solved(request.POST.get("altcha", "")):
        return Suspicion.NO_PROOF
    return None


def _crowd(what: str, subject: str, limit: int, suspicion: Suspicion) -> Suspicion | None:
    """Count one more; return the suspicion where there are too many, raise where far too many."""
    if not limit:
        return None
    count = hit(f"sign-up:{what}", subject, HOUR)
    if count > limit * FLOOD:
        raise TooManySignUpsError
    return suspicion if count > limit else None
