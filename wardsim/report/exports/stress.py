"""The draft of a STRESS-DES report as files: Markdown, and a page that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from ..content import Cell, Gap, Item, Table, Words
from ..figures.drawn import clean
from ..parts.stress import GAP, items, opening
from ..source import Source

MARKDOWN, PAGE = "stress-des.md", "stress-des.html"


def made(source: Source) -> dict[str, bytes]:
    """`stress-des.md` and `stress-des.html`."""
    found = list(items(source))
    return {MARKDOWN: markdown(source, found).encode(), PAGE: page(source, found).encode()}


def title(source: Source) -> str:
    """Title of the document."""
    return f"STRESS-DES: {clean(source.title)}"


def markdown(source: Source, found: Sequence[Item]) -> str:
    """The document as Markdown."""
    lines = [f"# {_md(title(source))}", "", _md(opening(found)), ""]
    for item in found:
        lines += [f"{'##' if '.' not in item.number else '###'} {item.number} {_md(item.title)}", ""]
        for block in item.blocks:
            lines += [*_block_md(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block_md(block: Words | Table | Gap) -> Iterator[str]:
    if isinstance(block, Gap):
        yield f"> **{GAP}:** {_md(block.text)}"
    elif isinstance(block, Table):
        yield "| " + " | ".join(_cell(text) for text in block.head) + " |"
        yield "|" + "---|" * len(block.head)
        for row in block.rows:
            yield "| " + " | ".join(_cell(text) for text in row.cells) + " |"
    elif block.points:
        for line in block.lines:
            yield f"- {_md(line)}"
    else:
        for at, line in enumerate(block.lines):
            if at:
                yield ""
            yield _md(line)


def _md(text: str) -> str:
    """Text that stays text in Markdown: no tags, no emphasis, no links, no headings."""
    shown = " ".join(clean(text).split())
    for mark in ("\\", "*", "_", "[", "]", "`"):
        shown = shown.replace(mark, f"\\{mark}")
    shown = shown.replace("<", "&lt;")
    return f"\\{shown}" if shown[:1] in ("#", ">", "-", "+", "=") else shown


def _cell(text: Cell) -> str:
    return _md(_plain(text)).replace("|", "\\|")


def _plain(text: Cell) -> str:
    return text if isinstance(text, str) else " ".join(text)


STYLE = (
    "body{font:16px/1.5 Arial,Helvetica,sans-serif;color:#0b0c0c;max-width:60rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.8rem}h2{border-top:1px solid "
    "#b1b4b6;padding-top:1rem}table{border-collapse:collapse;width:100%;font-size:.875rem}.wide{overflow-x:auto}th,td{border:1px solid #b1b4b6;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}.gap{border-left:5px solid #801650;background:#f3f2f1;padding:.5rem 1rem}@media print{body{font-size:11px;max-width:none}}"
)


def page(source: Source, found: Sequence[Item]) -> str:
    """The document as one HTML file that needs nothing else."""
    parts = [
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>{_html(title(source))}'
        f"</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{_html(title(source))}</h1>\n<p>{_html(opening(found))}</p>"
    ]
    for item in found:
        level = 2 if "." not in item.number else 3
        parts.append(f"<h{level}>{item.number} {_html(item.title)}</h{level}>")
        parts += [_block_html(block, item) for block in item.blocks]
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def _block_html(block: Words | Table | Gap, item: Item) -> str:
    if isinstance(block, Gap):
        return f'<p class="gap"><strong>{GAP}:</strong> {_html(block.text)}</p>'
    if isinstance(block, Table):
        head = "".join(f'<th scope="col">{_html(text)}</th>' for text in block.head)
        rows = "\n".join("<tr>" + "".join(f"<td>{_html(_plain(text))}</td>" for text in row.cells) + "</tr>" for row in block.rows)
        opening = f'<div class="wide" tabindex="0" role="region" aria-label="{_html(item.title)}">'
        return f"{opening}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    if block.points:
        return "<ul>\n" + "\n".join(f"<li>{_html(line)}</li>" for line in block.lines) + "\n</ul>"
    return "\n".join(f"<p>{_html(line)}</p>" for line in block.lines)


def _html(text: str) -> str:
    return html.escape(clean(text), quote=True)
