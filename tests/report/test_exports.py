"""What others read: spreadsheets, data files, event log, STRESS-DES, SALib, ArviZ; each checked with the reader itself where there is one."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tests.report.made import TORNADO, from_file, write
from wardsim.measures import MEASURES
from wardsim.parameters import Ledger
from wardsim.report.exports import ExportError, export

HOSTILE = """
name: "=cmd|' /C calc'!A0"
question: "@SUM(1+1)*cmd|' /C calc'!A0 <script>alert(1)</script>"
base: baseline.yaml
options:
  - {name: "=1+1", scenario: plus-one-nurse-nights.yaml}
  - {name: "+44 <b>nurse</b>", scenario: no-release.yaml}
  - {name: "-2", set: {training.protected: true}}
  - {name: "@here", set: {work.physical_health_lead: true}}
replications: 12
years: 1
"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison whose names a spreadsheet would take for formulas."""
    root = tmp_path_factory.mktemp("exports")
    from_file(write(root, HOSTILE), root / "results")
    return root / "results"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run of some weeks with its event log."""
    from wardsim.cli import main

    folder = tmp_path_factory.mktemp("run") / "results"
    words = ["run", "scenarios/baseline.yaml", "--years", "0.06", "--replications", "2", "--jobs", "1", "--warm-up", "0", "--events", "--no-progress"]
    done = CliRunner().invoke(main, [*words, "--set", "start.burn_in_weeks=2", "--parameters", "prior", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def of(folder: Path, kind: str, target: Path) -> dict[str, Path]:
    return {path.name: path for path in export(folder, [kind], target)}


# -- CSV and Parquet -------------------------------------------------------------------------------------------------------


def test_csv_has_every_value_with_low_and_high_and_says_what_columns_mean(compared: Path, tmp_path: Path) -> None:
    files = of(compared, "csv", tmp_path)
    rows = lines(files["values.csv"].read_bytes())
    own = lines((compared / "options.csv").read_bytes()) + lines((compared / "differences.csv").read_bytes())
    assert len(rows) == len(own)
    for mine, theirs in zip(rows, own, strict=True):
        assert {key: mine[key] for key in ("option", "name", "mean", "low", "high", "mc_low", "mc_high")} == {
            key: theirs[key] for key in ("option", "name", "mean", "low", "high", "mc_low", "mc_high")
        }
        assert mine["unit"] == MEASURES[mine["name"]].unit
        assert (mine["low"] and mine["high"]) or mine["reason"]
    assert {row["quantity"] for row in rows} == {"level", "difference"}
    told = {row["column"]: row for row in lines(files["columns.csv"].read_bytes())}
    assert set(told) == set(rows[0])
    assert all(row["meaning"] for row in told.values())


def test_no_cell_of_a_csv_is_a_formula(compared: Path, tmp_path: Path) -> None:
    found = set()
    for path in of(compared, "csv", tmp_path).values():
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for text in row:
                if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
                    float(text)  # a negative number is one
                found.add(text)
    assert {"'=1+1", "'+44 <b>nurse</b>", "'-2", "'@here"} <= found


def test_parquet_keeps_names_as_they_are_and_numbers_as_numbers(compared: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    files = of(compared, "parquet", tmp_path)
    table = pq.read_table(files["values.parquet"])
    assert set(table.column("option").to_pylist()) >= {"=1+1", "-2", "@here"}
    assert {str(table.schema.field(name).type) for name in ("mean", "low", "high", "p_better")} == {"double"}
    assert b"95%" in table.schema.field("low").metadata[b"heading"]
    frame = table.to_pandas()
    one = frame[(frame["option"] == "=1+1") & (frame["quantity"] == "difference") & (frame["name"] == "cost_total_per_year")]
    assert float(one["mean"].iloc[0]) > 0
    assert {"options.parquet", "differences.parquet"} <= set(files)


# -- the workbook ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(compared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    openpyxl = pytest.importorskip("openpyxl")
    return openpyxl.load_workbook(of(compared, "xlsx", tmp_path_factory.mktemp("book"))["results.xlsx"])


def top_of(sheet: Any) -> int:
    """Row of the headings."""
    (marked,) = sheet.tables.values()
    return int(re.sub(r"\D", "", marked.ref.partition(":")[0]))


def test_the_workbook_is_laid_out_as_the_guidance_asks(book: Any) -> None:
    assert book.sheetnames[:4] == ["Cover", "Contents", "Notes", "Columns"]
    assert all(name.startswith("Table_") for name in book.sheetnames[4:])
    assert len(book.sheetnames) > 6
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert isinstance(sheet["A1"].value, str)
        assert all(cell.font.sz >= 12 for row in sheet.iter_rows(max_row=12) for cell in row if cell.value is not None)
        if sheet.title == "Cover":
            continue
        (marked,) = sheet.tables.values()
        assert marked.displayName == sheet.title
        last, top = marked.ref.partition(":")[2], top_of(sheet)
        assert sheet.freeze_panes == f"A{top + 1}", "the header row stays while a table of thousands of rows is scrolled"
        assert sheet.row_dimensions[top].height >= 15, "room for headings of several lines"
        assert [sheet.cell(row, 1).value for row in range(1, top)][1] == "This worksheet contains one table."
        heads = [cell.value for cell in sheet[top]]
        assert len(set(heads)) == len(heads) == sheet.max_column
        assert sheet[last].row == sheet.max_row
        assert all(cell.value is not None for row in sheet.iter_rows(min_row=top) for cell in row)


def test_its_tables_name_estimand_source_units_and_notes(book: Any) -> None:
    sheet = book["Table_1"]
    above = [sheet.cell(row, 1).value for row in range(1, top_of(sheet))]
    assert above[0] == "Table_1: Headline measures"
    assert "estimand transition" in above[-1]
    assert "Source: wardsim" in above[-1]
    heads = [cell.value for cell in sheet[top_of(sheet)]]
    assert "Unit" in heads
    assert any(head.startswith("Low (95%") and head.endswith("[note 1]") for head in heads)
    notes = {row[0].value: row[1].value for row in book["Notes"].iter_rows(min_row=4)}
    assert {"note 1", "note 2", "note 3", "[x]", "[z]", "cost_total_per_year"} <= set(notes)
    listed = [row[0].value for row in book["Contents"].iter_rows(min_row=5)]
    assert set(book.sheetnames[2:]) == set(listed) | {"Notes"} - {"Cover", "Contents"} or set(book.sheetnames[2:]) <= {*listed, "Notes"}
    cover = " ".join(str(row[0].value) for row in book["Cover"].iter_rows())
    assert "Estimand: transition" in cover
    assert "seed" in cover
    assert "have not been fitted" in cover
    column = next(i for i, head in enumerate(heads) if head.startswith("Expected value"))
    formats = {sheet.cell(row, heads.index("Measure name") + 1).value: sheet.cell(row, column + 1).number_format for row in range(top_of(sheet) + 1, top_of(sheet) + 8)}
    assert formats["assaults_true_per_1000_obd"] == "#,##0.0"
    assert formats["cost_total_per_year"] == "#,##0"


def test_headings_are_words_and_names_stand_in_the_sheet_of_columns(tmp_path: Path) -> None:
    """Of an optimisation, whose columns are named by measures and by ends of ranges."""
    openpyxl = pytest.importorskip("openpyxl")
    from_file("scenarios/optimise/cheapest-safe.yaml", tmp_path / "results", "years=1")
    made = openpyxl.load_workbook(of(tmp_path / "results", "xlsx", tmp_path / "out")["results.xlsx"])
    names = {(row[0].value, row[2].value): row[1].value for row in made["Columns"].iter_rows(min_row=5)}
    for sheet in made.worksheets[4:]:
        heads = [cell.value for cell in sheet[top_of(sheet)]]
        assert not [head for head in heads if "_" in head or " mc " in head or "per 1000 obd" in head]
        assert all((sheet.title, head) in names for head in heads)
    assert names["Table_3", "Cash cost a year (GBP a year)"] == "cost_total_per_year"
    assert names["Table_1", "Difference, simulation low (95%, simulation error)"] == "difference_mc_low"
    prices = next(sheet for sheet in made.worksheets if "step between neighbouring plans" in str(sheet["A1"].value))
    heads = [cell.value for cell in prices[top_of(prices)]]
    row = prices[top_of(prices) + 1]
    assert row[heads.index("Measure")].value in MEASURES
    assert row[heads.index("Measure in words")].value == MEASURES[row[heads.index("Measure")].value].label


def test_shares_of_the_spread_are_headed_as_percent(book: Any) -> None:
    sheet = next(one for one in book.worksheets[4:] if "spread of each answer" in str(one["A1"].value))
    heads = [cell.value for cell in sheet[top_of(sheet)]]
    shares = [row[heads.index("Share (percent)")].value for row in sheet.iter_rows(min_row=top_of(sheet) + 1)]
    assert any(isinstance(share, float | int) and share > 1 for share in shares)


def test_titles_of_the_workbook_are_headings(book: Any) -> None:
    assert {sheet["A1"].style for sheet in book.worksheets} == {"Headline 1"}


def test_numbers_of_the_workbook_are_those_of_the_csv(book: Any, compared: Path) -> None:
    sheet = book["Table_2"]
    heads = [cell.value.split(" (")[0] for cell in sheet[top_of(sheet)]]
    own = lines((compared / "options.csv").read_bytes())
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top_of(sheet) + 1, max_row=top_of(sheet) + len(own))]
    for mine, theirs in zip(rows, own, strict=True):
        assert mine[heads.index("Measure name")] == theirs["name"]
        assert mine[next(i for i, h in enumerate(heads) if h.startswith("Expected value"))] == pytest.approx(float(theirs["mean"]))


def test_no_cell_of_the_workbook_is_a_formula(book: Any, compared: Path, tmp_path: Path) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"))
    path = of(compared, "xlsx", tmp_path)["results.xlsx"]
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, content in inside.items() if name.startswith("xl/worksheets/") and b"<f>" in content]
    assert not [name for name in inside if "vba" in name.lower() or "externalLink" in name]


def test_the_same_results_give_the_same_workbook(compared: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    first, second = (of(compared, "xlsx", tmp_path / name)["results.xlsx"].read_bytes() for name in "ab")
    assert first == second


def test_a_study_without_measures_has_a_workbook_too(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from_file(write(tmp_path, TORNADO), tmp_path / "results")
    made = openpyxl.load_workbook(of(tmp_path / "results", "xlsx", tmp_path / "out")["results.xlsx"])
    assert made["Table_1"]["A1"].value == "Table_1: Which unknown inputs decide the answer"
    assert not any("[note" in str(cell.value) for cell in made["Table_1"][top_of(made["Table_1"])])  # low and high are those of an index there


# -- what other programs read ----------------------------------------------------------------------------------------------


def test_vidigi_reads_the_event_log(ran: Path, tmp_path: Path) -> None:
    pytest.importorskip("vidigi")
    import pandas as pd
    from vidigi.analysis import event_durations
    from vidigi.logging import EventLogger
    from vidigi.prep import reshape_for_animations
    from vidigi.process_mapping import add_sim_timestamp, discover_dfg

    files = of(ran, "vidigi", tmp_path)
    log, places = pd.read_csv(files["event_log.csv"]), pd.read_csv(files["event_positions.csv"])
    about = json.loads(files["vidigi.json"].read_text())
    logger = EventLogger(run_number=about["run_number"])
    logger.from_csv(log)
    assert logger.summary()["total_events"] == len(log)
    frames = reshape_for_animations(log, every_x_time_units=240, limit_duration=20 * 1440, step_snapshot_max=60)
    shown = frames[frames["event"].isin(["in_bed"])]
    at_once = shown.groupby("snapshot_time").size()
    assert at_once.min() >= 5
    assert at_once.max() <= about["beds"] + 6  # those back from leave early stand in beds numbered above
    drawn = set(frames["event"].dropna().unique()) - {"exit"}
    assert drawn <= set(places["event"])
    nodes, edges = discover_dfg(add_sim_timestamp(log, time_unit="minutes", sim_start=about["start_date"]), case_col="entity_id")
    assert len(nodes) > 2
    assert len(edges) > 2
    durations = event_durations(log, "in_bed", "bed_left")
    assert (durations.select_dtypes("number").iloc[:, -1].dropna() >= 0).all()


def test_without_an_event_log_it_says_how_to_get_one(compared: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="--events"):
        export(compared, ["vidigi"], tmp_path)


def test_salib_reads_problem_and_sample(compared: Path, tmp_path: Path) -> None:
    from SALib.analyze import rbd_fast
    from SALib.util import read_param_file

    files = of(compared, "salib", tmp_path)
    problem = json.loads(files["problem.json"].read_text())["salib"]
    assert read_param_file(str(files["salib.txt"]))["names"] == problem["names"]
    sample = np.genfromtxt(files["sample.csv"], delimiter=",", skip_header=1)[:, 1:]
    rows = lines(files["outcomes.csv"].read_bytes())
    y = np.array([float(row["cost_total_per_year @ Baseline"]) for row in rows])
    assert sample.shape == (6, problem["num_vars"])
    assert len(y) == 6
    assert ((sample > 0) & (sample < 1)).all()
    few = {**problem, "num_vars": 2, "names": problem["names"][:2], "bounds": problem["bounds"][:2]}
    assert len(rbd_fast.analyze(few, np.tile(sample[:, :2], (20, 1)), np.tile(y, 20), M=2, num_resamples=3)["S1"]) == 2
    # a share is that of the prior
    name = "incidents.assault_per_1000_days"
    entry = Ledger.load()[name]
    drawn = entry.distribution.cdf(Ledger.load().draw(20250407, 3)[name])
    assert sample[3, problem["names"].index(name)] == pytest.approx(drawn, abs=1e-6)


def test_arviz_reads_draws_of_parameters_and_measures(compared: Path, ran: Path, tmp_path: Path) -> None:
    pytest.importorskip("h5netcdf")
    arviz = pytest.importorskip("arviz_base")
    import xarray

    for folder, ward, name in ((compared, "=1+1", "cost_total_per_year"), (ran, "Baseline", "occupancy")):
        tree = xarray.open_datatree(of(folder, "arviz", tmp_path / folder.parent.name)["arviz.nc"], engine="h5netcdf")
        drawn = arviz.extract(tree, group="prior", var_names="parameters", combined=False).sel(parameter="incidents.assault_per_1000_days")
        measured = tree["prior_predictive"]["measures"].sel(ward=ward, measure=name)
        assert drawn.dims == measured.dims == ("chain", "draw")
        assert str(measured["unit"].item()) == MEASURES[name].unit
        assert np.isfinite(measured.values).all()
        assert float(drawn[0, 0]) == pytest.approx(Ledger.load().draw(20250407, int(drawn["draw"][0]))["incidents.assault_per_1000_days"])


def test_arviz_reads_a_posterior(tmp_path: Path) -> None:
    """A made-up posterior, written as calibration writes it."""
    pytest.importorskip("h5netcdf")
    arviz = pytest.importorskip("arviz_base")
    import xarray

    from wardsim.calibrate.posterior import write as keep

    names = ["incidents.assault_per_1000_days", "flow.target_occupancy"]
    values = np.random.default_rng(1).uniform(0.5, 0.9, (40, 2))
    keep(tmp_path / "calibration", names, values, identity={}, method={}, diagnostics={})
    tree = xarray.open_datatree(of(tmp_path / "calibration", "arviz", tmp_path / "out")["arviz.nc"], engine="h5netcdf")
    found = arviz.extract(tree, group="posterior")
    assert found[names[1]].values == pytest.approx(values[:, 1])
    assert tree["prior"].sizes["draw"] == 1000
    with pytest.raises(ExportError, match="arviz only"):
        export(tmp_path / "calibration", ["csv"], tmp_path / "out")


# -- STRESS-DES ------------------------------------------------------------------------------------------------------------

CHECKLIST = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3",
    "5.1", "5.2", "5.3", "5.4", "6.1",
)  # fmt: skip


@pytest.mark.parametrize("which", ["compared", "ran"])
def test_stress_has_every_item_filled_or_marked(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    files = of(request.getfixturevalue(which), "stress", tmp_path)
    text = files["stress-des.md"].read_text(encoding="utf-8")
    parts = dict(re.findall(r"^#{2,3} ([\d.]+) .*?\n(.*?)(?=^#{2,3} |\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(CHECKLIST) <= set(parts)
    assert all(len(parts[number].strip()) > 40 for number in CHECKLIST)
    for number in ("1.1", "1.3", "3.2", "6.1"):
        assert "TO COMPLETE" in parts[number]
    for number in ("2.2", "3.1", "3.3", "4.1", "4.3", "5.2"):
        assert "TO COMPLETE" not in parts[number]
    assert "20250407" in parts["5.2"]
    assert "incidents.assault\\_per\\_1000\\_days" in parts["3.3"]


def test_stress_lists_what_each_option_changes_and_keeps_text_as_text(compared: Path, tmp_path: Path) -> None:
    files = of(compared, "stress", tmp_path)
    text, page = files["stress-des.md"].read_text(encoding="utf-8"), files["stress-des.html"].read_text(encoding="utf-8")
    assert "training.protected" in text
    assert "<script>" not in text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in page
    assert page.count("TO COMPLETE") >= 5


# -- the command -----------------------------------------------------------------------------------------------------------


def test_the_command_writes_what_the_folder_holds_and_says_what_it_does_not(compared: Path, tmp_path: Path) -> None:
    from wardsim.cli import main

    done = CliRunner().invoke(main, ["export", str(compared), "--format", "all", "--out", str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)["data"]
    assert {Path(path).name for path in data["files"]} >= {"values.csv", "values.parquet", "stress-des.md", "problem.json"}
    assert set(data["left_out"]) >= {"vidigi"}
    assert all(Path(path).is_file() for path in data["files"])
    plain = CliRunner().invoke(main, ["export", str(tmp_path)])
    assert plain.exit_code == 1
    assert "no finished results" in plain.stderr
    assert not (tmp_path / "export").exists()


def test_results_stay_whole_beside_their_exports(compared: Path) -> None:
    from wardsim.report import report_of

    export(compared, ["csv"], compared / "export")
    assert report_of(compared).startswith(b"<!")
