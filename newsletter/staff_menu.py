"""The entries of the Newsletter menu beside topics and mails."""

from django.utils.translation import gettext_lazy as _

STAFF_MENU = [
    (_("Subscribers"), "newsletter_subscribers", "group", "newsletter.view_subscriber"),
    (_("Add by hand"), "newsletter_add", "plus", "newsletter.add_subscriber"),
    (_("Held sign-ups"), "newsletter_held", "warning", "newsletter.view_heldsignup"),
    (_("Import"), "newsletter_import", "upload", "newsletter.add_subscriberimport"),
    (_("Exports"), "newsletter_exports", "download", "newsletter.view_subscriberexport"),
    (_("Deliverability"), "newsletter_deliverability", "view", "newsletter.change_subscriber"),
    (_("The form"), "newsletter_form", "cog", "newsletter.change_newslettersettings"),
]
