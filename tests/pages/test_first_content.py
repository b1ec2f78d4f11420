"""The organisation's own text is on the site, word for word, and staff's work is left alone."""

import html
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pages.content.loader import load_site
from pages.models import HomePage, MissionPage, StandardPage
from people.models import Person

# Every line of the text that the organisation gave, as it gave it.
SENTENCES = Path(__file__).with_name("given_text.txt").read_text("utf-8").splitlines()
PATHS = [
    "/",
    "/about/",
    "/about/mission/",
    "/about/leadership/",
    "/about/financials/",
    "/teachers/",
    "/newsletter/",
]

pytestmark = pytest.mark.django_db


def visible_text(client, path: str) -> str:
    body = client.get(path).content.decode()
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", body, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", body))
    return " ".join(text.split())


def test_every_sentence_of_the_given_text_is_on_the_site(client):
    pages = " ".join(visible_text(client, path) for path in PATHS)
    missing = [sentence for sentence in SENTENCES if sentence not in pages]
    assert missing == []


def test_loading_twice_says_nothing_to_do(capsys):
    call_command("load_site")
    assert "nothing to do" in capsys.readouterr().out


def test_what_staff_changed_is_left_alone():
    mission = MissionPage.objects.get()
    mission.vision_statement = "Changed by staff."
    mission.save()
    assert load_site() == []
    assert MissionPage.objects.get().vision_statement == "Changed by staff."


def test_what_staff_deleted_or_renamed_is_not_loaded_again():
    StandardPage.objects.get(slug="privacy").delete()
    accessibility = StandardPage.objects.get(slug="accessibility")
    accessibility.slug = "access"
    accessibility.save()
    Person.objects.filter(name="Lisa Baylis").delete()
    assert load_site() == []
    assert not StandardPage.objects.filter(slug__in=["privacy", "accessibility"]).exists()
    assert not Person.objects.filter(name="Lisa Baylis").exists()


def test_a_broken_file_changes_nothing_and_says_which_item(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(
        '[[pages]]\ntype="pages.StandardPage"\npath="/one/"\ntitle="One"\n'
        '[[pages]]\ntype="pages.StandardPage"\npath="/nowhere/two/"\ntitle="Two"\n'
    )
    with pytest.raises(CommandError, match="page:/nowhere/two/"):
        call_command("load_site", "--file", str(broken))
    assert not StandardPage.objects.filter(slug="one").exists()


@pytest.mark.parametrize("text", ["not toml [", ""])
def test_a_file_that_is_not_toml_or_empty_is_refused_or_loads_nothing(tmp_path, text):
    path = tmp_path / "site.toml"
    path.write_text(text)
    if text:
        with pytest.raises(CommandError, match=r"site\.toml"):
            call_command("load_site", "--file", str(path))
    else:
        call_command("load_site", "--file", str(path))
    assert HomePage.objects.count() == 1


def test_the_apostrophes_are_typographic():
    text = Path("pages/content/site.toml").read_text("utf-8")
    assert "teacher’s regular personal practice" in text
    assert "Accountant’s Compilation Report" in text
