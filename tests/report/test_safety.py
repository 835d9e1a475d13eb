"""Text of users on a page is text: nothing of it runs, all of it is shown, and no name leads out of the folder."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.report.made import make, write
from tests.report.page import Page
from wardsim.cli import main
from wardsim.experiments.design.build import study_of
from wardsim.experiments.study.cells import Study
from wardsim.report import add_report
from wardsim.report.figures import Cloud, plane
from wardsim.scenario.studies import load_study

SCRIPTS = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>", "\"><script>alert(1)</script>", "'><script>alert(1)</script>", "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)', "<iframe src=javascript:alert(1)>", "<a href=javascript:alert(1)>x</a>", "javascript:alert(1)",
    "<body onload=alert(1)>", "</style><script>alert(1)</script>", "</title><script>alert(1)</script>", "<!--<script>alert(1)//-->",
    "--><script>alert(1)</script>", "]]><script>alert(1)</script>", "{{ 7 * 7 }}", "{% include '/etc/passwd' %}", "${7*7}",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "<scr<script>ipt>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>",
    "<style>*{background:url(//x)}</style>", "<meta http-equiv=refresh content=0>", "<math><mi xlink:href=javascript:alert(1)>",
    "$\\alpha$ $^_{", "<details open ontoggle=alert(1)>",
)  # fmt: skip
assert len(SCRIPTS) == 30
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(1)", "=HYPERLINK(\"http://x\")", "=cmd|'/c calc'!A0")
HARMLESS = {"html", "head", "meta", "title", "style", "body", "a", "div", "header", "p", "h1", "h2", "h3", "main", "section", "ul", "li", "nav", "ol",
            "figure", "figcaption", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "footer", "svg", "g",
            "defs", "path", "rect", "use", "text", "tspan", "clippath", "pattern", "h4", "strong", "button", "label", "input", "output", "script"}  # fmt: skip


def named(study: Study, names: list[str]) -> Study:
    """A study whose title, question, reference and options have given names."""
    old = [cell.name for cell in study.cells]
    swap = dict(zip(old, names, strict=False))
    cells = tuple(
        replace(cell, name=swap[cell.name], scenario=cell.scenario.model_copy(update={"name": swap[cell.name], "question": swap[cell.name]}))
        for cell in study.cells
    )
    text = json.dumps(dict(study.settings))
    for was, now in swap.items():
        text = text.replace(json.dumps(was), json.dumps(now))
    baseline = study.baseline.model_copy(update={"name": names[0]})
    return replace(study, name=names[0], question=names[1], cells=cells, settings=json.loads(text), baseline=baseline)


def options(folder: Path, n: int) -> Study:
    """A study of so many options."""
    lines = "".join(f"  - {{name: option {i}, set: {{staffing.funded_extra.night.hca: {i + 1}}}}}\n" for i in range(n))
    path = write(folder, f"name: payloads\nbase: baseline.yaml\noptions:\n{lines}replications: 12\nyears: 0.5\n")
    return study_of(load_study(str(path), []))


def check(page: Page, names: list[str]) -> None:
    """Nothing but harmless elements, no handlers, no addresses, and every name as it was written."""
    assert {tag for tag, _ in page.tags} <= HARMLESS
    for _, about in page.tags:
        assert not [key for key in about if key.startswith("on") or key in ("src", "action", "formaction")]
        assert all(value.startswith("#") for key, value in about.items() if key in ("href", "xlink:href"))
    assert len([1 for tag, about in page.tags if tag == "script" and about.get("type") != "application/json"]) <= 1
    for script in re.findall(r"<script[^>]*>(.*?)</script>", page.source, re.DOTALL):
        assert "alert(" not in script, "text of a scenario stands in a script"
    text = " ".join(page.text.split())
    for name in names:
        assert " ".join(name.split()) in text


@pytest.mark.parametrize("at", range(5))
def test_scripts_are_shown_and_do_not_run(tmp_path: Path, at: int) -> None:
    names = list(SCRIPTS[6 * at : 6 * at + 6])
    make(named(options(tmp_path, 5), names), tmp_path / "results")
    check(Page.of(add_report(tmp_path / "results")), names)


def test_formulas_are_shown_as_written_and_guarded_in_tables(tmp_path: Path) -> None:
    names = list(FORMULAS)
    make(named(options(tmp_path, 5), names), tmp_path / "results")
    page = Page.of(add_report(tmp_path / "results"))
    check(page, names)
    head = page.tables["Outcomes per 1,000 occupied bed days (OBD) and money by heading"][0]
    assert [cell[0] for cell in head[2:]] == names[1:]
    with (tmp_path / "results" / "options.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["option"] for row in csv.DictReader(stream)} == {f"'{name}" for name in names}


def test_labels_of_a_sweep_are_text_too(tmp_path: Path) -> None:
    study = study_of(load_study(str(write(tmp_path, SWEEP)), []))
    make(study, tmp_path / "results")
    check(Page.of(add_report(tmp_path / "results")), [SCRIPTS[2], SCRIPTS[3], SCRIPTS[0], FORMULAS[0]])


SWEEP = f"""
name: labels
base: baseline.yaml
factors:
  {json.dumps(SCRIPTS[2])}: {{keys: [staffing.funded_extra.night.rn], levels: [0, 1], labels: [{json.dumps(SCRIPTS[0])}, "=1+1"], unit: {json.dumps(SCRIPTS[3])}}}
  {json.dumps(SCRIPTS[3])}: {{keys: [staffing.funded_extra.night.hca], levels: [0, 1]}}
replications: 12
years: 0.5
"""


def test_control_characters_do_not_reach_a_figure() -> None:
    cloud = Cloud("a\x00b\x1b[31m\u202ec", 1.0, 2.0)
    picture = plane([cloud], x_title="$x^2$ & <b>", y_title="y", direction="lower").svg()
    assert not any(c in picture for c in "\x00\x1b\u202e")
    assert "$x^2$ &amp; &lt;b&gt;" in picture


def test_files_stay_in_their_folders(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    names = ["../../up", "/etc/passwd", "NUL", "a\\..\\b", "x" * 200, "con.html"]
    make(named(options(inside, 5), names), inside / "results")
    secret = tmp_path / "secret"
    secret.write_text("kept")
    (inside / "results" / "report.html").symlink_to(secret)
    before = {path for path in tmp_path.rglob("*") if inside not in path.parents}
    done = CliRunner().invoke(main, ["report", str(inside / "results"), "--figures", str(inside / "figures"), "--format", "png"])
    assert done.exit_code == 0, done.output
    assert {path for path in tmp_path.rglob("*") if inside not in path.parents} == before
    assert secret.read_text() == "kept"
    assert not (inside / "results" / "report.html").is_symlink()
    saved = list((inside / "figures").iterdir())
    assert len(saved) >= 3
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in saved)
