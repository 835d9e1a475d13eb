"""ArviZ: draws of the parameters and of the measures as groups of a netCDF file, which xarray's `open_datatree` (ArviZ 1) and `arviz.from_netcdf` (ArviZ 0) read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
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

    One chain; a draw is one set of parameters. `parameters` has a coordinate `parameter`; `measures` (means over the runs of a draw) the coordinates
    `ward` and `measure`. Units stand beside as coordinates.

    Raises
    ------
    ExportError
        When nothing was drawn, or what writes such files is not installed.
    """
    from wardsim.measures import MEASURES
    from wardsim.parameters import Ledger

    draws, xarray, ledger = draws_of(source), _writer(), Ledger.load()
    names = list(draws.parameters)
    wards = list(dict.fromkeys(ward for _, ward in draws.outcomes))
    measures = list(dict.fromkeys(name for name, _ in draws.outcomes))
    empty = np.full(len(draws.ids), np.nan)
    values = np.array([[draws.outcomes.get((name, ward), empty) for name in measures] for ward in wards])
    axes = {"chain": [0], "draw": draws.ids}
    groups = {
        draws.kind: xarray.Dataset(
            {"parameters": (("chain", "draw", "parameter"), np.column_stack(list(draws.parameters.values()))[np.newaxis])},
            coords={**axes, "parameter": names, "unit": ("parameter", [ledger[name].unit if name in ledger else "" for name in names])},
        ),
        f"{draws.kind}_predictive": xarray.Dataset(
            {"measures": (("chain", "draw", "ward", "measure"), np.moveaxis(values, -1, 0)[np.newaxis])},
            coords={**axes, "ward": wards, "measure": measures, "unit": ("measure", [MEASURES[name].unit if name in MEASURES else "" for name in measures])},
        ),
    }  # fmt: skip
    told = {"identity": str(source.manifest.get("identity", "")), "estimand": str((source.study or source.manifest).get("estimand", ""))}
    return {FILE: _file(groups, told)}


def of_posterior(folder: Path) -> dict[str, bytes]:
    """`arviz.nc` of a calibration folder: the posterior, a variable a parameter, and its priors beside it.

    Raises
    ------
    PosteriorError
        When the posterior cannot be read.
    """
    from wardsim.parameters import Ledger
    from wardsim.parameters.posterior import Posterior

    posterior, xarray, ledger = Posterior.read(folder), _writer(), Ledger.load()
    known = [name for name in posterior.names if name in ledger]
    about = {name: {"units": ledger[name].unit, "long_name": ledger[name].label} for name in known}
    drawn = [ledger.draw(SEED, number) for number in range(PRIOR_DRAWS)]

    def group(columns: Mapping[str, Any], draws: int) -> Any:
        held = {name: (("chain", "draw"), np.array(values)[np.newaxis], about.get(name, {})) for name, values in columns.items()}
        return xarray.Dataset(held, coords={"chain": [0], "draw": np.arange(draws)})

    groups = {
        "posterior": group({name: [row[j] for row in posterior.rows] for j, name in enumerate(posterior.names)}, len(posterior)),
        "prior": group({name: [one[name] for one in drawn] for name in known}, PRIOR_DRAWS),
    }
    return {FILE: _file(groups, {"table": posterior.hash, "wardsim": str(posterior.manifest.get("wardsim", ""))})}


def _writer() -> Any:
    """xarray, with what it writes netCDF by.

    Raises
    ------
    ExportError
        When they are not installed.
    """
    try:
        import h5netcdf  # noqa: F401  # what xarray writes with
        import xarray
    except ModuleNotFoundError:
        raise ExportError("files for ArviZ need xarray and h5netcdf: pip install 'wardsim[arviz]'") from None
    return xarray


def _file(groups: Mapping[str, Any], told: Mapping[str, str]) -> bytes:
    """The file, a group a dataset."""
    xarray = _writer()
    tree = {"/": xarray.Dataset(attrs={"creation_library": "wardsim", **told}), **groups}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        xarray.DataTree.from_dict(tree).to_netcdf(path, engine="h5netcdf")
        return path.read_bytes()
