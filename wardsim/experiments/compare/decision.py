"""A choice among options when the planner says what a unit of each measure is worth, and what it would be worth to know more first.

Net benefit of an option is the sum of value x measure, cost counting as -1. The choice is the option with the greatest expected net
benefit. What perfect knowledge of the parameters would add (EVPI), and of one parameter or topic alone (EVPPI), is the most that a
study of it could be worth for one ward and one year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wardsim.parameters import Ledger

from ..intervals import POINT, over_draws
from ..results import csv_bytes, number
from ..statistics.benefit import net_benefit
from ..statistics.best import Chance, best_of
from ..statistics.information import Information, information
from ..statistics.simulation import interval
from ..statistics.split import Split, combine
from ..study.cells import Study
from ..study.runs import Runs
from .known import GROUP, Drawn

COST = "cost_total_per_year"
LARGEST = 20
"""Parameters whose standard error is found."""
ENDS = ("low", "high", "mc_low", "mc_high")


class Ranged(NamedTuple):
    """An expected net benefit, or its difference from that of the reference.

    Attributes
    ----------
    mean : float
    low, high : float or None
        95% over parameter draws, chance removed.
    mc_low, mc_high : float or None
        95% simulation error.
    """

    mean: float
    low: float | None
    high: float | None
    mc_low: float | None
    mc_high: float | None


@dataclass(frozen=True, slots=True)
class Benefit:
    """Expected net benefit of one option.

    Attributes
    ----------
    option : str
    own : Ranged
        Pounds a year.
    over : Ranged or None
        Against the reference; None for the reference.
    best : Chance or None
        Share of parameter draws in which its expected net benefit is the greatest.
    """

    option: str
    own: Ranged
    over: Ranged | None
    best: Chance | None


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
    choice = max(benefits, key=lambda one: one.own.mean).option
    means = {one.option: one.own.mean for one in benefits}
    if study.point or parameters is None:
        return Decision(values, choice, benefits, Information(choice, means, None, None, (), POINT), reason=POINT)
    own = parameters.of(splits[names[0]].ids)
    told = information(splits, own.values, own.names, groups=own.groups, largest=LARGEST, terms=own.terms)
    return Decision(values, choice, benefits, told, own.left_out, told.reason)


def _benefits(splits: Mapping[str, Split], point: bool) -> tuple[Benefit, ...]:
    names = list(splits)
    chances = None if point or len(names) < 2 else best_of(splits, "higher").chances
    first = splits[names[0]]
    return tuple(
        Benefit(
            name, _ranged(split, point), None if name == names[0] else _ranged(combine([(1.0, split), (-1.0, first)]), point),
            None if chances is None else chances[name],
        )
        for name, split in splits.items()
    )  # fmt: skip


def _ranged(split: Split, point: bool) -> Ranged:
    return Ranged(split.mean, *over_draws(split, point, False, [], cautious=True), *interval(split, point, []))


def label_of(name: str) -> str:
    """Label of a parameter from the ledger; a group is its own."""
    ledger = Ledger.load()
    return ledger[name].label if not name.startswith(GROUP) and name in ledger else ""


def information_csv(found: Decision, estimand: str) -> bytes:
    """information.csv: EVPI first, then every parameter and topic, most valuable first; pounds a year."""
    rows: list[list[object]] = []
    if found.told is not None:
        told = found.told
        known = [None if x is None else _pounds(x) for x in (told.perfect, told.low, told.high, told.error)]
        rows.append(["perfect", "", "all parameters", *known, 100.0 if told.perfect else None, None, told.reason, estimand])
        rows += [
            [
                "topic" if one.name.startswith(GROUP) else "parameter", one.name, label_of(one.name),
                *map(_pounds, (one.value, one.low, one.high, one.error, one.share)), one.told_apart, one.reason, estimand,
            ]
            for one in told.partial
        ]  # fmt: skip
    return csv_bytes(("kind", "name", "label", "value", "low", "high", "standard_error", "share", "told_apart", "reason", "estimand"), rows)


def _pounds(x: float) -> float | None:
    """To the penny: what is less is the order in which numbers were added up."""
    return number(round(x, 2))


def benefits_csv(found: Decision, estimand: str) -> bytes:
    """benefit.csv: expected net benefit of each option, pounds a year; `low` to `mc_high` are those of the gain over the reference."""
    return csv_bytes(
        (
            "option", "net_benefit", *(f"net_benefit_{end}" for end in ENDS), "gain", *ENDS, "p_best", "p_best_low", "p_best_high", "chosen",
            "reason", "estimand",
        ),
        [
            (
                one.option, *map(number, one.own), *map(number, one.over or [None] * 5), *map(number, one.best or [None] * 3),
                one.option == found.choice, found.reason, estimand,
            )
            for one in found.benefits
        ],
    )  # fmt: skip


def _named(names: Sequence[str], values: Sequence[float | None] | None) -> dict[str, float | None]:
    return dict(zip(names, map(number, values or [None] * len(names)), strict=True))


def decision_json(found: Decision) -> dict[str, Any]:
    """The decision as `--json` prints it: choice, benefits, EVPI, and what is told apart of the rest."""
    told = found.told
    return {
        "values": dict(found.values),
        "choice": found.choice or None,
        "options": {
            one.option: {
                **_named(("net_benefit", *(f"net_benefit_{end}" for end in ENDS)), one.own), **_named(("gain", *ENDS), one.over),
                **_named(("p_best", "p_best_low", "p_best_high"), one.best),
            }
            for one in found.benefits
        },
        "evpi": None if told is None or told.perfect is None else _pounds(told.perfect),
        **{
            f"evpi_{name}": None if told is None or (x := getattr(told, name)) is None else _pounds(x)
            for name in ("low", "high", "error")
        },
        "evppi": [
            {
                "name": one.name, **{name: _pounds(getattr(one, name)) for name in ("value", "low", "high", "error", "share")},
                "told_apart": one.told_apart, **({"reason": one.reason} if one.reason else {}),
            }
            for one in (() if told is None else told.partial[:LARGEST])
        ],
        "left_out": list(found.left_out),
        **({"reason": found.reason} if found.reason else {}),
    }  # fmt: skip
