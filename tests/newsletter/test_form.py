"""The forms: what they are made of, what they refuse and with which words."""

import re

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import escape

from newsletter.forms import PLACES, PreferencesForm, SignUpForm
from newsletter.invitation import SignUpBox, invitation_for
from tests.factories import SubscriberFactory, TopicFactory

pytestmark = pytest.mark.django_db

LONG_PATH = "/about/leadership/sample-person-with-a-name-that-is-longer-than-most/"
GOOD = {"email": "ann@example.org", "name": "", "homepage": "", "waited": "", "wording": ""}


def form_at(place: str, path: str = LONG_PATH) -> str:
    context = Context({"request": RequestFactory().get(path)})
    tags = "{% load newsletter_tags %}{% sign_up_form place %}"
    shown = Template(tags).render(Context({**context.flatten(), "place": place}))
    return re.search("<form.*</form>", shown, re.DOTALL)[0]


def sent_back(**typed: str) -> str:
    form = SignUpForm({**GOOD, **typed})
    box = SignUpBox(invitation_for(None), "answer", "/newsletter/subscribe/", form)
    return render_to_string("components/sign_up.html", {"sign_up": box})


def read(**typed: str) -> dict:
    form = SignUpForm({**GOOD, **typed})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def errors(**typed: str) -> dict:
    return SignUpForm({**GOOD, **typed}).errors


class TestTheFormAsSent:
    @pytest.mark.parametrize("place", PLACES)
    def test_is_at_most_one_kilobyte(self, place):
        assert len(form_at(place).encode()) <= 1024

    def test_needs_neither_cookie_nor_token(self, client):
        response = client.get("/about/")
        assert "csrf" not in response.content.decode()
        assert not response.cookies

    def test_posts_to_the_address_that_never_moves(self):
        assert f'action="{reverse("newsletter_subscribe")}" method="post"' in form_at("footer")

    def test_labels_what_is_filled_in(self):
        form = form_at("footer")
        assert '<label for="email-footer">Email address</label>' in form
        assert '<label for="name-footer">Name (optional)</label>' in form

    def test_helps_the_browser_to_fill_it_in(self):
        (email,) = re.findall('<input[^>]* name="email"[^>]*>', form_at("footer"))
        assert {'type="email"', 'autocomplete="email"', 'maxlength="254"'} <= set(email.split())
        assert "required" in email

    def test_keeps_people_out_of_the_trap(self):
        trap = re.search('<label class="sign-up__trap">.*?</label>', form_at("footer"))[0]
        assert "Leave this empty" in trap
        assert 'tabindex="-1" autocomplete="off"' in trap

    def test_asks_for_no_puzzle_and_loads_none(self):
        assert "altcha" not in form_at("footer")

    def test_escapes_the_path(self):
        assert "<script>" not in form_at("footer", "/<script>alert(1)</script>/")


class TestAnAddress:
    def test_is_read(self):
        address = read(email=" Ann@Example.org ")["email"]
        assert (address.typed, address.key) == ("Ann@Example.org", "ann@example.org")

    @pytest.mark.parametrize(
        "typed",
        ["", "ann", "ann@@example.org", "a@example.org, b@example.org", "ann@example\x00.org"],
    )
    def test_that_is_none_is_refused(self, typed):
        assert set(errors(email=typed)) == {"email"}

    def test_that_is_missing_altogether_is_refused_with_a_sentence(self):
        assert errors(email="")["email"] == ["Please type your email address."]
        assert set(SignUpForm({}).errors) == {"email"}


class TestAName:
    @pytest.mark.parametrize(
        "typed",
        ["Ann", "Zoë O’Neill-Müller", "李小龍", "نیلوفر\u200cجان", "Dr. Ann, MSC", "n" * 100],
    )
    def test_is_accepted_in_any_script(self, typed):
        assert read(name=typed)["name"] == typed

    def test_may_be_left_out(self):
        assert read(name="  ")["name"] == ""

    @pytest.mark.parametrize(
        "typed",
        [
            "Ann\nBcc: x@example.org",
            "Ann\r\n",
            "Ann\x00",
            "Ann\u202egro",
            "Ann\u2066",
            "Ann\u2028B",
        ],
        ids=ascii,
    )
    def test_with_what_could_deceive_is_refused(self, typed):
        assert errors(name=typed)["name"] == [
            "Please write the name on one line, without invisible signs."
        ]

    def test_that_is_too_long_is_refused(self):
        assert "100" in errors(name="n" * 101)["name"][0]


class TestWhatThePageFilledIn:
    @pytest.mark.parametrize("path", ["/", "/about/", "/über/", "/" + "p" * 199])
    def test_is_a_path_of_this_site(self, path):
        assert read(page=path)["page"] == path

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "about/",
            "//evil.example/",
            "https://evil.example/",
            "/a?b=c",
            "/a\nb",
            f"/{'p' * 200}",
        ],
        ids=lambda path: ascii(path[:24]),
    )
    def test_is_passed_over_where_it_is_no_path(self, path):
        assert read(page=path)["page"] == ""

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("", None),
            ("1234", 1234),
            ("0", 0),
            ("-5", None),
            ("1e9", None),
            ("²", None),
            ("9" * 99, None),
        ],
    )
    def test_tells_how_long_the_page_was_open(self, sent, kept):
        assert read(waited=sent)["waited"] == kept

    @pytest.mark.parametrize(
        ("sent", "kept"), [("0123456789ab", "0123456789ab"), ("%_", ""), ("a" * 65, ""), ("x", "")]
    )
    def test_names_the_words_that_were_shown(self, sent, kept):
        assert read(wording=sent)["wording"] == kept

    @pytest.mark.parametrize(("sent", "kept"), [("footer", "footer"), ("elsewhere", ""), ("", "")])
    def test_names_the_place_of_the_form(self, sent, kept):
        assert read(place=sent)["place"] == kept

    def test_is_never_an_error_where_it_is_missing(self):
        assert SignUpForm({"email": "ann@example.org"}).is_valid()


class TestAFormThatIsSentBack:
    def test_says_what_is_wrong_with_the_address_at_the_field(self):
        form = sent_back(email="ann", name="Ann")
        (email,) = re.findall('<input[^>]* name="email"[^>]*>', form)
        assert 'aria-invalid="true" aria-describedby="email-answer-error" autofocus' in email
        assert re.search('id="email-answer-error" role="alert">An address has an @', form)
        assert form.count("autofocus") == 1
        assert 'name="name" value="Ann"' in form

    def test_says_what_is_wrong_with_the_name_at_the_field(self):
        form = sent_back(name="Ann\u202e")
        (name,) = re.findall('<input[^>]* name="name"[^>]*>', form)
        assert 'aria-invalid="true" aria-describedby="name-answer-error" autofocus' in name
        assert 'name="email" value="ann@example.org"' in form

    def test_has_the_focus_on_the_first_of_two_faults(self):
        form = sent_back(email="ann", name="Ann\u202e")
        assert form.count('role="alert"') == 2
        assert form.count("autofocus") == 1
        assert form.index("autofocus") < form.index('name="name"')

    def test_holds_what_was_typed_and_runs_none_of_it(self):
        typed = '"><script>alert(1)</script>'
        form = sent_back(email=typed, name=typed + "\n")
        assert "<script>" not in form
        assert f'value="{escape(typed)}"' in form

    def test_still_tells_the_page_where_it_began_and_its_own_place(self):
        form = sent_back(email="ann", page="/about/", place="footer")
        assert 'name="page" value="/about/"' in form
        assert 'id="email-footer"' in form


class TestPreferences:
    def test_offer_the_topics_and_keep_what_was_chosen_before(self):
        offered, former = TopicFactory(name="Courses"), TopicFactory(is_offered=False)
        TopicFactory(name="Never chosen", is_offered=False)
        someone = SubscriberFactory()
        someone.topics.add(former)
        form = PreferencesForm({"topics": [offered.pk, former.pk]}, instance=someone)
        assert set(form.fields["topics"].queryset) == {offered, former}
        form.save()
        assert set(someone.topics.all()) == {offered, former}

    def test_refuse_a_topic_that_is_not_offered(self):
        TopicFactory()
        hidden = TopicFactory(is_offered=False)
        form = PreferencesForm({"topics": [hidden.pk]}, instance=SubscriberFactory())
        assert set(form.errors) == {"topics"}

    def test_ask_nothing_where_there_is_nothing_to_choose(self):
        assert not PreferencesForm(instance=SubscriberFactory()).fields

    def test_ask_for_the_language_where_there_are_several(self, settings):
        settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
        someone = SubscriberFactory()
        form = PreferencesForm({"language": "de"}, instance=someone)
        form.save()
        someone.refresh_from_db()
        assert someone.language == "de"
        assert PreferencesForm({"language": "xx"}, instance=someone).errors

    def test_are_shown_as_one_group_with_each_topics_description(self):
        topic = TopicFactory(name="Courses", description="New courses and where they are.")
        form = PreferencesForm(instance=SubscriberFactory())
        shown = render_to_string("components/topic_choice.html", {"field": form["topics"]})
        assert "<legend" in shown
        assert f'value="{topic.pk}"' in shown
        assert "New courses and where they are." in shown
