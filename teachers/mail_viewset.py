"""The words of the directory's mails in the Wagtail admin: changed, previewed and tried out."""

from pages.mail_viewset import (
    MailWordsEditView,
    MailWordsViewSet,
    keep_words,
    test_sender,
    words_panels,
)
from teachers.models import TeacherMailText


class TeacherMailTextEditView(MailWordsEditView):
    """Changes the words of a mail."""

    send_test = "teachers_send_test"


class TeacherMailTextViewSet(MailWordsViewSet):
    """Mails that the directory itself sends: their words can be changed and nothing else."""

    model = TeacherMailText
    edit_view_class = TeacherMailTextEditView
    edit_handler = words_panels("teachers/staff/send_test_panel.html")


keep_mail_texts = keep_words(TeacherMailText)
send_test = test_sender(TeacherMailText)
