"""Which slips in a domain are noticed, and which domains are no slips."""

import pytest

from newsletter.near_misses import COMMON_DOMAINS, suggestion
from pages.email_addresses import BadAddress, parse_address

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "ana@gmail.com"),
        ("ana@gmai.com", "ana@gmail.com"),
        ("ana@gmaill.com", "ana@gmail.com"),
        ("ana@gnail.com", "ana@gmail.com"),
        ("ana@gmail.con", "ana@gmail.com"),
        ("ana@gmail.co", "ana@gmail.com"),
        ("ana@gmail.cm", "ana@gmail.com"),
        ("ana@hotmial.com", "ana@hotmail.com"),
        ("ana@yahooo.com", "ana@yahoo.com"),
        ("ana@outlok.com", "ana@outlook.com"),
        ("ana@icloud.con", "ana@icloud.com"),
        ("ana@t-onlin.de", "ana@t-online.de"),
        ("ana@protonmial.com", "ana@protonmail.com"),
        ("ana@yaho.co.uk", "ana@yahoo.co.uk"),
        ("ana@gamil.com", "ana@gmail.com"),
        ("ana@hotmail.con", "ana@hotmail.com"),
        ("ana@hotmail.co", "ana@hotmail.com"),
        ("ana@yahoo.cm", "ana@yahoo.com"),
        ("ana@yahoo.com.b", "ana@yahoo.com.br"),
        ("Ana+News@GMIAL.com", "ana+news@gmail.com"),
    ],
)
def test_a_slip_in_a_common_domain_is_noticed(typed, meant):
    assert suggestion(parse_address(typed)) == meant


@pytest.mark.parametrize(
    "domain",
    [*sorted(COMMON_DOMAINS), "example.org", "email.com", "live.de", "mail.de", "gmx.fr", "gm.com"],
)
def test_a_real_domain_is_left_alone(domain):
    assert suggestion(parse_address(f"ana@{domain}")) == ""


@pytest.mark.parametrize(
    "domain",
    [
        "hotmail.se",  # one swap from Spain
        "hotmail.ch",
        "hotmail.dk",
        "outlook.be",
        "yahoo.fi",
        "yahoo.co.id",
        "yahoo.com.ar",
        "yahoo.com.tr",
        "orange.es",
        "yandex.by",
    ],
)
def test_another_country_is_no_slip(domain):
    assert suggestion(parse_address(f"ana@{domain}")) == ""


@pytest.mark.parametrize("domain", ["ge.com", "q.com", "aon.com", "map.com", "gmx.se"])
def test_short_names_are_not_taken_for_one_another(domain):
    assert suggestion(parse_address(f"ana@{domain}")) == ""


@pytest.mark.parametrize(
    "domain", ["gmiall.com", "gmmial.com", "hotmaill.con", "gmail.com.evil.example"]
)
def test_two_slips_are_not_guessed_at(domain):
    assert suggestion(parse_address(f"ana@{domain}")) == ""


def test_the_domain_in_a_foreign_script_is_left_alone():
    assert suggestion(parse_address("ana@gmаil.com")) == ""  # a Cyrillic a


def test_what_is_suggested_is_an_address_that_needs_no_other_suggestion():
    for common in COMMON_DOMAINS:
        for place in range(len(common)):
            slip = common[:place] + common[place + 1 :]
            try:
                meant = suggestion(parse_address(f"ana@{slip}"))
            except BadAddress:
                continue
            if meant:
                assert suggestion(parse_address(meant)) == ""
                assert meant.rpartition("@")[2] in COMMON_DOMAINS
