"""The posterior as it is kept: written with fingerprints of all that it rests on, and loaded only with a look at them."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wardsim.experiments.results import json_bytes, write_whole
from wardsim.experiments.start import MEASURES, MODEL, version
from wardsim.parameters import Ledger
from wardsim.parameters.posterior import (
    FOLDER,
    FORMAT,
    MANIFEST,
    RENEW,
    TABLE,
    Posterior,
    PosteriorError,
    Source,
    differences,
    priors_identity,
)
from wardsim.scenario.shipped import shipped

from .inference import Array

PACKAGE = Path(__file__).resolve().parents[1]
CODE = ("model", "measures")
"""Parts of what a posterior rests on that are files of code."""
CHAINS = "chains.csv"
"""The draws by ensemble."""
DIGITS = 12
"""Significant digits of the table."""


class PosteriorChanged(UserWarning):
    """The posterior belongs to another model, other targets or other priors."""


def code_identity(folders: Sequence[str]) -> dict[str, str]:
    """Fingerprint (8 hex digits) of each file of code in folders of the package."""
    return {
        path.relative_to(PACKAGE).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        for folder in folders
        for path in sorted((PACKAGE / folder).rglob("*.py"))
    }


def identity_now(targets: Mapping[str, str], ledger: Ledger | None = None) -> dict[str, dict[str, str]]:
    """What a posterior that is made now rests on: fingerprints by part and name.

    Parameters
    ----------
    targets : mapping of str to str
        Of the targets (`Judge.identity`).
    ledger : Ledger, optional
        Left out: the shipped one.
    """
    return {
        "model": code_identity(MODEL),
        "measures": code_identity(MEASURES),
        "targets": dict(targets),
        "priors": priors_identity(ledger or Ledger.load()),
    }


def table_bytes(names: Sequence[str], natural: Array) -> bytes:
    """The table of draws as CSV."""
    lines = [",".join(names), *(",".join(f"{x:.{DIGITS}g}" for x in row) for row in natural)]
    return ("\n".join(lines) + "\n").encode()


def chains_bytes(names: Sequence[str], natural: Array, chains: int) -> bytes:
    """The same table with the ensemble (chain) and the place in it (draw) before each row, for ArviZ and the like."""
    each = len(natural) // chains
    lines = [",".join(("chain", "draw", *names))]
    lines += [f"{i // each},{i % each}," + ",".join(f"{x:.{DIGITS}g}" for x in row) for i, row in enumerate(natural)]
    return ("\n".join(lines) + "\n").encode()


def write(
    folder: Path,
    names: Sequence[str],
    natural: Array,
    *,
    chains: int = 1,
    identity: Mapping[str, Mapping[str, str]],
    method: Mapping[str, Any],
    diagnostics: Mapping[str, Any],
) -> str:
    """Write a posterior into a calibration folder, the manifest last.

    Parameters
    ----------
    folder : Path
        Calibration folder.
    names : sequence of str
        Parameters.
    natural : array of float, shape (draws, parameters)
        Equally weighted draws in natural units, ensemble after ensemble.
    chains : int
        Ensembles, each with as many draws.
    identity : mapping
        Fingerprints of what it rests on, by part and name.
    method, diagnostics : mapping
        How it was made (settings, seed) and how well.

    Returns
    -------
    str
        Fingerprint of the table.
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    table = table_bytes(names, natural)
    digest = hashlib.sha256(table).hexdigest()
    manifest = {
        "format": FORMAT,
        "what": "Equally weighted draws of the calibrated parameters in natural units; all other parameters keep their priors.",
        "renew": RENEW,
        "wardsim": version(),
        "draws": len(natural),
        "parameters": list(names),
        "table": digest,
        "method": dict(method),
        "diagnostics": dict(diagnostics),
        "rests_on": {part: dict(sorted(names.items())) for part, names in identity.items()},
    }
    (place / MANIFEST).unlink(missing_ok=True)  # a table without its manifest is refused, a wrong pair never seen
    write_whole(place / TABLE, table)
    write_whole(place / CHAINS, chains_bytes(names, natural, chains))
    write_whole(place / MANIFEST, json_bytes(manifest))
    return digest


def changes(posterior: Posterior, folder: Path | None = None) -> list[str]:
    """What changed since a posterior was made, one line a part; none when it is valid.

    A file of code that has come since undoes nothing by itself: nothing is found by looking into folders, so that it can act
    only through a file that imports it, and that file has then changed.

    Parameters
    ----------
    posterior : Posterior
    folder : Path, optional
        Calibration folder with the targets and the ledger of today; left out: the one shipped.
    """
    from .targets_now import targets_identity

    place = folder or shipped("calibration")
    then = posterior.manifest.get("rests_on", {})
    ledger = Ledger.load(place)
    now = identity_now(targets_identity(place), ledger)
    for part in CODE:
        now[part] = {name: mark for name, mark in now[part].items() if name in then.get(part, {})}
    lines = differences(then, now)
    for j, name in enumerate(posterior.names):
        if name not in ledger:
            lines.append(f"{name} of the posterior is no parameter of the ledger")
            continue
        low, high = ledger[name].range
        if not all(low <= row[j] <= high for row in posterior.rows):
            lines.append(f"{name}: draws of the posterior lie outside its range, {low:g} to {high:g}")
    return lines


def load(folder: Path | None = None) -> Posterior:
    """Read the posterior of a calibration folder; when it no longer belongs to the model, the targets or the priors, a
    `PosteriorChanged` warning names what changed and the command that makes it anew.

    Raises
    ------
    PosteriorError
        When there is none, or it cannot be read.
    """
    posterior = Posterior.read(folder)
    found = changes(posterior, folder)
    if found:
        warnings.warn(changed_text(found), PosteriorChanged, stacklevel=2)
    return posterior


def changed_text(found: Sequence[str]) -> str:
    """The warning in words."""
    return f"the calibrated posterior was made with something else ({' | '.join(found)}); `{RENEW}` makes it anew"


def choose(asked: Source | None, folder: Path | None = None) -> tuple[Source, str]:
    """Where draws come from, and what the user must be told.

    Parameters
    ----------
    asked : str or None
        prior or posterior, as the command line has it; None: the posterior if there is a valid one.

    Returns
    -------
    tuple of (str, str)
        The source, and a word for the user ("" for none).

    Raises
    ------
    PosteriorError
        When the posterior was asked for and there is none.
    """
    if asked == "prior":
        return "prior", ""
    try:
        posterior = Posterior.read(folder)
    except PosteriorError as error:
        if asked == "posterior":
            raise
        return "prior", f"parameters come from their priors: {error}"
    found = changes(posterior, folder)
    if not found:
        return "posterior", ""
    if asked == "posterior":
        return "posterior", changed_text(found)
    return "prior", f"parameters come from their priors: {changed_text(found)}"
