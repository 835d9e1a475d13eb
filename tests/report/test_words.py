"""What the page says in words: shares of draws that agree, ranges and marks, natural frequencies, caveats, keys in words, no name for chance."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.report.made import SIX, TORNADO, from_file, write
from tests.report.page import Page
from wardsim.measures import MEASURES
from wardsim.parameters import Ledger
from wardsim.parameters.posterior import shipped_posterior
from wardsim.report import add_report, figures_of
from wardsim.report.parts.apart import told_apart
from wardsim.report.parts.changes import changed, told_of
from wardsim.report.parts.frequency import a_year, both_sides, every, more_or_fewer
from wardsim.report.parts.plans import level

ASSAULTS, COST = "assaults_true_per_1000_obd", "cost_total_per_year"


def rows(folder: Path, table: str, **wanted: str) -> list[dict[str, str]]:
    with (folder / table).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if all(row[key] == value for key, value in wanted.items())]


@pytest.mark.parametrize("runs", [12, 40])
def test_a_share_of_draws_is_one_number_wherever_it_stands(tmp_path: Path, runs: int) -> None:
    folder = tmp_path / "results"
    from_file(write(tmp_path, SIX), folder, f"replications={runs}")
    figure = next(one for one in figures_of(folder) if one.name == "plane-assaults")
    both = {row["option"]: [float(row["p_better"])] for row in rows(folder, "differences.csv", name=ASSAULTS)}
    for row in rows(folder, "differences.csv", name=COST):
        both[row["option"]].append(float(row["p_better"]))
    for name, outcome, money in figure.rows:
        shares = [int(found[1]) for text in (outcome, money) if (found := re.search(r"better in (\d+) of 100 draws", text))]
        assert shares == [round(100 * p) for p in both[name]]
    told = re.search(r"(at most|at least) (\d+) of 100 parameter draws", figure.title)
    assert told is not None
    least, most = (max(round(100 * f(*pair)) for pair in both.values()) for f in (lambda p, q: max(0.0, p + q - 1.0), min))
    assert int(told[2]) == (least if told[1] == "at least" else most)


def test_natural_frequencies_are_told_from_both_sides() -> None:
    assert both_sides(0.31, "fewer", "more") == "more in about 7 of 10 draws, fewer in the other 3"
    assert both_sides(0.96, "fewer", "more") == "fewer in about 19 of 20 draws, more in the other 1"
    assert both_sides(0.01, "fewer", "more") == "more in nearly all draws"
    assert [every(x) for x in (174.0, 40.0, 6.0, 1.0, 0.2, 0.01)] == [
        "about 3 a week", "about 3 a month", "about 1 every 2 months", "about 1 a year", "about 1 every 5 years", "",
    ]  # fmt: skip
    assert more_or_fewer(6.0) == "about 1 more every 2 months"
    assert more_or_fewer(-40.0) == "about 3 fewer a month"
    assert a_year(-14.2, 15.4) == "14 fewer to 15 more a year"
    assert a_year(-0.2, 123.0) == "0 to 120 more a year"


@pytest.mark.parametrize(("runs", "said"), [(2, "1 parameter draw only"), (6, "3 parameter draws only")])
def test_too_few_draws_are_said_where_there_is_no_range(tmp_path: Path, runs: int, said: str) -> None:
    from_file(write(tmp_path, SIX), tmp_path / "results", f"replications={runs}")
    text = Page.of(add_report(tmp_path / "results")).text
    assert f"{said}, of at least 5 that a range takes, so there is no range of what the model does not know" in text
    assert "1 parameter draws" not in text
    assert "which parameter draws they happened to try" in text
    assert "ranges of what is not known rest on" not in text


def test_no_input_is_named_that_chance_could_have_put_there(tmp_path: Path) -> None:
    from_file(write(tmp_path, TORNADO), tmp_path / "results")
    page = Page.of(add_report(tmp_path / "results"))
    swings = rows(tmp_path / "results", "sensitivity.csv", index="swing")
    told = [row for row in swings if told_apart(float(row["low"]), float(row["high"]), 6, len(swings))]
    answer = page.text[: page.text.index("Mind")]
    assert (f"{len(told)} of {len(swings)} inputs" in answer) == bool(told)
    assert ("so none is named" in answer) != bool(told)
    for row in swings:
        label = next(entry.label for entry in Ledger.load() if entry.name == row["parameter"])
        assert (label in answer) == (row in told)


def test_every_cell_of_a_sweep_is_listed_and_counted_once(folders: dict[str, Path]) -> None:
    page = Page.of(folders["sweep"] / "report.html")
    table = page.tables["Every ward: outcomes per 1,000 occupied bed days (OBD), contact and money"]
    assert len(table) == 1 + 20
    assert [len(cell) for cell in table[2][1:]] == [3] * (len(table[0]) - 1), "level, difference, range"
    for row in page.tables["In how many cells the evidence settles the sign, and what the spread of a difference is made of"][1:]:
        *counts, cells = (int(cell[0]) for cell in row[1:7])
        assert sum(counts) == cells == 19


def test_no_option_is_left_out_of_the_hours(folders: dict[str, Path]) -> None:
    shown = [one for one in figures_of(folders["compare"]) if one.name.startswith("shift-profile")]
    heads = {head.partition(",")[0] for one in shown for head in one.head[1:]} | {head for one in shown for head in one.head}
    for row in rows(folders["compare"], "options.csv", name=ASSAULTS):
        assert any(head.startswith(row["option"]) for head in heads), row["option"]


def test_weeks_are_shown_with_single_wards_of_the_same_draws_in_every_panel(folders: dict[str, Path]) -> None:
    figure = next(one for one in figures_of(folders["compare"]) if one.name == "weeks-assaults")
    assert len(figure.rows) == 3 * 52
    assert "3 more wards in the file" in figure.caption
    assert "3 single wards" in figure.caption
    single = rows(folders["compare"], "single_years.csv", name=ASSAULTS)
    runs = {option: [row["run"] for row in single if row["option"] == option and row["week"] == "1"] for option in {row["option"] for row in single}}
    assert len(runs) == 6
    assert {tuple(one) for one in runs.values()} == {("0", "2", "4")}, "the first run of each of three draws"
    found = {(row["option"], row["week"]): row for row in rows(folders["compare"], "weeks.csv", name=ASSAULTS)}
    for option, week, mean, known, chance in figure.rows:
        row = found[option, week]
        assert mean == f"{float(row['mean']):.1f}"
        assert known.rstrip("*") == f"{float(row['low']):.1f} to {float(row['high']):.1f}"
        assert chance == f"{float(row['year_low']):.1f} to {float(row['year_high']):.1f}"


def test_options_without_a_waterfall_stand_in_a_table(tmp_path: Path) -> None:
    study = SIX.replace("replications: 40", "mechanisms: each\nreplications: 10")
    from_file(write(tmp_path, study), tmp_path / "results")
    page = Page.of(add_report(tmp_path / "results"))
    waterfalls = [one for one in figures_of(tmp_path / "results") if one.name.startswith("waterfall")]
    assert len(waterfalls) == 9
    table = page.tables["The difference by mechanism: the other options"]
    assert [row[0][0] for row in table if len(row) == 1] == ["Protected training", "Nobody released"]
    assert ["M3 limits set in contacts"] in [row[0] for row in table]
    assert "limit_setting" not in page.text[: page.text.index("Draft of a STRESS-DES report")]


def test_the_cost_of_a_plan_has_the_range_that_its_table_has() -> None:
    row = {"cost": "2000000", "cost_mc_low": "1990000", "cost_mc_high": "2010000"}
    assert level(MEASURES[COST], row, "cost") == "2,000 (sim. 1,990 to 2,010)"
    assert level(MEASURES[COST], {**row, "cost_low": "1900000", "cost_high": "2100000"}, "cost") == "2,000 (1,900 to 2,100)"


def test_keys_are_told_in_words() -> None:
    before = {"training": {"courses": [{"name": "dual_diagnosis", "needed_pct": 0}, {"name": "induction", "needed_pct": 100}]}}
    after = {"training": {"courses": [{"name": "dual_diagnosis", "needed_pct": 50}, {"name": "induction", "needed_pct": 100}]}}
    ((key, old, new),) = changed(before, after)
    assert (key, old, new) == ("training.courses[dual_diagnosis].needed_pct", 0, 50)
    assert told_of("staffing.funded_extra.night.rn").endswith("Night shift: Registered nurses, people")
    assert told_of("parameters.incidents.assault_per_1000_days").startswith("Physical assault on staff or patients")
    assert told_of("nothing.of.the.kind") == "nothing.of.the.kind"
    assert told_of(key) != key


def test_fitted_inputs_stand_first_with_their_posterior(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "drawn"
    shutil.copytree(folders["compare"], folder)
    study, manifest = (json.loads((folder / name).read_text()) for name in ("study.json", "manifest.json"))
    plain = Page.of(folder / "report.html").tables["Uncertain inputs of the model with priors and sources"]
    assert [cell[0] for cell in plain[0]] == ["input", "parameter", "unit", "value", "prior (95%)", "source"]
    study["study"]["parameters"] = "posterior"
    manifest["versions"]["posterior"] = shipped_posterior().hash
    write_study(folder, study, manifest)
    table = Page.of(add_report(folder)).tables["Uncertain inputs of the model with priors and sources"]
    fitted = [row for row in table[1:] if row[5] != ["-"]]
    assert [row[1][0] for row in table[1 : 1 + len(fitted)]] == [row[1][0] for row in fitted]
    assert {row[1][0] for row in fitted} == set(shipped_posterior().names)
    assert all(re.fullmatch(r"[\d.,]+ \([\d.,]+ to [\d.,]+\)", row[5][0]) for row in fitted)


def write_study(folder: Path, study: dict[str, object], manifest: dict[str, dict[str, str]]) -> None:
    """Put a study back into its folder and into its manifest."""
    import hashlib

    content = json.dumps(study).encode()
    (folder / "study.json").write_bytes(content)
    manifest["files"]["study.json"] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
