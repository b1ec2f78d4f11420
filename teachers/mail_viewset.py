"""The words of the directory's mails in the Wagtail admin: changed, previewed and tried out."""

from pages.mail_viewset import MailWordsViewSet, keep_words, test_sender
from teachers.models import TeacherMailText


class TeacherMailTextViewSet(MailWordsViewSet):
    """Mails that the directory itself sends."""

    model = TeacherMailText
    send_test = "teachers_send_test"
    help_template = "teachers/staff/send_test_panel.html"


keep_mail_texts = keep_words(TeacherMailText)
send_test = test_sender(TeacherMailText)
