"""The calibrated parameters: a table of equally weighted draws in natural units, and what it was made from.

    calibration/posterior/draws.csv       a row a draw, a column a parameter
    calibration/posterior/manifest.json   fingerprints of model, measures, targets and priors; method, seed, diagnostics

Calibration writes it (`wardsim.calibrate`), wards draw from it here: read once, with nothing but the standard library. Whether it
still belongs to the model is for whoever starts the runs to ask (`wardsim.calibrate.posterior.load`), not for the workers.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from wardsim.scenario.shipped import shipped

from .draw import uniform
from .entry import Entry

Source = Literal["prior", "posterior"]
"""Where the draws of an experiment come from."""

FOLDER = "posterior"
"""Its folder within the calibration folder."""
TABLE = "draws.csv"
MANIFEST = "manifest.json"
FORMAT = 1
ROW = "posterior.row"
"""Name under which the row of a draw is chosen; no parameter has it."""
RENEW = "wardsim calibrate --install"
"""The command that makes it anew."""


class PosteriorError(ValueError):
    """There is no posterior, or it cannot be read; the text says which file and what would help."""


@dataclass(frozen=True)
class Posterior:
    """Draws of the calibrated parameters.

    Attributes
    ----------
    names : tuple of str
        Calibrated parameters.
    rows : tuple of tuple of float
        Equally weighted draws, in natural units.
    manifest : mapping
        What it was made from and how.
    hash : str
        Fingerprint of the table (64 hex digits).
    """

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    manifest: Mapping[str, Any]
    hash: str

    @staticmethod
    def read(folder: Path | None = None) -> Posterior:
        """Read the posterior of a calibration folder (left out: the one shipped).

        Raises
        ------
        PosteriorError
            When there is none, or its table is not the one that its manifest names.
        """
        place = (folder or shipped("calibration")) / FOLDER
        try:
            table = (place / TABLE).read_bytes()
            manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise PosteriorError(f"there is no calibrated posterior ({error.filename}); `{RENEW}` makes one") from None
        except (OSError, ValueError) as error:
            raise PosteriorError(f"{place}: not readable ({error}); `{RENEW}` makes it anew") from None
        digest = hashlib.sha256(table).hexdigest()
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or manifest.get("table") != digest:
            raise PosteriorError(
                f"{place / TABLE} is not the table that {MANIFEST} beside it was written with; `{RENEW}` makes both anew"
            )
        lines = csv.reader(table.decode("utf-8").splitlines())
        try:
            names = tuple(next(lines))
            rows = tuple(tuple(map(float, line)) for line in lines)
        except (StopIteration, ValueError) as error:
            raise PosteriorError(f"{place / TABLE}: {error}") from None
        if not rows or any(len(row) != len(names) for row in rows):
            raise PosteriorError(f"{place / TABLE}: every row must have {len(names)} numbers, and there must be one")
        return Posterior(names, rows, manifest, digest)

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, seed: int, draw: int) -> int:
        """Row of a draw: a pure function of seed and draw."""
        return min(int(uniform(seed, draw, ROW) * len(self.rows)), len(self.rows) - 1)

    def draw(self, seed: int, draw: int) -> dict[str, float]:
        """Calibrated parameters of one draw.

        Parameters
        ----------
        seed, draw : int
            Root seed and draw number, 0 or greater.
        """
        if draw < 0:
            raise ValueError(f"a draw of the posterior has a number from 0; it is {draw}")
        return dict(zip(self.names, self.rows[self.row(seed, draw)], strict=True))


@lru_cache(maxsize=1)
def shipped_posterior() -> Posterior:
    """The posterior that comes with the package, read once."""
    return Posterior.read()


def priors_identity(entries: Iterable[Entry]) -> dict[str, str]:
    """Fingerprint (8 hex digits) of each parameter's numbers: value, prior, range, null, switch. Words, sources and grades do
    not matter: better prose does not undo a calibration.

    Every parameter of the ledger counts, not only the calibrated ones: the others are what the ward ran with.
    """
    found = {}
    for entry in entries:
        numbers = (entry.value, entry.prior.model_dump(mode="json"), entry.range, entry.null, entry.mechanism)
        found[entry.name] = hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()[:8]
    return found


def differences(then: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]], most: int = 6) -> list[str]:
    """What changed between two identities, one line a part.

    Parameters
    ----------
    then, now : mapping of str to mapping of str to str
        By part (model, measures, targets, priors), fingerprint by name.
    most : int
        Names shown of each kind.
    """
    lines = []
    for part in dict.fromkeys([*then, *now]):
        old, new = then.get(part, {}), now.get(part, {})
        kinds = {
            "changed": sorted(name for name in old.keys() & new.keys() if old[name] != new[name]),
            "added": sorted(new.keys() - old.keys()),
            "removed": sorted(old.keys() - new.keys()),
        }
        said = [
            f"{kind} {', '.join(names[:most])}{f' and {len(names) - most} more' if len(names) > most else ''}"
            for kind, names in kinds.items()
            if names
        ]
        if said:
            lines.append(f"{part}: {'; '.join(said)}")
    return lines
