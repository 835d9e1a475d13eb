"""How to cite: the reference in three forms, what identifies a result, and folders that hold none."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from tests.support import ROOT
from wardsim import __version__
from wardsim.cli import main
from wardsim.scenario.shipped import shipped

pytestmark = pytest.mark.e2e
NURSES = 'name: "Nurses & more_{x}"\noptions:\n  - {name: one, set: {staffing.funded_extra.night.rn: 1}}\n'


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short run."""
    place = tmp_path_factory.mktemp("cite") / "run"
    small = ("--replications", "2", "--years", "0.01", "--warm-up", "0", "--set", "start.burn_in_weeks=0", "--jobs", "1")
    assert call("run", str(shipped("scenarios") / "baseline.yaml"), *small, "--parameters", "prior", "-q", "--out", str(place)).exit_code == 0
    return place


@pytest.fixture
def mine(folder: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoilt."""
    return shutil.copytree(folder, tmp_path / "mine")


def identified(*words: str) -> dict[str, object]:
    done = call("cite", *words, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)["data"]


def test_the_reference_is_that_of_citation_cff():
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    known = YAML(typ="safe", pure=True).load(cff)
    text = call("cite").stdout
    for part in (known["title"], known["authors"][0]["name"], f"version {__version__}", str(known["date-released"])[:4]):
        assert part in text
    assert call("cite", "--format", "cff").stdout == cff.rstrip("\n") + "\n"
    entry = call("cite", "--format", "bibtex").stdout
    assert re.match(r"@software\{wardsim-[0-9-]+,\n", entry)
    assert f"version = {{{__version__}}}" in entry
    assert entry.count("{") == entry.count("}")


def test_the_examples_of_the_help_work(folder, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "results" / "my-comparison")
    monkeypatch.chdir(tmp_path)
    lines = [line.split()[1:] for line in call("cite", "--help").stdout.partition("Examples:")[2].splitlines() if line.strip()]
    assert len(lines) == 4
    assert [call(*words).exit_code for words in lines] == [0, 0, 0, 0]


def test_the_citation_is_shipped_with_a_wheel():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert wheel["CITATION.cff"] == "wardsim/_shipped/CITATION.cff"


def test_a_run_is_identified_by_what_its_manifest_says(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = identified(str(folder))["result"]
    assert found["name"] == "Baseline"
    assert found["seed"] == manifest["seed"]
    assert found["settings"]["parameters"] == "prior"
    wanted = {
        "results": manifest["identity"], "scenario": manifest["scenario_hash"], "model": manifest["versions"]["model"],
        "ledger": manifest["parameters"]["ledger"],
    }  # fmt: skip
    assert found["hashes"] == wanted
    for form in ("text", "bibtex", "cff"):
        told = call("cite", str(folder), "--format", form).stdout
        assert all(value in told for value in wanted.values()), form
        assert f"eed {manifest['seed']}" in told
    cff = YAML(typ="safe", pure=True).load(told)
    assert [one["value"] for one in cff["identifiers"]] == list(wanted.values())
    assert {one["type"] for one in cff["identifiers"]} == {"other"}


def test_a_study_is_identified_with_its_wards_and_its_base(call: Callable[..., Result], write: Callable[[str, str], str]):
    assert call("compare", write("o.yaml", NURSES), "--replications", "2", "--no-report", "--out", "r").exit_code == 0
    base = json.loads(call("validate", str(shipped("scenarios") / "baseline.yaml"), "--json").stdout)["data"]["files"][0]["hash"]
    done = call("cite", "r", "--json")
    found = json.loads(done.stdout)["data"]["result"]
    assert found["settings"]["wards"] == 2
    assert found["hashes"]["scenario"] == base
    assert found["hashes"]["results"] == json.loads(Path("r/manifest.json").read_text(encoding="utf-8"))["identity"]
    assert r"Nurses \& more\_\{x\}" in call("cite", "r", "--format", "bibtex").stdout
    assert 'comparison "Nurses & more_{x}"' in call("cite", "r").stdout
    Path("r/report.html").write_text("made later", encoding="utf-8")
    assert call("cite", "r").exit_code == 0


def test_the_shipped_calibration_is_identified_by_its_draws():
    draws = (shipped("calibration") / "posterior" / "draws.csv").read_bytes()
    assert identified(str(shipped("calibration")))["result"]["hashes"] == {"posterior": hashlib.sha256(draws).hexdigest()}


def test_the_version_that_made_a_result_is_the_one_that_is_cited(mine):
    edit(mine, lambda manifest: manifest["versions"].update(wardsim="0.0.9"))
    done = call("cite", str(mine))
    assert done.exit_code == 0
    assert "(version 0.0.9)" in done.stdout
    assert "(2026)" not in done.stdout.splitlines()[0]
    assert f"made with wardsim 0.0.9, so that is cited; this is {__version__}" in done.stderr
    cff = YAML(typ="safe", pure=True).load(call("cite", str(mine), "--format", "cff").stdout)
    assert (cff["version"], "date-released" in cff) == ("0.0.9", False)


def edit(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


SPOILT = {
    "no file": lambda at: (at / "measures.csv").unlink(),
    "another file": lambda at: (at / "measures.csv").write_text("name\n"),
    "no manifest": lambda at: (at / "manifest.json").unlink(),
    "damaged": lambda at: (at / "manifest.json").write_text("{"),
    "a list": lambda at: (at / "manifest.json").write_text("[]"),
    "empty": lambda at: (at / "manifest.json").write_text("{}"),
    "no hash": lambda at: edit(at, lambda m: m.update(scenario_hash="")),
    "no files": lambda at: edit(at, lambda m: m.update(files={})),
    "a path": lambda at: edit(at, lambda m: m["files"].update({"../x": "0" * 64})),
    "seed as text": lambda at: edit(at, lambda m: m.update(seed="1")),
    "no versions": lambda at: edit(at, lambda m: m.pop("versions")),
    "which posterior": lambda at: edit(at, lambda m: m["parameters"].update(kind="posterior")),
    "no runs": lambda at: edit(at, lambda m: m["runs"].update(done=0)),
    "a study": lambda at: edit(at, lambda m: m.update(kind="compare")),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_no_result_is_refused(mine, spoil):
    spoil(mine)
    done = call("cite", str(mine))
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"wardsim: {mine} is no folder of finished results: " in done.stderr
    assert "fault of wardsim" not in done.stderr


def test_what_is_no_folder_is_refused(mine):
    for path, why in ((mine / "nothing", "there is no such folder"), (mine / "measures.csv", "it is a file"), (ROOT / "docs", "it holds no manifest.json")):
        done = call("cite", str(path), "--json")
        (problem,) = json.loads(done.stdout)["problems"]
        assert (done.exit_code, done.stderr) == (2, "")
        assert why in problem["message"]
