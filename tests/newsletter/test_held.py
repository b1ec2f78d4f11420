"""Sign-ups that were held, and what staff do with them."""

import pytest
from django.urls import reverse
from post_office.models import Email

from newsletter.models import HeldSignUp, Subscriber, Suppression, suppress
from newsletter.models.subscriber import Act, State
from tests.factories import HeldSignUpFactory
from tests.newsletter.conftest import text_of

pytestmark = pytest.mark.django_db

HELD = "/admin/newsletter/held/"
DECIDE = f"{HELD}decide/"


def test_are_listed_with_why_and_from_where(newsletter_staff):
    HeldSignUpFactory(
        address="held@example.org", suspicion="too-fast", network="192.0.2.0/24", times=7
    )
    text = text_of(newsletter_staff.get(HELD))
    for words in ("held@example.org", "faster than people type", "192.0.2.0/24", "<td>7</td>"):
        assert words in text


def test_are_narrowed_to_a_reason(newsletter_staff):
    HeldSignUpFactory(address="trap@example.org", suspicion="trap")
    HeldSignUpFactory(address="fast@example.org", suspicion="too-fast")
    text = text_of(newsletter_staff.get(f"{HELD}?why=trap"))
    assert "trap@example.org" in text
    assert "fast@example.org" not in text
    assert "fast@example.org" in text_of(newsletter_staff.get(f"{HELD}?why=nonsense"))


def test_come_50_a_page_with_as_many_questions_as_for_few(newsletter_staff, count_queries):
    HeldSignUpFactory.create_batch(2)
    newsletter_staff.get(HELD)
    few = count_queries(lambda: newsletter_staff.get(HELD))
    HeldSignUpFactory.create_batch(60)
    assert text_of(newsletter_staff.get(HELD)).count('name="id"') == 50
    assert text_of(newsletter_staff.get(f"{HELD}?p=2")).count('name="id"') == 12
    assert count_queries(lambda: newsletter_staff.get(HELD)) <= few + 1


def test_one_that_is_released_gets_its_mail(newsletter_staff):
    held, other = HeldSignUpFactory(), HeldSignUpFactory()
    newsletter_staff.post(DECIDE, {"act": "release", "id": [held.pk]})
    subscriber = Subscriber.objects.get()
    assert subscriber.key == held.key
    assert subscriber.state == State.PENDING
    assert Act.RELEASED in subscriber.events.values_list("act", flat=True)
    assert Email.objects.get().to == [held.address]
    assert HeldSignUp.objects.get() == other


def test_one_of_a_suppressed_address_is_left_out_when_released(newsletter_staff):
    held = HeldSignUpFactory()
    suppress(held.key, Suppression.Reason.COMPLAINED)
    response = newsletter_staff.post(DECIDE, {"act": "release", "id": [held.pk]}, follow=True)
    assert "0 were released" in text_of(response)
    assert not Subscriber.objects.exists()
    assert not Email.objects.exists()


def test_one_that_is_thrown_away_is_gone_without_a_mail(newsletter_staff):
    held, other = HeldSignUpFactory(), HeldSignUpFactory()
    newsletter_staff.post(DECIDE, {"act": "throw-away", "id": [held.pk]})
    assert HeldSignUp.objects.get() == other
    assert not Subscriber.objects.exists()
    assert not Email.objects.exists()


@pytest.mark.parametrize("act", ["release", "throw-away"])
def test_all_with_a_reason_are_asked_about_first(newsletter_staff, act):
    HeldSignUpFactory.create_batch(3, suspicion="trap")
    other = HeldSignUpFactory(suspicion="network")
    values = {"act": act, "which": "all", "why": "trap"}
    response = newsletter_staff.post(DECIDE, values)
    assert "3 sign-ups" in text_of(response)
    assert HeldSignUp.objects.count() == 4
    newsletter_staff.post(DECIDE, {**values, "confirmed": "yes"})
    assert HeldSignUp.objects.get() == other
    assert Subscriber.objects.count() == (3 if act == "release" else 0)


def test_no_more_are_released_at_once_than_a_request_can_do(newsletter_staff, monkeypatch):
    monkeypatch.setattr("newsletter.staff_held.MOST_AT_ONCE", 2)
    HeldSignUpFactory.create_batch(3)
    values = {"act": "release", "which": "all", "confirmed": "yes"}
    response = newsletter_staff.post(DECIDE, values, follow=True)
    assert Subscriber.objects.count() == 2
    assert "please repeat it" in text_of(response)


@pytest.mark.parametrize(
    "values",
    [{}, {"act": "nonsense"}, {"act": "release", "id": ["abc", "9" * 30]}, {"act": "throw-away"}],
)
def test_what_makes_no_sense_does_no_harm(newsletter_staff, values):
    HeldSignUpFactory()
    assert newsletter_staff.post(DECIDE, values).status_code == 302
    assert HeldSignUp.objects.count() == 1


def test_a_link_decides_nothing(newsletter_staff):
    HeldSignUpFactory()
    address = reverse("newsletter_decide_held")
    assert newsletter_staff.get(f"{address}?act=throw-away&which=all").status_code == 405
    assert HeldSignUp.objects.count() == 1


def test_with_nothing_ticked_staff_are_told_to_tick(newsletter_staff):
    held = HeldSignUpFactory()
    response = newsletter_staff.post(
        "/admin/newsletter/held/decide/", {"act": "release"}, follow=True
    )
    assert "Tick the sign-ups first" in response.content.decode()
    assert HeldSignUp.objects.filter(pk=held.pk).exists()


def test_who_signs_up_as_a_person_need_not_be_looked_at_any_more(client):
    HeldSignUpFactory(address="ana@example.org")
    client.post("/newsletter/subscribe/", {"email": "ana@example.org"})
    assert not HeldSignUp.objects.exists()
