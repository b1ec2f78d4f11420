"""Anyone finds what is public, and only that; odd questions get a calm answer."""

import pytest
from django.core.management import call_command
from django.utils.html import strip_tags
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction

from pages.search import PER_PAGE, clean_query
from pages.snippets import snippet
from people.models import Person
from tests.factories import SeatFactory, StandardPageFactory, home

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def test_a_page_is_found_by_words_of_its_body(client):
    response = client.get("/search/", {"q": "healthcare government"})
    assert response.status_code == 200
    assert 'href="/about/mission/"' in text_of(response)
    assert "<mark>healthcare</mark>" in text_of(response)


def test_a_person_is_found_by_name_and_by_title(client):
    assert "/about/leadership/lisa-baylis/" in text_of(client.get("/search/", {"q": "Baylis"}))


def test_people_without_a_seat_today_are_not_found(client):
    seat = SeatFactory(person__name="Formerly Here", ends_on="2020-01-01")
    assert Person.objects.filter(pk=seat.person_id).exists()
    assert "formerly-here" not in text_of(client.get("/search/", {"q": "Formerly"}))


def test_a_title_with_the_word_stands_before_a_text_with_it(client):
    StandardPageFactory(title="Of other things", introduction="A wombat, a wombat and a wombat.")
    StandardPageFactory(title="The wombat")
    results = client.get("/search/", {"q": "wombat"}).context["results"]
    assert [strip_tags(result.title) for result in results] == ["The wombat", "Of other things"]


@pytest.mark.parametrize("query", ["_", "ofkindpage ofkindperson", "ofkindperson ___"])
def test_the_word_for_a_kind_of_thing_opens_nothing(client, query):
    SeatFactory(person__name="Formerly Here", ends_on="2020-01-01")
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "formerly-here" not in text_of(response)


def test_words_that_say_nothing_do_not_find_everything(client):
    found = client.get("/search/", {"q": "the"}).context["results"]
    assert all("<mark>the" in f"{result.title}{result.excerpt}".lower() for result in found)


def test_a_word_that_everything_has_is_found_within_bounds(client, monkeypatch):
    monkeypatch.setattr("pages.search_index.MOST_READ", 7)
    for n in range(9):
        StandardPageFactory(title=f"Wombat {n}")
    assert client.get("/search/", {"q": "wombat"}).context["total"] == 7
    monkeypatch.setattr("pages.search_index.MOST_FOUND", 5)
    assert client.get("/search/", {"q": "wombat"}).context["total"] == 5


def test_drafts_do_not_take_the_place_of_what_is_public(client, monkeypatch):
    monkeypatch.setattr("pages.search_index.MOST_FOUND", 2)
    for n in range(4):
        StandardPageFactory(title=f"Wombat {n}", live=False)
    StandardPageFactory(title="Other", introduction="Of a wombat.")
    assert client.get("/search/", {"q": "wombat"}).context["total"] == 1


def test_more_than_is_counted_is_said_as_more(client, monkeypatch):
    monkeypatch.setattr("pages.views.MOST_COUNTED", 2)
    for n in range(3):
        StandardPageFactory(title=f"Wombat {n}")
    text = text_of(client.get("/search/", {"q": "wombat"}))
    assert "More than 2 results for “wombat”" in text


def test_drafts_and_private_pages_are_not_found_nor_hinted_at(client):
    StandardPageFactory(title="Zebra draft", live=False)
    private = StandardPageFactory(title="Zebra private")
    below = StandardPageFactory(parent=private, title="Zebra below")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    body = text_of(client.get("/search/", {"q": "zebra"}))
    assert "Zebra draft" not in body
    assert "Zebra private" not in body
    assert below.title not in body


def test_an_alias_of_a_private_page_is_as_private(client, committed):
    private = StandardPageFactory(title="Zebra private")
    alias = private.create_alias(parent=home(), update_slug="zebra-alias")
    assert f'href="{alias.url}"' in text_of(client.get("/search/", {"q": "zebra"}))
    with committed():
        PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert "zebra-alias" not in text_of(client.get("/search/", {"q": "zebra"}))


@pytest.mark.parametrize(
    "query",
    [
        "a" * 10_000,
        '%_"*',
        "' OR 1=1 --",
        "\x00",
        "(((",
        "NOT",
        "a AND",
        '"',
        "\u202e",
        "*",
        "^:{}",
        "🙂",
        "東京",
        "  ",
    ],
    ids=lambda query: repr(query)[:20],
)
def test_an_odd_query_is_answered(client, query):
    assert client.get("/search/", {"q": query}).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "9999", "x", "1e9", "", "٣", "9" * 400])
def test_an_odd_page_number_shows_a_page(client, number):
    assert client.get("/search/", {"q": "compassion", "page": number}).status_code == 200


def test_results_come_in_pages_and_the_last_stands_for_any_later(client):
    for n in range(PER_PAGE + 2):
        StandardPageFactory(title=f"Wombat {n}")
    first = client.get("/search/", {"q": "wombat"})
    last = client.get("/search/", {"q": "wombat", "page": 99})
    assert len(first.context["results"]) == PER_PAGE
    assert len(last.context["results"]) == 2
    assert first.context["total"] == PER_PAGE + 2
    assert "q=wombat&amp;page=2" in text_of(first) or "q=wombat&page=2" in text_of(first)


def test_results_can_be_narrowed_to_one_kind(client):
    StandardPageFactory(title="About Lisa Baylis")
    both = client.get("/search/", {"q": "Baylis"})
    people = client.get("/search/", {"q": "Baylis", "type": "people"})
    assert {result.kind for result in both.context["results"]} == {"Page", "Person"}
    assert {result.kind for result in people.context["results"]} == {"Person"}
    assert {name: n for name, _label, n in people.context["counts"]} == {
        "people": 1,
        "pages": 1,
    }


def test_an_unknown_kind_is_passed_over(client):
    assert client.get("/search/", {"q": "Baylis", "type": "secrets"}).context["kind"] == ""


def test_what_staff_promote_stands_first_while_it_is_public(client):
    page = StandardPageFactory(title="Chosen page")
    query = Query.get("help")
    SearchPromotion.objects.create(query=query, page=page, description="Begin here.")
    SearchPromotion.objects.create(
        query=query, external_link_url="https://example.org/", external_link_text="Elsewhere"
    )
    promoted = client.get("/search/", {"q": " HELP "}).context["promoted"]
    assert [result.url for result in promoted] == [page.url, "https://example.org/"]
    page.unpublish()
    promoted = client.get("/search/", {"q": "help"}).context["promoted"]
    assert [result.url for result in promoted] == ["https://example.org/"]


def test_searching_writes_nothing(client):
    client.get("/search/", {"q": "something nobody asked before"})
    assert not Query.objects.filter(query_string__startswith="something nobody").exists()


def test_nothing_found_is_said_kindly_and_leads_on(client):
    body = text_of(client.get("/search/", {"q": "qqqqzzzz"}))
    assert "qqqqzzzz" in body
    assert 'href="/teachers/"' in body or 'href="/about/"' in body


def test_what_was_typed_is_escaped(client):
    body = text_of(client.get("/search/", {"q": "<script>alert(1)</script>"}))
    assert "<script>alert(1)" not in body


def test_the_number_of_queries_does_not_depend_on_what_is_found(client, count_queries):
    def ask():
        client.get("/search/", {"q": "wombat"})

    StandardPageFactory(title="Wombat")
    ask()
    one = count_queries(ask)
    for n in range(30):
        StandardPageFactory(title=f"Wombat {n}")
        SeatFactory(person__name=f"Wombat Person {n}")
    ask()
    assert count_queries(ask) <= one + 3 <= 15


def test_the_index_can_be_rebuilt():
    call_command("update_index", verbosity=0)
    assert list(home().get_descendants().search("healthcare"))


class TestSnippet:
    def test_marks_what_was_found_whatever_accents_and_capitals(self):
        assert snippet("Grüße aus Łódź", "GRUSSE grüsse gru") == "<mark>Grü</mark>ße aus Łódź"

    def test_is_cut_at_words_around_the_first_match(self):
        text = "alpha " * 100 + "needle " + "omega " * 100
        found = snippet(text, "needle")
        assert found.startswith("…alpha")
        assert found.endswith("omega…")
        assert "<mark>needle</mark>" in found
        assert len(found) < 260

    def test_escapes_what_came_from_people(self):
        assert snippet("<b>bold</b>", "bold") == "&lt;b&gt;<mark>bold</mark>&lt;/b&gt;"

    def test_of_nothing_is_nothing(self):
        assert snippet("", "x") == ""
        assert snippet("text", "") == "text"


def test_a_query_is_made_one_short_line():
    assert clean_query("  a\tb\x00c\n ") == "a b c"
    assert len(clean_query("x" * 10_000)) == 200
