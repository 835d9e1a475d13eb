"""Shadow prices: what one step along the grid costs for what it changes.

A step joins two options that differ in one factor by one level. Its price is the mean difference in cost over the mean
difference in effect, with the sign turned so that it is money for each unit of good (an assault avoided, a minute of
contact). There is a price only where both signs are settled and one is bought with the other; else there is a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Any, Literal

import numpy as np

from .bank import Bank
from .draws import spread
from .pairs import Gap, gap

Kind = Literal["price", "saving", "gain", "loss", "unsettled", "unchanged"]

KINDS: dict[Kind, str] = {
    "price": "dearer and better: money for each unit of good",
    "saving": "cheaper and worse: money saved for each unit of good given up",
    "gain": "cheaper and better: no price is to be paid",
    "loss": "dearer and worse: money buys nothing",
    "unchanged": "the effect is the same in every run",
    "unsettled": "the sign of a difference is not settled",
}


@dataclass(frozen=True)
class Step:
    """One step between neighbours, from the lower to the higher level of a factor.

    Attributes
    ----------
    first, second : int
        Cells.
    factor : str
        What differs.
    levels : tuple
        Its level in each.
    cost, effect : Gap
        Differences, second minus first.
    money, measure : str
        Measures of cost and of effect.
    better : str
        Which way the effect is better.
    kind : str
        Key of `KINDS`.
    price : float or None
        Money for one unit of good; None unless `kind` is price or saving.
    low, high : float or None
        95% over parameter draws, chance removed; None where draws do not all but settle the sign.
    mc_low, mc_high : float or None
        95% simulation error (Fieller).
    reason : str
        Why there is no price or no interval.
    """

    first: int
    second: int
    factor: str
    levels: tuple[Any, Any]
    cost: Gap
    effect: Gap
    money: str
    measure: str
    better: str
    kind: Kind
    price: float | None
    low: float | None
    high: float | None
    mc_low: float | None
    mc_high: float | None
    reason: str = ""


def neighbours(factors: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, str]]:
    """Pairs of cells that differ in one factor by one level of the grid.

    Parameters
    ----------
    factors : sequence of mapping
        Factor to level, for each cell. Numbers are ordered by size, other levels by first appearance. A cell that lacks a
        factor (a baseline beside the grid) has no neighbours.
    """
    names = sorted({name for cell in factors for name in cell})
    order: dict[str, list[Any]] = {}
    for name in names:
        levels = list(dict.fromkeys(cell[name] for cell in factors if name in cell))
        numeric = all(isinstance(level, (int, float)) and not isinstance(level, bool) for level in levels)
        order[name] = sorted(levels) if numeric else levels
    place: dict[tuple[int, ...], int] = {}
    for index, cell in enumerate(factors):
        if all(name in cell for name in names):
            place.setdefault(tuple(order[name].index(cell[name]) for name in names), index)
    found = []
    for at, first in place.items():
        for axis, name in enumerate(names):
            second = place.get((*at[:axis], at[axis] + 1, *at[axis + 1 :]))
            if second is not None:
                found.append((first, second, name))
    return found


def shadow_prices(
    bank: Bank,
    factors: Sequence[Mapping[str, Any]],
    *,
    cost: str,
    measure: str,
    better: Literal["lower", "higher"] = "lower",
    among: Sequence[int] | None = None,
) -> list[Step]:
    """Price of every step between neighbours of the grid.

    Parameters
    ----------
    bank : Bank
        Where runs come from; no new ones are asked for.
    factors : sequence of mapping
        Where each cell lies in the grid.
    cost, measure : str
        Measures of cost and of effect. For money an assault the effect must be events a year, as the cost is.
    better : str
        Which way the effect is better.
    among : sequence of int, optional
        Cells between which steps are taken; left out: all that were run.
    """
    inside = {c for c in (bank.cells if among is None else among) if bank.asked(c)}
    return [
        _step(bank, first, second, name, (factors[first].get(name), factors[second].get(name)), cost, measure, better)
        for first, second, name in neighbours(factors)
        if first in inside and second in inside
    ]


def _step(
    bank: Bank, first: int, second: int, factor: str, levels: tuple[Any, Any], cost: str, measure: str, better: str
) -> Step:
    money, effect = (gap(bank, first, second, name, ranged=True) for name in (cost, measure))
    good = -1.0 if better == "lower" else 1.0
    bare = Step(
        first, second, factor, levels, money, effect, cost, measure, better, "unsettled", None, None, None, None, None
    )  # fmt: skip
    reason = _unsettled(money, cost) or _unsettled(effect, measure)
    if effect.draws and effect.mean == 0.0 == effect.mc_low == effect.mc_high:
        return replace(bare, kind="unchanged", reason=KINDS["unchanged"])
    if reason:
        return replace(bare, reason=reason)
    dearer, improved = money.mean > 0.0, good * effect.mean > 0.0
    kind: Kind = ("price" if improved else "loss") if dearer else ("gain" if improved else "saving")
    if kind in ("gain", "loss"):
        return replace(bare, kind=kind, reason=KINDS[kind])
    low, high, why = _over_draws(money, effect, good)
    mc_low, mc_high = _fieller(bank, first, second, cost, measure, good)
    price = money.mean / (good * effect.mean)
    return replace(bare, kind=kind, price=price, low=low, high=high, mc_low=mc_low, mc_high=mc_high, reason=why)


def _unsettled(found: Gap, name: str) -> str:
    """Why the sign of a difference is not settled; empty when it is, by simulation error and over parameter draws."""
    if not found.draws or not isfinite(found.mean):
        return f"{name}: {found.reason}"
    if found.mc_low is None or found.mc_high is None:
        return f"{name}: too few runs for a simulation error"
    if found.mc_low <= 0.0 <= found.mc_high:
        return f"{name}: no difference that these runs could tell from none"
    if found.low is not None and found.high is not None and found.low <= 0.0 <= found.high:
        below = found.share_below if found.share_below is not None else 0.5
        return f"{name}: lower in {100 * below:.0f} of 100 parameter draws, higher in the others"
    return ""


def _over_draws(money: Gap, effect: Gap, good: float) -> tuple[float | None, float | None, str]:
    """95% of the ratio over parameter draws, chance removed."""
    if not len(money.shrunk) or not len(effect.shrunk):
        return None, None, money.reason or effect.reason
    _, at_money, at_effect = np.intersect1d(money.draw, effect.draw, return_indices=True)
    above, below = money.shrunk[at_money], good * effect.shrunk[at_effect]
    signed = below * np.sign(good * effect.mean)
    ratio = np.full(len(above), np.inf)
    np.divide(above, below, out=ratio, where=signed > 0.0)
    low, high = np.quantile(ratio, (0.025, 0.975), method="closest_observation").tolist()
    if not isfinite(high):
        return (low if isfinite(low) else None), None, "in a few parameter draws nothing is gained: no upper end"
    return low, high, ""


def _fieller(
    bank: Bank, first: int, second: int, cost: str, measure: str, good: float
) -> tuple[float | None, float | None]:
    """Fieller's interval of the ratio of two mean differences over the same draws; None where it has no two ends."""
    from scipy.special import stdtrit

    runs = min(bank.asked(first), bank.asked(second))
    money = bank.matrix([first, second], cost, runs)
    effect = bank.matrix([first, second], measure, runs)
    both = np.column_stack([money[:, 1] - money[:, 0], good * (effect[:, 1] - effect[:, 0])])
    both[~np.isfinite(both).all(axis=1)] = np.nan
    draw = np.arange(runs) // bank.per_draw
    parts = [s for column in both.T if (s := spread(draw, column)) is not None]
    means = np.column_stack([s.means for s in parts])
    n = len(means)
    if n < 3:
        return None, None
    (top, bottom), covariance = means.mean(axis=0), np.cov(means.T) / n
    t2 = float(stdtrit(n - 1, 0.975)) ** 2
    a = bottom**2 - t2 * covariance[1, 1]
    b = top * bottom - t2 * covariance[0, 1]
    c = top**2 - t2 * covariance[0, 0]
    inside = b**2 - a * c
    if a <= 0.0 or inside < 0.0:
        return None, None
    return float((b - sqrt(inside)) / a), float((b + sqrt(inside)) / a)
