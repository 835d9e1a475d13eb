"""Numbers with their ranges, the same in every block: a difference, its mark where chance alone could have made its range, shares of draws, the legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .stored import Row, number


def known(measure: Any, row: Row, keys: tuple[str, str] = ("low", "high"), reason: str = "reason") -> str:
    """The range of what is not known of a difference, marked where these runs could hide it; why there is none where there is none.

    Parameters
    ----------
    measure : Measure
        Whose digits are shown.
    row : Row
        Of a table.
    keys : (str, str)
        Its columns.
    reason : str
        Column that says why a range is missing or what to mind of it; tables that were stored before it have none, and nothing is marked.
    """
    from wardsim.experiments.shown import changes_of
    from wardsim.report.parts.marked import mark

    low, high = (number(row, key) for key in keys)
    why = row.get(reason) or ""
    if low is None or high is None:
        return f"no range: {why.split(';')[0]}" if why else "no range"
    return f"{changes_of(measure, low, high)}{mark(why)}"


def changed(measure: Any, row: Row, mean: str = "mean", keys: tuple[str, str] = ("low", "high"), reason: str = "reason") -> str:
    """A difference and, in brackets, what is not known of it."""
    from wardsim.experiments.shown import change_of

    return f"{change_of(measure, number(row, mean))} ({known(measure, row, keys, reason)})"


def level(measure: Any, row: Row, mean: str = "mean", keys: tuple[str, str] = ("low", "high"), reason: str = "reason") -> str:
    """A level and, in brackets, what is not known of it; the level alone where the table has no such range."""
    from wardsim.experiments.shown import number_of, range_of
    from wardsim.report.parts.marked import mark

    text, low, high = number_of(measure, number(row, mean)), *(number(row, key) for key in keys)
    return text if low is None or high is None else f"{text} ({range_of(measure, low, high)}{mark(row.get(reason) or '')})"


def better(row: Row) -> str:
    """In what share of draws the expected difference is better, with the range of that share where so few draws leave it open; empty where it is not told."""
    from wardsim.cli.grid import WIDE

    share, low, high = (number(row, key) for key in ("p_better", "p_better_low", "p_better_high"))
    if share is None:
        return ""
    open_ = "" if low is None or high is None or high - low < WIDE else f" ({100 * low:.0f} to {100 * high:.0f})"
    return f"better in {100 * share:.0f}%{open_} of draws"


SHARES = (
    "Better in so many % of draws: the share of draws of what is not known in which the expected difference is better, never a share of years; in brackets "
    "its own 95% range, where so few draws leave it open."
)
"""What a share of draws is."""


def legend(text: str, *more: str) -> str:
    """What the mark means, where the text has it, and what else is to be said of its numbers; a paragraph, or nothing."""
    from wardsim.experiments.shown import CAUTION
    from wardsim.report.parts.marked import MEANING

    marked = [MEANING.replace(CAUTION, f"\\{CAUTION}")] if f"{CAUTION})" in text or f"{CAUTION};" in text else []
    said = [*marked, *more]
    return f"{' '.join(said)}\n" if said else ""


def draws_kept(rows: Iterable[Row]) -> str:
    """Runs of each ward and the draws they are spread over."""
    first = next(iter(rows))
    return f"{first['n']} runs of each ward over {first['draws']} draws of what is not known"


def populations(rows: Sequence[Row]) -> str:
    """How many populations stand behind a table, as the table says."""
    n = int(rows[0]["populations"])
    return f"{n} population{'' if n == 1 else 's'}"
