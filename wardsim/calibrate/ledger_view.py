"""What calibration and the stored runs say of one parameter: posterior beside prior, and influence."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from wardsim.parameters import Entry
from wardsim.parameters.posterior import Posterior, PosteriorError
from wardsim.scenario.shipped import shipped

from .inference import Array

TABLE, ABOUT = "influence.csv", "influence.json"
NAMED = "targets that will inform it"
"""Heading under which `parameters.explain` lists the targets that an entry names; written before anything was calibrated."""
DECIDES = 0.2
"""Contraction below which the prior decides (`diagnose.DECIDES`)."""


@dataclass(frozen=True)
class Learnt:
    """The posterior of a parameter, in its unit.

    Attributes
    ----------
    mean, low80, high80, low95, high95 : float
    contraction : float
        1 - posterior variance / prior variance where the prior is standard normal: that of the chains, as the report of the calibration has it.
    """

    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    contraction: float

    def words(self, unit: str) -> list[str]:
        """Lines for a reader."""
        said = "not informed by the targets; the prior decides" if self.contraction < DECIDES else "narrower than its prior"
        return [
            f"posterior: mean {self.mean:.4g} {unit}; 80% {self.low80:.4g} to {self.high80:.4g}, 95% {self.low95:.4g} to {self.high95:.4g}",
            f"contraction: {self.contraction:.2f} ({said})",
        ]


@cache
def _posterior(folder: Path | None) -> tuple[Posterior, tuple[str, ...]] | None:
    from .posterior import changes

    try:
        found = Posterior.read(folder)
    except PosteriorError:
        return None
    return found, tuple(changes(found, folder))


def learnt(entry: Entry, folder: Path | None = None) -> Learnt | None:
    """What the posterior of a calibration folder (left out: the shipped one) says; None when there is none or it has no such parameter.
    Whether it still holds: `outdated`."""
    found = _posterior(folder)
    if found is None or entry.name not in found[0].names:
        return None
    j = found[0].names.index(entry.name)
    x = np.array([row[j] for row in found[0].rows])
    low95, low80, high80, high95 = map(float, np.quantile(x, (0.025, 0.1, 0.9, 0.975)))
    told = found[0].manifest.get("diagnostics", {}).get("contraction", {}).get(entry.name)
    return Learnt(float(x.mean()), low80, high80, low95, high95, _of_rows(entry, x) if told is None else float(told))


def _of_rows(entry: Entry, x: Array) -> float:
    """Contraction of a posterior that came without its diagnostics, from its rows."""
    from scipy.special import ndtri

    return float(1 - np.var(ndtri(np.clip([entry.distribution.cdf(float(v)) for v in x], 1e-9, 1 - 1e-9))))


def explained(entry: Entry, text: str, folder: Path | None = None) -> str:
    """The text of `parameters.explain` with what became of the targets that the entry names: a fit has used them for this parameter only
    if it was calibrated.

    Parameters
    ----------
    entry : Entry
    text : str
    folder : pathlib.Path, optional
        Calibration folder; left out: the one shipped.
    """
    if _posterior(folder) is None:
        return text
    words = "targets that speak to it" if learnt(entry, folder) is not None else "targets compared with it (not calibrated: drawn from its prior)"
    return text.replace(f"{NAMED}:", f"{words}:", 1)


def outdated(folder: Path | None = None) -> list[str]:
    """What changed since the posterior was made; empty when it holds or there is none."""
    found = _posterior(folder)
    return [] if found is None else list(found[1])


@dataclass(frozen=True)
class Stored:
    """The stored table.

    Attributes
    ----------
    rows : mapping of str to mapping
        By parameter.
    about : mapping
        How it was made.
    """

    rows: Mapping[str, Mapping[str, str]]
    about: Mapping[str, Any]

    def words(self, name: str) -> str:
        """One line on a parameter; empty when it is not in the table."""
        row = self.rows.get(name)
        if row is None:
            return ""
        if row["told_from_chance"] != "yes":
            return f"not told from chance over {self.about['runs']} ward-years with every parameter drawn (rank {row['rank']} of {len(self.rows)})"
        return (
            f"rank {row['rank']} of {len(self.rows)}; rank correlation {float(row['its_correlation']):+.2f} with {row['strongest_target']}, "
            f"{float(row['its_correlation_with_headline']):+.2f} with {row['strongest_headline']} "
            f"({self.about['correlation_by_chance']:.2f} comes about by chance)"
        )


@cache
def stored(folder: Path | None = None) -> Stored | None:
    """The table of a calibration folder (left out: the one shipped); None when there is none."""
    place = folder or shipped("calibration")
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        with (place / TABLE).open(encoding="utf-8", newline="") as file:
            return Stored({row["parameter"]: row for row in csv.DictReader(file)}, about)
    except (OSError, ValueError, KeyError):
        return None


def lines(entry: Entry, folder: Path | None = None) -> list[str]:
    """What is to be said of a parameter beyond the ledger."""
    out = []
    known = learnt(entry, folder)
    if known is not None:
        out += known.words(entry.unit)
        changed = outdated(folder)
        if changed:
            out.append(f"this posterior no longer holds and is not drawn from ({' | '.join(changed)})")
    elif _posterior(folder) is not None and entry.prior.dist != "fixed":
        out.append("posterior: not calibrated; drawn from its prior")
    influence = stored(folder)
    words = influence.words(entry.name) if influence is not None else ""
    if words:
        out.append(f"influence: {words}")
    return out
