"""How much of each answer is prior: the parameters that explain most of its spread over draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..results import csv_bytes, number
from ..statistics.information import ACCIDENT, Explained, explained
from .analysis import HEADLINE, Option
from .decision import label_of
from .known import GROUP, Drawn

KEPT = 40
"""Parameters listed for each answer."""
LARGEST = 5
"""Parameters whose standard error is found, and that are printed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One answer by parameter.

    Attributes
    ----------
    option, measure : str
        Whose difference from the reference, in which measure.
    parts : tuple of Explained
        Parameters with a share above nought, largest first.
    topics : tuple of Explained
        The same by topic.
    reason : str
        Why there is none, or only those that are told apart from accident.
    """

    option: str
    measure: str
    parts: tuple[Explained, ...]
    topics: tuple[Explained, ...]
    reason: str = ""


def explanations(options: Sequence[Option], parameters: Drawn | None) -> list[Explanation]:
    """Every headline difference of every option by parameter; empty under point parameters."""
    if parameters is None:
        return []
    told = []
    for option in options[1:]:
        for name in HEADLINE:
            split = option.against[name].found.split if name in option.against else None
            if split is None:
                continue
            own = parameters.of(split.ids)
            parts, reason = explained(split, own.values, own.names, groups=own.groups, largest=LARGEST, terms=own.terms)
            some = [part for part in parts if _rounded(part.share)]
            single = tuple(part for part in some if not part.name.startswith(GROUP))[:KEPT]
            topics = tuple(part for part in some if part.name.startswith(GROUP))
            told.append(Explanation(option.name, name, single, topics, reason))
    return told


def _rounded(x: float) -> float | None:
    """No more digits than the order in which numbers were added up leaves alone."""
    return number(round(x, 6))


def explained_csv(found: Sequence[Explanation], estimand: str) -> bytes:
    """explained.csv: a row for each option, headline measure and parameter or topic; shares in percent of the spread over draws. Where some or
    all are missing a row says why."""
    rows: list[list[object]] = []
    for one in found:
        if one.reason:
            rows.append([one.option, one.measure, *[None] * 9, one.reason, estimand])
        for kind, parts in (("parameter", one.parts), ("topic", one.topics)):
            rows += [
                [
                    one.option, one.measure, kind, part.name, label_of(part.name), *map(_rounded, (part.share, part.low, part.high, part.error)),
                    _rounded(part.slope) if kind == "parameter" else None, part.told_apart, "" if part.told_apart else ACCIDENT, estimand,
                ]
                for part in parts
            ]  # fmt: skip
    return csv_bytes(
        (
            "option", "name", "kind", "parameter", "label", "share", "share_low", "share_high", "standard_error", "correlation", "told_apart",
            "reason", "estimand",
        ),
        rows,
    )  # fmt: skip


def explanation_json(one: Explanation) -> dict[str, Any]:
    """One answer: its largest parameters, and why there are none or only some."""
    if one.reason and not one.parts:
        return {"reason": one.reason}
    return {
        **({"reason": one.reason} if one.reason else {}),
        "parameters": [
            {
                "name": part.name, "share": _rounded(part.share), "share_low": _rounded(part.low), "share_high": _rounded(part.high),
                "error": _rounded(part.error), "correlation": _rounded(part.slope), "told_apart": part.told_apart,
            }
            for part in one.parts[:LARGEST]
        ],
    }  # fmt: skip
