"""Results as tidy rows: one table for each analysis, a row an option (or a step), ready for `results.csv_bytes`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .chance import Feasibility
from .cheapest import Choice
from .limits import Limit
from .pairs import Gap
from .pareto import Front
from .ranking import Selection
from .shadow import Step


class Table(NamedTuple):
    """A table: `csv_bytes(*table)` writes it."""

    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


GAP = ("mean", "low", "high", "mc_low", "mc_high", "share_below")


def _gap(found: Gap | None) -> tuple[object, ...]:
    return (None,) * len(GAP) if found is None else tuple(getattr(found, name) for name in GAP)


def _names(cells: Sequence[int], names: Sequence[str]) -> str:
    return "; ".join(names[cell] for cell in cells)


def bounds_of(limit: Limit, names: Sequence[str]) -> str:
    """A limit in a few signs: `cost <= 5, difference from baseline`."""
    low = "" if limit.at_least is None else f"{limit.at_least:g} <= "
    high = "" if limit.at_most is None else f" <= {limit.at_most:g}"
    times = "" if limit.times == 1.0 else f"{limit.times:g} times "
    against = "" if limit.against is None else f", difference from {times}{names[limit.against]}"
    return f"{low}{limit.measure}{high}{against}"


def selection_table(found: Selection, names: Sequence[str]) -> Table:
    """A row an option: its mean, what became of it, after how many parameter draws, with how many runs."""
    dropped = {}
    for before, after in zip(found.stages, found.stages[1:], strict=False):
        dropped.update(dict.fromkeys(set(before.survivors) - set(after.survivors), after.seen))
    rows: list[tuple[object, ...]] = []
    for cell in found.cells:
        state = "selected" if cell == found.chosen else "equal" if cell in found.equal else "left in"
        state = "dropped" if cell in dropped else "no value" if cell in found.left_out else state
        rows.append((
            names[cell], found.measure, found.means.get(cell), state, dropped.get(cell), found.runs[cell], found.delta,
            found.confidence if found.kept else None,
        ))  # fmt: skip
    return Table(
        ("option", "measure", "mean", "state", "dropped_after_draws", "runs", "indifference", "confidence"), rows
    )


def feasibility_table(found: Feasibility, names: Sequence[str]) -> Table:
    """A row an option: verdict, share that keeps all limits, share that keeps each, and which limit binds."""
    limits = [bounds_of(limit, names) for limit in found.limits]
    header = (
        "option", "state", "over", "probability", "share", "mc_low", "mc_high", "binding", *(f"share: {x}" for x in limits),
        "draws", "runs", "failed", "reason",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for cell, v in found.verdicts.items():
        each = v.each or (None,) * len(limits)
        rows.append((
            names[cell], v.state, found.over, found.probability, v.share, v.low, v.high,
            None if v.binding is None else limits[v.binding], *each, v.draws, v.runs, v.missing, v.reason,
        ))  # fmt: skip
    return Table(header, rows)


def choice_table(found: Choice, names: Sequence[str]) -> Table:
    """A row an option: verdict, cost, difference from the choice, and whether the two can be told apart."""
    header = (
        "option", "state", "standing", "cost", *(f"difference_{name}" for name in GAP), "p_cheapest", "share", "share_mc_low",
        "share_mc_high", "runs",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for cell, v in found.feasibility.verdicts.items():
        standing = "chosen" if cell == found.chosen else "cannot be told apart" if cell in found.level else ""
        standing = "within the indifference zone" if cell in found.alike else standing
        standing = "may be cheaper" if cell in found.open else standing
        rows.append((
            names[cell], v.state, standing, found.costs.get(cell), *_gap(found.gaps.get(cell)), found.p_cheapest.get(cell),
            v.share, v.low, v.high, v.runs,
        ))  # fmt: skip
    return Table(header, sorted(rows, key=lambda row: (row[3] is None, row[3], row[0])))


def front_table(found: Front, names: Sequence[str]) -> Table:
    """A row an option: means of the objectives, membership of the front, and what beats it."""
    header = (
        "option", *(o.measure for o in found.objectives), "on_front", "membership", "mc_low", "mc_high", "beaten_by", "same_as",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for m in found.members:
        beaten = "; ".join(names[c] if p is None else f"{names[c]} ({p:.2f})" for c, p in m.beaten_by)
        rows.append(
            (names[m.cell], *m.means, m.on_front, m.membership, m.low, m.high, beaten, _names(m.same_as, names))
        )
    return Table(header, rows)


def shadow_table(steps: Sequence[Step], names: Sequence[str]) -> Table:
    """A row a step between neighbours: both differences and the price."""
    header = (
        "first", "second", "factor", "from", "to", "cost", *(f"cost_{name}" for name in GAP), "measure",
        *(f"effect_{name}" for name in GAP), "kind", "price", "low", "high", "mc_low", "mc_high", "reason",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (
            names[s.first], names[s.second], s.factor, *s.levels, s.money, *_gap(s.cost), s.measure, *_gap(s.effect), s.kind, s.price,
            s.low, s.high, s.mc_low, s.mc_high, s.reason,
        )
        for s in steps
    ]  # fmt: skip
    return Table(header, rows)
