"""Which addresses are taken, which are the same, and what is said of the others."""

import re
import time
from email.headerregistry import Address as HeaderAddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pages.email_addresses import BadAddress, parse_address

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana@Example.ORG \n", "ana@example.org"),
        ("a.n.a+news@example.org", "a.n.a+news@example.org"),
        ("me@Bücher.example", "me@xn--bcher-kva.example"),
        ("me@xn--bcher-kva.example", "me@xn--bcher-kva.example"),
        ("me@bu\u0308cher.example", "me@xn--bcher-kva.example"),
        ("ana@ｅｘａｍｐｌｅ．org", "ana@example.org"),
        ("ana@例え.テスト.example", "ana@xn--r8jz45g.xn--zckzah.example"),
        ("o'neill_x=y!#$%&*/?^`{|}~-@sub.test", "o'neill_x=y!#$%&*/?^`{|}~-@sub.test"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_what_is_an_address_is_known_by_its_key(typed, key):
    assert parse_address(typed).key == key


def test_it_is_kept_as_typed_and_sent_with_its_domain_in_ascii():
    address = parse_address(" Ana.Silva@Bücher.example ")
    assert address.typed == "Ana.Silva@Bücher.example"
    assert address.sendable == "Ana.Silva@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "type your email"),
        (" \t\r\n ", "type your email"),
        ("ana", "has an @"),
        ("@example.org", "before the @ is missing"),
        ("ana@", "after the @ is missing"),
        ("ana@localhost", "needs a dot"),
        ("ana@example.org, ben@example.org", "one address alone"),
        ("ana@example.org ben@example.org", "one address alone"),
        ("ana@example.org;ben@example.org", "one address alone"),
        ("ana\x00@example.org", "cannot be seen"),
        ("ana\u200b@example.org", "cannot be seen"),
        ("ana\u202e@example.org", "cannot be seen"),
        ("ana\u00ad@example.org", "cannot be seen"),
        ("ana@example.org\nBcc: ben@example.org", "cannot be seen"),
        ("ana@exam\u2028ple.org", "cannot be seen"),
        (f"{'a' * 65}@example.org", "longer than it can be"),
        (f"ana@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 60}.org", "longer than any"),
        (f"{'a' * 64}@{'ü.' * 24}example", "longer than any"),
        ("añа@example.org", "such letters before the @"),
        ("ana@ехаmple..org", "slip in it"),
        ("Ana <ana@example.org>", "the address alone"),
        ('"ana silva"@example.org', "the address alone"),
        ("ana(comment)@example.org", "the address alone"),
        ("ana@[192.0.2.1]", "the address alone"),
        ("ana@192.0.2.1", "slip in it"),
        ("MailTo:ana@example.org", "the address alone"),
        ("ana@-example.org", "slip in it"),
        ("ana@exa mple.org", "no spaces"),
        (".ana@example.org", "slip in it"),
        ("ana@ben@example.org", "slip in it"),
        ("ana＠example.org", "has an @"),
        ("ana@example＠org", "needs a dot"),
        ("ana@。example", "needs a dot"),
        ("ana@\u0338example.org", "slip in it"),
        ("ana@exam\u2044ple.org", "slip in it"),
        ("ana@1.אב.org", "slip in it"),
        ("ana@xn--a.org", "slip in it"),
        ("ana@intranet.local", "slip in it"),
        ("ana@exam\u034fple.org", "cannot be seen"),
        ("ana@exam\ufe0fple.org", "cannot be seen"),
        ("\u3164ana@example.org", "cannot be seen"),
        ("\ufeffana@example.org", "cannot be seen"),
        ("ana@exam\ud800ple.org", "cannot be seen"),
        ("=?utf-8?q?ben?=@example.org", "=? in it"),
    ],
)
def test_what_is_none_is_refused_with_a_sentence_that_helps(typed, said):
    with pytest.raises(BadAddress, match=re.escape(said)):
        parse_address(typed)


@pytest.mark.parametrize("hostile", ["@", "a.", "a@", "é", "a@a.", "\u0301", '"', "xn--"])
def test_a_megabyte_is_refused_at_once(hostile):
    began = time.process_time()
    with pytest.raises(BadAddress):
        parse_address(hostile * (1_000_000 // len(hostile)))
    assert time.process_time() - began < 1


ODD = "ab@@..-+=?'＠。．ｅ\u212a\u0130ßς\u0301\u0338\u037e\u200d\u202e\x00\ufdfaا١ \u3000"
ANYTHING = st.one_of(
    st.text(max_size=300),
    st.text(ODD, max_size=40),
    st.emails(),
    st.from_regex(r".{0,70}@.{0,70}\..{0,9}"),
    st.text("abAB-.。．ｅ\u212a\u0130ßςéا١中", max_size=40).map("Ana@{}.example".format),
    st.text("abAB.=?_-+'", max_size=40).map("{}@example.org".format),
)


@given(ANYTHING)
@example("ana@K.example")
@example("\u212a@example.org")
def test_whatever_is_typed_is_an_address_or_refused(typed):
    try:
        address = parse_address(typed)
    except BadAddress:
        return
    assert parse_address(address.key).key == address.key
    assert parse_address(address.sendable).key == address.key
    assert address.key == address.key.lower()
    assert address.key.isascii()
    assert address.key.isprintable()
    assert " " not in address.key
    assert len(address.sendable) <= 254


@given(ANYTHING)
@example("=?utf-8?q?ben=40example.com?=@example.org")
@example("=?utf-8?q?=61na?=@example.org")
def test_a_mail_goes_to_the_address_that_was_noted_and_to_no_other(typed):
    try:
        address = parse_address(typed)
    except BadAddress:
        return
    # What Django makes of a recipient, encoded words (RFC 2047) decoded.
    assert HeaderAddress(addr_spec=address.sendable).addr_spec == address.sendable
    assert address.sendable.lower() == address.key
    # What is stored, typed and key, is enough to write to it (Subscriber.sendable).
    local, domain = address.typed.rpartition("@")[0], address.key.rpartition("@")[2]
    assert f"{local}@{domain}" == address.sendable


def test_padding_of_any_kind_and_length_is_stripped():
    padding = " \t\r\n\u3000\u2028\u00a0" * 1000
    assert parse_address(f"{padding}ana@example.org{padding}").typed == "ana@example.org"


def test_an_address_may_have_254_octets_as_it_is_sent_and_no_more():
    domain = f"{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 52}.example"
    assert len(parse_address(f"a@{domain}").sendable) == 254
    with pytest.raises(BadAddress, match="longer than any"):
        parse_address(f"aa@{domain}")


def test_an_accent_typed_as_a_sign_of_its_own_is_kept_as_one_letter():
    assert parse_address("me@bu\u0308cher.example").typed == "me@bücher.example"


def test_letters_that_look_alike_make_another_address():
    assert parse_address("ana@exаmple.org").key != parse_address("ana@example.org").key


def test_what_grows_when_it_is_normalized_is_refused_soon():
    began = time.process_time()
    with pytest.raises(BadAddress):
        parse_address(f"a@{chr(0xFDFA) * 248}.de")
    assert time.process_time() - began < 1
