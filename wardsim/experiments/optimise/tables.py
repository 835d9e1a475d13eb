"""Results as tidy rows: one table for each analysis, a row an option (or a step), ready for `results.csv_bytes`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from ..intervals import Summary
from .chance import Feasibility
from .cheapest import Choice
from .limits import Limit
from .needed import Needed
from .pairs import Gap
from .pareto import Front
from .plans import Plans
from .shadow import Step


class Table(NamedTuple):
    """A table: `csv_bytes(*table)` writes it."""

    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


LEVEL = ("low", "high", "mc_low", "mc_high")
GAP = ("mean", *LEVEL, "share_below", "share_below_low", "share_below_high")
NEEDED = ("runs_needed", "runs_needed_low", "runs_needed_high", "runs_needed_reason")


def _level(found: Summary | None) -> tuple[object, ...]:
    """A mean and its ranges."""
    return (None,) * (1 + len(LEVEL)) if found is None else (found.mean, *(getattr(found, name) for name in LEVEL))


def _gap(found: Gap | None) -> tuple[object, ...]:
    return (None,) * len(GAP) if found is None else tuple(getattr(found, name) for name in GAP)


def _needed(found: Needed | None) -> tuple[object, ...]:
    """Runs that would decide an option, with the two figures that they are worth."""
    if found is None:
        return (None,) * len(NEEDED)
    return (*(None if x is None else float(f"{x:.2g}") for x in found[:3]), found.reason)


def _of_share(share: float, low: float, high: float) -> tuple[object, ...]:
    """A share and its interval; nothing where it cannot be told."""
    return (share, low, high) if isfinite(share) else (None, None, None)


def bounds_of(limit: Limit, names: Sequence[str]) -> str:
    """A limit in a few signs: `cost <= 5, difference from baseline`."""
    low = "" if limit.at_least is None else f"{limit.at_least:g} <= "
    high = "" if limit.at_most is None else f" <= {limit.at_most:g}"
    times = "" if limit.times == 1.0 else f"{limit.times:g} times "
    against = "" if limit.against is None else f", difference from {times}{names[limit.against]}"
    return f"{low}{limit.measure}{high}{against}"


def feasibility_table(found: Feasibility, plans: Plans) -> Table:
    """A row an option: verdict, share that keeps all limits, share that keeps each, and which limit binds."""
    limits = [bounds_of(limit, plans.names) for limit in found.limits]
    header = (
        "option", *plans.header, "state", "over", "probability", "share", "mc_low", "mc_high", "binding",
        *(f"{part}: {x}" for x in limits for part in ("share", "mc_low", "mc_high")), "draws", "runs", "failed", "reason", "estimand",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for cell, v in found.verdicts.items():
        each = [x for share, ends in zip(v.each, v.each_range, strict=True) for x in (share, *ends)]
        rows.append((
            plans.names[cell], *plans.place(cell), v.state, found.over, found.probability, *_of_share(v.share, v.low, v.high),
            None if v.binding is None else limits[v.binding], *(each or (None,) * 3 * len(limits)), v.draws, v.runs, v.missing, v.reason,
            plans.estimand,
        ))  # fmt: skip
    return Table(header, rows)


def choice_table(found: Choice, plans: Plans) -> Table:
    """A row an option, the cheapest first: verdict, cost, difference from the choice, and whether the two can be told apart."""
    header = (
        "option", *plans.header, "state", "standing", "cost", *(f"cost_{name}" for name in LEVEL), *(f"difference_{name}" for name in GAP),
        "p_cheapest", "p_cheapest_low", "p_cheapest_high", "share", "share_mc_low", "share_mc_high", "runs", *NEEDED, "estimand",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for cell in by_cost(found, plans.names):
        v = found.feasibility.verdicts[cell]
        rows.append((
            plans.names[cell], *plans.place(cell), v.state, standing_of(found, cell), *_level(found.costs.get(cell)),
            *_gap(found.gaps.get(cell)), *(found.chances.get(cell) or (None,) * 3), *_of_share(v.share, v.low, v.high),
            found.runs.get(cell, v.runs), *_needed(found.needs.get(cell)), plans.estimand,
        ))  # fmt: skip
    return Table(header, rows)


def by_cost(found: Choice, names: Sequence[str]) -> list[int]:
    """Options by cost, those without one last: by the difference that is shown, since means are over other runs of each."""
    means = {cell: one.mean for cell, one in found.costs.items() if one.mean is not None}
    if found.gaps:
        means = dict.fromkeys(found.feasibility.verdicts.keys() - found.gaps.keys(), 0.0) | {
            cell: one.mean for cell, one in found.gaps.items() if isfinite(one.mean)
        }
    return sorted(found.feasibility.verdicts, key=lambda cell: (cell not in means, means.get(cell, 0.0), names[cell]))


def standing_of(found: Choice, cell: int) -> str:
    """How an option stands to the choice; empty for those that are out."""
    if cell in found.open:
        return "may be cheaper"
    if cell in found.alike:
        return "within the indifference zone"
    return "chosen" if cell == found.chosen else "cannot be told apart" if cell in found.level else ""


def front_table(found: Front, plans: Plans) -> Table:
    """A row an option: the objectives, membership of the front, and what beats it."""
    names = plans.names
    header = (
        "option", *plans.header, *(f"{o.measure}{end}" for o in found.objectives for end in ("", *(f"_{name}" for name in LEVEL))), "on_front",
        "membership", "mc_low", "mc_high", "beaten_by", "same_as", "draws", "runs", "reason", "estimand",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for m in found.members:
        beaten = "; ".join(
            names[c] if p is None or ends is None else f"{names[c]} ({p:.2f}, {ends[0]:.2f} to {ends[1]:.2f})"
            for (c, p), ends in zip(m.beaten_by, m.beaten_range, strict=True)
        )
        same = "; ".join(names[c] for c in m.same_as)
        rows.append((
            names[m.cell], *plans.place(m.cell), *(x for one in m.levels for x in _level(one)), m.on_front, m.membership, m.low, m.high,
            beaten, same, found.draws, found.runs, found.reason, plans.estimand,
        ))  # fmt: skip
    return Table(header, rows)


def shadow_table(steps: Sequence[Step], plans: Plans) -> Table:
    """A row a step between neighbours: both differences and the price."""
    names = plans.names
    header = (
        "first", "second", *(f"first: {name}" for name in plans.factors), *(f"second: {name}" for name in plans.factors), "factor", "from",
        "to", "cost", *(f"cost_{name}" for name in GAP), "measure", *(f"effect_{name}" for name in GAP), "kind", "price", *LEVEL, "reason",
        "estimand",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (
            names[s.first], names[s.second], *(plans.label(cell, name) for cell in (s.first, s.second) for name in plans.factors), s.factor,
            *s.levels, s.money, *_gap(s.cost), s.measure, *_gap(s.effect), s.kind, s.price, s.low, s.high, s.mc_low, s.mc_high, s.reason,
            plans.estimand,
        )
        for s in steps
    ]  # fmt: skip
    return Table(header, rows)
