"""Pages in a real browser: no fault of accessibility, nothing cut off at 320 pixels, nothing asked of the network, whole without scripts, the
replay by keyboard alone. Needs Chromium (`apt-get install chromium`) and the extra `test`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.made import make
from tests.report.test_safety import SCRIPTS, named, options
from wardsim.report import add_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
KINDS = ("compare", "sweep", "tornado", "sobol", "optimise", "run", "population", "calibrate")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="CHROMIUM IS NOT INSTALLED: the pages were NOT looked at in a browser, accessibility was NOT checked (apt-get install chromium)",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


def opened(browser: Any, folder: Path, *, width: int = 1280, **about: Any) -> tuple[Any, list[str]]:
    """A page, and what goes wrong or is asked for while it is open."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **about).new_page()
    noticed: list[str] = []
    page.on("console", lambda message: noticed.append(message.text))
    page.on("pageerror", lambda error: noticed.append(str(error)))
    page.on("request", lambda request: noticed.append(request.url) if not request.url.startswith("file:") else None)
    page.goto((folder / "report.html").as_uri())
    return page, noticed


UNFOLD = "document.querySelectorAll('details').forEach(part => { part.open = true })"
SHORTEN = """document.querySelectorAll('tbody').forEach(body => {
  const seen = {};
  [...body.rows].forEach(row => {
    const look = [row.className, ...[...row.cells].map(cell => cell.tagName + cell.className)].join();
    seen[look] = (seen[look] || 0) + 1;
    if (seen[look] > 3) row.remove();
  });
})"""
"""Three rows of each look stay in each table: axe takes a minute of contrast for thousands of cells that look the same."""


def faults(page: Any) -> list[tuple[str, str, str]]:
    """What axe-core finds under the rules of WCAG 2.0 to 2.2 A and AA and good practice."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES)
    return [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_of_accessibility(browser: Any, pages: dict[str, Path], kind: str) -> None:
    """As it opens, and with everything unfolded; long tables by their first rows."""
    page, noticed = opened(browser, pages[kind])
    page.evaluate(SHORTEN)
    assert faults(page) == []
    page.evaluate(UNFOLD)
    assert faults(page) == []
    assert noticed == []
    page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_fault_of_accessibility_in_any_row(browser: Any, pages: dict[str, Path], kind: str) -> None:
    """The same of every row of every table (half a minute to two for each page)."""
    page, _ = opened(browser, pages[kind])
    page.evaluate(UNFOLD)
    assert faults(page) == []
    page.context.close()


def test_faults_are_found(browser: Any, folders: dict[str, Path]) -> None:
    """The two tests above can fail: pale text, a picture without a name, a page without a language."""
    page, _ = opened(browser, folders["tornado"])
    page.evaluate(SHORTEN)
    page.evaluate(
        """{ document.querySelector('h1').style.color = '#bbb';
             document.querySelector('svg[role=img]').removeAttribute('aria-label');
             document.documentElement.removeAttribute('lang') }"""
    )
    assert {one for one, _, _ in faults(page)} >= {"color-contrast", "svg-img-alt", "html-has-lang"}
    page.context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_on_a_narrow_screen(browser: Any, pages: dict[str, Path], kind: str) -> None:
    """At 320 pixels (a desktop at 400%) the page does not scroll sideways, and what is wider has a place of its own to scroll in."""
    page, _ = opened(browser, pages[kind], width=320)
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wider = page.evaluate(
        """[...document.querySelectorAll('svg[role=img], table')].filter(one => one.getBoundingClientRect().right > 321
           && !one.closest('.scroll')).length"""
    )
    assert wider == 0
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(one => one.tabIndex === 0)"), "scrolled by keyboard as well"
    page.context.close()


def test_without_scripts_everything_but_the_replay_is_there(browser: Any, folders: dict[str, Path]) -> None:
    page, _ = opened(browser, folders["compare"], java_script_enabled=False)
    without = page.inner_text("main")
    assert not page.is_visible("#replay")
    assert page.is_visible("svg[aria-label^='A day on the ward']")
    page.context.close()
    page, _ = opened(browser, folders["compare"])
    assert page.is_visible("#replay")
    page.evaluate("document.getElementById('replay').remove()")
    assert page.inner_text("main") == without
    page.context.close()


def test_the_replay_is_worked_by_keyboard_alone(browser: Any, folders: dict[str, Path]) -> None:
    """The day of `made.a_day`: at 7:00 two nurses, one of them until 7:30; the assault at 15:04."""
    from playwright.sync_api import expect

    page, noticed = opened(browser, folders["compare"])
    page.focus("#replay-next")
    page.keyboard.press("Enter")
    assert page.inner_text("#replay-clock") == "15:04"
    assert "15:04 physical assault, patient 1 on healthcare assistant 1 (reported)" in page.inner_text("#replay-told")
    assert page.get_attribute("#replay-time", "aria-valuetext") == "15:04"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.inner_text("#replay-clock") == "15:19"
    assert "healthcare assistant 1 incident response, patient 1" in page.inner_text("#replay-floor")
    page.focus("#replay-time")
    page.keyboard.press("Home")
    assert page.inner_text("#replay-clock") == "00:00"
    assert "nurse 1 documentation" in page.inner_text("#replay-floor")
    page.focus("#replay-play")
    page.keyboard.press("Enter")
    assert page.inner_text("#replay-play") == "Pause"
    expect(page.locator("#replay-clock")).not_to_have_text(re.compile("^00:0"))  # no `wait_for_function`: the page forbids to evaluate text
    page.keyboard.press("Enter")
    stopped = page.inner_text("#replay-clock")
    page.wait_for_timeout(600)
    assert page.inner_text("#replay-clock") == stopped
    assert noticed == []
    page.context.close()


def test_reduced_motion_is_honoured(browser: Any, folders: dict[str, Path]) -> None:
    """With reduced motion a day goes by in steps of an hour, and never by itself."""
    from playwright.sync_api import expect

    page, _ = opened(browser, folders["compare"], reduced_motion="reduce")
    before = page.inner_text("#replay-clock")
    page.wait_for_timeout(700)
    assert page.inner_text("#replay-clock") == before
    page.focus("#replay-time")
    page.keyboard.press("Home")
    page.click("#replay-play")
    expect(page.locator("#replay-clock")).not_to_have_text("00:00")
    assert page.inner_text("#replay-clock").endswith(":00")
    page.context.close()


@pytest.mark.parametrize("at", [0, *(pytest.param(at, marks=pytest.mark.slow) for at in (8, 16, 24))])
def test_no_payload_runs(browser: Any, tmp_path: Path, at: int) -> None:
    """Each of thirty payloads, in every name, would change the title of the page or open a dialogue (the source of all: `test_safety.py`)."""
    names = [name.replace("alert(1)", "document.title=/ran/.source") for name in SCRIPTS[at : at + 8]]
    make(named(options(tmp_path, len(names) - 1), names), tmp_path / "results")
    add_report(tmp_path / "results")
    page, noticed = opened(browser, tmp_path / "results")
    dialogues: list[str] = []
    page.on("dialog", lambda one: (dialogues.append(one.message), one.dismiss()))
    page.evaluate(UNFOLD)
    page.wait_for_timeout(200)
    assert page.title().endswith(" - wardsim report")
    assert not page.title().startswith("ran")
    assert dialogues == []
    assert noticed == []
    page.context.close()


def test_wide_pictures_say_that_they_scroll_on_a_narrow_screen_only(browser: Any, folders: dict[str, Path]) -> None:
    for width, told in ((320, True), (560, True), (600, False), (1280, False)):
        page, _ = opened(browser, folders["sweep"], width=width)
        page.evaluate(UNFOLD)
        assert page.locator(".kept .hint").first.is_visible() is told
        wider = page.evaluate("(one => one.scrollWidth > one.clientWidth)(document.querySelector('.picture'))")
        assert wider is told, "the words are true"
        page.context.close()


def test_it_prints_on_a4_with_every_figure_and_its_numbers(browser: Any, folders: dict[str, Path]) -> None:
    """Pictures as wide as the page, what belongs together on one page, the numbers of figures although they are folded on the screen."""
    page, _ = opened(browser, folders["compare"], width=695)
    assert not page.evaluate("[...document.querySelectorAll('figure table')].some(one => one.checkVisibility())")
    page.emulate_media(media="print")
    assert not page.is_visible("#replay")
    assert page.evaluate("[...document.querySelectorAll('figure')].every(one => one.getBoundingClientRect().height > 50)")
    assert page.evaluate("[...document.querySelectorAll('figure svg')].every(one => one.getBoundingClientRect().width > 690)"), "not the width of the page"
    assert page.evaluate("[...document.querySelectorAll('figure details:not(.long) table')].every(one => one.checkVisibility())")
    weeks = page.locator("figure details.long")
    assert weeks.count() > 0
    assert weeks.first.locator("summary").is_visible(), "a row a week is no reading on paper: the line that says where it is stands there"
    assert not weeks.first.locator("table").is_visible()
    assert page.evaluate("[...document.querySelectorAll('.kept')].every(one => getComputedStyle(one).breakInside === 'avoid')")
    assert page.evaluate("[...document.querySelectorAll('caption')].every(one => getComputedStyle(one).breakAfter === 'avoid')")
    folded = page.locator(".draft > summary").first
    assert folded.is_visible()
    assert "unfold it on the screen" in folded.evaluate("one => getComputedStyle(one, '::after').content")
    wide = page.evaluate(
        """[...document.querySelectorAll('table')].filter(one => one.checkVisibility() && !one.closest('.broad, section.wide')
           && one.getBoundingClientRect().width > 695).map(one => one.caption.innerText)"""
    )
    assert wide == [], "one wide table makes a browser shrink every page"
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    count = printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type /Page/")
    assert 5 <= count <= 40
    page.context.close()
