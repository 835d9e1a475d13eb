"""`wardsim population` as a user calls it, on a fake ward: folder, JSON, exit codes, another kind of file, going on after a stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.experiments.population.made import STUDIES, TRUSTS, fake
from wardsim.cli import main, studies
from wardsim.scenario.shipped import shipped_studies

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _fake_ward(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Runs are made by the fake ward, in this process."""
    monkeypatch.setattr("wardsim.cli.asked.task", lambda: fake)
    monkeypatch.setattr(studies, "task", lambda: fake)
    monkeypatch.setenv("WARDSIM_STARTS", str(tmp_path / "starts"))
    monkeypatch.chdir(tmp_path)


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["population", *words, "--jobs", "1"])


def test_trusts(tmp_path: Path) -> None:
    Path("p.yaml").write_text(TRUSTS.format(trusts=4, wards=2, populations=2, share=0.5, sigma=0.5))
    done = call("p.yaml", "--out", "out", "--json")
    assert done.exit_code == 0, done.stderr
    data = json.loads(done.stdout)["data"]
    assert (data["status"], data["kind"], data["populations"], data["groups"], data["wards"]) == ("ok", "population", 2, 4, 8)
    assert data["picture"][0]["row"] == "INC045"
    assert data["ratings"]["published"] == [8, 20, 30, 11]
    assert data["ratings"]["validation"] is False
    names = {path.name for path in Path("out").iterdir()}
    assert names >= {"manifest.json", "picture.csv", "ratings.csv", "trusts.csv", "wards.csv", "runs.parquet", "failures.csv"}
    assert "shifts.parquet" not in names


def test_studies_and_overrides() -> None:
    Path("s.yaml").write_text(STUDIES.format(number=4, populations=1))
    done = call("s.yaml", "--out", "out", "--set", "studies.number=3")
    assert done.exit_code == 0, done.stderr
    assert "Studies by finding with more staff, of 3" in done.stdout
    assert {"studies.csv", "counts.csv", "shifts.parquet"} <= {path.name for path in Path("out").iterdir()}


def test_a_file_of_another_kind_is_sent_to_its_command() -> None:
    done = call(str(shipped_studies()["sweeps/staffing-by-training"]))
    assert done.exit_code == 2
    assert "wardsim sweep" in done.stderr
    done = CliRunner().invoke(main, ["sweep", str(shipped_studies()["national-2008/population"])])
    assert done.exit_code == 2
    assert "wardsim population" in done.stderr
