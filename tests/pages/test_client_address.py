"""Whose request it is, whatever its headers claim."""

from ipaddress import IPv6Address, ip_network

import pytest
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from pages.client_address import client_address, is_loopback, network_of

pytestmark = pytest.mark.without_database


# What a visitor may write into the header, before our proxies add whom they were asked by.
LIES = [
    "127.0.0.1",
    "198.51.100.1",
    "198.51.100.1, 198.51.100.2, 198.51.100.3",
    ", , ,",
    "203.0.113.9:1, [::1]:443",
    "unknown, _hidden, 198.51.100.1",
    "198.51.100.1\t",
    "é\u202e, 1",
    "1," * 5000,
]


def seen(forwarded: str | None, remote: str = "10.0.0.1") -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "192.0.2.1, 198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (3, "203.0.113.9", "203.0.113.9"),
        (1, None, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9:5678", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "[2001:DB8:0::1]", "2001:db8::1"),
        (1, "[::ffff:203.0.113.9]:443", "203.0.113.9"),
        (1, "[fe80::1%eth0]:443", "fe80::1"),
        (1, "2001:db8::1:443", "2001:db8::1:443"),
        (1, " 203.0.113.9 ", "203.0.113.9"),
        (1, "203.0.113.9,", "10.0.0.1"),
        (1, "٢٠٣.0.113.9", ""),
        (1, "203.0.113.09", ""),
        (1, "203.0.113", ""),
        (1, "0xcb007109", ""),
        (1, "[]:443", ""),
        (1, "203.0.113.9:http", ""),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "unknown", ""),
        (1, "203.0.113.9, garbage", ""),
        (1, "9" * 10_000, ""),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert seen(forwarded) == address


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: ascii(lie[:30]))
@pytest.mark.parametrize("proxies", [1, 2])
def test_a_visitor_who_lies_is_seen_at_the_own_address_all_the_same(settings, proxies, lie):
    settings.TRUSTED_PROXIES = proxies
    added = ["203.0.113.9", "10.0.0.7"][:proxies]
    assert seen(", ".join([lie, *added])) == "203.0.113.9"


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: ascii(lie[:30]))
def test_without_a_proxy_the_header_is_nobodys_word(settings, lie):
    settings.TRUSTED_PROXIES = 0
    assert seen(lie, remote="203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "CF-Connecting-IP", "Client-IP"])
def test_no_other_header_says_whose_request_it_is(settings, name):
    settings.TRUSTED_PROXIES = 1
    headers = {name: "198.51.100.1", "X-Forwarded-For": "203.0.113.9"}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == "203.0.113.9"


@given(st.one_of(st.text(max_size=80), st.ip_addresses().map(str)))
def test_whatever_stands_for_an_address_it_is_shortened_or_nothing(text):
    network = network_of(text)
    assert network == "" or str(ip_network(network)) == network
    assert network.endswith(("/24", "/48")) or not network
    assert is_loopback(text) in {True, False}


@given(st.ip_addresses(v=6))
@example(IPv6Address("::ffff:203.0.113.9"))
def test_neighbors_in_a_network_are_counted_as_one(address):
    neighbor = IPv6Address(int(address) ^ 1)
    assert network_of(str(address)) == network_of(str(neighbor))


def test_a_socket_without_an_address_is_nobodys(settings):
    settings.TRUSTED_PROXIES = 0
    assert seen(None, remote="") == ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", ""),
        ("garbage", ""),
    ],
)
def test_an_address_is_shortened_to_its_network(address, network):
    assert network_of(address) == network


def test_this_machine_is_known_by_its_own_addresses():
    assert is_loopback("127.0.0.1")
    assert is_loopback("127.3.2.1")
    assert is_loopback("::1")
    assert is_loopback("::ffff:127.0.0.1")
    assert not is_loopback("10.0.0.1")
    assert not is_loopback("")
    assert not is_loopback("localhost")
    assert not is_loopback("127.0.0.1.example.org")
