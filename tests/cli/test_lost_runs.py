"""Runs of a finished study that are damaged or gone: made again, and not without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.experiments.study.small import sums

pytestmark = pytest.mark.e2e
NURSES = "name: n\noptions:\n  - {name: one, set: {staffing.funded_extra.night.rn: 1}}\nyears: 1\nreplications: 8\n"
TABLE = Path("r/runs.parquet")


@pytest.mark.parametrize("command", [("resume", "r"), ("resume", "r", "--quiet"), ("collect", "r"), ("compare", "o.yaml", "--out", "r")])
@pytest.mark.parametrize("missing", [False, True])
def test_a_table_that_cannot_be_read_is_told(call, write, command, missing):
    assert call("compare", write("o.yaml", NURSES), "--out", "r").exit_code == 0
    before = sums(Path("r"))
    if missing:
        TABLE.unlink()
    else:
        TABLE.write_bytes(TABLE.read_bytes()[:1000])
    done = call(*command)
    assert done.exit_code == 0, done.output
    assert f"wardsim: {TABLE} is {'missing' if missing else 'damaged'}: 16 runs are made again" in done.stderr
    assert sums(Path("r")) == before
    assert "made again" not in call(*command).stderr


def test_a_manifest_that_is_gone_is_told(call, write):
    assert call("compare", write("o.yaml", NURSES), "--out", "r").exit_code == 0
    Path("r/manifest.json").unlink()
    done = call("resume", "r")
    assert done.exit_code == 0
    assert (
        "r/manifest.json is missing or damaged, so runs.parquet cannot be trusted: its runs are made again"
        in done.stderr
    )


def test_a_study_that_was_stopped_has_lost_nothing(call, write, monkeypatch):
    from tests.cli import made_up

    calls = []

    def stops(job):
        calls.append(job)
        if len(calls) == 12:
            raise KeyboardInterrupt
        return made_up.simulate(job)

    with monkeypatch.context() as patch:
        patch.setattr("wardsim.cli.asked.task", lambda: stops)
        assert call("compare", write("o.yaml", NURSES), "--out", "r").exit_code == 3
    done = call("resume", "r")
    assert (done.exit_code, "made again" in done.stderr) == (0, False)
