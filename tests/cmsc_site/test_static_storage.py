"""The stylesheet's parts become one small file whose name changes with its content."""

import shutil
from pathlib import Path

import pytest

from cmsc_site.static_storage import STYLESHEET, SiteStaticStorage, join_imports

SOURCE = Path(__file__).resolve().parents[2] / "static"


def test_an_import_is_replaced_by_what_it_imports_in_its_layer():
    parts = {"tokens.css": ":root{--a:1}", "print.css": "p{color:red}"}
    source = '@layer tokens, base;\n@import "tokens.css" layer(tokens);\n@import "print.css";'
    joined = join_imports(source, parts.__getitem__)
    assert "@import" not in joined
    assert "@layer tokens {\n:root{--a:1}\n}" in joined
    assert joined.endswith("p{color:red}")


def test_a_part_that_is_missing_stops_the_build():
    with pytest.raises(KeyError, match=r"gone\.css"):
        join_imports('@import "gone.css" layer(base);', {}.__getitem__)


def test_the_collected_stylesheet_is_whole_small_and_named_by_its_content(tmp_path):
    shutil.copytree(SOURCE, tmp_path, dirs_exist_ok=True)
    storage = SiteStaticStorage(location=tmp_path, base_url="/static/")
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    for name, _stored, done in storage.post_process({name: (storage, name) for name in names}):
        assert not isinstance(done, Exception), (name, done)
    stored = storage.stored_name(STYLESHEET)
    assert stored.startswith("css/site.")
    assert stored != STYLESHEET
    text = (tmp_path / stored).read_text()
    assert "@import" not in text
    for part in ("--paper", "@font-face", ".hero", "@media print"):
        assert part in text
    assert "fonts/fraunces-core-wght-normal." in text
    assert (tmp_path / f"{stored}.br").stat().st_size < 20 * 1024
