"""Everything that rests on runs made again: reference results, then the tutorial. From minutes to hours."""

from __future__ import annotations

import subprocess
import sys

from .common import ROOT
from .stored import every

SIZES: dict[str, tuple[str, tuple[str, ...]]] = {
    "extra-night-nurse": ("options/extra-night-nurse", ("replications=100", "precision={}", "years=1", "parameters=posterior")),
    "staffing-by-training": ("sweeps/staffing-by-training", ("replications=320", "years=1", "parameters=prior")),
    "sensitivity-night-nurse": ("studies/sensitivity-night-nurse", ("others=point",)),
    "sensitivity-levels": ("studies/sensitivity-levels", ("others=point",)),
    "worth-measuring": ("options/worth-measuring", ("replications=100", "precision={}", "parameters=posterior")),
    "cheapest-safe": ("optimise/cheapest-safe", ("budget_runs=4000", "years=1", "parameters=prior")),
    "national-2008-population": ("national-2008/population", ("replications=3", "parameters=posterior")),
    "national-2008-staffing-studies": ("national-2008/staffing-studies", ("parameters=prior",)),
}
"""Full references that the documents show: name, study and overrides. Some 600, 6,600, 700, 400, 450, 4,200, 600 and 400 ward-years."""


def remake(names: list[str], *, new: bool) -> None:
    """Make references again and store them, then play the tutorial.

    Parameters
    ----------
    names : list of str
        References to make; empty: all that are stored.
    new : bool
        Also make those of `SIZES` that are not stored yet.
    """
    from wardsim.experiments.reproduce.reference import Reference, keep_plan

    there = {one.name for one in every()}
    root = ROOT / "results" / "reference"
    for name, (study, overrides) in SIZES.items():
        if name not in there and (name in names or (new and not names)):
            keep_plan(Reference(name, root / name, study, overrides, {}, (), 0.0))
            there.add(name)
    wanted = [name for name in names if name in there] or ([] if names else sorted(there))
    for name in wanted:
        print(f"making {name}", flush=True)
        subprocess.run([sys.executable, "-m", "wardsim", "reproduce", name, "--keep"], check=True, cwd=ROOT)
    if not names or "tutorial" in names:
        from . import tutorial

        print("playing the tutorial", flush=True)
        tutorial.play()
