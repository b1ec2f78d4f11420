"""Editors are only offered pages where they fit."""

import pytest
from django.apps import apps
from wagtail.models import Page

from pages.models import BasePage, HomePage
from tests.factories import SectionPageFactory, home

CHILDREN = {
    "pages.HomePage": {
        "pages.SectionPage",
        "pages.StandardPage",
        "newsletter.NewsletterPage",
        "teachers.TeacherDirectoryPage",
    },
    "pages.SectionPage": {
        "pages.MissionPage",
        "pages.SectionPage",
        "pages.StandardPage",
        "people.LeadershipPage",
        "finance.FinancialReportsPage",
        "newsletter.NewsletterPage",
        "teachers.TeacherDirectoryPage",
    },
    "pages.StandardPage": {"pages.StandardPage"},
    "pages.MissionPage": set(),
    "people.LeadershipPage": set(),
    "finance.FinancialReportsPage": set(),
    "newsletter.NewsletterPage": set(),
    "teachers.TeacherDirectoryPage": set(),
}
ONLY_ONE = {
    "pages.HomePage",
    "pages.MissionPage",
    "people.LeadershipPage",
    "finance.FinancialReportsPage",
    "newsletter.NewsletterPage",
    "teachers.TeacherDirectoryPage",
}


def page_types() -> list[type[BasePage]]:
    return [model for model in apps.get_models() if issubclass(model, BasePage)]


def test_the_table_names_every_page_type():
    assert {model._meta.label for model in page_types()} == set(CHILDREN)


@pytest.mark.parametrize("label", CHILDREN)
def test_a_page_type_allows_the_children_that_fit(label):
    allowed = {model._meta.label for model in apps.get_model(label).allowed_subpage_models()}
    assert allowed == CHILDREN[label]


@pytest.mark.parametrize("label", CHILDREN)
def test_a_page_type_allows_the_parents_that_list_it(label):
    parents = {model._meta.label for model in apps.get_model(label).allowed_parent_page_models()}
    expected = {parent for parent, children in CHILDREN.items() if label in children}
    assert parents == (expected or {"wagtailcore.Page"})


@pytest.mark.django_db
@pytest.mark.parametrize("label", sorted(ONLY_ONE))
def test_there_is_one_of_what_there_should_be_one_of(label):
    model = apps.get_model(label)
    assert model.max_count == 1
    parent = Page.get_first_root_node() if model is HomePage else SectionPageFactory()
    assert not model.can_create_at(parent)


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_every_page_type_says_what_it_is_for(model):
    assert str(model.page_description)
    assert model.template.endswith(".html")


@pytest.mark.django_db
def test_only_reading_is_allowed(client):
    response = client.post("/about/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert "cannot be used that way" in response.content.decode()
    assert client.head("/about/").status_code == 200
    assert client.options("/about/")["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
def test_a_draft_is_not_found(client):
    page = SectionPageFactory(parent=home(), slug="draft", live=False)
    assert client.get(page.url).status_code == 404
