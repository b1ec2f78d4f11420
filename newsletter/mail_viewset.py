"""The words of the newsletter's mails in the Wagtail admin: changed, previewed and tried out."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from post_office import mail
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from newsletter.mail_rendering import example
from newsletter.models import MailText


class ChangedOnly(ModelPermissionPolicy):
    """Nobody adds a mail or deletes one: each is of a kind that the site sends."""

    def user_has_permission(self, user, action: str) -> bool:
        """Tell whether the user may; adding and deleting nobody may."""
        return action not in {"add", "delete"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        """Tell whether the user may do one of these things."""
        return any(self.user_has_permission(user, action) for action in actions)


class MailTextEditView(EditView):
    """Changes the words of a mail."""

    def get_success_buttons(self) -> list:
        """Offer to try out what was saved."""
        address = reverse("newsletter_send_test", args=[self.object.pk])
        return [*super().get_success_buttons(), messages.button(address, _("Send me a test"))]


class MailTextViewSet(SnippetViewSet):
    """Mails that the newsletter itself sends: their words can be changed and nothing else."""

    model = MailText
    icon = "mail"
    menu_label = _("Mails")
    edit_view_class = MailTextEditView
    list_display = ["__str__", "subject"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(template="newsletter/staff/send_test_panel.html"),
            FieldPanel("subject"),
            FieldPanel("heading"),
            FieldPanel("text"),
            FieldPanel("button"),
            FieldPanel("after"),
        ]
    )

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        """Who may do what with the words."""
        return ChangedOnly(self.model)


def keep_mail_texts(request: HttpRequest, instances) -> HttpResponse | None:
    """Refuse to delete mails, which Wagtail would let a superuser do."""
    if not any(isinstance(instance, MailText) for instance in instances):
        return None
    messages.error(request, _("These mails are sent by the site and cannot be deleted."))
    return redirect("wagtailsnippets_newsletter_mailtext:list")


@permission_required("newsletter.change_mailtext", raise_exception=True)
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then queue the mail with the saved words for the person who asks, and nobody else."""
    mail_text = get_object_or_404(MailText.objects.select_related("locale"), pk=pk)
    if request.method != "POST":
        context = {"mail_text": mail_text}
        return TemplateResponse(request, "newsletter/staff/send_test.html", context)
    rendered = example(mail_text)
    mail.send(
        recipients=[request.user.email],
        sender=settings.DEFAULT_FROM_EMAIL,
        # Translators: stands before the subject of a mail that staff send to themselves.
        subject=_("[Test] %(subject)s") % {"subject": rendered.subject},
        message=rendered.text,
        html_message=rendered.html,
        headers={"Auto-Submitted": "auto-generated"},
        priority="high",
    )
    messages.success(request, _("The test is on its way to your own address."))
    return redirect("wagtailsnippets_newsletter_mailtext:edit", mail_text.pk)
