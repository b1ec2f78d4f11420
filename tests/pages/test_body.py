"""A page with every block: rendered whole, in few queries, previewed block by block."""

import pytest
from django.core.cache import caches
from django.urls import reverse
from wagtail.blocks import Block

from pages.blocks import BodyBlock, HomeBlock
from pages.models import StandardPage
from tests.browser.sample_site import every_block, raw
from tests.factories import StandardPageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_page(committed):
    with committed():
        body = StandardPage._meta.get_field("body").stream_block.to_python(raw(every_block()))
        made = StandardPageFactory(slug="all", body=body, show_contents=True, show_updated=True)
        made.save_revision().publish()
        return StandardPage.objects.get(pk=made.pk)


def cold(client, path):
    for cache in caches.all():
        cache.clear()
    return client.get(path)


def test_every_block_shows_what_the_editor_put_in(client, full_page):
    body = client.get(full_page.url).content.decode()
    for shown in (
        'id="a-sample-heading"',
        "Sample words.",
        "A sample question?",
        "<caption",
        '<th scope="row"',
        'alt="A sample picture"',
        "A sample caption",
        "PDF",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "A card with a picture",
        "A sample call",
        "Last changed",
        'href="#a-sample-heading-below-it"',
    ):
        assert shown in body, shown


def test_the_number_of_queries_does_not_depend_on_the_number_of_blocks(
    client, full_page, committed, count_queries
):
    cold(client, full_page.url)
    few = count_queries(lambda: cold(client, full_page.url))
    with committed():
        many = raw(every_block()) + raw(every_block()) + raw(every_block())
        full_page.body = StandardPage._meta.get_field("body").stream_block.to_python(many)
        full_page.save()
    cold(client, full_page.url)
    assert count_queries(lambda: cold(client, full_page.url)) <= few
    assert count_queries(lambda: client.get(full_page.url)) <= 8


@pytest.mark.parametrize(
    "block",
    [*BodyBlock().child_blocks.values(), *HomeBlock().child_blocks.values()],
    ids=lambda block: type(block).__name__,
)
def test_every_block_can_be_previewed_by_editors(client, block: Block):
    client.force_login(UserFactory(admin=True))
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    assert "site.css" in response.content.decode()


def test_a_preview_shows_what_is_not_published_and_is_kept_by_nobody(client, full_page):
    client.force_login(UserFactory(admin=True))
    full_page.introduction = "Words of a draft."
    full_page.save_revision()
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[full_page.pk]))
    assert "Words of a draft." in response.content.decode()
    assert "public" not in response["Cache-Control"]
    assert "Words of a draft." not in client.get(full_page.url).content.decode()


def test_versions_with_and_without_a_picture_can_be_compared(client, full_page):
    client.force_login(UserFactory(admin=True))
    picture = {"image": None, "decorative": False, "alt_text": ""}
    empty = raw([("picture", {"image": picture, "caption": ""})])
    full_page.body = StandardPage._meta.get_field("body").stream_block.to_python(empty)
    full_page.save_revision()
    first, *_others, last = full_page.revisions.order_by("pk").values_list("pk", flat=True)
    for earlier, later in ((first, last), (last, first)):
        address = reverse(
            "wagtailadmin_pages:revisions_compare", args=[full_page.pk, earlier, later]
        )
        assert client.get(address).status_code == 200
