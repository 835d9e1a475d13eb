"""ArviZ: draws of the parameters and of the measures as groups of a netCDF file, which xarray's `open_datatree` (ArviZ 1) and `arviz.from_netcdf` (ArviZ 0) read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..source import Source
from . import ExportError
from .draws import draws_of

FILE = "arviz.nc"
PRIOR_DRAWS = 1000
"""Draws of the priors beside a posterior."""
SEED = 20250407


def made(source: Source) -> dict[str, bytes]:
    """`arviz.nc`: groups `prior` and `prior_predictive`, or `posterior` and `posterior_predictive` where the runs drew from it.

    One chain; a draw is one set of parameters, a measure its mean over the runs of that set.

    Raises
    ------
    ExportError
        When nothing was drawn.
    """
    draws = draws_of(source)
    groups = {
        draws.kind: dict(draws.parameters),
        f"{draws.kind}_predictive": dict(draws.outcomes),
    }
    told = {"identity": str(source.manifest.get("identity", "")), "estimand": str((source.study or source.manifest).get("estimand", ""))}
    return {FILE: _file(groups, told)}


def of_posterior(folder: Path) -> dict[str, bytes]:
    """`arviz.nc` of a calibration folder: the posterior, and its priors beside it.

    Raises
    ------
    PosteriorError
        When the posterior cannot be read.
    """
    from wardsim.parameters import Ledger
    from wardsim.parameters.posterior import Posterior

    posterior = Posterior.read(folder)
    ledger = Ledger.load()
    prior = [ledger.draw(SEED, number) for number in range(PRIOR_DRAWS)]
    groups = {
        "posterior": {name: np.array([row[j] for row in posterior.rows]) for j, name in enumerate(posterior.names)},
        "prior": {name: np.array([one[name] for one in prior]) for name in posterior.names if name in ledger},
    }
    return {FILE: _file(groups, {"table": posterior.hash, "wardsim": str(posterior.manifest.get("wardsim", ""))})}


def _file(groups: Mapping[str, Mapping[str, Any]], told: Mapping[str, str]) -> bytes:
    """The file: a group a mapping, a variable an array of dimensions chain and draw with its unit and label.

    Raises
    ------
    ExportError
        When what writes such files is not installed.
    """
    try:
        import h5netcdf  # noqa: F401  # what xarray writes with
        import xarray
    except ModuleNotFoundError:
        raise ExportError("files for ArviZ need xarray and h5netcdf: pip install 'wardsim[arviz]'") from None
    about = _about(name for variables in groups.values() for name in variables)
    tree = {"/": xarray.Dataset(attrs={"creation_library": "wardsim", **told})}
    for group, variables in groups.items():
        held = {_safe(name): (("chain", "draw"), values[np.newaxis, :], about[name]) for name, values in variables.items()}
        draws = max((len(values) for values in variables.values()), default=0)
        tree[group] = xarray.Dataset(held, coords={"chain": [0], "draw": np.arange(draws)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        xarray.DataTree.from_dict(tree).to_netcdf(path, engine="h5netcdf")
        return path.read_bytes()


def _safe(name: str) -> str:
    """A name that netCDF takes: a slash would be a group."""
    return name.replace("/", "|")


def _about(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Unit and label of parameters and measures."""
    from wardsim.measures import MEASURES
    from wardsim.parameters import Ledger

    ledger = Ledger.load()
    found: dict[str, dict[str, str]] = {}
    for name in names:
        known = ledger[name] if name in ledger else MEASURES.get(name.partition(" @ ")[0])
        found[name] = {} if known is None else {"units": known.unit, "long_name": known.label}
    return found
