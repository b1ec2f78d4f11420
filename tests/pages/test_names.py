"""What follows from a person's name, in whatever script it is written."""

import pytest

from pages.names import slug_wanted

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Lisa Baylis", "lisa-baylis"),
        ("Jørgen Weiß", "jorgen-weiss"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("Ægir Þórsson", "aegir-thorsson"),
        ("Đặng Văn", "dang-van"),
        ("Çelik Işık", "celik-isik"),
        ("José O’Brien-Müller", "jose-obrien-muller"),
        ("Мария Иванова", "mariya-ivanova"),
        ("Ελένη", "eleni"),
        ("東京", "dongjing"),
        ("محمد", "mhmd"),
        ("Ana 🙂", "ana"),
        ("🙂 …", "someone"),
        ("", "someone"),
    ],
)
def test_an_address_can_be_read_and_typed_whatever_the_name(name, address):
    assert slug_wanted(name, otherwise="someone") == address


def test_an_address_leaves_room_for_a_number_behind_it():
    assert len(slug_wanted("Weiß " * 100, otherwise="someone")) <= 110
