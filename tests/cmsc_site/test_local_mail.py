"""A newcomer reads on their own machine what the site would have sent; nobody else can."""

import stat
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.utils import timezone

from cmsc_site import worker
from pages.local_mail import BACKEND, forget_mails_before, forget_mails_to, last_mails, read_mail

NOW = datetime(2031, 3, 5, 12, 0, tzinfo=UTC)
HTML = '<!doctype html><html><head><title>x</title></head><body style="color:red">{}</body></html>'


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Keep the mails of each test apart."""
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def keep(subject: str = "Welcome", to: str = "ana@example.org", html: str = "", **fields) -> str:
    """Keep a mail as the site does; return its name."""
    mail = EmailMultiAlternatives(
        subject, fields.pop("text", "Hello"), "CMSC <cmsc@example.org>", [to], **fields
    )
    if html:
        mail.attach_alternative(HTML.format(html), "text/html")
    get_connection(BACKEND).send_messages([mail])
    return last_mails(1)[0].name


# --- Keeping -------------------------------------------------------------------------------------


def test_a_mail_is_kept_whole_and_for_its_owner_alone(folder):
    keep("Ünd so weiter", text="First line\nsecond", headers={"List-Id": "<news.example.org>"})
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"\n" not in file.read_bytes().replace(b"\r\n", b""), "lines end as RFC 5322 says"
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Ünd so weiter"
    assert mail["To"] == "ana@example.org"
    assert mail["List-Id"] == "<news.example.org>"
    assert mail.get_content().splitlines() == ["First line", "second"]


def test_the_last_ones_come_first_and_no_more_than_asked_for():
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(5):
            keep(f"Mail {number}")
            clock.shift(0.001)
    assert [mail.message["Subject"] for mail in last_mails(3)] == ["Mail 4", "Mail 3", "Mail 2"]


def test_mails_of_the_same_moment_are_all_kept(folder):
    with time_machine.travel(NOW, tick=False):
        for _ in range(20):
            keep()
    assert len(last_mails(50)) == 20


def test_a_mail_that_cannot_be_written_leaves_nothing_behind(folder, monkeypatch):
    def fill_the_disk(*arguments, **fields):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.mail.message.SafeMIMEText.as_bytes", fill_the_disk)
    with pytest.raises(OSError, match="No space left"):
        keep()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["", "..", "../site", "20310305T120000000000-0123456", ".20310305T120000000000-01234567", "*"],
)
def test_only_a_mails_own_name_opens_a_file(folder, name):
    keep()
    (folder / f"{name.replace('/', '_')}.eml").write_text("Subject: secret\n\n")
    assert read_mail(name) is None


# --- Forgetting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"to": "Ana <ANA@Example.org>"},
        {"to": "ben@example.org", "cc": ["Ana@example.org"]},
        {"to": "ben@example.org", "text": "Ana writes from aNa@example.org."},
        {"to": "ben@example.org", "text": f"{'x' * 70} ana@example.org {'ü' * 70}"},
        {"to": "ben@example.org", "html": "<p>ana@example.org</p>"},
        {"to": "ben@example.org", "headers": {"Reply-To": "ana@example.org"}},
    ],
    ids=["to", "cc", "text", "long text", "html", "header"],
)
def test_whatever_names_an_address_is_forgotten_and_the_rest_kept(fields):
    keep(**fields)
    kept = keep(to="carl@example.org")
    assert forget_mails_to("ana@example.org") == 1
    assert [mail.name for mail in last_mails(9)] == [kept]


def test_a_longer_address_that_ends_alike_is_another_persons():
    keep(to="diana@example.org")
    keep(to="ana@example.org.uk")
    assert forget_mails_to("ana@example.org") == 0
    assert len(last_mails(9)) == 2


def test_what_a_killed_worker_left_half_written_is_forgotten_too(folder):
    name = keep()
    (folder / f"{name}.eml").rename(folder / f".{name}")
    assert last_mails(9) == []
    assert forget_mails_to("ana@example.org") == 1
    assert list(folder.iterdir()) == []


def test_other_files_in_the_folder_are_never_touched(folder):
    keep()
    (folder / "notes.eml").write_text("To: ana@example.org\n\n")
    forget_mails_to("ana@example.org")
    forget_mails_before(timezone.now() + timedelta(days=1))
    assert [file.name for file in folder.iterdir()] == ["notes.eml"]


def test_without_a_folder_there_is_nothing_to_forget():
    assert last_mails(9) == []
    assert forget_mails_to("ana@example.org") == 0


def test_where_mails_are_sent_no_folder_is_looked_through(settings):
    keep()
    settings.POST_OFFICE = {"BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}}
    assert forget_mails_to("ana@example.org") == 0
    assert len(last_mails(9)) == 1


@pytest.mark.django_db
def test_the_worker_forgets_what_is_older_than_thirty_days(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    keep()
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        worker.forget_what_is_old()
    assert len(last_mails(9)) == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        worker.forget_what_is_old()
    assert last_mails(9) == []


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_mail_the_inbox_says_how_to_get_one(client):
    assert "There is no mail yet" in client.get("/mail/").content.decode()


@pytest.mark.django_db
def test_the_inbox_leads_to_each_mail(client):
    name = keep("Please confirm <now>", "Ana <ana@example.org>")
    shown = client.get("/mail/").content.decode()
    assert f'href="/mail/{name}/"' in shown
    assert "Please confirm &lt;now&gt;" in shown
    assert "ana@example.org" in shown


@pytest.mark.django_db
def test_a_mail_is_shown_with_its_headers_and_its_links_to_follow(client):
    link = "http://localhost:8000/newsletter/confirm/token/"
    name = keep(text=f"Go to\n{link}\n<script>alert()</script>", headers={"List-Id": "<a.b>"})
    shown = client.get(f"/mail/{name}/").content.decode()
    assert f'href="{link}"' in shown
    assert "&lt;script&gt;" in shown
    assert "List-Id" in shown


@pytest.mark.django_db
def test_the_mails_look_is_shown_in_a_frame_that_can_do_nothing_but_follow_links(client):
    name = keep(html='<a href="http://localhost:8000/">Yes</a><script>alert()</script>')
    around = client.get(f"/mail/{name}/")
    assert f'src="/mail/{name}/html/"' in around.content.decode()
    assert "frame-src" in around["Content-Security-Policy"]
    assert "'self'" in around["Content-Security-Policy"].split("frame-src")[1].split(";")[0]

    inside = client.get(f"/mail/{name}/html/")
    assert '<base target="_top">' in inside.content.decode()
    directives = [one.strip() for one in inside["Content-Security-Policy"].split(";")]
    assert directives == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "sandbox allow-top-navigation-by-user-activation",
        "frame-ancestors 'self'",
    ]
    assert inside["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_a_mail_without_subject_or_look_can_be_read_too(client):
    get_connection(BACKEND).send_messages([EmailMessage("", "Hello", to=["ana@example.org"])])
    name = last_mails(1)[0].name
    for address in ("/mail/", f"/mail/{name}/", f"/mail/{name}/html/"):
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_nothing_of_it_is_kept_by_a_cache_or_found_by_a_search_engine(client):
    name = keep(html="<p>Hello</p>")
    for address in ("/mail/", f"/mail/{name}/", f"/mail/{name}/html/"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"], address
        assert not answer.cookies, address
    assert '<meta name="robots" content="noindex">' in client.get("/mail/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["", "{name}/", "{name}/html/"])
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "2001:db8::1"},
        {"REMOTE_ADDR": "127.0.0.1", "headers": {"X-Forwarded-For": "127.0.0.1"}},
    ],
)
def test_from_another_machine_there_is_no_such_address(client, ending, elsewhere):
    name = keep()
    assert client.get(f"/mail/{ending.format(name=name)}", **elsewhere).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["", "{name}/", "{name}/html/"])
@pytest.mark.parametrize("place", ["public", "smtp"])
def test_on_a_public_site_or_where_mails_are_sent_there_is_none_either(
    client, settings, ending, place
):
    name = keep()
    if place == "public":
        settings.IS_LOCAL = False
    else:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        settings.POST_OFFICE = {"BACKENDS": {"default": backend}}
    assert client.get(f"/mail/{ending.format(name=name)}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["20310305T120000000000-01234567", "site", "%2e%2e", "..%2fsite"])
def test_an_unknown_mail_is_404(client, name):
    assert client.get(f"/mail/{name}/").status_code == 404
    assert client.get(f"/mail/{name}/html/").status_code == 404


@pytest.mark.django_db
def test_the_inbox_can_only_be_read(client):
    assert client.post("/mail/").status_code == 405


# --- Finding it ----------------------------------------------------------------------------------


def prepared() -> str:
    out = StringIO()
    call_command("prepare", "--first-admin", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_make_run_says_where_the_mails_are(settings, folder):
    settings.SITE_URL = "http://localhost:9000"
    said = prepared()
    assert "http://localhost:9000/mail/" in said
    assert str(folder) in said


@pytest.mark.django_db
def test_on_a_public_site_no_such_address_is_named(settings):
    settings.SITE_URL, settings.IS_LOCAL = "https://www.example.org", False
    assert "/mail/" not in prepared()
