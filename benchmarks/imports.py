"""How many rows a second the worker brings in: `python -m benchmarks.imports`.

The whole lists are measured by `benchmarks.subscriber_import` and `benchmarks.teacher_import`.
"""

from benchmarks import subscriber_import, teacher_import
from benchmarks.measuring import Say, main
from benchmarks.results import Bar, Section, Table
from benchmarks.sites import Workshop, chosen_kinds, run_in

TITLE = "Imports"
HOW = """
A list is uploaded and read by the worker's own part in a site that has none of its people yet. The
lists are shorter than those asked for (100,000 subscribers or 10,000 teachers in a minute each), so
the bar is that rate.
""".strip()
RUN = """
import django
django.setup()
from teachers.sample import remove_sample_teachers
remove_sample_teachers()
import benchmarks.{module} as one
one.ROWS = {rows}
one.measure()
"""


def measure(
    workshop: Workshop,
    say: Say,
    *,
    only: str = "",
    subscribers: int = 20_000,
    teachers: int = 2_000,
) -> Section:
    """Return how fast lists of both kinds are brought in."""
    section = Section(TITLE, HOW)
    rows = []
    for kind in chosen_kinds(only):
        for name, module, count in (
            ("subscribers", subscriber_import, subscribers),
            ("teachers", teacher_import, teachers),
        ):
            say(f"{count:,} {name} on {kind}")
            with workshop.site(kind) as site:
                code = RUN.format(module=module.__name__.rpartition(".")[2], rows=count)
                said = run_in(site, "-c", code)
            upload, seconds, _computing, longest = map(float, said.split()[-4:])
            asked = module.ROWS / module.BAR
            words = f"{name} brought in on {kind}"
            section.bars.append(Bar(words, count / seconds, asked, "a second", at_least=True))
            times = (f"{upload:.1f} s", f"{seconds:.1f} s", f"{longest:.2f} s")
            rows.append((f"{count:,} {name}, {kind}", *times))
    heads = ("list", "upload", "reading it all", "longest part")
    section.tables.append(Table(heads, rows))
    return section


if __name__ == "__main__":
    main(measure)
