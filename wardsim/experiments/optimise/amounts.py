"""Numbers in words: with their unit, no more digits than the noise supports, and their ranges."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10

from ..intervals import Summary
from .needed import Needed


def amount(x: float, unit: str = "", noise: float | None = None) -> str:
    """A number with its unit, rounded to the first figure of the noise (three figures without).

    Parameters
    ----------
    x : float
        Value.
    unit : str
        As the measure declares it; GBP goes before the number as a pound sign.
    noise : float, optional
        Half-width of its interval.
    """
    if not isfinite(x):
        return "no value"
    base = noise if noise else abs(x) / 100.0
    places = 0 if base <= 0 or not isfinite(base) else -floor(log10(base))
    shown = round(x, min(places, 10))
    text = f"{abs(shown):,.{max(0, min(places, 4))}f}"
    sign = "-" if shown < 0 else ""
    if unit.startswith("GBP"):
        return f"{sign}£{text}{unit[3:]}"
    return f"{sign}{text}{'' if unit == '%' else ' ' if unit else ''}{unit}"


def given(x: float, unit: str) -> str:
    """A number as it was given, with its unit."""
    text = f"{abs(x):,.10g}"
    sign = "-" if x < 0 else ""
    return (
        f"{sign}£{text}{unit[3:]}"
        if unit.startswith("GBP")
        else f"{sign}{text}{'' if unit == '%' else ' '}{unit}".strip()
    )


def label_and_unit(name: str) -> tuple[str, str]:
    """Label, lower case at its start, and unit of a measure; its name where it is not declared."""
    from wardsim.measures import MEASURES

    declared = MEASURES.get(name)
    if declared is None:
        return name, ""
    label, unit = declared.label, declared.unit
    if label.endswith(" a year"):
        unit = unit.removesuffix(" a year")
    return (label[0].lower() + label[1:] if label[1:2].islower() else label), unit


def percent(p: float) -> str:
    """A promised probability, in whole percent that it is at least."""
    return f"{floor(100 * p + 1e-9)}%"


def ranges_of(found: Summary, unit: str) -> str:
    """Both ranges of a level, with the digits that its simulation error supports; empty where there is neither."""
    noise = noise_of(found.mc_low, found.mc_high)
    spans = (("95% range of what is not known", found.low, found.high), ("simulation error", found.mc_low, found.mc_high))
    return "; ".join(
        f"{words} {amount(low, unit, noise)} to {amount(high, unit, noise)}" for words, low, high in spans if low is not None and high is not None
    )


def noise_of(low: float | None, high: float | None) -> float | None:
    """Half-width of an interval, if there is one."""
    return None if low is None or high is None else (high - low) / 2.0


def of_hundred(share: float, low: float, high: float, over: str) -> str:
    what = "parameter draws" if over == "draws" else "single years"
    return f"{100 * share:.0f} of 100 {what} (simulation error {100 * low:.0f} to {100 * high:.0f})"


def about(found: Needed) -> str:
    """Runs that would decide a plan, with the digits they are worth, and their range."""
    if found.runs is None:
        return "cannot be told"
    low = _rounded(found.low or found.runs)
    return f"{_rounded(found.runs)} ({f'{low} or more' if found.high is None else f'{low} to {_rounded(found.high)}'})"


def _rounded(runs: float) -> str:
    """Upwards to two figures below 100 and to one above."""
    step = 10.0 ** max(floor(log10(runs)) - (1 if runs < 100.0 else 0), 0)
    return f"{ceil(runs / step - 1e-9) * step:,.0f}"
