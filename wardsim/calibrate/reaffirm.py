"""Whether changed code still gives the ward that a posterior was made with: the ward run again at draws of the posterior, compared to the last digit.

A posterior rests on files of code by their bytes. Code made faster or moved is other bytes and the same ward; what it does then
is the same at every draw, and the marks of the files may be renewed without a new calibration. Targets and priors are another
matter: where they changed nothing but a new calibration will do.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wardsim.experiments.reproduce.behaviour import NotTheSameError
from wardsim.experiments.results import json_bytes, write_whole
from wardsim.parameters.posterior import FOLDER, MANIFEST, Posterior, differences

from .posterior import CODE, identity_now
from .targets_now import targets_identity

if TYPE_CHECKING:
    from .wards import WardSimulator

KEY = "behaviour"
"""In the manifest: how many draws, and the fingerprint of every measure of every run at them."""
POINTS = 8
"""Draws of the posterior at which each ward of the targets is run, from the first on at equal distances."""


def behaviour(simulator: WardSimulator, posterior: Posterior, points: int = POINTS) -> dict[str, Any]:
    """What the code of today does at draws of a posterior.

    Parameters
    ----------
    simulator : WardSimulator
        The wards of the targets, as long as in the calibration.
    posterior : Posterior
    points : int
        Draws.

    Returns
    -------
    dict
        `points`, and `values`: SHA-256 over every measure of every run, floats by their bytes.
    """
    rows = [posterior.rows[i * len(posterior.rows) // points] for i in range(points)]
    draws = [dict(zip(posterior.names, map(float, row), strict=True)) for row in rows]
    digest = hashlib.sha256()
    for name, table in simulator.every_measure(draws):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(table, dtype="<f8").tobytes())
    return {"points": points, "values": digest.hexdigest()}


def reaffirm(simulator: WardSimulator, folder: Path) -> str:
    """Renew the marks of the code in a posterior's manifest when the ward still does the same.

    Parameters
    ----------
    simulator : WardSimulator
    folder : Path
        Calibration folder.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    NotTheSameError
        When targets or priors changed, when the ward gives other numbers, or when nothing was kept to compare with and the code
        has changed already.
    """
    from wardsim.parameters import Ledger

    posterior = Posterior.read(folder)
    manifest = dict(posterior.manifest)
    then = manifest["rests_on"]
    now = identity_now(targets_identity(folder), Ledger.load(folder))
    rest = differences(
        {part: marks for part, marks in then.items() if part not in CODE}, {part: marks for part, marks in now.items() if part not in CODE}
    )
    if rest:
        raise NotTheSameError(f"more than code has changed ({' | '.join(rest)}): only a new calibration will do")
    code = {part: {name: mark for name, mark in now[part].items() if name in then[part]} for part in CODE}
    changed = differences({part: then[part] for part in CODE}, code)
    kept = manifest.get(KEY)
    if kept is None and changed:
        raise NotTheSameError(f"nothing was kept to compare with, and the code has changed ({' | '.join(changed)})")
    found = behaviour(simulator, posterior, POINTS if kept is None else int(kept["points"]))
    if kept is not None and found != kept:
        raise NotTheSameError("the ward of today gives other numbers at draws of the posterior: only a new calibration will do")
    manifest[KEY] = found
    manifest["rests_on"] = {**then, **{part: dict(sorted(now[part].items())) for part in CODE}}
    write_whole(folder / FOLDER / MANIFEST, json_bytes(manifest))
    if kept is None:
        return f"what the ward does at {found['points']} draws is kept with the posterior, to compare changed code with"
    return f"the same numbers at {found['points']} draws; the posterior now belongs to the code of today"

