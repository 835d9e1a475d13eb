"""Of the spread of an answer, how much is chance, how much parameters, how much structure.

The answer is a difference between two wards. Chance is that of one year of each, the years being independent as real years are;
parameters and structure come from the paired differences, out of which the chance of pairs is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..intervals import POINT
from ..results import csv_bytes, number
from ..statistics.difference import NO_PAIR, pair_of
from ..statistics.split import Split, combine
from ..statistics.variance import BOOTSTRAPS, PARTS, Decomposition, decompose
from ..study.cells import Study
from ..study.runs import Runs
from .analysis import HEADLINE, declared

NOT_VARIED = "not varied in this study (`mechanisms:` in a study file varies it)"
"""Why the form of the model has no share."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of one answer by source.

    Attributes
    ----------
    option, measure : str
        Whose difference from the reference, in which measure.
    found : Decomposition
        Chance of one year of each, parameters, and (with several forms of the model) structure.
    """

    option: str
    measure: str
    found: Decomposition


def spreads(study: Study, runs: Runs, cells: Sequence[int], *, bootstraps: int = BOOTSTRAPS) -> list[Spread]:
    """Variance of every headline difference of every option.

    Parameters
    ----------
    study : Study
        Whose cells they are.
    runs : Runs
        All that is finished.
    cells : sequence of int
        Cells of the full model, the reference first.
    bootstraps : int
        Rounds for the intervals.
    """
    place = {cell.name: i for i, cell in enumerate(study.cells)}
    forms = {form["name"]: [place[name] for name in form["cells"]] for form in study.settings.get("structures") or []}
    forms = forms or {"full model": list(cells)}
    names = [name for name in HEADLINE if name in runs.names]
    told = []
    for at, cell in enumerate(cells[1:], start=1):
        for name in names:
            pairs = {form: (places[0], places[at]) for form, places in forms.items()}
            told.append(Spread(study.cells[cell].name, name, _decomposed(study, runs, name, pairs, bootstraps)))
    return told


def _decomposed(
    study: Study, runs: Runs, measure: str, pairs: Mapping[str, tuple[int, int]], bootstraps: int
) -> Decomposition:
    """One measure of one option; forms of the model without a run that has a value are left out."""
    splits: dict[str, Split] = {}
    wards: dict[str, tuple[Split, Split]] = {}
    for form, (reference, cell) in pairs.items():
        found = pair_of(runs.column(reference, measure), runs.column(cell, measure))
        if found is None:
            continue
        draws, a, b, _ = found
        wards[form] = Split.of(draws, *a[1:]), Split.of(draws, *b[1:])
        splits[form] = combine([(1.0, wards[form][1]), (-1.0, wards[form][0])])
    if study.point or not splits:
        means = {form: split.mean for form, split in splits.items()}
        return Decomposition(None, means, 0, sum(split.n for split in splits.values()), POINT if splits else NO_PAIR)
    return decompose(splits, own=wards, years=study.years, bootstraps=bootstraps)


def spreads_csv(found: Sequence[Spread], reference: str, estimand: str) -> bytes:
    """variance.csv: a row for each option, headline measure and source; shares in percent of the sum, and why a source has none."""
    units = {name: about.unit for name, about in declared([one.measure for one in found]).items()}
    rows: list[list[object]] = []
    for one in found:
        lead = [one.option, reference, one.measure, units[one.measure]]
        told = one.found
        if told.parts is None:
            rows.append([*lead, None, *[None] * 6, told.draws, told.runs, told.reason, estimand])
        for source, part in (told.parts or {}).items():
            shown = (part.variance, part.low, part.high, part.share, part.share_low, part.share_high)
            rows.append([*lead, source, *map(number, shown), told.draws, told.runs, part.reason, estimand])
        if told.parts is not None and "structure" not in told.parts:
            rows.append([*lead, "structure", *[None] * 6, told.draws, told.runs, NOT_VARIED, estimand])
    return csv_bytes(
        (
            "option", "reference", "name", "unit", "source", "variance", "low", "high", "share", "share_low", "share_high", "draws",
            "runs", "reason", "estimand",
        ),
        rows,
    )  # fmt: skip


def spread_json(one: Spread) -> dict[str, Any]:
    """One answer: share of each source in percent with its 95% interval, or why there is none."""
    if one.found.parts is None:
        return {"reason": one.found.reason}
    missing = {} if "structure" in one.found.parts else {"structure": {"reason": NOT_VARIED}}
    return missing | {
        source: {
            "variance": number(part.variance), "share": number(part.share), "share_low": number(part.share_low),
            "share_high": number(part.share_high), **({"reason": part.reason} if part.reason else {}),
        }
        for source in PARTS
        if (part := one.found.parts.get(source)) is not None
    }  # fmt: skip
