"""The mark of a range that chance alone could explain on the page of a sweep, and ranges of shares, net benefit and worth of knowing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

from tests.report.made import SIX, from_file, simulate, write
from tests.report.page import Page
from wardsim.experiments.intervals import UNRESOLVED
from wardsim.experiments.job import Job, RunResult
from wardsim.report import add_report, figures_of
from wardsim.report.exports.tables import values_of
from wardsim.report.source import read

ASSAULTS = "assaults_true_per_1000_obd"
EVERY = "Every ward: outcomes per 1,000 occupied bed days (OBD), contact and money"
SETTLED = "In how many cells the evidence settles the sign, and what the spread of a difference is made of"
LEGEND = "* parameters spread less than chance does with these runs: the range is the most that they could hide."
ADDED = ("reason", "difference_reason")


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / table).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def without(folder: Path, table: str, *columns: str) -> None:
    """A table as an older version wrote it."""
    found = rows(folder, table)
    keys = [key for key in found[0] if key not in columns]
    text = io.StringIO()
    writer = csv.DictWriter(text, keys, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    content = text.getvalue().encode()
    (folder / table).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][table] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_range_of_a_sweep_that_chance_could_explain_is_marked_with_its_legend(folders: dict[str, Path]) -> None:
    found = [row for row in rows(folders["sweep"], "cells.csv") if row["name"] == ASSAULTS]
    wanted = [UNRESOLVED in (row["reason"] if row["sign"] == "reference" else row["difference_reason"]) for row in found]
    assert True in wanted
    assert False in wanted
    page = Page.of(folders["sweep"] / "report.html")
    shown = [line[1][-1] for line in page.tables[EVERY][1:]]
    assert [text.endswith("*)") for text in shown] == wanted
    assert LEGEND in page.text[page.text.index(EVERY) : page.text.index("3. ")]
    figure = next(one for one in figures_of(folders["sweep"]) if one.name == "heatmap-assaults-true-per-1000-obd")
    assert sum(row[3].endswith("*") for row in figure.rows) == sum(wanted[1:])
    assert LEGEND in figure.caption


def test_a_sweep_and_a_comparison_of_the_same_wards_mark_the_same_ranges(tmp_path: Path) -> None:
    """The nurses of the two studies are the same wards with the same chance."""
    head = "question: One more?\nbase: baseline.yaml\nreplications: 12\nyears: 1\n"

    def nameless(job: Job) -> RunResult:
        return simulate(replace(job, scenario=job.scenario.model_copy(update={"name": "", "question": ""})))

    from_file(write(tmp_path, f"name: x\n{head}options: [{{name: '1', set: {{staffing.funded_extra.night.rn: 1}}}}]\n"), tmp_path / "c", task=nameless)
    from_file(write(tmp_path, f"name: x\n{head}factors:\n  nurses: {{keys: [staffing.funded_extra.night.rn], levels: [0, 1]}}\n"), tmp_path / "s", task=nameless)
    compared = {row["name"]: row for row in rows(tmp_path / "c", "differences.csv")}
    swept = {row["name"]: row for row in rows(tmp_path / "s", "cells.csv") if row["sign"] != "reference"}
    assert compared.keys() == swept.keys()
    for name, row in swept.items():
        assert row["difference_reason"] == compared[name]["reason"], name
        assert row["difference_low"] == compared[name]["low"], name
    levels = {row["name"]: row["reason"] for row in rows(tmp_path / "c", "options.csv") if row["option"] == "1"}
    assert {name: row["reason"] for name, row in swept.items()} == levels


def test_an_older_sweep_without_the_reasons_has_a_page_and_no_marks(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "older"
    shutil.copytree(folders["sweep"], folder)
    without(folder, "cells.csv", *ADDED)
    without(folder, "prior_share.csv", *(key for key in rows(folder, "prior_share.csv")[0] if key.endswith(("_smallest", "_largest"))))
    page = Page.of(add_report(folder))
    assert LEGEND not in page.text
    now = Page.of(folders["sweep"] / "report.html").tables[EVERY]
    assert page.tables[EVERY] == [[[line.replace("*)", ")") for line in cell] for cell in row] for row in now]
    assert all(re.fullmatch(r"\d+%", line[-1][0]) and len(line[-1]) == 1 for line in page.tables[SETTLED][1:])


def test_the_table_of_all_values_gives_level_and_difference_their_own_reason(folders: dict[str, Path]) -> None:
    table = values_of(read(folders["sweep"]))
    assert table is not None
    at = {column.name: i for i, column in enumerate(table.columns)}
    told = {(row[at["option"]], row[at["name"]], row[at["quantity"]]): row[at["reason"]] for row in table.rows}
    for row in rows(folders["sweep"], "cells.csv"):
        assert (told[row["cell"], row["name"], "level"] or "") == row["reason"]
        if row["sign"] != "reference":
            assert (told[row["cell"], row["name"], "difference"] or "") == row["difference_reason"]


def test_the_spread_of_a_difference_is_told_with_its_range_over_the_cells(folders: dict[str, Path]) -> None:
    shown = Page.of(folders["sweep"] / "report.html").tables[SETTLED][1:]
    for line, row in zip(shown, rows(folders["sweep"], "prior_share.csv"), strict=True):
        for cell, key in zip(line[-2:], ("parameters_pct", "chance_of_one_year_pct"), strict=True):
            middle, smallest, largest = (float(row[f"{key}{end}"]) for end in ("", "_smallest", "_largest"))
            assert cell == [f"{middle:.0f}%", f"({smallest:.0f} to {largest:.0f})"]


def test_net_benefit_has_the_range_that_there_is(tmp_path: Path) -> None:
    study = SIX + "values: {one_to_one_min_per_patient_day: 50000}\n"
    for runs, word, low, high in ((40, "", "net_benefit_low", "net_benefit_high"), (6, "sim. ", "net_benefit_mc_low", "net_benefit_mc_high")):
        folder = tmp_path / str(runs)
        from_file(write(tmp_path, study), folder, f"replications={runs}")
        page = Page.of(add_report(folder))
        shown = page.tables["Choice by expected net benefit, thousand GBP a year"][1:]
        for line, row in zip(shown, rows(folder, "benefit.csv"), strict=True):
            assert line[1][1] == f"({word}{float(row[low]) / 1000:+,.1f} to {float(row[high]) / 1000:+,.1f})"
        assert ("sim.: 95% simulation error" in page.text) == bool(word)
