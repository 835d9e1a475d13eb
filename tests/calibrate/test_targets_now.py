"""Fingerprints of targets come from the cache only where nothing that makes them has changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from wardsim.calibrate import targets_now
from wardsim.calibrate.targets import FILE
from wardsim.calibrate.targets_now import targets_identity
from wardsim.parameters.posterior import FOLDER
from wardsim.scenario.shipped import shipped


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A calibration folder whose fingerprints are in a cache, as another program might have left them."""
    place = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), place, ignore=shutil.ignore_patterns(FOLDER))
    monkeypatch.setattr(targets_now, "_cache", lambda: tmp_path / "cache" / "targets.json")
    targets_identity(place)
    kept = json.loads(targets_now._cache().read_text())
    targets_now._cache().write_text(json.dumps({**kept, "targets": {"T1": "from the cache"}}))
    return place


def changed_word(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / FILE).open("a") as stream:
        stream.write("# another remark\n")


def changed_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = [folder.parent / path.name if path.name == "reading.py" else path for path in targets_now._code()]
    original = next(path for path in targets_now._code() if path.name == "reading.py")
    (folder.parent / "reading.py").write_bytes(original.read_bytes() + b"# another rule\n")
    monkeypatch.setattr(targets_now, "_code", lambda: code)


def changed_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets_now, "version", lambda: "99")


def changed_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets_now, "model_hash", lambda: "another")


def test_what_is_unchanged_comes_from_the_cache(folder: Path) -> None:
    assert targets_identity(folder) == {"T1": "from the cache"}


@pytest.mark.parametrize("change", [changed_word, changed_reader, changed_version, changed_model])
def test_what_is_changed_is_worked_out_again(change, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(folder, monkeypatch)
    found = targets_identity(folder)
    assert len(found) > 10
    assert targets_identity(folder) == found
    assert json.loads(targets_now._cache().read_text())["targets"] == found
