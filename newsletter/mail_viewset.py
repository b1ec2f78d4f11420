"""The words of the newsletter's mails in the Wagtail admin: changed, previewed and tried out."""

from newsletter.models import MailText
from pages.mail_viewset import MailWordsViewSet, keep_words, test_sender


class MailTextViewSet(MailWordsViewSet):
    """Mails that the newsletter itself sends."""

    model = MailText
    send_test = "newsletter_send_test"
    help_template = "newsletter/staff/send_test_panel.html"


keep_mail_texts = keep_words(MailText)
send_test = test_sender(MailText)
