"""The free parameters: in the ledger, under its priors, each with its reason; a wrong file is refused in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wardsim.calibrate.free import FEWEST, MOST, entries, load_free
from wardsim.calibrate.targets import TargetsError, load_targets
from wardsim.parameters import Ledger
from wardsim.scenario.shipped import shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped calibration folder that a test may spoil."""
    copy = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), copy)
    return copy


def test_the_shipped_file() -> None:
    """Ten to fifteen, none a constant; most targets have somebody to move them; priors are the ledger's."""
    free, ledger, targets = load_free(), Ledger.load(), load_targets()
    assert FEWEST <= len(free.names) <= MOST
    assert [entry.name for entry in entries(free, ledger)] == list(free.names)
    assert all(entry == ledger[entry.name] for entry in entries(free, ledger))
    spoken = {target for parameter in free.free for target in parameter.targets}
    assert spoken <= {target.id for target in targets.targets}
    assert len(spoken) > len(targets.targets) / 2


def test_effects_are_not_free() -> None:
    """No published figure separates the effects of staffing, skill, familiarity and training: fitting them would invent precision."""
    free, ledger = load_free(), Ledger.load()
    assert not any(entry.is_effect for entry in entries(free, ledger))
    assert any("mechanisms.*" in left.names for left in free.left)


def test_targets_of_the_ledger_and_of_the_file_agree_on_free_parameters() -> None:
    """Rows that an entry names under `targets` are rows of targets."""
    targets = load_targets()
    rows = {row for target in targets.targets for row in target.rows} | {
        row for item in targets.not_compared for row in item.rows
    }
    assert {row for entry in Ledger.load() for row in entry.targets} <= rows


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "name: reporting.verbal_share",
            "name: reporting.verbal_part",
            "reporting.verbal_part: is no parameter of the ledger",
        ),
        ("name: reporting.verbal_share", "name: flow.stay_scale", "flow.stay_scale: is a constant"),
        ("name: reporting.verbal_share", "name: reporting.assault_share", "reporting.assault_share: named twice"),
        ("targets: [containment.talked_down, ", "targets: [containment.nothing, ", "containment.nothing is no target"),
        ("names: [mechanisms.*]", "names: [mechanics.*]", "mechanics.*: is neither a parameter nor a topic"),
        ("names: [mechanisms.*]", "names: [reporting.verbal_share]", "reporting.verbal_share: is free"),
        (
            "    reason: The first headline measure.",
            "    because: The first headline measure.",
            "because: Extra inputs",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_words(folder: Path, old: str, new: str, message: str) -> None:
    path = folder / "free.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TargetsError) as caught:
        load_free(folder)
    assert message in str(caught.value)
    assert str(caught.value).startswith("free.yaml:")


def test_too_few_are_refused(folder: Path) -> None:
    path = folder / "free.yaml"
    text = path.read_text(encoding="utf-8")
    second = text.index("  - name: incidents.assault_per_1000_days")
    path.write_text(text[:second] + text[text.index("left:") :], encoding="utf-8")
    with pytest.raises(TargetsError, match="1 free parameters; there must be from 10 to 15"):
        load_free(folder)
