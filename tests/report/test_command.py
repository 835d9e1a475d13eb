"""`wardsim report`, and the report that compare and sweep end with, as a user calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.report.made import SIX, simulate, write
from tests.report.page import Page
from wardsim.cli import main
from wardsim.experiments.study.folder import checksum, damaged


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of a few sums in place of the ward."""
    monkeypatch.setattr("wardsim.cli.asked.task", lambda: simulate)
    monkeypatch.setattr("wardsim.cli.resume.task", lambda: simulate)
    monkeypatch.setattr("wardsim.experiments.probe.seconds_per_run", lambda study: (0.001, 0.0))


@pytest.mark.usefixtures("made_up")
def test_compare_ends_with_a_report_that_the_manifest_lists(tmp_path: Path) -> None:
    file, folder = write(tmp_path, SIX), tmp_path / "results"
    words = ["compare", str(file), "--replications", "12", "--jobs", "1", "--out", str(folder)]
    done = call(*words)
    assert done.exit_code == 0, done.output
    assert f"report: {folder / 'report.html'}" in done.stdout
    page = (folder / "report.html").read_bytes()
    assert json.loads((folder / "manifest.json").read_text())["files"]["report.html"] == checksum(folder / "report.html")
    assert damaged(folder) == []

    told = json.loads(call(*words, "--json").stdout)
    assert told["data"]["report"] == str(folder / "report.html")
    assert (folder / "report.html").read_bytes() == page

    assert call("resume", str(folder), "--jobs", "1").exit_code == 0
    assert (folder / "report.html").read_bytes() == page

    assert call(*words, "--no-report").exit_code == 0
    assert not (folder / "report.html").exists(), "a report of before stays beside results that do not list it"
    assert call("report", str(folder)).exit_code == 0
    assert (folder / "report.html").read_bytes() == page


def test_run_has_a_report_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    words = ["run", "scenarios/baseline.yaml", "--replications", "6", "--years", "0.05", "--warm-up", "1", "--set", "start.burn_in_weeks=1",
             "--jobs", "1", "--no-progress", "--out", str(folder)]  # fmt: skip
    assert call(*words).exit_code == 0
    assert not (folder / "report.html").exists()
    done = call("report", str(folder))
    assert done.exit_code == 0, done.output
    page = Page.of(folder / "report.html")
    assert "The ward in numbers" in page.text
    assert "largest residual" in page.text
    assert call(*words).exit_code == 0, "a folder with a report is still a results folder"
    assert not (folder / "report.html").exists()


def test_what_cannot_be_reported_is_said(tmp_path: Path, folders: dict[str, Path]) -> None:
    empty = call("report", str(tmp_path))
    assert empty.exit_code == 1
    assert "holds no finished results" in empty.stderr
    assert "Traceback" not in empty.output
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folders["tornado"], copy)
    with (copy / "sensitivity.csv").open("a") as stream:
        stream.write("x")
    bad = call("report", str(copy))
    assert bad.exit_code == 1
    assert "not as it was written" in bad.stderr
    (copy / "manifest.json").write_text("{")
    assert "damaged" in call("report", str(copy)).stderr


def test_figures_as_files(tmp_path: Path, folders: dict[str, Path]) -> None:
    done = call("report", str(folders["sweep"]), "--figures", str(tmp_path / "figures"), "--json")
    saved = [Path(path) for path in json.loads(done.stdout)["data"]["figures"]]
    assert len(saved) >= 6
    for path in saved:
        text = path.read_text(encoding="utf-8")
        assert "<dc:date>" not in text
        assert "</svg>" in text
    first = {path.name: path.read_bytes() for path in saved}
    call("report", str(folders["sweep"]), "--figures", str(tmp_path / "figures"))
    assert {path.name: path.read_bytes() for path in saved} == first
