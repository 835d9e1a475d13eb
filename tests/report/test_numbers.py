"""The same number on the page, in CSV, in JSON and on the terminal, each with its range."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.report.made import SIX, from_file, write
from tests.report.page import Page
from wardsim.cli.compare_tables import json_of, text_of
from wardsim.experiments.intervals import UNRESOLVED
from wardsim.experiments.shown import CAUTION, change_of, changes_of, label, number_of
from wardsim.measures import MEASURES
from wardsim.report import add_report
from wardsim.report.parts.marked import MEANING

OUTCOMES = "Outcomes per 1,000 occupied bed days (OBD) and money by heading"


def test_page_csv_json_and_terminal_agree(tmp_path: Path) -> None:
    finished = from_file(write(tmp_path, SIX), tmp_path / "results", "replications=24")
    page = Page.of(add_report(tmp_path / "results"))
    comparison = finished.result
    told = json_of(comparison)  # type: ignore[arg-type]
    terminal = text_of(comparison, 400)  # type: ignore[arg-type]
    with (tmp_path / "results" / "differences.csv").open(encoding="utf-8", newline="") as stream:
        table = {(row["option"], row["name"]): row for row in csv.DictReader(stream)}
    rows = {row[0][0]: row[1:] for row in page.tables[OUTCOMES] if len(row) > 1}
    seen = marked = 0
    for at, option in enumerate(told["options"]):
        for name, measure in MEASURES.items():
            cells = rows.get(label(measure))
            if cells is None or name not in option["measures"]:
                continue
            assert cells[at][0] == number_of(measure, option["measures"][name]["mean"])
            if at == 0:
                continue
            found = option["differences"][name]
            row = table[option["name"], name]
            assert [float(row[key]) for key in ("mean", "low", "high")] == [found[key] for key in ("difference", "low", "high")]
            assert cells[at][1].rstrip("~") == change_of(measure, found["difference"])
            mark = CAUTION if UNRESOLVED in row["reason"] else ""
            marked += bool(mark)
            assert cells[at][2] == f"({changes_of(measure, found['low'], found['high'])}{mark})"
            if measure.headline:
                assert f"{changes_of(measure, found['low'], found['high'])}" in terminal
            seen += 1
    assert seen > 40
    assert 0 < marked < seen
    assert (MEANING in page.text) == (CAUTION in terminal)


def test_sentences_of_the_page_are_those_of_the_terminal(tmp_path: Path) -> None:
    finished = from_file(write(tmp_path, SIX), tmp_path / "results", "replications=24")
    page = Page.of(add_report(tmp_path / "results"))
    terminal = " ".join(text_of(finished.result, 400).split())  # type: ignore[arg-type]
    told = [row[0][0] for row in page.tables["The same in full sentences"] if row[0][0]]
    assert len(told) == 15
    for line in told:
        assert line in terminal
