"""The register of assumptions, and what calibration says of parameters: pages and blocks made from stored results."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any

from wardsim.calibrate.ledger_view import learnt, stored
from wardsim.parameters import Entry, Ledger
from wardsim.scenario.shipped import shipped

from . import calibrated
from .common import WIDE, interval, table

if TYPE_CHECKING:
    from wardsim.calibrate.targets import Target

REPORT = "report"
INTRODUCTION = """\
Every parameter whose value or prior rests on no published figure: it is a stated assumption, and its prior says how little is known. The
order is that of influence, so that the assumptions worth replacing by evidence stand first. `wardsim explain NAME` tells more of one;
parameters with sources are in [Parameters](parameters.md).
"""


def posterior_words(entry: Entry) -> str:
    """Mean and 95% interval after calibration; empty when it is not calibrated or the posterior does not hold."""
    if entry.name not in calibrated.fitted():
        return ""
    known = learnt(entry)
    return "" if known is None else f"{known.mean:.3g} ({known.low95:.3g} to {known.high95:.3g}); contraction {known.contraction:.2f}"


def rank_words(name: str) -> str:
    """Rank of influence; empty without stored runs."""
    found = stored()
    row = None if found is None else found.rows.get(name)
    if row is None:
        return ""
    return row["rank"] if row["told_from_chance"] == "yes" else "not told from chance"


def how_measured() -> str:
    """What the order rests on."""
    found = stored()
    if found is None:
        return (
            "The runs that order it (`wardsim calibrate --influence --install`) are not stored in this version: parameters stand by topic.\n"
        )
    about = found.about
    return (
        f"Influence comes from {about['runs']} runs of {about['years']:g} year of the baseline ward with every parameter drawn from its prior: rank "
        f"correlations with {len(about['outcomes_of_targets'])} outcomes that targets look at and {len(about['headline_measures'])} headline measures. A "
        f"correlation counts above {about['correlation_by_chance']:.2f}, which less than one of all parameters without effect would pass. *Not told from "
        "chance* is no proof of no effect: an effect smaller than that is not seen by so few runs, and the parameters of parts that the baseline ward "
        f"does not have (programmes) do nothing in it. Made with model `{about['model']}`, ledger `{about['ledger']}`; files: "
        "`calibration/influence.csv`, `influence.json`.\n"
    )


def assumptions_page() -> str:
    """Parameters without a source, the most influential first."""
    ledger = Ledger.load()
    found = stored()
    rows = [] if found is None else list(found.rows)
    place = {name: at for at, name in enumerate(rows)}
    chosen = sorted((e for e in ledger if not e.sources), key=lambda e: (place.get(e.name, len(place)), e.topic, e.name))
    told = sum(1 for e in chosen if rank_words(e.name).isdigit())
    text = [WIDE, "# Assumptions\n", INTRODUCTION, how_measured()]
    text.append(
        f"{len(chosen)} of {len(ledger)} parameters have no source"
        + (f"; {told} of these have an influence that is told from chance.\n" if found else ".\n")
    )
    header = ("rank", "parameter", "value", "5-95% of the prior", "calibrated: mean (95%)", "moves most", "assumption")
    text.append(table(header, [_row(e) for e in chosen]))
    return "\n".join(text)


def _row(e: Entry) -> tuple[object, ...]:
    found = stored()
    row = None if found is None else found.rows.get(e.name)
    moves = ""
    if row is not None and row["told_from_chance"] == "yes":
        pairs = [(row["strongest_target"], float(row["its_correlation"])), (row["strongest_headline"], float(row["its_correlation_with_headline"]))]
        moves = "; ".join(f"`{name}` {rho:+.2f}" for name, rho in sorted(pairs, key=lambda p: -abs(p[1])))
    return rank_words(e.name), f"`{e.name}` {e.label}", f"{e.value:g} {e.unit}", interval(e), posterior_words(e), moves, e.assumption or ""


# -- blocks of the model card -------------------------------------------------------------------------------------------------


@cache
def _diagnostics() -> dict[str, Any] | None:
    found = calibrated.posterior()
    return None if found is None or calibrated.outdated() else dict(found.manifest["diagnostics"])


def _labels() -> dict[str, str]:
    from wardsim.calibrate.targets import load_targets

    return {t.id: t.label for t in load_targets().targets} | {e.name: e.label for e in Ledger.load()}


def fit() -> str:
    """How the calibrated ward stands to its targets."""
    told = _diagnostics()
    if told is None:
        return "There is no posterior that belongs to this version of the model: nothing can be said of its fit.\n"
    return (
        f"Of {told['targets']} published figures {told['targets_inside']} lie inside the 95% predictive interval of the calibrated ward "
        f"({told['targets_inside_without_discrepancy']} without the declared discrepancy); {told['targets_fitted']} were fitted. The median interval is "
        f"{told['width_median']:.1f} times as wide as sampling and wards let the published figure itself stray{_without()}. "
        f"{len(told['not_informed'])} of {len(told['contraction'])} calibrated parameters are not informed by these figures. "
        "Everything in the [report](../../calibration/report/report.md).\n"
    )


FAR = 1.5
"""Simulated over published from which a figure is listed although it lies inside its interval."""
AIM = 2.0
"""Widest median interval aimed at, beside the published figure's own spread."""


def _without() -> str:
    """Width without discrepancy, and the aim with what the interval holds beside the figure's own spread where it is missed."""
    found: dict[str, list[float]] = {"": [], "_without_discrepancy": []}
    for row in _fitted():
        spread = float(row["published_high"]) - float(row["published_low"])
        for key, ratios in found.items():
            ratios.append((float(row[f"high{key}"]) - float(row[f"low{key}"])) / spread)
    if not found[""]:
        return ""
    said = f" ({median(found['_without_discrepancy']):.1f} times without the discrepancy)"
    if median(found[""]) <= AIM:
        return said
    return (
        f"{said}. The aim is {AIM:g} at most and is missed: beside the figure's own spread the interval holds what the targets leave open of the "
        "parameters, the parameters that are not calibrated, and the discrepancy that was declared beforehand; a narrower one would claim more than the figures say"
    )


def _fitted() -> list[dict[str, str]]:
    path = shipped("calibration") / REPORT / "targets.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def disagreements() -> str:
    """Targets that are not met, and why."""
    told = _diagnostics()
    found = _fitted()
    if told is None or not found:
        return "They are known once there is a posterior that belongs to this version.\n"
    labels, away = _labels(), told.get("targets_out_of_reach", {})
    rows = [row for row in found if row["inside_without_discrepancy"] != "yes" or not 1.0 / FAR <= float(row["simulated"]) / float(row["published"]) <= FAR]
    if not rows:
        return f"Every target lies inside its interval without discrepancy, and within a factor of {FAR:g}.\n"
    missed = sum(row["inside"] != "yes" for row in rows)
    header = ("figure", "published", "simulated", "95% of like studies", "inside", "out of reach of the priors")
    begin = f"{missed or 'No'} target{'s' if missed != 1 else ''} outside the interval. Inside only with discrepancy, or off by a factor of more than {FAR:g}:\n\n"
    return begin + table(
        header,
        [
            (labels.get(r["target"], r["target"]), f"{float(r['published']):.3g}", f"{float(r['simulated']):.3g}",
             f"{float(r['low']):.3g} to {float(r['high']):.3g}",
             "yes" if r["inside_without_discrepancy"] == "yes" else "with discrepancy" if r["inside"] == "yes" else "no", "yes" if r["target"] in away else "no")
            for r in rows
        ],
    )  # fmt: skip


def checks() -> str:
    """Whether known truths are found again."""
    told = _diagnostics()
    if told is None:
        return "Not made for this version.\n"
    lines = []
    for on, words in (("emulator", "figures from the emulators"), ("ward", "figures from the ward itself")):
        check = told.get(f"check_on_{on}")
        if check is None:
            lines.append(f"- Known truths, {words}: not made.")
            continue
        covered = list(check["covered_80"].values())
        lines.append(
            f"- Known truths, {words}: {check['truths']} truths; ranks {'uniform' if check['uniform'] else 'NOT uniform'}; 80% intervals hold "
            f"{min(covered)} to {max(covered)} of them, parameter by parameter."
        )
    return "\n".join(lines) + "\n"


def age() -> str:
    """Years and countries of the figures that are fitted."""
    from collections import Counter

    from wardsim.calibrate.targets import load_targets

    register = Ledger.load().evidence()
    fitted = load_targets().fitted
    rows = [register[row] for row in dict.fromkeys(row for t in fitted for row in t.rows) if row in register]
    countries = Counter(_country(row) for row in rows)
    years = sorted(year for row in rows if (year := _year(row)))
    middle = years[len(years) // 2]
    listed = ", ".join(f"{name} {n}" for name, n in countries.most_common())
    return (
        f"The {len(fitted)} figures that are fitted rest on {len(rows)} rows of the register ({_shared(fitted)}), "
        f"collected from {years[0]} to {years[-1]} (median {middle}); by country: {listed}.\n"
    )


def _shared(fitted: Sequence[Target]) -> str:
    """Rows that stand under two targets."""
    from collections import Counter

    twice = [row for row, n in Counter(row for t in fitted for row in t.rows).items() if n > 1]
    return f"each counted once; {' and '.join(twice)} stand{'s' if len(twice) == 1 else ''} under two figures" if twice else "each under one figure"


def _year(row: Any) -> int:
    import re

    found = re.findall(r"(?:19|20)\d\d", row.period)
    return int(found[-1]) if found else 0


def _country(row: Any) -> str:
    return row.country.split(" (")[0] or "not said"


