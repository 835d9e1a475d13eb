"""What a folder says of itself: the study it holds, with which versions, and the checksums of what is finished."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wardsim.parameters.posterior import Source

from ..results import MANIFEST, FolderError, fingerprint
from .cells import Study
from .changed import StudyChangedError, differences

STUDY = "study.json"
PIECES = "pieces"
TABLE = "runs.parquet"
SECONDS = "seconds.csv"
PLAN = "plan.json"
OWN = frozenset({STUDY, PIECES, TABLE, SECONDS, PLAN, MANIFEST})
"""Names in a folder that no table of an analysis can have."""


class DamagedError(FolderError):
    """Something in the folder is not as it was written."""


def versions(source: Source = "prior") -> dict[str, str]:
    """Versions that decide the numbers together with the study.

    Parameters
    ----------
    source : str
        Where its draws of the parameters come from; the posterior is one of them where it is drawn from.

    Raises
    ------
    PosteriorError
        When it is to be drawn from and there is none.
    """
    from wardsim.parameters import Ledger
    from wardsim.parameters.posterior import shipped_posterior

    from ..start import measures_hash, model_hash, version

    found = {"wardsim": version(), "model": model_hash(), "measures": measures_hash(), "ledger": Ledger.load().hash}
    return found | {"posterior": shipped_posterior().hash} if source == "posterior" else found


def read_description(folder: Path) -> dict[str, Any]:
    """Identity, versions and plain form of the study of a folder.

    Raises
    ------
    FolderError
        When there is none.
    DamagedError
        When it is not as it was written.
    """
    path = folder / STUDY
    try:
        found = json.loads(path.read_bytes())
        identity = fingerprint({"study": found["study"], **found["versions"]})
        whole = identity == found["identity"]
    except FileNotFoundError:
        raise FolderError(f"{folder} holds no study") from None
    except OSError as error:
        raise FolderError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise DamagedError(f"{path} is damaged; remove it and give the study again: its finished pieces are taken up")
    return dict(found)


def read_study(folder: Path) -> Study:
    """The study of a folder, as this version reads it.

    Raises
    ------
    FolderError
        When there is none, or it is damaged.
    StudyChangedError
        When it was begun with other versions, so that its runs cannot be mixed with those of this one.
    """
    found = read_description(folder)
    now = {**found, "versions": versions(found["study"]["parameters"])}
    if found["versions"] != now["versions"]:
        raise StudyChangedError(folder, differences(found, now))
    return Study.of_plain(found["study"])


def describe(study: Study) -> dict[str, Any]:
    """What `study.json` says of a study.

    Raises
    ------
    ValueError
        When its settings are not plain data.
    """
    plain = json.loads(json.dumps(study.plain(), allow_nan=False))
    mine = {"identity": study.identity, "versions": versions(study.parameters), "study": plain}
    if fingerprint({"study": mine["study"], **mine["versions"]}) != study.identity:
        raise ValueError("the settings of a study must be plain data (text, numbers, lists, mappings with text keys)")
    return mine


def make_ready(folder: Path, study: Study) -> None:
    """Make the folder, or accept one that is empty or holds a study (of which `study.json` may have been removed).

    Raises
    ------
    FolderError
        When it holds anything else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / STUDY).is_file():
        return
    own = {PIECES, SECONDS, PLAN, MANIFEST, *listed(folder, study.identity)}
    others = [p.name for p in folder.iterdir() if p.name not in own and not p.name.startswith(".")]
    if others or ((folder / MANIFEST).exists() and not listed(folder, study.identity)):
        others = others or [MANIFEST]
        raise FolderError(f"{folder} holds other files ({', '.join(sorted(others)[:3])}); give a new or empty folder")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in one line what cannot be written."""
    try:
        yield
    except FolderError:
        raise
    except OSError as error:
        raise FolderError(f"cannot write to {folder}: {error.strerror or error}") from None


def listed(folder: Path, identity: str = "") -> dict[str, str]:
    """Checksums by file name, as the manifest of a folder has them."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        if identity and found["identity"] != identity:
            return {}
        return {str(name): str(value) for name, value in found["files"].items() if Path(name).name == name}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise FolderError(f"cannot read {folder / MANIFEST}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def counted(folder: Path) -> int | None:
    """Runs of a finished study, those that failed with them, as the manifest says; None when it does not."""
    try:
        runs = json.loads((folder / MANIFEST).read_bytes())["runs"]
        return int(runs["done"]) + int(runs["failed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(folder: Path) -> list[str]:
    """Names of files of a finished study that are missing or not as the manifest says."""
    sums = listed(folder)
    return [name for name, value in sums.items() if not (folder / name).is_file() or checksum(folder / name) != value]
