"""How pages are turned into the site: links that lead out of docs/, and frames that a keyboard reaches. The build itself is a step of `.ci/run`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.report.test_browser import ARGUMENTS, CHROMIUM
from tests.support import ROOT


@pytest.fixture(scope="module")
def conf() -> ModuleType:
    """docs/conf.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_conf", ROOT / "docs" / "conf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("page", "text", "there"),
    [
        ("how-to/sweep.md", "[data](../../calibration/README.md)", "[data](../reference/calibration-data.md)"),
        ("how-to/sweep.md", "[options](compare-options.md)", "[options](compare-options.md)"),
        ("explanation/speed.md", "[`benchmarks/results.md`](../../benchmarks/results.md)", "`benchmarks/results.md`"),
        ("explanation/speed.md", "[the figures](../../benchmarks/results.md)", "the figures (`benchmarks/results.md`)"),
        ("about/readme.md", "[speed](docs/explanation/speed.md#compiled)", "[speed](../explanation/speed.md#compiled)"),
        ("about/readme.md", "![what](docs/figures/model.svg)", "![what](../figures/model.svg)"),
        ("about/readme.md", "[on a\ncluster](docs/how-to/cluster.md)", "[on a\ncluster](../how-to/cluster.md)"),
        ("index.md", "[elsewhere](https://example.org/a.md)", "[elsewhere](https://example.org/a.md)"),
    ],
)
def test_links_lead_to_where_things_are_on_the_site(conf: ModuleType, page: str, text: str, there: str) -> None:
    assert conf.links_of_the_site(text, page) == there


def test_frames_that_scroll_are_reached_by_keyboard(conf: ModuleType) -> None:
    text = '<div class="table-wrapper colwidths-auto docutils container"><table></table></div><pre>x</pre><p><img src="a.svg"></p>'
    for found, instead in conf.MENDED:
        text = found.sub(instead, text)
    assert text.count('tabindex="0"') == 3
    assert text.count("aria-label=") == 2


def test_pages_that_stand_elsewhere_are_on_the_site(conf: ModuleType) -> None:
    for source, page in conf.PLACES.items():
        assert (ROOT / source).is_file()
        assert (ROOT / "docs" / page).is_file()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_output_is_not_cut_and_print_has_nothing_for_the_screen(tmp_path: Path) -> None:
    """The column of a page is 46 em wide on a screen of 1280 pixels; terminals are played with 100 columns."""
    from playwright.sync_api import sync_playwright

    style = (ROOT / "docs" / "_static" / "site.css").read_text(encoding="utf-8")
    lines = f"<pre id='usual'>{'x' * 100}</pre><pre id='long'>{'x' * 200}</pre>"
    body = f"<a class='skip-to-content' href='#a'>Skip to content</a><article role='main' id='a'><div class='highlight'>{lines}</div></article>"
    (tmp_path / "a.html").write_text(
        f"<style>article {{ width: 46em }} pre {{ overflow: auto; padding: 10px 14px; font-family: 'Liberation Mono', monospace }} {style}</style>{body}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto((tmp_path / "a.html").as_uri())
        inside = "one => one.scrollWidth <= one.clientWidth"
        high = "one => one.clientHeight"
        assert page.locator("#usual").evaluate(inside)
        assert page.locator("#long").evaluate(inside)
        assert page.locator("#usual").evaluate(high) < page.locator("#long").evaluate(high), "a line of a terminal stays one line"
        assert page.is_visible(".skip-to-content")
        page.emulate_media(media="print")
        assert not page.is_visible(".skip-to-content")
        assert page.locator("#long").evaluate(inside)
        browser.close()
