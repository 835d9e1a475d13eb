"""The saved starting state: the baseline ward at time zero, one for each parameter draw and replication.

Under `transition` every option starts from the same state. It is made by running the baseline for
`start.burn_in_weeks`, saved as JSON, and kept in a cache folder under a key that covers everything it depends on, so
that comparing five options burns in once. A state that was just made goes through the same text as one read back, so
the two cannot differ. A file is written whole (a temporary name, then renamed) and carries a checksum; one that
cannot be read or does not check is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import WEEK

if TYPE_CHECKING:
    from .job import Job

_FORMAT = 3
CACHE_LIMIT = 1_000_000_000
"""Bytes of saved states kept; the oldest go first."""
TEMPORARY = ".new-"
"""How the name of a state begins that is not whole yet."""
STALE_S = 3600.0
"""Seconds after which nobody is still writing a file."""


def cache_folder() -> Path:
    """Where saved states are kept for this user."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("wardsim", appauthor=False)) / "starts"


@cache
def version() -> str:
    """Version of the package."""
    try:
        return metadata.version("wardsim")
    except metadata.PackageNotFoundError:
        return "0"


MODEL = ("parameters", "scenario/schema", "ward")
"""Folders of the package whose code decides what a ward does."""
MEASURES = ("measures",)
"""Folders whose code makes measures of what a ward did."""


@cache
def model_hash() -> str:
    """Fingerprint of the code that decides what a ward does (16 hex digits): schema, parameters, ward."""
    return _code_hash(MODEL)


@cache
def measures_hash() -> str:
    """Fingerprint of the code that makes measures of what a ward did (16 hex digits)."""
    return _code_hash(MEASURES)


def _code_hash(folders: tuple[str, ...]) -> str:
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((package / folder).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def start_key(scenario: Scenario, parameters: Mapping[str, float], job: Job) -> str:
    """Name of a saved state: a hash of all it depends on (the run section does not matter, nor do name and
    question)."""
    content = {
        "format": _FORMAT,
        "version": version(),
        "model": model_hash(),
        "scenario": scenario.model_dump(mode="json", exclude={"run", "name", "question"}),
        "parameters": {name: float(value).hex() for name, value in parameters.items()},
        "seed": job.seed,
        "replication": job.replication,
        "roster": job.baseline_roster,
        "holidays": sorted(job.holidays),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:40]


def saved_start(job: Job, parameters: Mapping[str, float], ward: Callable[..., Any]) -> dict[str, Any]:
    """State of the baseline ward at time zero, from the cache or made now.

    Parameters
    ----------
    job : Job
        Says which baseline, seed and replication, and where the cache is.
    parameters : mapping
        Of the baseline, conditioned.
    ward : callable
        `Ward`.
    """
    baseline = job.baseline or job.scenario
    path: Path | None = None
    if job.cache:
        key = start_key(baseline, parameters, job)
        path = Path(job.cache) / key[:2] / f"{key}.json.z"
        known = read_state(path)
        if known is not None:
            return known
    begin = -baseline.start.burn_in_weeks * WEEK
    before = ward(
        baseline, parameters, job.seed, job.replication, begin=begin, until=0.0, start=None,
        given_roster=job.baseline_roster if job.baseline is not None else job.roster, holidays=job.holidays,
    )  # fmt: skip
    if begin < 0:
        before.advance().clear()
    text = json.dumps(before.save())
    if path is not None:
        write_state(path, text)
    state: dict[str, Any] = json.loads(text)
    return state


def read_state(path: Path) -> dict[str, Any] | None:
    """Read a saved state; None if there is none or it is damaged in any way."""
    try:
        text = zlib.decompress(path.read_bytes()).decode()
        stored = json.loads(text)
        state = stored["state"]
        if stored["sha256"] != hashlib.sha256(state.encode()).hexdigest():
            return None
        found: dict[str, Any] = json.loads(state)
    except (OSError, ValueError, KeyError, TypeError, zlib.error):
        return None
    return found


def write_state(path: Path, text: str) -> None:
    """Keep a state, whole or not at all; a cache that cannot be written costs time, not the run."""
    stored = json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "state": text})
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
        with os.fdopen(handle, "wb") as stream:
            stream.write(zlib.compress(stored.encode(), 1))
        Path(temporary).replace(path)
        temporary = None
    except OSError:
        pass
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


def prune(folder: Path, limit: int = CACHE_LIMIT) -> None:
    """Remove the oldest saved states until the folder is within its limit, and what programs that were killed left half written, there
    and in the cache of this user. What cannot be removed, or is gone already, stays out of account."""
    from .results import TEMPORARY as WRITING

    found = sorted((about.st_mtime, about.st_size, path) for about, path in _files(folder, "*/*.json.z"))
    total = sum(size for _, size, _ in found)
    for _, size, path in found:
        if total <= limit:
            break
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            total -= size
    own = cache_folder().parent
    half = [*_files(folder, f"*/{TEMPORARY}*"), *_files(own, "ledger-*.tmp"), *_files(own, f"{WRITING}*")]
    for about, path in half:
        if about.st_mtime < time.time() - STALE_S:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _files(folder: Path, pattern: str) -> list[tuple[os.stat_result, Path]]:
    """Files of a folder that others may be removing at the same time."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.glob(pattern):
            with contextlib.suppress(OSError):
                found.append((path.stat(), path))
    return found
