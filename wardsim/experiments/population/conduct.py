"""A population from beginning to end: whole populations run, trusts rated, or studies made on the wards and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..compare.comparison import failures_csv
from ..results import csv_bytes, number
from ..study.cells import Study
from ..study.finished import Finished
from ..study.kinds import planned, status_of
from ..study.runs import Failed, Runs
from ..study.session import Session
from .literature import FINDINGS, MODELS, Count, Found, counted, found_by
from .picture import Beside, beside, published_counts
from .ratings import Rated, rated
from .trusts import Population

RANGE = "95% over the populations made (parameters not known, chance) and over which trusts or studies there are; with one population parameters are not in it"
"""What low and high mean."""


@dataclass(slots=True)
class Result:
    """What a population showed.

    Attributes
    ----------
    study : Study
    populations : int
        Made.
    picture : list of Beside
    rated : Rated or None
    ratings_published : tuple of int or None
        excellent, good, fair, weak.
    studies : list of (int, int, dict)
        Population, study, and what it found under each model.
    counts : dict of str to Count
        By model.
    counts_published : tuple of int or None
        fewer, more, no difference.
    failed : list of Failed
    """

    study: Study
    populations: int
    picture: list[Beside] = field(default_factory=list)
    rated: Rated | None = None
    ratings_published: tuple[int, ...] | None = None
    studies: list[tuple[int, int, dict[str, Found]]] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    counts_published: tuple[int, ...] | None = None
    failed: list[Failed] = field(default_factory=list)

    @property
    def groups(self) -> int:
        """Trusts, or studies."""
        return int(self.study.settings["groups"])


def conduct(session: Session) -> Finished:
    """Make the runs of a population, analyse them, finish the folder."""
    session.need(planned(session.study))
    runs = session.runs()
    result = analysed(session.study, runs)
    done = sum(runs.count(cell) for cell in range(len(session.study.cells)))
    summary = {
        "status": status_of(done, len(runs.failed)),
        "runs": {"done": done, "failed": len(runs.failed)},
        "result": {"kind": session.study.kind, "estimand": session.study.estimand, "populations": result.populations, "range": RANGE},
    }
    session.finish(files_of(result, runs), summary)
    return Finished(summary, result)


def analysed(study: Study, runs: Runs) -> Result:
    """What the runs of a population show."""
    population = Population(study, runs)
    settings = study.settings
    result = Result(study, len(population.numbers), failed=list(runs.failed))
    result.picture = beside(population, settings["published"])
    if settings["ratings"] is not None:
        result.rated = rated(population, settings["ratings"])
        result.ratings_published = published_counts(settings["ratings"]["row"], 4)
    if settings["studies"] is not None:
        _studies(result, population, settings["studies"])
    return result


def _studies(result: Result, population: Population, settings: Mapping[str, Any]) -> None:
    """Every study of every literature, analysed and counted."""
    study, tables = result.study, population.runs.extra
    for run in population.numbers:
        for number_, design in enumerate(study.settings["designs"]):
            inside: list[int] = np.flatnonzero(population.group == number_).tolist()
            cells = [cell for cell in inside if (cell, run) in tables]
            beds = [float(study.cells[cell].scenario.ward.beds) for cell in cells]
            found = found_by([tables[cell, run] for cell in cells], beds, design, float(settings["level_pct"]))
            result.studies.append((run, number_, found))
    for model in MODELS:
        literatures = [[f[model].finding for r, _, f in result.studies if r == run] for run in population.numbers]
        unfitted = sum(not f[model].fitted for _, _, f in result.studies) / max(1, len(population.numbers))
        result.counts[model] = counted(literatures, unfitted, study.seed)
    result.counts_published = published_counts(settings["row"], 3)


# -- tables ----------------------------------------------------------------------------------------------------------------


def files_of(result: Result, runs: Runs) -> dict[str, bytes]:
    """Tables: picture.csv, wards.csv, and ratings.csv with trusts.csv, or studies.csv with counts.csv."""
    files = {"picture.csv": _picture(result), "wards.csv": _wards(result, runs), "failures.csv": failures_csv(result.failed)}
    if result.rated is not None:
        files |= {"ratings.csv": _ratings(result), "trusts.csv": _trusts(result)}
    if result.studies:
        files |= {"studies.csv": _found(result), "counts.csv": _counts(result)}
    return files


def _picture(result: Result) -> bytes:
    rows = []
    for one in result.picture:
        row = one.row
        published = [None, None, None, None] if row is None else [row.id, one.published, number_or_none(row.low), number_or_none(row.high)]
        rows.append(
            [
                one.measure, number(one.mean), number(one.low), number(one.high), number(one.ward_low), number(one.ward_high), *published,
                number(one.difference), None if one.inside is None else str(one.inside).lower(), "" if row is None else row.use, one.explanation,
                result.populations, result.study.estimand,
            ]
        )  # fmt: skip
    head = (
        "name", "mean", "low", "high", "ward_p10", "ward_p90", "row", "published", "published_low", "published_high", "difference", "inside",
        "use_of_row", "explanation", "populations", "estimand",
    )  # fmt: skip
    return csv_bytes(head, rows)


def number_or_none(text: str) -> float | None:
    """A number of the register, where there is one."""
    try:
        return float(text)
    except ValueError:
        return None


def _wards(result: Result, runs: Runs) -> bytes:
    """Every ward with what was drawn for it, and the mean of what is shown over the populations."""
    wards = result.study.settings["wards"]
    drawn = list(wards[0]["values"]) if wards else []
    shown = list(dict.fromkeys(one.measure for one in result.picture if one.measure in runs.names))
    rows = []
    for place, ward in enumerate(wards):
        found = [runs.column(place, name).value for name in shown]
        means = [number(float(np.nanmean(v))) if np.isfinite(v).any() else None for v in found]
        rows.append([ward["cell"], ward["group"] + 1, *(ward["values"][name] for name in drawn), *means])
    return csv_bytes(("ward", "group", *drawn, *shown), rows)


def _ratings(result: Result) -> bytes:
    assert result.rated is not None
    head = ["thresholds", *(f"{word}{end}" for word in ("excellent", "good", "fair", "weak") for end in ("", "_low", "_high")), "unrated", "trusts"]
    rows: list[list[object]] = []
    for split in result.rated.splits:
        cells = [number(x) for i in range(4) for x in (split.mean[i], split.low[i], split.high[i])]
        rows.append([split.name, *cells, number(split.unrated), result.groups])
    if result.ratings_published is not None:
        cells = [x for count in result.ratings_published for x in (count, None, None)]
        rows.append([f"published ({result.study.settings['ratings']['row']})", *cells, 0, sum(result.ratings_published)])
    return csv_bytes(head, rows)


def _trusts(result: Result) -> bytes:
    assert result.rated is not None
    rows = [
        (population, trust + 1, int(rating) or None)
        for population, ratings in enumerate(result.rated.ratings)
        for trust, rating in enumerate(ratings)
    ]
    return csv_bytes(("population", "trust", "rating"), rows)


def _found(result: Result) -> bytes:
    rows = []
    for run, place, found in result.studies:
        design = result.study.settings["designs"][place]
        for model, one in found.items():
            what = [design[key] for key in ("wards", "months", "unit", "outcome", "exposure", "regression")]
            compared = str(design["wards_compared"]).lower()
            figures = [number(x) for x in (one.ratio, one.low, one.high, one.p)]
            rows.append([run, place + 1, *what, compared, model, one.finding, *figures, one.rows, one.events, str(one.fitted).lower()])
    head = (
        "population", "study", "wards", "months", "unit", "outcome", "exposure", "regression", "wards_compared", "model", "finding", "ratio",
        "low", "high", "p", "rows", "events", "fitted",
    )  # fmt: skip
    return csv_bytes(head, rows)


def _counts(result: Result) -> bytes:
    rows: list[list[object]] = []
    for model, count in result.counts.items():
        for i, finding in enumerate(FINDINGS):
            published = None if result.counts_published is None else result.counts_published[i]
            ends = (count.mean[finding], count.low[finding], count.high[finding])
            rows.append([model, finding, *(number(x) for x in ends), published, number(count.unfitted)])
    return csv_bytes(("model", "finding", "mean", "low", "high", "published", "unfitted"), rows)
