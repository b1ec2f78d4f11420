"""The words of the newsletter's mails in the Wagtail admin: changed, previewed and tried out."""

from newsletter.models import MailText
from pages.mail_viewset import (
    MailWordsEditView,
    MailWordsViewSet,
    keep_words,
    test_sender,
    words_panels,
)


class MailTextEditView(MailWordsEditView):
    """Changes the words of a mail."""

    send_test = "newsletter_send_test"


class MailTextViewSet(MailWordsViewSet):
    """Mails that the newsletter itself sends: their words can be changed and nothing else."""

    model = MailText
    edit_view_class = MailTextEditView
    edit_handler = words_panels("newsletter/staff/send_test_panel.html")


keep_mail_texts = keep_words(MailText)
send_test = test_sender(MailText)
