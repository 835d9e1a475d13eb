"""Write what is made from the code, the ledger and the reference results, or say what is out of date.

python docs/generate.py            write the pages of docs/reference/, docs/explanation/mechanisms.md, the figures, and the blocks of other
                                   pages that are filled
python docs/generate.py --check    write nothing; exit 1 when something differs from what would be written
python docs/generate.py --remake [NAME ...] [--new]
                                   first make the reference results (all, or those named; with --new also the full ones that are not stored yet)
                                   and the tutorial again: from minutes to hours
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parent
for place in (str(DOCS), str(DOCS.parent)):
    if place not in sys.path:
        sys.path.insert(0, place)

from docpages import fill  # noqa: E402
from docpages.answers import comparison_figure, second_figure  # noqa: E402
from docpages.assumptions import assumptions_page  # noqa: E402
from docpages.commands import commands_page  # noqa: E402
from docpages.common import table  # noqa: E402
from docpages.diagram import model_svg  # noqa: E402
from docpages.library import library_page  # noqa: E402
from docpages.mechanisms import MECHANISMS, mechanisms_page  # noqa: E402
from docpages.reference import measures_page, parameters_page, targets_page  # noqa: E402
from docpages.scenario import codes_page, scenario_page, studies_page  # noqa: E402

__all__ = ["MECHANISMS", "PAGES", "main", "outdated", "table"]

PAGES: dict[str, Callable[[], str]] = {
    "explanation/mechanisms.md": mechanisms_page,
    "reference/scenario.md": scenario_page,
    "reference/studies.md": studies_page,
    "reference/commands.md": commands_page,
    "reference/messages.md": codes_page,
    "reference/parameters.md": parameters_page,
    "reference/assumptions.md": assumptions_page,
    "reference/measures.md": measures_page,
    "reference/targets.md": targets_page,
    "reference/library.md": library_page,
}
"""Pages that are written whole, by path under docs/."""


FIGURES: dict[str, Callable[[], bytes | None]] = {
    "figures/model.svg": model_svg,
    "figures/comparison.svg": comparison_figure,
    "figures/second.svg": second_figure,
}
"""Pictures, by path under docs/; None where what they show is not stored."""


def wanted() -> Iterator[tuple[Path, bytes]]:
    """Every file that is written, with the content it should have: whole pages, then pages with filled blocks."""
    for path, page in PAGES.items():
        yield DOCS / path, page().encode("utf-8")
    for path, picture in FIGURES.items():
        drawn = picture()
        if drawn is not None:
            yield DOCS / path, drawn
    for file in fill.documents():
        if file.is_file() and file.relative_to(DOCS.parent).as_posix().removeprefix("docs/") not in PAGES:
            text = file.read_text(encoding="utf-8")
            new = fill.filled(text)
            if "<!-- fill: " in text:
                yield file, new.encode("utf-8")


def outdated() -> list[str]:
    """Files that are missing or differ from what would be written, from the top folder."""
    return [
        file.relative_to(DOCS.parent).as_posix()
        for file, content in wanted()
        if not file.is_file() or file.read_bytes() != content
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; 0 when all is well."""
    parser = argparse.ArgumentParser(description="Write what is generated in the documents.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is out of date")
    parser.add_argument("--remake", nargs="*", metavar="NAME", help="first make reference results and the tutorial again")
    parser.add_argument("--new", action="store_true", help="with --remake: also the full references that are not stored yet")
    asked = parser.parse_args(arguments)
    if asked.remake is not None:
        from docpages.remake import remake

        remake(asked.remake, new=asked.new)
    if asked.check:
        faults = outdated()
        for path in faults:
            print(f"{path} is out of date: run python docs/generate.py", file=sys.stderr)
        return 1 if faults else 0
    for file, content in wanted():
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_bytes() != content:
            file.write_bytes(content)
            print(file.relative_to(DOCS.parent).as_posix())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
