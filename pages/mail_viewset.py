"""The words of the site's own mails in the Wagtail admin: changed, previewed and tried out."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from post_office import mail
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from pages.models.mail_text import MailWords


class ChangedOnly(ModelPermissionPolicy):
    """Nobody adds a mail or deletes one: each is of a kind that the site sends."""

    def user_has_permission(self, user, action: str) -> bool:
        """Tell whether the user may; adding and deleting nobody may."""
        return action not in {"add", "delete"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        """Tell whether the user may do one of these things."""
        return any(self.user_has_permission(user, action) for action in actions)


class MailWordsEditView(EditView):
    """Changes the words of a mail; `send_test` names the address of the test."""

    send_test = ""

    def get_success_buttons(self) -> list:
        """Offer to try out what was saved."""
        address = reverse(self.send_test, args=[self.object.pk])
        return [*super().get_success_buttons(), messages.button(address, _("Send me a test"))]


class MailWordsViewSet(SnippetViewSet):
    """Mails that the site itself sends: their words can be changed and nothing else."""

    send_test = ""  # what the address is called that sends a test
    help_template = ""  # the explanation above the words
    edit_view_class = MailWordsEditView
    icon = "mail"
    menu_label = _("Mails")
    list_display = ["__str__", "subject"]
    copy_view_enabled = False

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        """Who may do what with the words."""
        return ChangedOnly(self.model)

    @cached_property
    def edit_handler(self) -> ObjectList:
        """The form of a mail's words, below the explanation."""
        names = ("subject", "heading", "text", "button", "after")
        return ObjectList([HelpPanel(template=self.help_template), *map(FieldPanel, names)])

    def get_edit_view_kwargs(self, **kwargs) -> dict:
        """Tell the page on which words are changed where a test is sent from."""
        return {**super().get_edit_view_kwargs(**kwargs), "send_test": self.send_test}


def keep_words(model: type[MailWords]) -> Callable[[HttpRequest, list], HttpResponse | None]:
    """Return what refuses to delete mails, which Wagtail would let a superuser do."""

    def keep(request: HttpRequest, instances) -> HttpResponse | None:
        if not any(isinstance(instance, model) for instance in instances):
            return None
        messages.error(request, _("These mails are sent by the site and cannot be deleted."))
        return redirect(model.snippet_viewset.get_url_name("list"))

    return keep


def test_sender(model: type[MailWords]) -> Callable[..., HttpResponse]:
    """Return the view that queues a mail with the saved words for the person who asks alone."""

    @permission_required(f"{model._meta.app_label}.change_{model._meta.model_name}", None, True)
    def send_test(request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then queue the mail."""
        mail_text = get_object_or_404(model.objects.select_related("locale"), pk=pk)
        back = reverse(model.snippet_viewset.get_url_name("edit"), args=[mail_text.pk])
        if request.method != "POST":
            context = {"mail_text": mail_text, "back": back}
            return TemplateResponse(request, "pages/staff/send_test.html", context)
        rendered = mail_text.example()
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
        return redirect(back)

    return send_test
