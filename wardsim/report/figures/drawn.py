"""A figure as readers get it: a picture whose text stays text, its finding as title, a caption, and the same numbers as a table."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25")
"""Categories (government analysis function), told apart without colour by labels and marker shapes as well."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
SEQUENTIAL = ("#ADD1F1", "#6BACE6", "#2073BC", "#12436D", "#092135")
"""From little to much."""
INK, FAINT, PALE = "#0B0C0C", "#505A5F", "#B1B4B6"
WIDTH = 7.2
"""Inches; at 100 dots an inch as wide as a column of the report."""
DARK = (COLOURS[0], COLOURS[2])
"""Colours on which ink cannot be seen."""
MOST_LINES = 4
"""Of a label."""
LONGEST_WORD = 20
"""Letters up to which a word is never broken, however narrow its column."""

STYLE: dict[str, Any] = {
    "svg.fonttype": "none", "text.parse_math": False, "font.family": ["DejaVu Sans"], "font.size": 10.0,
    "axes.titlesize": 11.0, "axes.labelsize": 10.0, "xtick.labelsize": 9.5, "ytick.labelsize": 9.5, "axes.edgecolor": FAINT,
    "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.unicode_minus": False, "figure.dpi": 100, "savefig.dpi": 150, "hatch.linewidth": 0.7,
    "hatch.color": "#FFFFFF", "figure.facecolor": "#FFFFFF", "axes.facecolor": "#FFFFFF", "axes.titlelocation": "left",
    "path.simplify": False, "axes.grid": False,
}  # fmt: skip

_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IDS = re.compile(r'(\bid="|url\(#|xlink:href="#)')
_SIZE = re.compile(r'^<svg\b[^>]*?\bwidth="([0-9.]+)pt"[^>]*?>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure.

    Attributes
    ----------
    name : str
        Lower-case letters, digits and hyphens: identifies it on a page and names its files.
    title : str
        What it shows, as a finding.
    caption : str
        Source, runs, what the marks mean.
    alt : str
        What is seen, for those who do not see it.
    head, rows : tuple
        The same numbers as a table.
    draw : callable
        Makes the matplotlib figure, within `style()`.
    """

    name: str
    title: str
    caption: str
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    draw: Callable[[], Figure]

    def figure(self, *, titled: bool = True) -> Figure:
        """The figure, with its title on it."""
        with style(self.name):
            made = self.draw()
            if titled:
                head_with(made, self.title)
            return made

    def svg(self) -> str:
        """The picture for a page: one `<svg>` element with its own ids, the same bytes every time."""
        with style(self.name):
            text = _bytes(self.draw(), "svg").decode()
        return inline(text, self.name, self.alt)

    def save(self, kind: str) -> bytes:
        """The picture with its title as a file of kind svg or png, without dates."""
        with style(self.name):
            made = self.draw()
            head_with(made, self.title)
            return _bytes(made, kind)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from html import escape

        return f"<figure><b>{escape(self.title)}</b>{self.svg()}<figcaption>{escape(self.caption)}</figcaption></figure>"


@contextmanager
def style(name: str) -> Iterator[None]:
    """Settings of every figure; ids in its SVG follow from its name."""
    import matplotlib

    settings: Any = {**STYLE, "svg.hashsalt": name}
    with warnings.catch_warnings(), matplotlib.rc_context(settings):
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message=".*font.*", module="matplotlib.*")
        yield


def new(width: float, height: float) -> Figure:
    """An empty figure that no display knows of, laid out without overlaps."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def head_with(figure: Figure, title: str) -> None:
    """Put the finding on a figure that stands alone."""
    import textwrap

    room = int(figure.get_figwidth() * 8.4)
    figure.suptitle("\n".join(textwrap.wrap(clean(title), room)), x=0.01, ha="left", fontsize=12, fontweight="bold")


def inline(text: str, name: str, alt: str) -> str:
    """An SVG file as an element of a page: no prologue, no metadata, ids of its own, a label; as wide as its column allows."""
    from html import escape

    text = _COMMENT.sub("", _METADATA.sub("", text[text.index("<svg") :]))
    text = _IDS.sub(lambda found: f"{found[1]}{name}-", text)
    size = _SIZE.match(text)
    start = text.index(">") + 1
    box = re.search(r'viewBox="([-0-9. ]+)"', text[:start])
    if size is None or box is None:
        raise ValueError("not an SVG of matplotlib")
    width = round(float(size[1]) / 72 * 100)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box[1]}" width="{width}" '
        f'role="img" aria-label="{escape(clean(alt), quote=True)}">'
    )
    return opening + text[start:].strip()


def clean(text: str) -> str:
    """Text without control characters and marks that turn the direction of writing."""
    return "".join(" " if c in "\n\t\r" else c for c in text if c in "\n\t\r" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def wrap(text: str, width: int) -> str:
    """Text broken into at most so many lines, between words; an ellipsis stands for the words that are left out."""
    import textwrap

    text = clean(text)
    width = max([width, *(len(word) for word in text.split() if len(word) <= LONGEST_WORD)])
    found = textwrap.wrap(text, width) or [""]
    if len(found) > MOST_LINES:
        last = textwrap.wrap(found[MOST_LINES - 1], max(1, width - 2), break_long_words=False)[0]
        found = [*found[: MOST_LINES - 1], f"{last} …"]
    return "\n".join(found)


def rows_of(names: Sequence[str], width: int, *, least: float, size: float = 9.5) -> tuple[list[str], float]:
    """Labels of rows, each in lines of so many characters, and the height of a row in inches that holds the tallest.

    Parameters
    ----------
    names : sequence of str
    width : int
        Characters of a line.
    least : float
        Height of a row with one line (in).
    size : float
        Size of the letters (points).
    """
    labels = [wrap(name, width) for name in names]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    return labels, max(least, lines * size * 1.2 / 72.0 + 0.1)


def range_on(axes: Axes, span: tuple[float, float], y: float, bar: str) -> None:
    """A range as a line over a bar of a colour, with a pale edge where the bar is dark."""
    if bar in DARK:
        axes.plot(span, (y, y), color="white", linewidth=2.8)
    axes.plot(span, (y, y), color=INK, linewidth=1.2)


def told_apart(span: tuple[float, float] | None) -> bool:
    """Whether a range leaves out nought."""
    return span is not None and not span[0] <= 0.0 <= span[1]


def faint(colour: str) -> str:
    """A colour paled, for what is not told from chance."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (0.22 * part + 0.78 for part in to_rgb(colour))
    return to_hex((red, green, blue))


def dark(colour: str) -> str:
    """A colour dark enough for text on white."""
    return {"#F46A25": "#B5430B", "#28A197": "#1B6E67"}.get(colour, colour)


def _bytes(figure: Figure, kind: str) -> bytes:
    """The picture as a file. Laid out here: left to the saving, everything would be drawn once more for it (an eighth of the time of a page)."""
    out = io.BytesIO()
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")
        for axes in figure.get_axes():  # the solver of the layout leaves other last digits from time to time, which would name clips anew
            left, bottom, width, height = (round(float(x), 6) for x in axes.get_position().bounds)
            axes.set_position((left, bottom, width, height))
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    figure.savefig(out, format=kind, metadata=metadata)
    return out.getvalue()
