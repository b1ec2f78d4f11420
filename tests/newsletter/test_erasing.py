"""An erased address is found nowhere: not in a table, a queue, a mail's file or a log."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core.management import call_command
from django.utils import timezone
from post_office.mail import send as queue_mail
from post_office.models import Email, Log
from wagtail.models import ModelLogEntry

from cmsc_site.mail_queue import send_mails
from newsletter.erasure import erase
from newsletter.links import confirm_link, preferences_link
from newsletter.models import HeldSignUp, Subscriber, Suppression, suppress, suppression_of
from newsletter.retention import forget_unconfirmed
from tests.factories import HeldSignUpFactory, SubscriberFactory, UserFactory
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db

ADDRESS = "Rare.Name+news@Unusual.example"
TRACES = ("unusual.example", "unusual%2eexample", "rare.name", "rare name")


def whole_database() -> str:
    """Return every row of every table as text."""
    out = io.StringIO()
    call_command("dumpdata", stdout=out, verbosity=0)
    return out.getvalue().lower()


def mail_folder() -> str:
    """Return all that stands in the folder of mails."""
    files = Path(site_settings.EMAIL_FILE_PATH).glob("*")
    return "".join(file.read_text("utf-8", "replace") for file in files).lower()


def test_after_a_whole_life_nothing_is_left(client, caplog):
    caplog.set_level("DEBUG")
    post = {"email": ADDRESS, "name": "Rare Name", "page": "/"}
    client.post("/newsletter/subscribe/", post)
    someone = Subscriber.objects.get()
    client.post(confirm_link(someone).removeprefix(site_settings.SITE_URL))
    assert send_mails() == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.post("/newsletter/subscribe/", post)  # "already with us" waits in the queue
    HeldSignUpFactory(address=ADDRESS, key=ADDRESS.lower())
    assert "unusual.example" in whole_database()
    assert "unusual.example" in mail_folder()

    address = preferences_link(someone).removeprefix(site_settings.SITE_URL)
    told = client.post(address, {"act": "erase-for-good"}).content.decode()

    assert "3 mails to you are erased" in told
    for place in (whole_database(), mail_folder(), caplog.text.lower()):
        assert not [trace for trace in TRACES if trace in place]
    assert suppression_of(ADDRESS.lower()).reason == "erased"


def test_what_staff_did_with_it_is_not_found_in_the_audit_trail(client):
    staff = UserFactory(admin=True)
    ana = SubscriberFactory(address=ADDRESS)
    browser = signed_in(staff)
    browser.get(f"/admin/snippets/newsletter/subscriber/?q={ADDRESS}")
    erase(ana.key)
    assert "unusual" not in json.dumps(list(ModelLogEntry.objects.values("label", "data")))
    assert "unusual" not in whole_database()


def test_someone_with_a_similar_address_keeps_theirs(client):
    client.post("/newsletter/subscribe/", {"email": "ann@example.org"})
    client.post("/newsletter/subscribe/", {"email": "joann@example.org"})
    erase("ann@example.org")
    assert Subscriber.objects.get().key == "joann@example.org"
    assert Email.objects.get().to == ["joann@example.org"]


def test_a_note_of_a_failed_mail_goes_too(client):
    mail = queue_mail("ben@example.org", subject="Sample", message="Sample")
    Log.objects.create(email=mail, status=1, message="refused: ANN@example.org")
    SubscriberFactory(address="Ann@example.org")
    erase("ann@example.org")
    assert not Log.objects.exists()
    assert Email.objects.filter(pk=mail.pk).exists()


def test_erasing_twice_does_no_harm():
    ana = SubscriberFactory()
    assert erase(ana.key).anything
    assert not erase(ana.key).anything
    assert Suppression.objects.count() == 1


def test_a_mail_to_several_is_not_kept_for_the_others():
    queue_mail(["ann@example.org", "ben@example.org"], subject="Sample", message="Sample")
    assert erase("ann@example.org").mails == 1


def test_sqlite_overwrites_what_is_deleted(settings):
    engine = settings.DATABASES["default"]["ENGINE"]
    options = settings.DATABASES["default"].get("OPTIONS", {})
    assert not engine.endswith("sqlite3") or "secure_delete=ON" in options["init_command"]


def test_who_comes_back_with_a_restored_backup_is_erased_again():
    SubscriberFactory(address="ann@example.org")
    SubscriberFactory(address="ben@example.org")
    suppressed_by_staff = SubscriberFactory()
    suppress("ann@example.org", Suppression.Reason.ERASED)
    suppress(suppressed_by_staff.key, Suppression.Reason.STAFF)
    out = io.StringIO()
    call_command("erase_suppressed", stdout=out)
    assert out.getvalue() == "1 erased.\n"
    assert set(Subscriber.objects.values_list("key", flat=True)) == {
        "ben@example.org",
        suppressed_by_staff.key,
    }


class TestRetention:
    def test_a_sign_up_that_nobody_confirmed_goes_after_30_days(self, client):
        with time_machine.travel(timezone.now() - timedelta(days=31)):
            client.post("/newsletter/subscribe/", {"email": ADDRESS})
            HeldSignUpFactory()
        SubscriberFactory(state=Subscriber.State.PENDING)
        SubscriberFactory()
        assert forget_unconfirmed() == 2
        assert Subscriber.objects.count() == 2
        assert not HeldSignUp.objects.exists()
        assert "unusual.example" not in whole_database()
        assert not Suppression.objects.exists()
