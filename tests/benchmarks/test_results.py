"""What `make bench` writes from figures: tables and plots to read, and an exit that tells."""

import math
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as bench
from benchmarks.measuring import main as measure_alone
from benchmarks.plots import Bars, Lines, plain
from benchmarks.results import Bar, Section, Table, not_measured, write

pytestmark = pytest.mark.without_database
SVG = "{http://www.w3.org/2000/svg}"
FACTS = ["Machine: a sample"]


def sections(*bars: Bar) -> list[Section]:
    """Return one section with everything that can be in it."""
    rows = [("a <b> & c", 3.0), ("d", 0.2)]
    return [
        Section(
            "Sample pages",
            "How it was measured.",
            tables=[Table(("page", "answers a second"), rows)],
            bars=list(bars),
            plots=[
                Bars("rates", "Rates & more", "a second", rows, limit=1.0, at_least=True),
                Lines("memory", "Memory", "MB", "requests", [0, 10], [("one", [1.0, 2.0])], 3.0),
            ],
            notes=["A sample note."],
        )
    ]


GOOD = Bar("cached : bare", 0.9, 0.7, at_least=True)
SLOW = Bar("cached : bare", 0.35, 0.7, at_least=True)
LARGE = Bar("memory", 260, 200, "MB")


def test_results_say_what_was_measured_on_what_and_how(tmp_path):
    assert write(sections(GOOD), tmp_path, FACTS) == 0
    text = (tmp_path / "results.md").read_text()
    for words in [
        "- Machine: a sample",
        "## Sample pages",
        "How it was measured.",
        "| page | answers a second |",
        "| a <b> & c | 3 |",
        "| cached : bare | 0.90 | at least 0.70 | met |",
        "![Memory](plots/memory.svg)",
        "- A sample note.",
        "1 of 1 bars were met.",
    ]:
        assert words in text


@pytest.mark.parametrize("bar", [SLOW, LARGE, Bar("never seen", math.nan, 1)])
def test_a_missed_bar_ends_with_one(tmp_path, bar):
    assert write(sections(GOOD, bar), tmp_path, FACTS) == 1


def test_results_say_first_which_bar_was_missed_and_by_how_much(tmp_path):
    write(sections(GOOD, SLOW, LARGE), tmp_path, FACTS)
    head = (tmp_path / "results.md").read_text().partition("## ")[0]
    assert "1 of 3 bars were met." in head
    assert "| cached : bare | 0.35 | at least 0.70 | **missed** by 0.35, 50 % |" in head
    assert "| memory | 260 MB | at most 200 MB | **missed** by 60 MB, 30 % |" in head


def test_what_could_not_be_measured_counts_as_missed(tmp_path):
    assert write([not_measured("Pages", "It broke.")], tmp_path, FACTS) == 1
    assert "not measured" in (tmp_path / "results.md").read_text()


def test_a_number_at_the_bar_meets_it():
    assert Bar("as large as it may be", 1.5, 1.5).is_met
    assert Bar("as much as is asked for", 0.7, 0.7, at_least=True).is_met


def test_plots_are_svg_with_every_label_and_number(tmp_path):
    write(sections(GOOD), tmp_path, FACTS)
    drawn = ElementTree.parse(tmp_path / "plots" / "rates.svg").getroot()
    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert words[:2] == ["Rates & more", "a second; dashed: at least 1"]
    assert words[2:] == ["a <b> & c", "3", "d", "0.20"]
    assert drawn.find(f"{SVG}title").text == "Rates & more"
    lines = ElementTree.parse(tmp_path / "plots" / "memory.svg").getroot()
    assert len(list(lines.iter(f"{SVG}polyline"))) == 1


def test_a_row_that_misses_its_bar_has_a_color_of_its_own(tmp_path):
    write(sections(GOOD), tmp_path, FACTS)
    drawn = ElementTree.parse(tmp_path / "plots" / "rates.svg").getroot()
    kinds = [rect.get("class") for rect in drawn.iter(f"{SVG}rect")]
    assert kinds == ["ground", "a", "missed"]


def test_a_row_with_a_bar_of_its_own_is_judged_by_that():
    plot = Bars(
        "growth", "Growth", "times", [("page", 2), ("search", 2)], 1.5, limits={"search": 3}
    )
    kinds = [rect.get("class") for rect in ElementTree.fromstring(plot.svg()).iter(f"{SVG}rect")]
    assert kinds == ["ground", "missed", "a"]


def test_plots_of_a_former_run_are_gone(tmp_path):
    (tmp_path / "plots").mkdir()
    former = tmp_path / "plots" / "former.svg"
    former.touch()
    write(sections(GOOD), tmp_path, FACTS)
    assert not former.exists()


@pytest.mark.parametrize(
    ("number", "words"), [(7012.4, "7,012"), (46.04, "46.0"), (0.704, "0.70"), (3.0, "3")]
)
def test_numbers_have_the_digits_that_count(number, words):
    assert plain(number) == words


class _Measured:
    TITLE = "A sample"

    def __init__(self, bar: Bar | None) -> None:
        self.bar = bar

    def measure(self, made: object, say: object) -> Section:
        """Measure nothing, or break."""
        say("is measured")
        if self.bar is None:
            raise RuntimeError("broken")
        return Section("A sample", "How.", bars=[self.bar])


@pytest.fixture
def bench_with(monkeypatch, tmp_path):
    """Return a function that runs `make bench` with measurements that find these bars."""
    monkeypatch.setattr(bench, "kinds", list)
    monkeypatch.setattr(bench, "write", lambda found: write(found, tmp_path, FACTS))

    def run(*bars: Bar | None) -> int:
        modules = {str(number): (_Measured(bar), {}, 60) for number, bar in enumerate(bars)}
        monkeypatch.setattr(bench, "MEASUREMENTS", modules)
        return bench.main()

    return run


def test_the_whole_run_ends_with_one_where_any_bar_is_missed(bench_with, capsys):
    assert bench_with(GOOD, GOOD) == 0
    assert bench_with(GOOD, LARGE) == 1
    assert "memory: 260 MB, asked for at most 200 MB" in capsys.readouterr().err


def test_one_measurement_that_breaks_leaves_the_others_and_ends_with_one(bench_with, tmp_path):
    assert bench_with(None, GOOD) == 1
    text = (tmp_path / "results.md").read_text()
    assert "It could not be measured: RuntimeError: broken" in text
    assert "cached : bare" in text


def test_progress_tells_which_of_how_many_runs_now(bench_with, capsys):
    bench_with(GOOD, GOOD)
    told = capsys.readouterr().err
    assert "[1/2 0:00] A sample: is measured" in told
    assert "[2/2 0:00] A sample: is measured" in told


@pytest.mark.parametrize(("bar", "code"), [(GOOD, 0), (LARGE, 1)])
def test_a_measurement_run_alone_ends_with_one_where_its_bar_is_missed(
    monkeypatch, capsys, bar, code
):
    monkeypatch.setattr("sys.argv", ["sample"])

    def measure(made: object, say: object, *, rounds: int = 1) -> Section:
        return Section("Alone", "How.", bars=[bar])

    with pytest.raises(SystemExit) as ended:
        measure_alone(measure)
    assert ended.value.code == code
    assert "## Alone" in capsys.readouterr().out
