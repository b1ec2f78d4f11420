"""What a row says of a teacher is read as people write it, or refused with a sentence."""

import datetime

import pytest

from pages.csv_reading import BEGINNING, Row
from pages.transfers.columns import begins_with_heads
from teachers.import_columns import HEADS, guessed_columns
from teachers.import_rows import Known, entry_of, written
from teachers.models import TrainingLevel
from tests.factories import ProgramFactory, TeacherFactory

pytestmark = pytest.mark.django_db


def row(*cells: str) -> Row:
    return Row(2, list(cells), BEGINNING)


def said(teacher=None, *, empty_clears: bool = False, **cells: str):
    """Return what a row with these cells says."""
    cells = {"contact_address": "ana@example.org", **cells}
    if teacher is None:
        cells = {"name": "Sample Ana", "level": "Certified Teacher", **cells}
    columns = dict.fromkeys(HEADS) | {name: n for n, name in enumerate(cells)}
    return entry_of(
        row(*cells.values()), columns, Known(), teacher=teacher, empty_clears=empty_clears
    )


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"languages": "English; fr, Español"}, "languages", None),
        ({"languages": "English; fr"}, "languages", ["en", "fr"]),
        ({"formats": "In person; Online"}, "teaches_online", True),
        ({"formats": "online"}, "teaches_in_person", False),
        ({"formats": "both"}, "teaches_in_person", True),
        ({"level_date": "2024-02-29"}, "level_date", datetime.date(2024, 2, 29)),
        ({"level_date": "2/29/2024"}, "level_date", datetime.date(2024, 2, 29)),
        ({"level_date": "2023-02-29"}, "level_date", None),
        ({"level_date": "29.2.2024"}, "level_date", None),
        ({"last_confirmed": "2999-01-01"}, "last_confirmed", None),
        ({"agreed_to_be_listed": "Yes"}, "agreed_to_be_listed", True),
        ({"agreed_to_be_listed": "no"}, "agreed_to_be_listed", False),
        ({"agreed_to_be_listed": "perhaps"}, "agreed_to_be_listed", None),
        ({"is_trainer": "x"}, "is_trainer", True),
        ({"website": "www.example.org"}, "website", "https://www.example.org"),
        ({"website": "javascript://alert(1)"}, "website", None),
        ({"website": "not an address"}, "website", None),
        ({"public_phone": "'+33 1 23"}, "public_phone", "+33 1 23"),
        ({"name": "  Sample \n Ana "}, "name", "Sample Ana"),
        ({"name": "x" * 121}, "name", None),
        ({"level": "certified teacher"}, "name", "Sample Ana"),
        ({"level": "Grand Master"}, "level", None),
        ({"programs": "No such program"}, "programs", None),
        ({"place": "Lyon, France"}, "place_id", 2996944),
        ({"place": "2996944"}, "place_id", 2996944),
        ({"place": "Portland"}, "place_id", None),
        ({"place": "Nowhereville"}, "place_id", None),
        ({"contact_address": "nobody"}, "contact_address", None),
        ({"contact_address": ""}, "contact_address", None),
        ({"name": ""}, "name", None),
        ({"level": ""}, "level_id", None),
        ({"biography": "One & two\n\nThree"}, "biography", "<p>One &amp; two</p><p>Three</p>"),
        ({"biography": '<p onclick="x">A<script>b</script></p>'}, "biography", "<p>Ab</p>"),
    ],
)  # fmt: skip
def test_a_cell_is_read_or_refused_with_a_sentence(world, cells, field, value):
    entry = said(**cells)
    if value is None:
        assert entry.refusal.endswith((".", "?"))
        assert entry.values == {}
    else:
        assert entry.refusal == ""
        assert entry.values[field] == value


def test_a_town_of_which_there_are_several_is_refused_with_the_candidates(world):
    refusal = said(place="Portland").refusal
    assert "Portland, Oregon, United States [5746545]" in refusal
    assert "Portland, Maine, United States [4975802]" in refusal


def test_programs_are_parted_by_semicolons_since_their_names_hold_commas():
    one, two = ProgramFactory(name="Mind, body and you"), ProgramFactory(name="For parents")
    assert said(programs="for parents; Mind, body and you").values["programs"] == sorted(
        [one.pk, two.pk]
    )


def test_without_a_word_on_consent_a_row_says_nothing_of_it():
    assert "agreed_to_be_listed" not in said(agreed_to_be_listed="").values


def test_an_empty_cell_says_nothing_unless_empty_cells_delete():
    teacher = TeacherFactory(website="https://example.org", public_phone="1")
    assert said(teacher, website="", name="").values == {}
    cleared = said(teacher, website="", name="", agreed_to_be_listed="", empty_clears=True)
    assert cleared.values == {"website": ""}


def test_the_apostrophe_of_our_own_files_is_taken_off_and_no_other():
    assert [written(cell) for cell in ("'+33", "'=1", "'t Hart", "'")] == [
        "+33",
        "=1",
        "'t Hart",
        "'",
    ]


def test_columns_are_guessed_from_our_own_heads_and_from_those_of_others():
    own = guessed_columns([row(*map(str, HEADS.values()))])
    assert list(own.values()) == list(range(len(HEADS)))
    other = guessed_columns(
        [row("Full name", "E-Mail", "City", "Level"), row("A", "a@b.cd", "", "")]
    )
    found = {name: column for name, column in other.items() if column is not None}
    assert found == {"name": 0, "contact_address": 1, "place": 2, "level": 3}


def test_without_heads_the_address_is_where_the_at_signs_are():
    rows = [row("Sample Ana", "ana@example.org"), row("Sample Ben", "ben@example.org")]
    assert not begins_with_heads(rows)
    assert guessed_columns(rows)["contact_address"] == 1


def test_levels_of_the_first_content_are_known_by_name():
    for level in TrainingLevel.objects.all():
        assert said(level=level.name.upper()).values["level_id"] == level.pk
