"""SALib: the problem of a folder, and where runs drew their parameters, the sample and what came of it (given-data methods read these)."""

from __future__ import annotations

import numpy as np

from wardsim.experiments.results import csv_bytes

from ..source import Source
from . import ExportError
from .draws import draws_of

PROBLEM, TEXT, SAMPLE, OUTCOMES = "problem.json", "salib.txt", "sample.csv", "outcomes.csv"


def made(source: Source) -> dict[str, bytes]:
    """`problem.json` and `salib.txt`; of a run, a comparison or a sweep also `sample.csv` and `outcomes.csv`, a row a draw.

    The sample holds shares of each parameter's distribution (0 to 1, as the bounds of the problem say). Outcomes are means over the runs of a draw,
    so that they hold some chance of single years beside the parameters.

    Raises
    ------
    ExportError
        When the folder drew nothing.
    """
    own = source.folder / PROBLEM
    if own.is_file():
        return {PROBLEM: own.read_bytes(), TEXT: (source.folder / TEXT).read_bytes()}
    from wardsim.experiments.sensitivity.problem import Problem
    from wardsim.parameters import Ledger
    from wardsim.parameters.entry import FixedPrior

    draws = draws_of(source)
    if draws.kind != "prior":
        raise ExportError(f"{source.folder} drew from the posterior, whose parameters are not independent: export arviz instead")
    ledger = Ledger.load()
    problem = Problem.of_entries(ledger[name] for name in draws.parameters if not isinstance(ledger[name].prior, FixedPrior))
    sample = problem.unit(np.column_stack([draws.parameters[name] for name in problem.names]))
    rows = [[int(number), *(float(x) for x in line)] for number, line in zip(draws.ids, sample, strict=True)]
    results = [[int(number), *(float(values[i]) for values in draws.outcomes.values())] for i, number in enumerate(draws.ids)]
    return {
        PROBLEM: problem.file(),
        TEXT: problem.salib_text(),
        SAMPLE: csv_bytes(("draw", *problem.names), rows),
        OUTCOMES: csv_bytes(("draw", *(f"{name} @ {ward}" for name, ward in draws.outcomes)), results),
    }
