"""A choice among options when the planner says what a unit of each measure is worth, and what it would be worth to know more first.

Net benefit of an option is the sum of value x measure, cost counting as -1. The choice is the option with the greatest expected net
benefit. What perfect knowledge of the parameters would add (EVPI), and of one parameter or topic alone (EVPPI), is the most that a
study of it could be worth for one ward and one year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wardsim.parameters import Ledger

from ..intervals import POINT
from ..results import csv_bytes, number
from ..statistics.benefit import net_benefit
from ..statistics.best import best_of
from ..statistics.information import Information, information
from ..statistics.simulation import interval
from ..statistics.split import Split, combine
from ..study.cells import Study
from ..study.runs import Runs
from .known import GROUP, Drawn

COST = "cost_total_per_year"
LARGEST = 20
"""Parameters whose standard error is found."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """Expected net benefit of one option.

    Attributes
    ----------
    option : str
    mean : float
        Pounds a year.
    gain, mc_low, mc_high : float or None
        Against the reference, with its 95% simulation error; None for the reference.
    p_best : float or None
        Share of parameter draws in which its expected net benefit is the greatest.
    """

    option: str
    mean: float
    gain: float | None
    mc_low: float | None
    mc_high: float | None
    p_best: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice and the value of information.

    Attributes
    ----------
    values : mapping of str to float
        Pounds that one unit of each measure is worth, cost included.
    choice : str
        Option with the greatest expected net benefit; empty when there is none.
    benefits : tuple of Benefit
        The reference first.
    told : Information or None
        EVPI and EVPPI; None when there is not even a net benefit.
    left_out : tuple of str
        Topics that are too large for so many draws.
    reason : str
        Why something is missing.
    """

    values: Mapping[str, float]
    choice: str
    benefits: tuple[Benefit, ...]
    told: Information | None
    left_out: tuple[str, ...] = field(default=())
    reason: str = ""


def decided(study: Study, runs: Runs, cells: Sequence[int], parameters: Drawn | None) -> Decision | None:
    """The choice among the options of a study; None when the study does not say what measures are worth.

    Parameters
    ----------
    study : Study
        Its settings hold `values`.
    runs : Runs
        All that is finished.
    cells : sequence of int
        Cells of the full model, the reference first.
    parameters : Drawn or None
        Of the draws of the runs.
    """
    given: Mapping[str, float] = study.settings.get("values") or {}
    if not given:
        return None
    values = {**given, COST: -1.0}
    names = [study.cells[cell].name for cell in cells]
    columns = {name: {m: runs.column(cell, m) for m in values if m in runs.names} for name, cell in zip(names, cells, strict=True)}
    try:
        splits = net_benefit(columns, values)
    except (KeyError, ValueError) as error:
        return Decision(values, "", (), None, reason=str(error.args[0]))
    benefits = _benefits(splits, study.point)
    choice = max(benefits, key=lambda one: one.mean).option
    means = {one.option: one.mean for one in benefits}
    if study.point or parameters is None:
        return Decision(values, choice, benefits, Information(choice, means, None, None, (), POINT), reason=POINT)
    own = parameters.of(splits[names[0]].ids)
    told = information(splits, own.values, own.names, groups=own.groups, largest=LARGEST, terms=own.terms)
    return Decision(values, choice, benefits, told, own.left_out, told.reason)


def _benefits(splits: Mapping[str, Split], point: bool) -> tuple[Benefit, ...]:
    names = list(splits)
    chances = None if point or len(names) < 2 else best_of(splits, "higher").p
    told = []
    for name in names:
        one = Benefit(name, splits[name].mean, None, None, None, None if chances is None else chances[name])
        if name != names[0]:
            gain = combine([(1.0, splits[name]), (-1.0, splits[names[0]])])
            low, high = interval(gain, point, [])
            one = replace(one, gain=gain.mean, mc_low=low, mc_high=high)
        told.append(one)
    return tuple(told)


def label_of(name: str) -> str:
    """Label of a parameter from the ledger; a group is its own."""
    ledger = Ledger.load()
    return ledger[name].label if not name.startswith(GROUP) and name in ledger else ""


def information_csv(found: Decision) -> bytes:
    """information.csv: EVPI first, then every parameter and topic, most valuable first; pounds a year."""
    rows: list[list[object]] = []
    if found.told is not None:
        told = found.told
        known = [None, None] if told.perfect is None or told.error is None else [_pounds(told.perfect), _pounds(told.error)]
        rows.append(["perfect", "", "all parameters", *known, 100.0 if told.perfect else None, None, told.reason])
        rows += [
            [
                "topic" if one.name.startswith(GROUP) else "parameter", one.name, label_of(one.name), _pounds(one.value), _pounds(one.error),
                _pounds(one.share), one.told_apart, "" if one.told_apart else "not told apart from accident",
            ]
            for one in told.partial
        ]  # fmt: skip
    return csv_bytes(("kind", "name", "label", "value", "standard_error", "share", "told_apart", "reason"), rows)


def _pounds(x: float) -> float | None:
    """To the penny: what is less is the order in which numbers were added up."""
    return number(round(x, 2))


def benefits_csv(found: Decision) -> bytes:
    """benefit.csv: expected net benefit of each option, pounds a year."""
    return csv_bytes(
        ("option", "net_benefit", "gain", "mc_low", "mc_high", "p_best", "chosen", "reason"),
        [
            (
                one.option, number(one.mean), number(one.gain), number(one.mc_low), number(one.mc_high), number(one.p_best),
                one.option == found.choice, found.reason,
            )
            for one in found.benefits
        ],
    )  # fmt: skip


def decision_json(found: Decision) -> dict[str, Any]:
    """The decision as `--json` prints it: choice, benefits, EVPI, and what is told apart of the rest."""
    told = found.told
    return {
        "values": dict(found.values),
        "choice": found.choice or None,
        "options": {
            one.option: {
                "net_benefit": number(one.mean), "gain": number(one.gain), "mc_low": number(one.mc_low), "mc_high": number(one.mc_high),
                "p_best": number(one.p_best),
            }
            for one in found.benefits
        },
        "evpi": None if told is None or told.perfect is None else _pounds(told.perfect),
        "evpi_error": None if told is None or told.error is None else _pounds(told.error),
        "evppi": [
            {"name": one.name, "value": _pounds(one.value), "error": _pounds(one.error), "share": _pounds(one.share), "told_apart": one.told_apart}
            for one in (() if told is None else told.partial[:LARGEST])
        ],
        "left_out": list(found.left_out),
        **({"reason": found.reason} if found.reason else {}),
    }  # fmt: skip
