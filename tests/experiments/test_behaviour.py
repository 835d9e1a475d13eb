"""Changed code keeps a reference only when it still makes the same runs, on every ward of its study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.made_up import task
from wardsim.experiments.executor import Here
from wardsim.experiments.job import Job, RunResult
from wardsim.experiments.reproduce.behaviour import KEY, NotTheSameError, reaffirm, some_jobs
from wardsim.experiments.reproduce.reference import FILE, Reference, keep_plan, references, study_of_reference

STUDY, OVERRIDES = "options/extra-night-nurse", ("replications=12", "precision={}", "parameters=posterior")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    keep_plan(Reference("nurse", tmp_path / "nurse", STUDY, OVERRIDES, {}, (), 0.0))
    change(tmp_path, rests_on={**rests(), "seed": 20250407})
    return tmp_path


def rests() -> dict[str, Any]:
    from wardsim.experiments.reproduce.reference import rests_on

    return rests_on()


def about(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "nurse" / FILE).read_text())
    return found


def change(root: Path, **keys: Any) -> None:
    (root / "nurse" / FILE).write_text(json.dumps({**about(root), **keys}))


def older_model(root: Path) -> None:
    """As if the tables had been made by other code."""
    change(root, versions={**about(root)["versions"], "model": "0" * 16})


def told(root: Path, make: Any = None) -> str:
    return reaffirm(references(root)["nurse"], Here(), make or task())


def last_ward_counts_one_more(job: Job) -> RunResult:
    found = task()(job)
    if job.scenario.name == last_ward():
        found.values = found.values.copy()
        found.values[0, 0, 0] += 1.0
    return found


def last_ward() -> str:
    study = study_of_reference(Reference("nurse", Path(), STUDY, OVERRIDES, {}, (), 0.0))
    return study.cells[-1].scenario.name


def test_the_same_runs_keep_the_tables_under_changed_code(root: Path) -> None:
    model = about(root)["versions"]["model"]
    assert "is kept, to compare changed code with" in told(root)
    older_model(root)
    assert "the tables now belong to the code of today" in told(root)
    assert about(root)["versions"]["model"] == model
    assert set(about(root)[KEY]) == {"runs", "values"}


def test_other_runs_of_one_ward_do_not(root: Path) -> None:
    told(root)
    older_model(root)
    before = about(root)
    with pytest.raises(NotTheSameError, match="makes other runs"):
        told(root, last_ward_counts_one_more)
    assert about(root) == before


def test_with_nothing_to_compare_with_changed_code_is_refused(root: Path) -> None:
    older_model(root)
    with pytest.raises(NotTheSameError, match="nothing was kept to compare with"):
        told(root)


@pytest.mark.parametrize(("key", "word"), [("versions", "ledger"), ("versions", "numpy"), ("rests_on", "posterior"), ("rests_on", "targets")])
def test_more_than_code_changed_is_refused(root: Path, key: str, word: str) -> None:
    told(root)
    change(root, **{key: {**about(root)[key], word: "another"}})
    with pytest.raises(NotTheSameError, match=f"more than code has changed.*{word}"):
        told(root)


@pytest.mark.parametrize("runs", [3, 40])
def test_the_runs_are_spread_over_wards_and_draws(runs: int) -> None:
    study = study_of_reference(Reference("nurse", Path(), STUDY, OVERRIDES, {}, (), 0.0))
    jobs = some_jobs(study, runs)
    keys = {(job.scenario.name, job.replication) for job in jobs}
    assert len(keys) == len(jobs)
    wards = {job.scenario.name for job in jobs}
    assert len(wards) == min(runs, len(study.cells))
    if runs == 40:
        assert {job.draw for job in jobs} == set(range(study.limit // study.per_draw)), "every draw that the study has"
