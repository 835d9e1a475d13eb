"""A report as Markdown and as one self-contained page, from the same blocks; the same blocks give the same bytes."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#f3f3f3}td.n{text-align:right;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}svg{max-width:100%;height:auto}
@media(prefers-color-scheme:dark){body{background:#161616;color:#e6e6e6}th{background:#262626}th,td{border-color:#444}}"""
ROW, LEFT, WIDE = 20, 330, 420


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table; numbers stand to the right."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Spans:
    """A figure: for each row an interval as a bar, and a mark; on the page only, since a table holds the same numbers.

    Attributes
    ----------
    title : str
    rows : sequence of (label, low, high, mark)
        Relative to `middle`, which is drawn as a line.
    middle : float
    logarithmic : bool
    """

    title: str
    rows: Sequence[tuple[str, float, float, float]]
    middle: float
    logarithmic: bool = False


Block = Heading | Text | Table | Spans


def number(x: object) -> str:
    """Three significant digits; a dash for what is none."""
    if isinstance(x, bool) or x is None:
        return "-" if x is None else "yes" if x else "no"
    if isinstance(x, int):
        return str(x)
    if not isinstance(x, float):
        return str(x)
    if not math.isfinite(x):
        return "-"
    text = f"{x:.3g}"
    if "e" in text:
        text = f"{float(text):,.0f}" if abs(x) >= 1 else f"{x:.2g}"
    return "0" if text == "-0" else text


def markdown(blocks: Sequence[Block]) -> bytes:
    """The report as Markdown."""
    out: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            out.append(f"{'#' * block.level} {block.text}")
        elif isinstance(block, Text):
            out.append(block.text)
        elif isinstance(block, Table):
            lines = ["| " + " | ".join(block.header) + " |", "|" + "---|" * len(block.header)]
            lines += ["| " + " | ".join(number(x).replace("|", "\\|") for x in row) + " |" for row in block.rows]
            out.append("\n".join(lines))
    return ("\n\n".join(out) + "\n").encode()


def page(title: str, blocks: Sequence[Block]) -> bytes:
    """The report as a page that needs nothing else."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).encode()


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
    if isinstance(block, Text):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Spans):
        return _svg(block)
    head = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in block.header)
    rows = "\n".join("<tr>" + "".join(_cell(x) for x in row) + "</tr>" for row in block.rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'


def _cell(x: object) -> str:
    kind = ' class="n"' if isinstance(x, (int, float)) and not isinstance(x, bool) else ""
    return f"<td{kind}>{html.escape(number(x))}</td>"


def _svg(figure: Spans) -> str:
    def scaled(x: float) -> float:
        return math.log(max(x, 1e-12)) if figure.logarithmic else x

    rows = [row for row in figure.rows if all(math.isfinite(x) for x in row[1:])]
    if not rows:
        return ""
    ends = [scaled(x) for row in rows for x in row[1:]] + [scaled(figure.middle)]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0

    def at(x: float) -> str:
        return f"{LEFT + WIDE * (scaled(x) - low) / span:.1f}"

    tall, marks = ROW * len(rows) + 16, _ticks(low, high, figure.logarithmic)
    parts = [
        f'<svg viewBox="0 0 {LEFT + WIDE + 16} {tall + 16}" width="{LEFT + WIDE + 16}" role="img" aria-label="{html.escape(figure.title)}" '
        f'font-size="12" fill="currentColor"><title>{html.escape(figure.title)}</title>',
        f'<line x1="{at(figure.middle)}" x2="{at(figure.middle)}" y1="0" y2="{tall}" stroke="currentColor" stroke-dasharray="3 3"/>',
    ]
    for x in marks:
        parts.append(f'<line x1="{at(x)}" x2="{at(x)}" y1="0" y2="{tall}" stroke="currentColor" stroke-opacity="0.15"/>')
        parts.append(f'<text x="{at(x)}" y="{tall + 12}" text-anchor="middle">{x:g}</text>')
    for i, (label, left, right, mark) in enumerate(rows):
        y = ROW * i + 14
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{html.escape(label[:52])}</text>')
        parts.append(
            f'<line x1="{at(left)}" x2="{at(right)}" y1="{y}" y2="{y}" stroke="#3b78b5" stroke-width="6" stroke-opacity="0.55"/>'
        )
        parts.append(f'<circle cx="{at(mark)}" cy="{y}" r="3.5"/>')
    return f"<figure>{''.join(parts)}</svg><figcaption>{html.escape(figure.title)}</figcaption></figure>"


def _ticks(low: float, high: float, logarithmic: bool) -> list[float]:
    """Round numbers between two ends of the axis (logarithms when it is logarithmic)."""
    if logarithmic:
        return [x for x in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if low <= math.log(x) <= high]
    step = next((s for s in (0.5, 1.0, 2.0, 5.0) if (high - low) / s <= 10), 10.0)
    return [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
