"""The invitation: what it says is live at once, costs no query, and stands where it should."""

import pytest
from django.test import RequestFactory
from wagtail.models import Site

from newsletter.invitation import invitation_for
from newsletter.models import ConsentWording, NewsletterSettings, wording_digest
from pages.blocks import BodyBlock, HomeBlock
from pages.models import StandardPage
from tests.factories import StandardPageFactory, home

pytestmark = pytest.mark.django_db

OTHER_PAGES = [
    "/",
    "/about/",
    "/about/mission/",
    "/about/leadership/lisa-baylis/",
    "/search/",
    "/no/such/page/",
]
PAGES_WITHOUT = [
    "/newsletter/subscribe/",
    "/newsletter/check-your-inbox/",
    "/account/login/",
]


def request_for(path: str = "/"):
    return RequestFactory().get(path, headers={"host": "localhost"})


def settings_of_the_site() -> NewsletterSettings:
    return NewsletterSettings.for_site(Site.objects.get())


def body_of(client, path: str) -> str:
    return client.get(path).content.decode()


def test_changed_words_are_on_every_page_at_once(client, committed):
    assert "Letters from us" not in body_of(client, "/about/")
    words = settings_of_the_site()
    words.heading, words.promise, words.button = (
        "Letters from us",
        "A sample promise.",
        "Yes please",
    )
    with committed():
        words.save()
    body = body_of(client, "/about/")
    assert "Letters from us" in body
    assert "A sample promise." in body
    assert '<button class="btn" type="submit">Yes please</button>' in body


def test_once_known_it_takes_no_query(count_queries):
    invitation_for(request_for())
    request = request_for()
    Site.find_for_request(request)  # which every page asks
    assert count_queries(lambda: invitation_for(request)) == 0


def test_it_names_the_words_that_a_person_agrees_to():
    words = settings_of_the_site()
    words.heading, words.promise, words.button = "Letters", "A sample promise.", "Yes"
    words.save()
    invitation = invitation_for(request_for())
    assert invitation.wording_text == "Letters\nA sample promise.\nYes"
    assert wording_digest(invitation.wording_text).startswith(invitation.wording)
    assert len(invitation.wording) == 12
    assert ConsentWording.objects.filter(digest__startswith=invitation.wording).count() == 1


def test_a_site_without_settings_has_the_words_to_begin_with():
    NewsletterSettings.objects.all().delete()
    invitation = invitation_for(request_for())
    assert invitation.heading == "Subscribe to our email newsletter"
    assert invitation.button == "Subscribe"
    assert not invitation.proof_of_work


def test_it_leads_to_the_page_on_privacy_while_there_is_one(client, committed):
    assert '<a href="/privacy/">Privacy</a></p>' in body_of(client, "/about/")
    with committed():
        StandardPage.objects.get(slug="privacy").unpublish()
    assert 'href="/privacy/"' not in body_of(client, "/about/")


@pytest.mark.parametrize("path", OTHER_PAGES)
def test_each_page_ends_with_one_form(client, path):
    body = body_of(client, path)
    assert body.count("data-sign-up=") == 1
    assert 'data-sign-up="footer"' in body
    assert f'name="page" value="{path}"' in body


@pytest.mark.parametrize("path", PAGES_WITHOUT)
def test_a_page_with_a_form_of_its_own_kind_has_no_second_one(client, path):
    assert 'data-sign-up="footer"' not in body_of(client, path)


def test_the_newsletter_page_has_the_form_and_what_editors_put_below(client, committed):
    page = home().get_children().get(slug="newsletter").specific
    page.body = [("text", "<p>Words below the form.</p>")]
    with committed():
        page.save_revision().publish()
    body = body_of(client, "/newsletter/")
    assert body.count("data-sign-up=") == 1
    assert 'data-sign-up="page"' in body
    assert body.index("data-sign-up=") < body.index("Words below the form.")


class TestBlock:
    def test_of_a_page_shows_its_words_and_the_form(self, client):
        block = ("newsletter", {"heading": "Stay in touch", "text": "A sample text."})
        StandardPageFactory(slug="with-block", body=[block])
        body = body_of(client, "/with-block/")
        assert '<h2 class="call__heading">Stay in touch</h2>' in body
        assert "A sample text." in body
        assert 'data-sign-up="section"' in body
        assert 'id="email-section"' in body
        assert 'id="email-footer"' in body

    def test_of_the_home_page_shows_what_a_person_agrees_to_beside_its_own_heading(self, client):
        page = home()
        page.sections = [("newsletter", {"heading": "Stay in touch", "text": ""})]
        page.save_revision().publish()
        body = body_of(client, "/")
        assert "<h2>Stay in touch</h2>" in body
        assert '<p class="sign-up__heading">Subscribe to our email newsletter</p>' in body

    def test_with_the_same_heading_says_it_once(self, client):
        block = ("newsletter", {"heading": "Subscribe to our email newsletter", "text": ""})
        StandardPageFactory(slug="with-block", body=[block])
        body = body_of(client, "/with-block/")
        main = body[body.index("<main") : body.index("</main>")]
        assert main.count("Subscribe to our email newsletter") == 1

    @pytest.mark.parametrize("stream", [BodyBlock, HomeBlock])
    def test_can_be_previewed_without_a_page(self, stream):
        block = stream().child_blocks["newsletter"]
        shown = block.render(block.get_preview_value())
        assert 'name="page" value=""' in shown

    def test_that_had_a_link_before_forgets_it(self):
        block = HomeBlock().child_blocks["newsletter"]
        stored = {"heading": "Stay", "text": "", "link": {"text": "Go", "address": "/x/"}}
        assert list(block.to_python(stored)) == ["heading", "text"]
