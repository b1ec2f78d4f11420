"""The words of the invitation, and the bolt against robots."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="mail", order=120)
class NewsletterSettings(BaseSiteSetting):
    """What the form says, what it answers, and whether a puzzle keeps robots away."""

    heading = models.CharField(
        _("heading"), max_length=100, default="Subscribe to our email newsletter"
    )
    promise = models.CharField(
        _("what people agree to"),
        max_length=300,
        default=_(
            "We use your address to send you our newsletter, and for nothing else. You can leave "
            "at any time, with the link in every mail."
        ),
        help_text=_(
            "Shown beside the button. What each person saw when they signed up is kept with "
            "their record, so that you can show it later."
        ),
    )
    button = models.CharField(_("button"), max_length=30, default=_("Subscribe"))
    thanks_heading = models.CharField(
        _("heading of the answer"), max_length=100, default=_("Check your inbox")
    )
    thanks_text = models.TextField(
        _("answer"),
        max_length=600,
        default=_(
            "We have written to the address that you gave. Open that mail and follow what it says. "
            "If nothing arrives within a few minutes, look in the spam folder, or check the "
            "address for a slip."
        ),
        help_text=_(
            "The same for everyone, so that nobody can find out who is on the list: it must be "
            "true for someone who is on it already."
        ),
    )
    proof_of_work = models.BooleanField(
        _("ask for a puzzle"),
        default=False,
        help_text=_(
            "For a time of attack. The visitor’s browser solves a small puzzle by itself, which "
            "costs robots dearly. Sign-ups without it, also from browsers without JavaScript, are "
            "held for you to look at."
        ),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("heading"),
                FieldPanel("promise", widget=AdminAutoHeightTextInput),
                FieldPanel("button"),
            ],
            heading=_("The form"),
        ),
        MultiFieldPanel(
            [FieldPanel("thanks_heading"), FieldPanel("thanks_text")],
            heading=_("The answer"),
        ),
        MultiFieldPanel([FieldPanel("proof_of_work")], heading=_("Against robots")),
        HelpPanel(
            content=_(
                "<p>The words of the mails are under <strong>Newsletter → Mails</strong> in the "
                "menu on the left.</p>"
            )
        ),
    ]

    class Meta:
        verbose_name = _("newsletter")

    @property
    def wording(self) -> str:
        """What a person is shown before they sign up, as it is kept with their consent."""
        return f"{self.heading}\n{self.promise}\n{self.button}"
