"""The report of a calibration: published beside simulated, prior beside posterior, what each parameter learned, how it was done."""

from __future__ import annotations

from functools import cache
from math import ceil, isfinite
from statistics import median

from wardsim.parameters import Ledger
from wardsim.parameters.entry import Entry

from ..content import Part
from ..figures import Drawn, Index, Row, forest, indices
from ..result import Result
from ..source import Row as Line
from ..source import number
from .calibration_shown import not_fitted

FEW = 28
"""Rows of one figure."""
DECIDES = 0.2
"""Contraction below which the prior decides."""
ENDS = ("low", "high", "low_without_discrepancy", "high_without_discrepancy")
LEAST = 0.02
"""Left end of the figure of targets, in parts of what was published."""


def told(result: Result, part: Part) -> None:
    """The first screen."""
    targets, parameters = result.source.rows("targets.csv"), result.source.rows("parameters.csv")
    inside = sum(_yes(row, "inside") for row in targets)
    bare = sum(_yes(row, "inside_without_discrepancy") for row in targets)
    quiet = [row for row in parameters if (number(row, "contraction") or 0.0) < DECIDES]
    lines = [
        f"{inside} of {len(targets)} published figures lie inside the 95% range of what like studies of the calibrated ward would publish, {bare} of them "
        f"without the discrepancy that was declared for each.{_wide(targets)}",
        f"{len(parameters)} parameters were fitted; {len(quiet)} of them learned next to nothing, so that the prior decides"
        + (f": {'; '.join(parameter(row['parameter'])[0] for row in quiet[:6])}{' and others' if len(quiet) > 6 else ''}." if quiet else "."),
    ]
    if outside := [row for row in targets if not _yes(row, "inside")]:
        names = "; ".join(_target(row) for row in outside[:5])
        lines.append(f"Outside: {names}{' and others' if len(outside) > 5 else ''}.")
    part.say(*lines, points=True)
    diagnostics = result.source.manifest.get("diagnostics") or {}
    minds = [
        "Fitted to published figures of many wards, not to yours. No effect of staffing, contact, skill or training was fitted: no published "
        "figure tells these apart, so their ranges are those of the priors."
    ]
    if diagnostics.get("converged") is False:
        minds.insert(0, "The sampling did not converge: this posterior must not be drawn from.")
    if (result.source.manifest.get("method") or {}).get("name") == "reduced":
        minds.insert(0, "A reduced calibration: few parameters, few points, short runs. It shows that everything works, and is too coarse to be used.")
    part.say(*minds, points=True, title="Mind")


def _wide(rows: list[Line]) -> str:
    """How much the range lets pass: a wide one holds almost any figure."""
    widths = [x for row in rows if (x := number(row, "width")) is not None and isfinite(x)]
    return f" The median range is {median(widths):.1f} times as wide as sampling and wards let the published figure itself stray." if widths else ""


def compared(result: Result) -> Part | None:
    """Part 2: published and simulated."""
    rows = result.source.rows("targets.csv")
    if not rows:
        return None
    part = Part("options", "Published beside simulated")
    ratios = [row for row in rows if (number(row, "published") or 0.0) > 0.0]
    size = ceil(len(ratios) / max(1, ceil(len(ratios) / FEW)))
    pieces = [ratios[i : i + size] for i in range(0, len(ratios), size)] if ratios else []
    for at, piece in enumerate(pieces, start=1):
        part.show(_forest(piece, at, len(pieces)))
    none = [row for row in rows if row not in ratios]
    if none:
        part.say(f"Published as none, so without a ratio: {'; '.join(_target(row) for row in none)}.")
    part.show(*not_fitted(result))
    return part


def learned(result: Result) -> Part | None:
    """Part 5: prior and posterior, contraction."""
    rows = result.source.rows("parameters.csv")
    if not rows:
        return None
    part = Part("inputs", "What the figures taught")
    part.show(_posterior(rows), _contraction(rows))
    return part


def _yes(row: Line, key: str) -> bool:
    return row.get(key) in ("yes", "true", "True", "1")


def _forest(rows: list[Line], at: int, of: int) -> Drawn:
    shown, edge = [], False
    for row in rows:
        published = number(row, "published") or 1.0

        def scaled(key: str, by: float = published, own: Line = row) -> float | None:
            x = number(own, key)
            return None if x is None else max(x / by, LEAST)

        low, high, bare_low, bare_high = (scaled(key) for key in ("low", "high", "low_without_discrepancy", "high_without_discrepancy"))
        span = None if bare_low is None or bare_high is None else (bare_low, bare_high)
        outer = None if low is None or high is None else (low, high)
        edge = edge or any((number(row, key) or LEAST * published) < LEAST * published for key in ("simulated", *ENDS))
        inside = _yes(row, "inside")
        texts = (
            _number(row, "published"), _number(row, "simulated"), f"{_number(row, 'low_without_discrepancy')} to {_number(row, 'high_without_discrepancy')}",
            f"{_number(row, 'low')} to {_number(row, 'high')}", "yes" if inside else "no",
        )  # fmt: skip
        shown.append(Row(_target(row), scaled("simulated"), span, outer, 1.0, texts, inside))
    inside_count = sum(row.inside for row in shown)
    piece = f" ({at} of {of})" if of > 1 else ""
    return forest(
        shown, value_title="simulated, in parts of what was published (logarithmic)", line=1.0, logarithmic=True,
        head=("figure", "published", "simulated", "95% without discrepancy", "95% with discrepancy", "published inside"),
        keys=("simulated, 95% without discrepancy", "95% with discrepancy", "published"),
        title=f"{inside_count} of {len(shown)} published figures lie inside the predictive range{piece}",
        caption=(
            "Ranges: what a study like the published one would publish of the calibrated ward, chance of the study included. "
            + (f"Values below {LEAST:g} of what was published stand at the edge. " if edge else "")
            + "Source: targets.csv."
        ),
        name=f"targets-{at}",
    )  # fmt: skip


def _posterior(rows: list[Line]) -> Drawn:
    shown = []
    for row in rows:
        label, unit = parameter(row["parameter"])
        low, high = number(row, "prior_low"), number(row, "prior_high")
        if low is None or high is None or high <= low:
            continue
        at = [None if (x := number(row, key)) is None else (x - low) / (high - low) for key in ("low", "median", "high")]
        span = None if at[0] is None or at[2] is None else (at[0], at[2])
        texts = (
            unit, f"{_number(row, 'prior_median')} ({_number(row, 'prior_low')} to {_number(row, 'prior_high')})",
            f"{_number(row, 'median')} ({_number(row, 'low')} to {_number(row, 'high')})", f"{number(row, 'shift') or 0.0:+.2f}",
        )  # fmt: skip
        shown.append(Row(label, at[1], span, (0.0, 1.0), None, texts))
    clear = sum((number(row, "contraction") or 0.0) >= DECIDES for row in rows)
    return forest(
        shown, value_title="place within the prior: 0 is its 5% point, 1 its 95% point", head=("parameter", "unit", "prior median (5% to 95%)",
        "posterior median (5% to 95%)", "moved by (prior SD)"), keys=("posterior, 5% to 95%, median", "prior, 5% to 95%", ""),
        title=f"{clear} of {len(rows)} fitted parameters are narrower than their priors by a fifth or more of the variance",
        caption="The same in the units of each parameter stands in the table. Source: parameters.csv.", name="posterior",
    )  # fmt: skip


def _contraction(rows: list[Line]) -> Drawn:
    ranked = sorted(rows, key=lambda row: -(number(row, "contraction") or 0.0))
    found = [
        Index(parameter(row["parameter"])[0], max(0.0, number(row, "contraction") or 0.0), text=f"{number(row, 'contraction') or 0.0:.2f}")
        for row in ranked
    ]
    return indices(
        found, value_title="contraction: 1 - posterior variance / prior variance", floor=DECIDES,
        title=f"{parameter(ranked[0]['parameter'])[0]} learned most; left of the dashed line the prior decides",
        caption=f"Where the prior is standard normal. Below {DECIDES:g} (dashed) the published figures say next to nothing. Source: parameters.csv.",
        name="contraction",
    )  # fmt: skip


def _number(row: Line, key: str) -> str:
    x = number(row, key)
    return "-" if x is None else f"{x:.3g}"


def _target(row: Line) -> str:
    name = row["target"]
    return row.get("label") or _labels().get(name) or name.replace("_", " ").replace(".", ": ", 1)


@cache
def _labels() -> dict[str, str]:
    """Labels of the targets of the package; none where they cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    from wardsim.scenario.shipped import shipped

    try:
        content = YAML(typ="safe", pure=True).load((shipped("calibration") / "targets.yaml").read_text(encoding="utf-8"))
        return {str(one["id"]): str(one["label"]) for one in content["targets"]}
    except (OSError, YAMLError, KeyError, TypeError):
        return {}


def parameter(name: str) -> tuple[str, str]:
    """Label and unit of a parameter."""
    entry: Entry | None = next((one for one in Ledger.load() if one.name == name), None)
    return (name, "") if entry is None else (entry.label, entry.unit)
