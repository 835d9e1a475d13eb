"""What a report holds for each kind of results, how large it is, how long it takes, and that it is the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.report.page import Page
from wardsim.experiments.study.folder import damaged
from wardsim.report import figures_of, report_of
from wardsim.report.figures.drawn import COLOURS

ROOT = Path(__file__).parents[2]
PARTS = {
    "compare": [1, 2, 4, 6, 7, 8, 9],
    "sweep": [1, 2, 3, 4, 7, 8, 9],
    "tornado": [1, 5, 8, 9],
    "sobol": [1, 5, 8, 9],
    "optimise": [1, 4, 8, 9],
}
KINDS = sorted(PARTS)


def page(folders: dict[str, Path], kind: str) -> Page:
    return Page.of(folders[kind] / "report.html")


@pytest.mark.parametrize("kind", KINDS)
def test_parts_stand_in_order_where_the_results_hold_them(folders: dict[str, Path], kind: str) -> None:
    found = page(folders, kind)
    heads = [int(number) for number in re.findall(r"<h2 [^>]*>(\d)\. ", found.source)]
    wanted = PARTS[kind]
    assert heads == wanted
    links = {about["href"] for tag, about in found.tags if tag == "a"}
    ids = [about["id"] for _, about in found.tags if "id" in about]
    assert {link[1:] for link in links} <= set(ids)
    assert len(ids) == len(set(ids)), "an id stands twice"


@pytest.mark.parametrize("kind", KINDS)
def test_small_quick_and_the_same_every_time(folders: dict[str, Path], kind: str, tmp_path: Path) -> None:
    whole = (folders[kind] / "report.html").read_bytes()
    assert len(whole) < 2_000_000
    begun = time.process_time()
    assert report_of(folders[kind]) == whole
    assert time.process_time() - begun < 5.0


def test_the_same_bytes_in_another_folder_process_and_locale(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(folders["compare"], copy)
    (copy / "report.html").unlink()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "LC_ALL": "C", "MPLCONFIGDIR": str(tmp_path)}
    words = [sys.executable, "-m", "wardsim", "report", str(copy), "--json"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["data"]["report"] == str(copy / "report.html")
    assert (copy / "report.html").read_bytes() == (folders["compare"] / "report.html").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_of_another_computer_and_nothing_runs(folders: dict[str, Path], kind: str) -> None:
    found = page(folders, kind)
    scripts(found)
    assert not {tag for tag, _ in found.tags} & {"link", "img", "iframe", "object", "embed", "image", "base", "form", "video"}
    for tag, about in found.tags:
        for key, value in about.items():
            assert not key.startswith("on"), (tag, key)
            if key in ("href", "xlink:href", "src", "action", "data"):
                assert value.startswith("#"), (tag, value)
    assert "@import" not in found.source
    assert set(re.findall(r"url\((.)", found.source)) <= {"#"}
    assert set(re.findall(r"https?://[^\"' <]*", found.source)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert any(about.get("http-equiv") == "Content-Security-Policy" and "default-src 'none'" in about["content"] for _, about in found.tags)


def scripts(found: Page) -> None:
    """There is no script but the one that the page's own policy names by its content, and the numbers that it plays."""
    assert {about.get("type", "") for tag, about in found.tags if tag == "script"} <= {"application/json", ""}
    policy = next(about["content"] for _, about in found.tags if about.get("http-equiv") == "Content-Security-Policy")
    own = re.findall(r"<script>(.*?)</script>", found.source, re.DOTALL)
    assert len(own) <= 1
    for text in own:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in policy
        assert not [word for word in ("fetch(", "XMLHttpRequest", "import(", "eval(", "innerHTML") if word in text]
    if not own:
        assert "script-src" not in policy


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_has_a_label_a_finding_a_caption_and_its_numbers(folders: dict[str, Path], kind: str) -> None:
    found = page(folders, kind)
    pictures = [about for tag, about in found.tags if tag == "svg"]
    figures = figures_of(folders[kind])
    assert len(pictures) == len(figures)
    assert len({one.name for one in figures}) == len(figures)
    for about, one in zip(pictures, figures, strict=True):
        assert about["role"] == "img"
        assert len(about["aria-label"]) > 40
        assert one.title
        assert "Source: " in one.caption
        assert "runs" in one.caption or "run)" in one.caption
        assert found.tables[one.title][1:] == [[[cell] for cell in row] for row in one.rows]
        assert any(any(c.isdigit() for c in cell) for row in one.rows for cell in row)
        assert "<text" in one.svg(), "text is no longer text"


def test_colours_are_those_of_government_analysis(folders: dict[str, Path]) -> None:
    figure = next(one for one in figures_of(folders["compare"]) if one.name == "plane-assaults")
    assert set(COLOURS) <= {colour.upper() for colour in re.findall(r"#[0-9a-f]{6}", figure.svg())}


def test_the_report_is_listed_with_its_checksum(folders: dict[str, Path]) -> None:
    for folder in folders.values():
        manifest = json.loads((folder / "manifest.json").read_text())
        assert manifest["files"]["report.html"] == hashlib.sha256((folder / "report.html").read_bytes()).hexdigest()
        assert damaged(folder) == []
        assert "written_at" not in (folder / "report.html").read_text()


def test_a_sweep_marks_what_is_not_settled_and_outlines_the_present(folders: dict[str, Path]) -> None:
    figure = next(one for one in figures_of(folders["sweep"]) if one.name.startswith("heatmap-assaults-true"))
    signs = {row[4] for row in figure.rows}
    assert "reference" in signs
    picture = figure.svg()
    assert ("<pattern" in picture) == bool(signs & {"open", "noise", "unknown"})
    assert "#f46a25" in picture


def test_the_answer_says_what_it_rests_on(folders: dict[str, Path]) -> None:
    text = page(folders, "compare").text
    for words in ("not calibrated", "20 parameter draws", "95% range of what the model does not know", "What the model leaves out"):
        assert words in text
    assert "significant" not in text[: text.index("Draft of a STRESS-DES report")], "our words; the draft quotes titles of sources"
    sobol = page(folders, "sobol").text
    assert "cannot be relied on" in sobol


def test_the_front_of_plans_is_drawn(folders: dict[str, Path]) -> None:
    figure = figures_of(folders["optimise"])[0]
    assert figure.name == "front"
    assert len(figure.rows) == 36


@pytest.mark.parametrize("kind", KINDS)
def test_part_9_holds_a_stress_des_draft_with_its_gaps_marked(folders: dict[str, Path], kind: str) -> None:
    source = page(folders, kind).source
    draft = source[source.index('<details class="draft">') :]
    draft = draft[: draft.index("</details>")]
    items = dict(re.findall(r"<h4>([\d.]+) .*?</h4>\s*(.*?)(?=<h[34]>|\Z)", draft, re.DOTALL))
    assert {"1.1", "1.3", "2.2", "2.5.2", "3.1", "3.3", "4.1", "4.3", "5.2", "5.4", "6.1"} <= set(items)
    assert {number: text for number, text in items.items() if len(text.strip()) < 30} == {"2.5": ""}, "a heading over others"
    gaps = {number for number, text in items.items() if '<p class="gap">' in text}
    assert {"1.1", "1.3", "6.1"} <= gaps
    assert not gaps & {"2.2", "3.1", "3.3", "4.1", "4.3", "5.2"}
    assert f"hold gaps, marked TO COMPLETE, that only the authors of the study can fill: {', '.join(sorted(gaps, key=list(items).index))}." in draft
