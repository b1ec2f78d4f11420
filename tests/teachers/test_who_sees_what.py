"""Who may see what of teachers in the admin: every role at every address."""

import pytest

from teachers.models import Program, Teacher, TeacherImport, TrainingLevel
from teachers.own_changes import submit
from tests.factories import ProgramFactory, TeacherFactory
from tests.signing_in import ROLES, browser_of, for_keepers_alone, seen_by

pytestmark = pytest.mark.django_db

OTHERS = [role for role in ROLES if role not in {"teachers", "superuser"}]
FOR_STAFF = for_keepers_alone("teachers", 200)
POST_ALONE = for_keepers_alone("teachers", 405)
LEADS_ON = for_keepers_alone("teachers", 302)

SNIPPETS = "snippets/teachers"
GET = {
    f"{SNIPPETS}/teacher/": FOR_STAFF,
    f"{SNIPPETS}/teacher/results/": FOR_STAFF,
    f"{SNIPPETS}/teacher/?q=secret": FOR_STAFF,
    f"{SNIPPETS}/teacher/add/": FOR_STAFF,
    f"{SNIPPETS}/teacher/edit/{{teacher}}/": FOR_STAFF,
    f"{SNIPPETS}/teacher/delete/{{teacher}}/": FOR_STAFF,
    f"{SNIPPETS}/teacher/history/{{teacher}}/": FOR_STAFF,
    f"{SNIPPETS}/teacher/usage/{{teacher}}/": FOR_STAFF,
    f"{SNIPPETS}/teacher/unpublish/{{teacher}}/": FOR_STAFF,
    f"{SNIPPETS}/traininglevel/": FOR_STAFF,
    f"{SNIPPETS}/traininglevel/add/": FOR_STAFF,
    f"{SNIPPETS}/program/": FOR_STAFF,
    f"{SNIPPETS}/program/edit/{{program}}/": FOR_STAFF,
    "snippets/choose/teachers/teacher/": FOR_STAFF,
    "snippets/choose/teachers/teacher/results/": FOR_STAFF,
    "teachers/places/": FOR_STAFF,
    "teachers/places/results/?q=Sample": FOR_STAFF,
    "teachers/places/chosen/{place}/": FOR_STAFF,
    "bulk/teachers/teacher/confirm/?id=all": FOR_STAFF,
    "bulk/teachers/teacher/hide/?id=all": FOR_STAFF,
    "bulk/teachers/teacher/list/?id=all": FOR_STAFF,
    "teachers/changes/": FOR_STAFF,
    "teachers/changes/{change}/": POST_ALONE,
    "teachers/changes/{change}/decline/": FOR_STAFF,
    "teachers/renewals/": FOR_STAFF,
    "teachers/renewals/{teacher}/": POST_ALONE,
    "teachers/without-a-town/": LEADS_ON,
    "teachers/settings/": LEADS_ON,
    "teachers/exports/": FOR_STAFF,
    "teachers/exports/take/": POST_ALONE,
    "teachers/imports/": FOR_STAFF,
    "teachers/imports/{import}/": FOR_STAFF,
    "teachers/imports/{import}/progress/": FOR_STAFF,
    "teachers/imports/{import}/rows.csv": FOR_STAFF,
    "teachers/imports/{import}/columns/": LEADS_ON,
    "teachers/imports/{import}/start/": LEADS_ON,
    "teachers/imports/{import}/cancel/": LEADS_ON,
}
SECRETS = ("Sample Secret Teacher", "secret@example.org", "Sample secret program")


@pytest.fixture
def known() -> dict[str, int]:
    teacher = TeacherFactory(name=SECRETS[0], contact_address=SECRETS[1])
    change = submit(teacher, {"credentials": "Sample secret words"})
    return {
        "teacher": teacher.pk,
        "change": change.pk,
        "place": teacher.place_id,
        "program": ProgramFactory(name=SECRETS[2]).pk,
        "import": TeacherImport.objects.create(original_name="list.csv", state="done").pk,
    }


def everything() -> list:
    return [
        *Teacher.objects.order_by("pk").values(),
        *Program.objects.order_by("pk").values(),
        *TrainingLevel.objects.order_by("pk").values(),
        *TeacherImport.objects.order_by("pk").values(),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_is_for_it_and_nothing_is_changed_by_looking(role, known):
    client, before = browser_of(role), everything()
    addresses = {f"/admin/{pattern.format(**known)}": GET[pattern] for pattern in GET}
    expected = {address: by_role[role] for address, by_role in addresses.items()}
    assert seen_by(client, addresses) == expected
    assert everything() == before


@pytest.mark.parametrize("role", OTHERS)
def test_who_does_not_keep_teachers_changes_nothing(role, known):
    client, before = browser_of(role), everything()
    values = {"name": "Changed", "act": "publish", "seen": "1", "file": "csv", "rank": "9"}
    for pattern in GET:
        response = client.post(f"/admin/{pattern.format(**known)}", values)
        assert response.status_code in {302, 403}, pattern
    assert everything() == before


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("path", ["", "reports/site-history/", "snippets/", "teachers/changes/"])
def test_others_read_of_nobody_anywhere_in_the_admin(role, path, known):
    text = browser_of(role).get(f"/admin/{path}", follow=True).content.decode()
    for secret in SECRETS:
        assert secret not in text
    assert 'href="/admin/teachers/' not in text


def test_the_role_finds_everything_in_its_menu():
    text = browser_of("teachers").get("/admin/").content.decode()
    for words in ("Changes to review", "Renewals due", "Without a town", "Levels", "Programs"):
        assert words in text


def test_the_contact_address_is_in_no_chooser(known):
    client = browser_of("teachers")
    for path in ("snippets/choose/teachers/teacher/", "reports/site-history/"):
        assert SECRETS[1] not in client.get(f"/admin/{path}").content.decode()
