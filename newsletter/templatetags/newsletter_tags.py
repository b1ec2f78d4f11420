"""The invitation and its form, wherever a template wants them."""

from django import template
from django.template.context import Context

from newsletter.invitation import Invitation, SignUpBox, invitation_for

register = template.Library()


@register.simple_tag(takes_context=True)
def invitation(context: Context) -> Invitation:
    """Return what the form says and answers on this site."""
    return invitation_for(context.get("request"))


@register.inclusion_tag("components/sign_up.html", takes_context=True)
def sign_up_form(context: Context, place: str) -> dict:
    """Show the form in one place of a page: "footer", "section", "page" or "answer"."""
    request = context.get("request")
    path = request.path if request is not None else ""
    # Below an address that holds a token, the page that was not found is no source to keep.
    path = "" if "~" in path else path
    return {"sign_up": SignUpBox(invitation_for(request), place, path)}
