"""Staff bring a list of teachers in, page by page."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from teachers import staff_import
from teachers.importing import continue_import
from teachers.models import Teacher, TeacherImport
from tests.factories import TeacherFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]

IMPORTS = "/admin/teachers/imports/"
LIST = (
    "Email;Name;Level;Languages;Town;Consent;Last confirmed;Shoe size\n"
    "ana@example.org;Ana Müller;Certified Teacher;English, fr;Lyon, France;yes;{today};38\n"
    "ben@example.org;Ben Sample;Grand Master;en;;yes;{today};44\n"
)


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(admin=True))
    return client


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def uploaded(staff, text: str = LIST, encoding: str = "windows-1252") -> TeacherImport:
    content = text.format(today=timezone.localdate()).encode(encoding)
    answer = staff.post(IMPORTS, {"list": SimpleUploadedFile("list.csv", content)})
    one = TeacherImport.objects.get()
    assert answer["Location"] == f"{IMPORTS}{one.pk}/columns/"
    return one


def columns_of(page: str) -> dict[str, str]:
    """What the form proposes, as it would be sent."""
    chosen = {"has_heads": "on"}
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        found = re.search(r'value="(\d*)" selected', options)
        chosen[name] = found[1] if found else ""
    return chosen


def test_a_list_is_uploaded_looked_at_and_brought_in(staff, world, committed):
    one = uploaded(staff)
    page = text_of(staff.get(f"{IMPORTS}{one.pk}/columns/"))
    assert "Ana Müller" in page
    assert "Shoe size" in page  # which holds nothing that is read
    chosen = columns_of(page)
    assert chosen["contact_address"] == "0"
    again = text_of(staff.post(f"{IMPORTS}{one.pk}/columns/", {**chosen, "look": "1"}))
    assert "Grand Master" in again
    answer = staff.post(f"{IMPORTS}{one.pk}/columns/", chosen)
    assert answer["Location"] == f"{IMPORTS}{one.pk}/start/"
    page = text_of(staff.get(f"{IMPORTS}{one.pk}/start/"))
    assert "Refused" in page
    assert '<tr><th scope="row">3</th><td>There is no training level “Grand Master”' in page
    staff.post(f"{IMPORTS}{one.pk}/start/", {"empty_clears": "no"})
    with committed():
        while continue_import():
            pass
    ana = Teacher.objects.get()
    assert (ana.name, ana.place, ana.languages) == ("Ana Müller", world["Lyon"], ["en", "fr"])
    report = text_of(staff.get(f"{IMPORTS}{one.pk}/"))
    assert "Grand Master" in report
    assert "ben@example.org" not in report
    assert "1" in text_of(staff.get(f"{IMPORTS}{one.pk}/progress/"))
    rows = staff.get(f"{IMPORTS}{one.pk}/rows.csv")
    assert "attachment" in rows["Content-Disposition"]
    assert "ben@example.org" in rows.getvalue().decode("utf-8-sig")


def test_steps_lead_on_once_the_import_runs_or_has_ended(staff, world):
    one = uploaded(staff)
    assert staff.get(f"{IMPORTS}{one.pk}/start/")["Location"].endswith("/columns/")
    staff.post(f"{IMPORTS}{one.pk}/cancel/")
    one.refresh_from_db()
    assert one.state == TeacherImport.State.CANCELLED
    for step in ("columns", "start"):
        assert staff.get(f"{IMPORTS}{one.pk}/{step}/")["Location"] == f"{IMPORTS}{one.pk}/"
    told = text_of(staff.post(f"{IMPORTS}{one.pk}/cancel/", follow=True))
    assert "had ended already" in told


def test_the_last_step_names_the_first_rows_that_would_be_refused_and_counts_the_others(
    staff, monkeypatch
):
    monkeypatch.setattr(staff_import, "REFUSED_SHOWN", 2)
    head, row = "Email;Name;Level\n", "{}@example.org;Sample;Grand Master {}\n"
    one = uploaded(staff, head + "".join(row.format(n, n) for n in range(5)))
    columns = columns_of(text_of(staff.get(f"{IMPORTS}{one.pk}/columns/")))
    staff.post(f"{IMPORTS}{one.pk}/columns/", columns)
    page = text_of(staff.get(f"{IMPORTS}{one.pk}/start/"))
    assert re.findall(r"Grand Master (\d)", page) == ["0", "1"]
    assert "And 3 other rows." in page


def test_the_report_names_the_first_rows_of_which_a_date_was_not_taken_and_counts_the_others(
    staff, monkeypatch, committed
):
    monkeypatch.setattr(staff_import, "A_PAGE", 2)
    for number in range(5):
        TeacherFactory(contact_address=f"{number}@example.org")
    head, row = "Email;Confirmed\n", "{}@example.org;2020-01-31\n"
    one = uploaded(staff, head + "".join(map(row.format, range(5))))
    columns = columns_of(text_of(staff.get(f"{IMPORTS}{one.pk}/columns/")))
    staff.post(f"{IMPORTS}{one.pk}/columns/", columns)
    staff.post(f"{IMPORTS}{one.pk}/start/", {"empty_clears": "no"})
    with committed():
        while continue_import():
            pass
    report = text_of(staff.get(f"{IMPORTS}{one.pk}/"))
    assert report.count("the later date was kept") == 2
    assert "And 3 more rows." in report


def test_the_row_that_names_the_columns_is_never_counted(staff):
    one = uploaded(staff)
    assert one.rows_total == 2
    columns = columns_of(text_of(staff.get(f"{IMPORTS}{one.pk}/columns/")))
    staff.post(f"{IMPORTS}{one.pk}/columns/", columns)
    one.refresh_from_db()
    assert one.rows_total == 2


def test_a_list_without_a_row_of_names_is_counted_whole(staff):
    assert uploaded(staff, "ana@example.org;Ana\nben@example.org;Ben\n").rows_total == 2


def test_canceling_asks_first(staff):
    one = uploaded(staff)
    address = f"{IMPORTS}{one.pk}/cancel/"
    assert f'href="{address}"' in text_of(staff.get(f"{IMPORTS}{one.pk}/columns/"))
    page = text_of(staff.get(address))
    assert "Nothing was brought in yet." in page
    assert "Yes, cancel the import" in page
    one.refresh_from_db()
    assert one.state == TeacherImport.State.UPLOADED
    told = text_of(staff.post(address, follow=True))
    assert "The import was canceled." in told
    assert staff.get(address)["Location"] == f"{IMPORTS}{one.pk}/"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no address here", b"\x00@\x00"])
def test_what_is_no_list_is_refused_with_a_sentence(staff, content):
    answer = staff.post(IMPORTS, {"list": SimpleUploadedFile("list.csv", content)})
    assert answer.status_code == 400
    assert not TeacherImport.objects.exists()


def test_a_list_without_a_column_of_addresses_is_asked_for_one(staff):
    one = uploaded(staff)
    answer = staff.post(f"{IMPORTS}{one.pk}/columns/", {"contact_address": ""})
    assert answer.status_code == 400
