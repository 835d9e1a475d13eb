"""What identifies the results of a folder, read strictly: whatever is missing or not as it was written is no result to be cited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wardsim.experiments.quoted import quoted
from wardsim.experiments.results import MANIFEST, FolderError
from wardsim.experiments.study.folder import STUDY, checksum, read_description
from wardsim.scenario.errors import printable
from wardsim.scenario.hashing import scenario_hash
from wardsim.scenario.schema import Scenario

REPORT = "report.html"
"""Made anew from the tables whenever somebody likes: no part of the results."""
KINDS = {
    "run": "ward", "compare": "comparison", "sweep": "sweep", "sensitivity": "sensitivity study", "optimise": "optimisation",
    "population": "population of wards", "calibrate": "calibration",
}  # fmt: skip
"""Kind of results -> its name in a sentence."""

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Version = Annotated[str, Field(pattern=r"^[0-9][0-9A-Za-z.+!-]*$")]
FileName = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f]+$")]
Count = Annotated[int, Field(ge=0)]
Files = Annotated[dict[FileName, Hash], Field(min_length=1)]
Drawn = Literal["prior", "posterior", "point"]
Estimand = Literal["steady", "transition"]


class NoResultError(ValueError):
    """A folder holds no results that can be cited; the text says why."""


@dataclass(frozen=True)
class Cited:
    """What identifies results.

    Attributes
    ----------
    kind : str
        run, compare, sweep, sensitivity, optimise, population or calibrate.
    name : str
        Of the ward or study; "" for a calibration.
    written : str
        Day on which they were written, ISO 8601; "" where it is not known.
    wardsim : str
        Version that made them.
    seed : int
        Root of all random numbers.
    settings : mapping of str to str or number
        How they were made: estimand, years, runs, failed, wards, parameters, and of a calibration draws.
    hashes : mapping of str to str
        Fingerprints in full: results, scenario (of the ward; of a study that of its base), model, ledger, posterior.
    """

    kind: str
    name: str
    written: str
    wardsim: str
    seed: int
    settings: dict[str, str | int | float]
    hashes: dict[str, str]


class _Read(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Environment(_Read):
    written_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d(T|$)")] = ""


class _Named(_Read):
    name: Words


class _Versions(_Read):
    wardsim: Version
    model: Short


class _Parameters(_Read):
    kind: Drawn
    ledger: Short
    posterior: Hash | None = None


class _Runs(_Read):
    done: Count
    failed: Count


class _Run(_Read):
    schema_version: Literal[1]
    status: Literal["ok", "partial", "interrupted", "failed"]
    identity: Hash
    scenario_hash: Hash
    scenario: _Named
    estimand: Estimand
    years: Annotated[float, Field(gt=0)]
    seed: Count
    parameters: _Parameters
    runs: _Runs
    versions: _Versions
    files: Files
    run_environment: _Environment = _Environment()


class _StudyVersions(_Versions):
    ledger: Short
    posterior: Hash | None = None


class _Study(_Read):
    schema_version: Literal[1]
    status: Literal["ok", "partial", "failed"]
    kind: Literal["compare", "sweep", "sensitivity", "optimise", "population"]
    name: Words
    identity: Hash
    versions: _StudyVersions
    runs: _Runs
    files: Files
    run_environment: _Environment = _Environment()


class _Asked(_Read):
    estimand: Estimand
    years: Annotated[float, Field(gt=0)]
    seed: Count
    point: bool
    parameters: Literal["prior", "posterior"]
    cells: Annotated[list[_Named], Field(min_length=1)]


class _Method(_Read):
    seed: Count


class _Calibration(_Read):
    format: Literal[1]
    wardsim: Version
    table: Hash
    draws: Annotated[int, Field(ge=1)]
    parameters: Annotated[list[Words], Field(min_length=1)]
    method: _Method


def cited(folder: Path) -> Cited:
    """What identifies the results of a folder.

    Parameters
    ----------
    folder : Path
        Of run, of a finished study, or of a calibration.

    Raises
    ------
    NoResultError
        When it is none of them, or anything in it is not as it was written.
    """
    if not folder.is_dir():
        raise NoResultError("it is a file" if folder.exists() else "there is no such folder")
    try:
        if (folder / MANIFEST).is_file():
            manifest = _json(folder / MANIFEST)
            found = _study(folder, manifest) if "kind" in manifest or (folder / STUDY).exists() else _run(folder, manifest)
        elif (folder / "posterior" / MANIFEST).is_file():
            found = _calibration(folder / "posterior")
        elif (folder / STUDY).is_file():
            raise NoResultError(f"its study is not finished; `wardsim resume {quoted(folder)}` goes on with it")
        else:
            raise NoResultError(f"it holds no {MANIFEST}")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NoResultError(f"{where} in its description is not as wardsim writes it ({printable(first['msg'])})") from None
    except FolderError as error:
        raise NoResultError(str(error)) from None
    except OSError as error:
        raise NoResultError(f"it cannot be read: {error.strerror or error}") from None
    return found


def _run(folder: Path, manifest: dict[str, Any]) -> Cited:
    read = _Run.model_validate(manifest)
    _whole(folder, read.files, read.runs)
    settings = _settings(read.estimand, read.years, read.runs, 1, read.parameters.kind)
    hashes = {"results": read.identity, "scenario": read.scenario_hash, "model": read.versions.model, "ledger": read.parameters.ledger}
    hashes |= _posterior(read.parameters.kind, read.parameters.posterior)
    written = read.run_environment.written_at[:10]
    return Cited("run", read.scenario.name, written, read.versions.wardsim, read.seed, settings, hashes)


def _study(folder: Path, manifest: dict[str, Any]) -> Cited:
    read = _Study.model_validate(manifest)
    _whole(folder, read.files, read.runs)
    described = read_description(folder)
    if described["identity"] != read.identity or _StudyVersions.model_validate(described["versions"]) != read.versions:
        raise NoResultError(f"{STUDY} and {MANIFEST} in it are of two studies")
    asked = _Asked.model_validate(described["study"])
    drawn = "point" if asked.point else asked.parameters
    hashes = {"results": read.identity, **_base(described["study"]), "model": read.versions.model, "ledger": read.versions.ledger}
    hashes |= _posterior(drawn, read.versions.posterior)
    settings = _settings(asked.estimand, asked.years, read.runs, len(asked.cells), drawn)
    return Cited(read.kind, read.name, read.run_environment.written_at[:10], read.versions.wardsim, asked.seed, settings, hashes)


def _base(study: dict[str, Any]) -> dict[str, str]:
    """Hash of the scenario that a study starts from, as `wardsim validate` prints it; none where this version reads it no more."""
    try:
        return {"scenario": scenario_hash(Scenario.model_validate(study["baseline"]), study.get("baseline_roster"))}
    except (ValueError, KeyError, TypeError):
        return {}


def _calibration(folder: Path) -> Cited:
    read = _Calibration.model_validate(_json(folder / MANIFEST))
    if not (folder / "draws.csv").is_file() or checksum(folder / "draws.csv") != read.table:
        raise NoResultError("posterior/draws.csv is not as it was written")
    settings: dict[str, str | int | float] = {"draws": read.draws, "fitted": len(read.parameters)}
    return Cited("calibrate", "", "", read.wardsim, read.method.seed, settings, {"posterior": read.table})


def _settings(estimand: str, years: float, runs: _Runs, wards: int, drawn: str) -> dict[str, str | int | float]:
    return {"estimand": estimand, "years": years, "wards": wards, "runs": runs.done, "failed": runs.failed, "parameters": drawn}


def _posterior(drawn: str, found: str | None) -> dict[str, str]:
    if drawn != "posterior":
        return {}
    if found is None:
        raise NoResultError("its parameters are of the posterior, and it does not say of which")
    return {"posterior": found}


def _whole(folder: Path, files: dict[str, str], runs: _Runs) -> None:
    bad = [name for name, sum_ in files.items() if name != REPORT and not _as_written(folder / name, sum_)]
    if bad:
        raise NoResultError(f"{printable(bad[0])} in it is missing or not as it was written")
    if not runs.done:
        raise NoResultError("none of its runs was finished")


def _as_written(path: Path, known: str) -> bool:
    return path.is_file() and checksum(path) == known


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoResultError(f"{path.name} in it is damaged")
    return found
