"""How the site is built: `sphinx-build -W -b html docs build/site`.

Two things are done here that Sphinx does not do by itself. Links from a page to a file of the project outside `docs/` (which work in a
checkout) lead to its place on the site where it has one, and otherwise name the file. Formulas become MathML, so that they are read
without scripts and without asking another computer.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
for place in (str(DOCS), str(ROOT)):
    if place not in sys.path:
        sys.path.insert(0, place)

import wardsim  # noqa: E402

project = "wardsim"
author = "The wardsim authors"
project_copyright = "The wardsim authors, MIT licence"
version = release = wardsim.__version__
language = "en-GB"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["docpages", "_build", "**/_*.md"]
myst_enable_extensions = ["dollarmath", "attrs_inline", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["config.cache"]

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"wardsim {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#12436D", "color-brand-content": "#12436D", "color-brand-visited": "#801650"},
    "dark_css_variables": {"color-brand-primary": "#ADD1F1", "color-brand-content": "#ADD1F1", "color-brand-visited": "#E2A7CB"},
    "top_of_page_buttons": [],
}

PLACES = {
    "README.md": "about/readme.md",
    "CONTRIBUTING.md": "about/contributing.md",
    "CHANGELOG.md": "about/changelog.md",
    "calibration/README.md": "reference/calibration-data.md",
    "results/README.md": "reference/results-folder.md",
}
"""Files of the project outside docs/ that have a page on the site."""
PAGE_OF = {page: source for source, page in PLACES.items()}
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s:]+?)(?P<anchor>#[^)\s]*)?\)")


def links_of_the_site(text: str, page: str) -> str:
    """A page with the links that lead out of docs/ turned into what the site has.

    Parameters
    ----------
    text : str
        Markdown of the page.
    page : str
        Its path under docs/.
    """
    here = (ROOT / PAGE_OF[page]).parent if page in PAGE_OF else (DOCS / page).parent
    home = (DOCS / page).parent

    def one(found: re.Match[str]) -> str:
        target = (here / found["target"]).resolve()
        anchor = found["anchor"] or ""
        if not target.is_relative_to(ROOT):
            return found[0]
        name = target.relative_to(ROOT).as_posix()
        if name in PLACES:
            return f"[{found['text']}]({_relative(DOCS / PLACES[name], home)}{anchor})"
        if target.is_relative_to(DOCS):
            if target.is_dir():
                target = DOCS / "index.md"
            return f"[{found['text']}]({_relative(target, home)}{anchor})" if page in PAGE_OF else found[0]
        if found.string[found.start() - 1 : found.start()] == "!":
            return found[0]  # a picture that does not stand in docs/
        plain = found["text"].strip("`")
        return f"`{name}`" if plain == name else f"{found['text']} (`{name}`)"

    return LINK.sub(one, text)


def _relative(target: Path, home: Path) -> str:
    import os

    return Path(os.path.relpath(target, home)).as_posix()


def _read(app: Any, docname: str, source: list[str]) -> None:
    page = f"{docname}.md"
    text = source[0]
    if page in PAGE_OF:
        text = (ROOT / PAGE_OF[page]).read_text(encoding="utf-8")
    source[0] = links_of_the_site(text, page)


def _math(self: Any, node: Any) -> None:
    from docutils.utils.math.latex2mathml import tex2mathml

    block = node.tagname == "math_block"
    text = tex2mathml(node.astext(), as_block=block)
    self.body.append(f'<div class="formula" role="group" tabindex="0" aria-label="Formula">{text}</div>' if block else text)
    from docutils.nodes import SkipNode

    raise SkipNode


MENDED = (
    (re.compile(r'<(div class="table-wrapper[^"]*")>'), r'<\1 role="group" aria-label="Table" tabindex="0">'),
    (re.compile(r"<pre>"), '<pre tabindex="0">'),
    (re.compile(r"<p>(?=<img )"), '<p role="group" aria-label="Figure" tabindex="0">'),
    (re.compile(r'<p class="caption" role="heading">'), '<p class="caption">'),
    (re.compile(r'<aside class="sidebar-drawer">'), '<aside class="sidebar-drawer" aria-label="All pages">'),
    (re.compile(r'<aside class="(toc-drawer[^"]*)">'), r'<aside class="\1" aria-label="On this page">'),
)
"""What the theme leaves open: frames that scroll sideways are reached by keyboard and have a name, landmarks differ, headings have levels."""


def _reachable(app: Any, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = mended = page.read_text(encoding="utf-8")
        for found, instead in MENDED:
            mended = found.sub(instead, mended)
        if mended != text:
            page.write_text(mended, encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    """Connect both."""
    for name in wardsim.__all__:  # imported on first use, so that autodoc would not see them
        setattr(wardsim, name, getattr(wardsim, name))
    app.connect("source-read", _read)
    app.connect("build-finished", _reachable)
    app.add_html_math_renderer("mathml", (_math, None), (_math, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
