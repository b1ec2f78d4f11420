"""What the mails to teachers and their own acts add to the Wagtail admin."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from teachers.content import load_mail_texts
from teachers.mail_viewset import keep_mail_texts, send_test
from teachers.own_changes import DECLINED
from teachers.staff_changes import decline

hooks.register("load_site_part", load_mail_texts, order=20)
hooks.register("before_delete_snippet", keep_mail_texts)


@hooks.register("register_admin_urls")
def own_addresses() -> list:
    """Return where staff send themselves a mail to try it out, and where they decline a change."""
    return [
        path("teachers/mails/<int:pk>/test/", send_test, name="teachers_send_test"),
        path("teachers/changes/<int:pk>/decline/", decline, name="teachers_decline_change"),
    ]


@hooks.register("register_log_actions")
def name_own_acts(actions) -> None:
    """Name what teachers do with their own entries, in the entries' history."""
    for name, words in (
        ("own_change", _("Changed by the teacher")),
        ("renewed", _("Renewed by the teacher")),
        ("reminders_off", _("Reminders ended by the teacher")),
        ("reminders_on", _("Reminders wanted again by the teacher")),
        ("left", _("Taken out of the directory by the teacher")),
        ("came_back", _("Agreement to be listed given by the teacher")),
        ("address_changed", _("Contact address changed and confirmed by the teacher")),
    ):
        actions.register_action(f"teachers.{name}", words, words)
    actions.register_action("teachers.ignored_fields")(IgnoredFields)
    actions.register_action(DECLINED)(DeclinedChange)


class IgnoredFields(LogFormatter):
    """Says which fields were posted that are not the teacher's to change."""

    label = _("Ignored fields")

    def format_message(self, log_entry) -> str:
        """Return the sentence for the history."""
        fields = ", ".join(log_entry.data.get("fields", []))
        return _("The teacher’s page was sent with fields that it does not have: %(fields)s") % {
            "fields": fields
        }


class DeclinedChange(LogFormatter):
    """Says that a change by the teacher was declined, and why where staff said it."""

    label = _("Change by the teacher declined")

    def format_message(self, log_entry) -> str:
        """Return the sentence for the history."""
        reason = log_entry.data.get("reason", "")
        if not reason:
            return str(self.label)
        return _("Change by the teacher declined: %(reason)s") % {"reason": reason}
