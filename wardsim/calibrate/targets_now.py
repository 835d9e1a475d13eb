"""Fingerprints of the targets of a calibration folder, without reading them twice: parsing some seventy targets takes a
second, which every `wardsim run` would pay."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from wardsim.experiments.results import fingerprint, write_whole
from wardsim.experiments.start import model_hash, version
from wardsim.scenario.shipped import shipped

from .targets import FILE, Target, Targets, load_targets

WORDS = {"guide", "label", "layer", "population", "window", "reason", "conflict", "note", "rows"}
"""Keys of a target that no number depends on."""
READERS = ("reading", "scales", "targets", "targets_now")
"""Modules beside this one, and this one, that make fingerprints of targets."""


def target_identity(targets: Targets) -> dict[str, str]:
    """Fingerprint (8 hex digits) of the numbers of each fitted target (with the ward it is compared on) and each study; words do
    not matter."""
    from .reading import scenario_of

    settings = {s.id: scenario_of(targets, s.id).hash for s in targets.settings}
    found = {t.id: fingerprint([_numbers(t), settings[t.setting]])[:8] for t in targets.fitted}
    return found | {f"study {s.id}": fingerprint(s.correlation)[:8] for s in targets.studies}


def _numbers(target: Target) -> object:
    data = target.model_dump(mode="json", exclude=WORDS)
    for part in ("between", "discrepancy", "weight"):
        data[part].pop("reason", None)
    return data


def targets_identity(folder: Path) -> dict[str, str]:
    """Fingerprints of the targets of a calibration folder, from a cache under the hash of the file, of the wards that it names and of
    the code that reads them; empty when there is none."""
    path = folder / FILE
    if not path.is_file():
        return {}
    digest = hashlib.sha256(f"{version()} {model_hash()}".encode())
    for one in [path, *sorted(shipped("scenarios").glob("*.yaml")), *_code()]:
        digest.update(hashlib.sha256(one.read_bytes()).digest())
    key = digest.hexdigest()
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_cache().read_text(encoding="utf-8"))
        if kept["key"] == key:
            return dict(kept["targets"])
    found = target_identity(load_targets(folder))
    with suppress(OSError):
        _cache().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_cache(), json.dumps({"key": key, "targets": found}).encode())
    return found


def _code() -> list[Path]:
    """Files that decide, beside the model, what fingerprints come out of a file of targets: how it and its wards are read."""
    here = Path(__file__).resolve().parent
    return [*(here / f"{name}.py" for name in READERS), *sorted((here.parent / "scenario").glob("*.py"))]


def _cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("wardsim", appauthor=False)) / "targets.json"
