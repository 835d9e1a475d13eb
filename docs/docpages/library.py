"""Page of the scenario library, made from the first lines of the files and from docs/explanation/rows.md."""

from __future__ import annotations

import re

from wardsim.scenario.library import ROWS, Shelved, library, of_row
from wardsim.scenario.studies import load_study
from wardsim.scenario.studies.schema import OptionsFile, PopulationFile

from .common import DOCS, NOTE, table

INTRODUCTION = """\
Each finding of the two public documents that wardsim answers ([What each finding became](../explanation/rows.md)) has a file under `scenarios/` that
turns it into a question. All start from `baseline.yaml`; to ask the same of your own ward, copy the file and change `base:`. The first lines of every
file have one form: rows, question, rationale, evidence grade, the fact that changes first, and the measures that show it. Tests see to it that each
loads, runs, and changes that fact.
"""
RUN = """\
```text
wardsim compare scenarios/options/headroom.yaml
wardsim report results/FOLDER --figures figures
```
"""
FIGURES = """\
`ranges-...` is the figure of that name in part 8 of the report, one for each measure that decides how many runs are made; the report has the planes of
assaults and one-to-one time by cost (part 4) and the quarters (part 6) besides. From Python, `result.plot("MEASURE")` draws any other
([Work in a notebook](../how-to/notebook.md)).
"""


def findings() -> dict[str, str]:
    """Row -> what it says, in a few words, from the page of the rows."""
    text = (DOCS / "explanation" / "rows.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([AB]\d+) ([^|]+?) \|", text, re.MULTILINE))


def library_page() -> str:
    """Row -> file -> fact -> measures -> figure; then every file with its options."""
    words = findings()
    rows = []
    for row in ROWS:
        for at, one in enumerate(of_row(row)):
            told = f"{row} {words.get(row, '')}".strip() if at == 0 else row
            rows.append((told, f"[`{one.path}`](#{anchor(one)})", one.fact, ", ".join(f"`{name}`" for name in one.measures), figure(one)))
    text = [NOTE, "# Scenario library\n", INTRODUCTION, RUN, "## From finding to figure\n"]
    text += [table(("finding", "file in `scenarios/`", "fact that changes first", "measures", "figure"), rows), FIGURES]
    for one in library():
        text += [f"## {one.name}\n", *_told(one)]
    return "\n".join(text)


def anchor(one: Shelved) -> str:
    """Anchor of the section of a file."""
    return re.sub(r"[^a-z0-9 -]", "", one.name.lower()).replace(" ", "-")


def figure(one: Shelved) -> str:
    """Figures of the report that show the measures the file decides by."""
    from wardsim.report.result import SPOKEN

    content = load_study(one.file).content
    if isinstance(content, PopulationFile):
        return "the simulated population beside the national figures"
    shown = [name.split("_")[0] if name in SPOKEN else name.replace("_", "-") for name in content.precision]
    return ", ".join(f"`ranges-{name}`" for name in shown)


def _told(one: Shelved) -> list[str]:
    content = load_study(one.file).content
    lines = [
        f"`scenarios/{one.path}`, for {', '.join(one.rows)}.\n",
        f"- **Question**: {content.question}",
        f"- **Rationale**: {sentence(one.rationale)}",
        f"- **Evidence grade**: {one.grade}",
        f"- **Changes first**: {one.fact}\n",
    ]
    if isinstance(content, OptionsFile):
        lines.append(table(("option", "what it does"), [(option.name, option.question or settings(option)) for option in content.options]))
    return lines


def sentence(text: str) -> str:
    """Text with a capital letter at its front."""
    return text[:1].upper() + text[1:]


def settings(option: object) -> str:
    """What an option sets, in words of the scenario."""
    scenario, given = getattr(option, "scenario", None), dict(getattr(option, "set", {}))
    parts = [f"`{scenario}`"] if scenario else []
    parts += [f"`{line}`" for line in leaves(given)]
    return ", ".join(parts)


def leaves(given: object, path: str = "") -> list[str]:
    """`key: value` of every setting."""
    if isinstance(given, dict):
        return [line for key, value in given.items() for line in leaves(value, f"{path}.{key}" if path else str(key))]
    if isinstance(given, (list, tuple)) and any(isinstance(one, dict) for one in given):
        return [f"{path}: {', '.join(str(dict(one).get('kind', '')) for one in given)}"]
    return [f"{path}: {given}"]
