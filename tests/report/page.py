"""A page as a reader of its source sees it: elements, attributes, text, tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

EMPTY = {"meta", "br", "link", "img", "input", "hr"}


@dataclass
class Page(HTMLParser):
    """Everything of a page.

    Attributes
    ----------
    tags : list of (str, dict)
        Elements with their attributes.
    text : str
        What is shown, and labels; styles left out.
    tables : dict of str to list of list of list of str
        By caption: rows of cells of lines.
    """

    source: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    tables: dict[str, list[list[list[str]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._caption = ""
        self._rows: list[list[list[str]]] = []
        self.feed(self.source)
        self.close()
        assert not self._open, f"elements left open: {self._open}"

    @classmethod
    def of(cls, path: Path) -> Page:
        return cls(path.read_text(encoding="utf-8"))

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in EMPTY:
            self._open.append(tag)
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append([""])
        elif tag == "span" and "tr" in self._open and self._rows[-1][-1][-1]:
            self._rows[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1:] == [tag], f"{tag} closes {self._open[-3:]}"
        self._open.pop()
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        if "style" in self._open or "script" in self._open:
            return
        self.pieces.append(data)
        if "caption" in self._open:
            self._caption += data
        elif "tr" in self._open and self._rows and self._rows[-1] and ("td" in self._open or "th" in self._open):
            self._rows[-1][-1][-1] += data
