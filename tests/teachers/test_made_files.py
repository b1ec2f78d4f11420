"""The files of places that the site ships are made from packages, the same each time."""

import gzip
import json

import pytest

from teachers.gazetteer import make_postcodes, make_regions
from teachers.gazetteer.postcodes import known_postcodes

pytestmark = pytest.mark.without_database


def test_postcodes_are_written_each_with_its_middle(tmp_path, monkeypatch):
    out = tmp_path / "codes.csv.gz"
    monkeypatch.setattr(make_postcodes, "OUT", out)
    codes = [
        {"zipCode": "97201", "latitude": 45.4988, "longitude": -122.6901},
        {"zipCode": "04101", "latitude": 43.6604, "longitude": -70.2589},
    ]
    source = tmp_path / "array.js"
    source.write_text(f"module.exports = {json.dumps(codes)}")
    make_postcodes.main(str(source))
    first = out.read_bytes()
    assert gzip.decompress(first).decode().splitlines() == [
        "04101,43.66,-70.26",
        "97201,45.50,-122.69",
    ]
    make_postcodes.main(str(source))
    assert out.read_bytes() == first


def test_regions_are_written_with_country_and_code(tmp_path, monkeypatch):
    out = tmp_path / "regions.csv"
    monkeypatch.setattr(make_regions, "OUT", out)
    source = tmp_path / "admin1.json"
    source.write_text(json.dumps([{"code": "US.OR", "name": "Oregon"}]))
    make_regions.main(str(source))
    assert out.read_text() == "US,OR,Oregon\n"


def test_the_shipped_postcodes_are_those_of_the_united_states():
    codes = {code for code, _latitude, _longitude in known_postcodes()}
    assert len(codes) > 33_000
    assert {"97201", "04101", "00602"} <= codes
