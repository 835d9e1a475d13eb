"""The page: parts in the order of readers, put into one HTML file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

from .content import Draft, Gap, Line, Part, Table, Words
from .figures.drawn import Drawn, clean
from .replay import Replay, script, script_hash
from .result import Result

ORDER = ("answer", "options", "grid", "plane", "inputs", "quarters", "day", "sure", "method")
"""Parts by number, from 1; each stands only where the results hold it."""
KINDS = {
    "run": "one ward", "compare": "options compared", "sweep": "a sweep over levels", "sensitivity": "sensitivity to unknown inputs",
    "optimise": "the cheapest plan within limits",
    "population": "a population of wards beside published figures", "calibrate": "calibration to published figures",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Figure:
    title: str
    caption: str
    svg: Any
    head: tuple[str, ...]
    rows: tuple[Line, ...]
    kind: str = "figure"


def parts_of(result: Result) -> list[Part]:
    """The parts that the results hold, in order."""
    from .parts import calibration, calibration_method, population
    from .parts.answer import answer
    from .parts.hours import ward_day
    from .parts.levels import grid, quarters
    from .parts.method import method
    from .parts.options import cost_consequences, planes
    from .parts.plans import plans
    from .parts.sensitivity import inputs
    from .parts.sure import sure

    if result.kind == "calibrate":
        made = (answer(result), calibration.compared(result), calibration.learned(result), calibration_method.method(result))
        return [part for part in made if part is not None]
    beside = population.compared if result.kind == "population" else cost_consequences
    makers = (answer, beside, grid, planes, plans, inputs, quarters, ward_day, sure, method)
    return [part for part in (make(result) for make in makers) if part is not None]


def render(result: Result, parts: list[Part]) -> bytes:
    """The page as UTF-8."""
    import jinja2
    from markupsafe import Markup

    def plain(value: Any) -> Any:
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    folder = resources.files(__package__) / "templates"
    text = {name: (folder / name).read_text(encoding="utf-8") for name in ("report.html", "style.css")}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(text), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=plain
    )
    shown = [
        {
            "id": part.id, "number": ORDER.index(part.id) + 1, "title": part.title, "wide": part.wide,
            "blocks": [_block(block, Markup) for block in part.blocks],
        }
        for part in parts
    ]  # fmt: skip
    played = any(isinstance(block, Replay) for part in parts for block in part.blocks)
    page = environment.get_template("report.html").render(
        title=result.title, kind=KINDS.get(result.kind, result.kind), parts=shown, css=Markup(text["style.css"]),
        script=Markup(script()) if played else "", script_hash=script_hash() if played else "",
    )  # fmt: skip
    return page.encode("utf-8")


def _block(block: Table | Words | Drawn | Replay | Draft | Gap, trusted: Any) -> Any:
    if isinstance(block, Drawn):
        rows = tuple(Line(tuple(row)) for row in block.rows)
        return _Figure(block.title, block.caption, trusted(block.svg()), block.head, rows)
    if isinstance(block, Words):
        return {"kind": "words", "lines": block.lines, "points": block.points, "title": block.title, "strong": block.strong}
    if isinstance(block, Gap):
        return {"kind": "gap", "text": block.text}
    if isinstance(block, Draft):
        items = [{"number": item.number, "title": item.title, "blocks": [_block(inner, trusted) for inner in item.blocks]} for item in block.items]
        return {"kind": "draft", "folded": block.folded, "opening": block.opening, "mark": block.mark, "checklist": items}
    if isinstance(block, Replay):
        return {"kind": "replay", "label": block.label, "data": trusted(block.data), "begin": block.begin, "clock": block.clock}
    return {
        "kind": "table", "caption": block.caption, "head": block.head, "rows": block.rows, "folded": block.folded, "notes": block.notes,
    }  # fmt: skip
