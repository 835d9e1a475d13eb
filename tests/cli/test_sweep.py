"""`wardsim sweep` as a user calls it, on wards whose truth is known."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.made_up import ASSAULTS, CONTACT, COST, PER_BED, PER_NURSE
from tests.experiments.study.small import sums
from wardsim.scenario.shipped import shipped_studies

pytestmark = pytest.mark.e2e

GRID = """
name: Nurses by training
question: Together?
factors:
  nurses: {keys: [staffing.funded_extra.night.rn], levels: [0, 1, 2], unit: people at night}
  training.protected: [false, true]
years: 1
"""
PLANE = """
name: Nurses by beds
factors:
  nurses: {keys: [staffing.funded_extra.night.rn], levels: [0, 1, 2]}
  ward.beds: [16, 18, 20]
years: 1
"""


def cells_of(found):
    return {cell["name"]: cell for cell in found["cells"]}


def table(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text(encoding="utf-8"))))


def test_marks_say_what_is_settled(data, write):
    """Training changes nothing but cost; nurses raise contact for certain, and assaults fall or rise by what is not known."""
    found = data("sweep", write("s.yaml", GRID + "replications: 80\n"), "--out", "r")
    cells = cells_of(found)
    assert found["reference"] == "0 / false"
    assert len(cells) == 6
    signs = {name: {key: one["sign"] for key, one in cell.get("differences", {}).items()} for name, cell in cells.items()}
    assert signs["0 / true"] == dict.fromkeys(signs["0 / true"], "same") | {COST: "higher"}
    assert signs["2 / false"][CONTACT] == "higher"
    assert signs["2 / false"][ASSAULTS] == "open"
    assert "differences" not in cells["0 / false"]
    assert cells["2 / true"]["labels"] == {"nurses": "2", "training.protected": "true"}
    assert cells["2 / true"]["values"] == {"nurses": 2.0, "training.protected": 1.0}
    rows = table("r/cells.csv")
    assert {row["sign"] for row in rows if row["cell"] == "0 / false"} == {"reference"}
    assert {(row["sign"], row["nurses (number)"]) for row in rows if row["cell"] == "2 / false" and row["name"] == ASSAULTS} == {("open", "2")}


def test_what_few_runs_cannot_tell_is_marked_as_noise(data, write):
    """Two beds more make 1.4 assaults; chance of a pair is 1.7, and eight runs know it to about 1.4."""
    found = data("sweep", write("s.yaml", "name: x\nfactors: {ward.beds: [18, 19]}\nyears: 1\nreplications: 8\n"), "--out", "r")
    assert cells_of(found)["19"]["differences"][ASSAULTS]["sign"] == "noise"


def test_the_grid_on_the_terminal(call, write):
    done = call("sweep", write("s.yaml", GRID + "replications: 80\n"), "--out", "r", "--no-progress")
    assert done.exit_code == 0, done.output
    text = done.stdout
    block = text[text.index("Physical assaults per 1,000 OBD (happened): difference") :].split("\n\n")[0].splitlines()
    assert "[" in block[2]  # the reference, in brackets
    assert block[2].rstrip().endswith("0.0=")
    assert block[4].count("?") == 2  # two nurses: open with and without training
    flowing = " ".join(text.split())
    assert "= no difference" in flowing
    assert "leaves it open in" in flowing
    assert "Simulation error (half of its 95% interval) over the spread by parameters" in flowing
    assert all(len(line) <= 120 for line in text.splitlines())


def test_a_surface_recovers_a_plane(data, write):
    """Factors from -1 to 1: a nurse is half the span of nurses, two beds half that of beds; nothing bends and nothing interacts."""
    found = data("sweep", write("s.yaml", PLANE + "replications: 200\n"), "--out", "r")
    for name, nurse, beds in ((CONTACT, 1.5, -0.8), (ASSAULTS, PER_NURSE, 2 * PER_BED)):
        terms = found["surface"][name]["terms"]
        assert set(terms) == {"1", "nurses", "ward.beds", "nurses^2", "ward.beds^2", "nurses x ward.beds"}
        slack = 0.1 if name == CONTACT else 0.4
        assert terms["nurses"]["coefficient"] == pytest.approx(nurse, abs=slack)
        assert terms["ward.beds"]["coefficient"] == pytest.approx(beds, abs=slack / 2)
        for term in ("nurses^2", "ward.beds^2", "nurses x ward.beds"):
            assert abs(terms[term]["coefficient"]) < 0.2
        assert terms["nurses"]["mc_low"] < terms["nurses"]["coefficient"] < terms["nurses"]["mc_high"]
        assert found["surface"][name]["misfit"] < 2 * found["surface"][name]["cell_error"]
    # the slope over nurses is what parameters move, and not the slope over beds
    terms = found["surface"][ASSAULTS]["terms"]
    width = {name: terms[name]["high"] - terms[name]["low"] for name in ("nurses", "ward.beds")}
    assert width["nurses"] > 5 * width["ward.beds"]


def test_the_prior_share_and_the_ratio_are_those_that_were_made(data, write):
    """Assaults with one nurse more: parameters 1.5 (variance 2.25), one year of each 32; with two nurses 9 and 32.

    Of four cells two have training too, and the same differences: the middle of 6.6, 6.6, 22 and 22 percent is about 14.
    Standard error over parameter SD with 100 draws of 2: sqrt(1.5^2 + 1.2^2 / 2) / 10 / 1.5, about 0.12, and half of the 95% interval
    twice that. The bar is held against the half."""
    found = data("sweep", write("s.yaml", GRID + "replications: 200\n"), "--out", "r")
    share = found["prior_share"][ASSAULTS]
    assert share["cells"] == 5
    told = [cells_of(found)[name]["variance"][ASSAULTS] for name in ("1 / false", "2 / false")]
    assert told[0]["parameters"]["share"] == pytest.approx(6.6, abs=4)
    assert told[1]["parameters"]["share"] == pytest.approx(22, abs=8)
    assert 3 < share["parameters_pct"] < 25
    assert share["structure_pct"] is None
    assert 0.1 < share["error_over_parameter_sd"] < 0.15
    assert share["half_width_over_parameter_sd"] == pytest.approx(1.98 * share["error_over_parameter_sd"], rel=0.05)
    assert share["half_width_over_parameter_sd"] <= share["half_width_over_parameter_sd_largest"] <= 0.35
    assert share["cells_error_within_a_quarter"] == share["cells_judged"] == 4
    rows = [row for row in table("r/cells.csv") if row["name"] == ASSAULTS and row["half_width_over_parameter_sd"]]
    halves = [float(row["half_width_over_parameter_sd"]) for row in rows]
    assert share["cells_within_a_quarter"] == sum(half <= 0.25 for half in halves)
    assert all(float(row["error_over_parameter_sd"]) < 0.6 * half for row, half in zip(rows, halves, strict=True))
    few = data("sweep", "s.yaml", "--replications", "12", "--out", "few")["prior_share"][ASSAULTS]
    assert few["half_width_over_parameter_sd_largest"] > 0.5
    assert few["cells_within_a_quarter"] < few["cells_judged"]
    assert few["times_as_many_runs"] == pytest.approx((few["half_width_over_parameter_sd"] / 0.25) ** 2)
    (row,) = [row for row in table("r/prior_share.csv") if row["name"] == ASSAULTS]
    assert float(row["error_over_parameter_sd"]) == pytest.approx(share["error_over_parameter_sd"])
    assert {(row["source"], row["share"] == "") for row in table("r/variance.csv")} == {("chance", False), ("parameters", False), ("structure", True)}
    for name in ("parameters_pct", "chance_of_one_year_pct", "half_width_over_parameter_sd", "error_over_parameter_sd"):
        assert float(row[f"{name}_smallest"]) < float(row[name]) < float(row[f"{name}_largest"])
    assert float(row["parameters_pct_largest"]) == pytest.approx(told[1]["parameters"]["share"], abs=3)
    assert (row["structure_pct"], row["reason"]) == ("", "structure: not varied in this study (`mechanisms:` in a study file varies it)")
    for name in ("cells", "surface", "prior_share", "variance"):
        assert {one["estimand"] for one in table(f"r/{name}.csv")} == {"transition"}


def test_forms_of_the_model(data, call, write):
    found = data("sweep", write("s.yaml", GRID + "replications: 60\nmechanisms: [response]\n"), "--out", "r")
    assert len(found["cells"]) == 6
    assert found["prior_share"][ASSAULTS]["structure_pct"] is not None
    assert {one["structure"] for one in found["structures"]} == {"full model", "without response"}
    text = " ".join(call("resume", "r").stdout.split())
    assert "without response moves the differences most" in text
    assert "the form of the model (middle cell)" in text


def test_point_parameters(data, write):
    found = data("sweep", write("s.yaml", GRID + "replications: 20\nparameters: point\n"), "--out", "r")
    share = found["prior_share"][ASSAULTS]
    assert share["parameters_pct"] is share["error_over_parameter_sd"] is None
    one = cells_of(found)["2 / false"]["differences"][CONTACT]
    assert one["low"] is None
    assert one["sign"] == "unknown"


def test_points_of_a_space_are_listed(call, data, write):
    file = write(
        "s.yaml",
        "name: x\nfactors:\n  staffing.funded_extra.night.rn: {low: 0, high: 3}\n  ward.beds: {low: 14, high: 22}\n"
        "  training.protected: [false, true]\ndesign: {kind: sobol, points: 8}\nreplications: 8\nyears: 1\n",
    )
    done = call("sweep", file, "--out", "r", "--no-progress")
    assert done.exit_code == 0, done.output
    assert "p0007" not in done.stdout, "points are named by their levels"
    rows = {row["cell"]: row for row in table("r/cells.csv")}
    where = [rows["p0007"][name] for name in ("staffing.funded_extra.night.rn", "ward.beds", "training.protected")]
    assert f"\n  {' / '.join(where)} " in done.stdout
    assert "staffing.funded_extra.night.rn / ward.beds / training.protected" in " ".join(done.stdout.split())
    assert sum(row["name"] == CONTACT for row in table("r/cells.csv")) == 9  # eight points, and the base


def test_a_sweep_of_one_factor_names_its_levels_and_has_no_empty_surface(call, write):
    done = call("sweep", write("s.yaml", "name: x\nfactors: {ward.beds: [18, 20]}\nyears: 1\nreplications: 12\n"), "--out", "r", "--no-progress")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Physical assaults per 1,000 OBD (happened): difference"))
    assert lines[at + 1].split() == ["ward.beds", "difference"]
    assert [line.split()[0] for line in lines[at + 2 : at + 4]] == ["18", "20"]
    assert "p0001" not in done.stdout
    assert "reference: ward.beds = 18" in done.stdout
    assert "Surface of second order" not in done.stdout
    assert "Structure: not varied in this study" in done.stdout


def test_the_same_bytes_with_any_number_of_processes(call, write):
    file = write("s.yaml", GRID + "replications: 8\nmechanisms: [response]\n")
    assert call("sweep", file, "--out", "one").exit_code == 0
    assert call("sweep", file, "--out", "two", jobs=2).exit_code == 0
    assert sums(Path("one")) == sums(Path("two"))


def test_failed_runs(call, write, monkeypatch):
    monkeypatch.setenv("MADE_UP_FAILS", "1")
    done = call("sweep", write("s.yaml", GRID + "replications: 12\n"), "--out", "r", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["data"]["runs"]) == (3, {"done": 66, "failed": 6})
    assert len(table("r/failures.csv")) == 6
    assert told["data"]["surface"][CONTACT]["terms"]


@pytest.mark.parametrize("command", ["compare", "sweep", "sensitivity", "optimise"])
def test_a_file_of_another_kind_is_sent_to_its_command(command, call, tmp_path):
    right = {
        "optimise": "optimise", "options": "compare", "studies": "sensitivity", "sweeps": "sweep", "national-2008": "population",
    }  # fmt: skip
    for name, path in shipped_studies().items():
        wanted = right[name.partition("/")[0]]
        if wanted != command:
            done = call(command, str(path), "--json")
            (problem,) = json.loads(done.stdout)["problems"]
            assert done.exit_code == 2
            assert f"give it to `wardsim {wanted}`" in problem["message"]
    (tmp_path / "ward.yaml").write_text("name: w\n")
    done = call(command, "ward.yaml")
    assert (done.exit_code, "`wardsim run` runs it" in done.stderr) == (2, True)
    assert call(command, "nothing.yaml").exit_code == 2
    assert not Path("results").exists()


def test_a_study_file_among_scenarios_is_refused(call, write):
    write("ward.yaml", "name: w\n")
    done = call("compare", "ward.yaml", write("s.yaml", GRID))
    assert (done.exit_code, "an options file stands alone" in done.stderr) == (2, True)
