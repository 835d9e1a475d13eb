"""What `wardsim explain NAME` says about a parameter."""

from __future__ import annotations

import difflib
from textwrap import fill

from .entry import Entry, FixedPrior, prior_mass
from .evidence import Row
from .ledger import Ledger

_WIDTH = 100


def explain(name: str, ledger: Ledger | None = None) -> str | None:
    """Explain one parameter.

    Parameters
    ----------
    name : str
        Ledger name.
    ledger : Ledger, optional
        Left out: the shipped one.

    Returns
    -------
    str or None
        Text of several lines; None when there is no such parameter (see `nearest`).
    """
    ledger = ledger or Ledger.load()
    if name not in ledger:
        return None
    entry = ledger[name]
    lines = [entry.name, _wrap(entry.label, "  "), *facts(entry)]
    register = ledger.evidence() if entry.sources or entry.targets else {}
    lines += _rows("sources", entry.sources, register)
    lines += _rows("targets that will inform it", entry.targets, register)
    if entry.assumption:
        lines.append(_wrap(f"assumption: {entry.assumption}", "  "))
    if entry.conflict:
        lines.append(_wrap(f"conflict: {entry.conflict}", "  "))
    return "\n".join(lines)


def facts(entry: Entry) -> list[str]:
    """Value, prior, bounds, switch and grade of one entry, a line each."""
    lines = [f"  value: {entry.value:g} {entry.unit}", f"  prior: {entry.prior.text()}"]
    if not isinstance(entry.prior, FixedPrior):
        low, high = entry.quantiles(0.05, 0.95)
        lines.append(f"  5-95% within the range: {low:.4g} to {high:.4g} {entry.unit}")
    lines.append(f"  range: {entry.range[0]:g} to {entry.range[1]:g}")
    lines.append(f"  grade of evidence: {entry.grade}")
    if entry.mechanism is not None:
        lines.append(f"  switch: mechanisms.{entry.mechanism}")
    if entry.null is not None:
        below, above = prior_mass(entry)
        lines.append(f"  no effect at {entry.null:g}; prior mass below {below:.0%}, above {above:.0%}")
    return lines


def nearest(name: str, n: int = 3, ledger: Ledger | None = None) -> list[str]:
    """Names of parameters most like `name`, best first: for 'did you mean'."""
    names = (ledger or Ledger.load()).names()
    within = [known for known in names if name and name in known]
    close = difflib.get_close_matches(name, names, n=n, cutoff=0.5)
    return list(dict.fromkeys([*close, *within]))[:n]


def _rows(title: str, ids: tuple[str, ...], register: dict[str, Row]) -> list[str]:
    if not ids:
        return []
    return [f"  {title}:", *(_wrap(register[row].citation(), "    ") for row in ids)]


def _wrap(text: str, indent: str) -> str:
    return fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
