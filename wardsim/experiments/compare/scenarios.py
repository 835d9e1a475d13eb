"""A comparison of scenario files as they stand, for those who have no option file."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.parameters.posterior import Source
from wardsim.scenario.load import Loaded

from ..calendar import holidays_around
from ..job import Estimand
from ..profile import NAME as PROFILE
from ..study.cells import Cell, Study

YEARS = 1.0
"""Years measured when nobody says: the first after a change. A further year costs as much again, and with it as many draws of what is
not known."""
BLOCK = 4
LIMIT = 400


def comparison_of(
    wards: Sequence[Loaded], *, estimand: Estimand, years: float | None, seed: int, point: bool, replications: int | None,
    parameters: Source = "prior",
) -> Study:
    """The study that compares wards with the first of them.

    Parameters
    ----------
    wards : sequence of Loaded
        Scenarios as read; the first is the reference and the ward before the change.
    estimand : str
        transition or steady.
    years : float or None
        Measured; None: one, after a change the first.
    seed : int
        Root of all random numbers.
    point : bool
        Point parameters.
    replications : int or None
        Runs of each ward; None: as precision asks.
    parameters : str
        Where draws come from: prior or posterior.
    """
    measured = YEARS if years is None else years
    first = wards[0]
    names: list[str] = []
    for ward in wards:
        name = ward.scenario.name
        if name in names:
            name = f"{name} ({ward.files[0].stem})" if ward.files else name
        while name in names:
            name += "'"
        names.append(name)
    cells = tuple(Cell(name, ward.scenario, ward.given_roster) for name, ward in zip(names, wards, strict=True))
    limit = replications or LIMIT
    warm_up = first.scenario.run.warm_up_weeks
    return Study(
        kind="compare", name=f"{names[0]} against {f'{len(wards) - 1} others' if len(wards) > 2 else names[-1]}",
        question=wards[1].scenario.question if len(wards) == 2 else "", cells=cells, baseline=first.scenario,
        baseline_roster=first.given_roster, estimand=estimand, years=measured, warm_up_weeks=float(warm_up), seed=seed, point=point, parameters=parameters,
        block=next(block for block in range(BLOCK, 0, -1) if limit % block == 0), limit=limit,
        holidays=holidays_around(first.scenario, (ward.scenario for ward in wards), measured, warm_up),
        settings={
            "replications": replications, "precision": {}, "budget_runs": None, "reference": names[0], "structures": [], "extra": PROFILE,
            "options": [{"name": name, "question": ward.scenario.question} for name, ward in zip(names, wards, strict=True)],
        },
    )  # fmt: skip
