"""Which bytes a browser that asks for a part is given, by the letter of RFC 9110."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.byte_ranges import (
    ByteRange,
    UnsatisfiableRangeError,
    asked_range,
    if_range_holds,
    is_plain,
    parse_range,
)

pytestmark = pytest.mark.without_database

ETAG = '"e3b0c442"'
DATE = "Mon, 06 May 2024 07:08:09 GMT"


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=999-", 999, 1000),
        ("bytes=0-", 0, 1000),
        ("bytes=-1", 999, 1000),
        ("bytes=-1000", 0, 1000),
        ("bytes=-1001", 0, 1000),
        ("bytes=990-2000", 990, 1000),
        ("BYTES=1-2", 1, 3),
        ("bytes=0001-0002", 1, 3),
        (" bytes=1-2\t", 1, 3),
        ("bytes=10-" + "9" * 30, 10, 1000),
        ("bytes=10-" + "9" * 8000, 10, 1000),
        ("bytes=-" + "9" * 8000, 0, 1000),
        ("bytes=" + "0" * 8000 + "7-7", 7, 8),
    ],
    ids=lambda value: str(value)[:24],
)
def test_one_range_names_a_part_of_the_file(header, start, end):
    assert parse_range(header, 1000) == ByteRange(start, end)


@pytest.mark.parametrize(
    "header",
    ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=-000", "bytes=" + "9" * 8000 + "-"],
    ids=lambda value: value[:24],
)
def test_a_range_outside_of_the_file_cannot_be_satisfied(header):
    with pytest.raises(UnsatisfiableRangeError):
        parse_range(header, 1000)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=1.0-2",
        "bytes=1 - 2",
        "bytes 0-1",
        "bytes=0-1,5-6",
        "bytes=0-1,",
        "bytes=" + ",".join(["0-"] * 500),
        "lines=0-1",
        "bytes=١-٢",
        "bytes=0-1\n",
        "bytes=²-³",
    ],
    ids=lambda value: value[:24] or "empty",
)
def test_what_is_not_one_well_formed_range_is_passed_over(header):
    assert parse_range(header, 1000) is None


def test_an_empty_file_has_no_part():
    assert parse_range("bytes=-5", 0) is None
    with pytest.raises(UnsatisfiableRangeError):
        parse_range("bytes=0-", 0)


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        (None, True),
        (ETAG, True),
        (DATE, True),
        (f" {ETAG} ", True),
        (f"W/{ETAG}", False),
        ('"other"', False),
        ("e3b0c442", False),
        ("Mon, 06 May 2024 07:08:10 GMT", False),
        ("Mon, 06 May 2024 07:08:08 GMT", False),
        ("nonsense", False),
        ("", False),
        ("*", False),
    ],
)
def test_a_part_is_given_only_while_the_file_is_the_one_that_was_begun(header, holds):
    assert if_range_holds(header, ETAG, DATE) is holds


def test_a_weak_tag_never_lets_parts_be_joined():
    assert not if_range_holds(f"W/{ETAG}", f"W/{ETAG}", DATE)


def test_another_file_is_given_whole_even_where_the_range_could_not_be():
    asked = {"etag": ETAG, "last_modified": DATE, "size": 10}
    assert asked_range("bytes=50-", '"other"', **asked) is None
    assert asked_range(None, ETAG, **asked) is None
    assert asked_range("bytes=5-", ETAG, **asked) == ByteRange(5, 10)
    with pytest.raises(UnsatisfiableRangeError):
        asked_range("bytes=50-", ETAG, **asked)


def test_a_part_says_where_it_stands_in_the_whole():
    part = ByteRange(200, 300)
    assert part.content_range(1000) == "bytes 200-299/1000"
    assert part.length == 100


@pytest.mark.parametrize("header", ["bytes=0-1", "bytes=5-", "bytes=-5"])
def test_a_web_server_reads_a_plain_range_as_we_do(header):
    assert is_plain(header)


@pytest.mark.parametrize(
    "header", ["bytes=-", "BYTES=0-1", " bytes=0-1", "bytes=0-1,2-3", "bytes=0-" + "9" * 19]
)
def test_a_web_server_is_not_asked_to_read_an_odd_range(header):
    assert not is_plain(header)


@given(header=st.text(max_size=40) | st.from_regex(r"bytes=[0-9]*-[0-9]*"), size=st.integers(0))
def test_no_header_leads_outside_of_the_file(header, size):
    try:
        part = parse_range(header, size)
    except UnsatisfiableRangeError:
        return
    assert part is None or 0 <= part.start < part.end <= size


@given(first=st.integers(0, 2000), last=st.integers(0, 2000), size=st.integers(1, 1000))
def test_a_range_is_what_slicing_gives(first, last, size):
    data = bytes(n % 251 for n in range(size))
    try:
        part = parse_range(f"bytes={first}-{last}", size)
    except UnsatisfiableRangeError:
        assert not data[first:]
        return
    if part is None:
        assert last < first
    else:
        assert data[part.start : part.end] == data[first : last + 1]
