"""What the newsletter adds to the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.forms import Media
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from newsletter.bulk import ACTIONS
from newsletter.content import load_mail_texts
from newsletter.export import exports
from newsletter.growth import state_counts
from newsletter.mail_viewset import keep_mail_texts, send_test
from newsletter.models import HeldSignUp, Subscriber
from newsletter.staff_deliverability import deliverability
from newsletter.staff_held import decide_held, held_sign_ups
from newsletter.staff_import import imports
from newsletter.staff_subscribers import (
    add_subscriber,
    change_subscriber,
    erase_page,
    send_again,
    subscriber_page,
    suppress_page,
)
from newsletter.viewsets import NewsletterViewSetGroup, SubscriberIndexView, keep_chosen_topics
from pages.mail_state import stuck_mails

register_snippet(NewsletterViewSetGroup)

hooks.register("register_admin_urls", imports.addresses)
hooks.register("register_admin_urls", exports.addresses)
hooks.register("before_delete_snippet", keep_chosen_topics)
hooks.register("before_delete_snippet", keep_mail_texts)
hooks.register("load_site_part", load_mail_texts, order=20)
for action in ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("register_admin_urls")
def subscriber_addresses() -> list:
    """Return the addresses of the pages about subscribers."""
    people = "newsletter/subscribers/"
    listing = SubscriberIndexView
    return [
        path(people, listing.as_view(), name="newsletter_subscribers"),
        path(
            f"{people}results/",
            listing.as_view(results_only=True),
            name="newsletter_subscribers_results",
        ),
        path(f"{people}add/", add_subscriber, name="newsletter_add"),
        path(f"{people}<int:pk>/", subscriber_page, name="newsletter_subscriber"),
        path(f"{people}<int:pk>/change/", change_subscriber, name="newsletter_change"),
        path(f"{people}<int:pk>/send/", send_again, name="newsletter_send_again"),
        path(f"{people}<int:pk>/suppress/", suppress_page, name="newsletter_suppress"),
        path(f"{people}<int:pk>/erase/", erase_page, name="newsletter_erase"),
        path("newsletter/held/", held_sign_ups, name="newsletter_held"),
        path("newsletter/held/decide/", decide_held, name="newsletter_decide_held"),
    ]


@hooks.register("register_admin_urls")
def mail_addresses() -> list:
    """Return the addresses of the pages about the newsletter's mails."""
    return [
        path("newsletter/mails/<int:pk>/test/", send_test, name="newsletter_send_test"),
        path("newsletter/deliverability/", deliverability, name="newsletter_deliverability"),
        path(
            "newsletter/form/",
            RedirectView.as_view(
                url=reverse_lazy("wagtailsettings:edit", args=("newsletter", "newslettersettings"))
            ),
            name="newsletter_form",
        ),
    ]


@hooks.register("register_permissions")
def newsletter_permissions():
    """Let administrators give the newsletter's permissions to groups."""
    return Permission.objects.filter(
        content_type__app_label="newsletter",
        content_type__model__in=[
            "subscriber",
            "heldsignup",
            "subscriberimport",
            "subscriberexport",
        ],
    )


@hooks.register("register_log_actions")
def name_subscriber_actions(actions) -> None:
    """Name what is noted beside a person's own history, which goes with them."""
    actions.register_action("newsletter.erase", _("Erase"), _("A person was erased"))


class NewsletterPanel(Component):
    """What waits for those who look after the newsletter, on their dashboard."""

    name = "newsletter"
    template_name = "newsletter/staff/panel.html"
    order = 30
    media = Media()

    def get_context_data(self, parent_context: dict) -> dict:
        """Return how many wait and how many are subscribed."""
        return {
            "held": HeldSignUp.objects.count(),
            "stuck": stuck_mails().count(),
            "subscribed": state_counts()[Subscriber.State.CONFIRMED],
        }


@hooks.register("construct_homepage_panels")
def show_newsletter(request, panels: list[Component]) -> None:
    """Show the panel to those who look after the newsletter."""
    if request.user.has_perm("newsletter.view_subscriber"):
        panels.append(NewsletterPanel())
