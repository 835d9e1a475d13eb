"""What `wardsim sweep` prints: for two factors a grid a measure, else the cells; the surface; what is settled and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardsim.experiments.compare.analysis import declared
from wardsim.experiments.compare.comparison import difference_json
from wardsim.experiments.compare.sentences import signed
from wardsim.experiments.compare.structures import structures_json
from wardsim.experiments.compare.variance import NOT_VARIED, spread_json
from wardsim.experiments.results import number, summary_json
from wardsim.experiments.shown import calibrated_words, drawn_words, time_after
from wardsim.experiments.sweep.conduct import Sweep, shares_of
from wardsim.experiments.sweep.marks import SIGNS, WORDS, mark_of
from wardsim.experiments.sweep.prior_share import BAR
from wardsim.measures.declare import Measure
from wardsim.parameters.posterior import Source

from .grid import MONEY, PIPED, THOUSAND, Entry, fill, grids, label, number_of, span_of
from .spread_tables import structures_of_cells

SHOWN = (
    "assaults_true_per_1000_obd", "assaults_reported_per_1000_obd", "restrictive_interventions_per_1000_obd",
    "one_to_one_min_per_patient_day", "no_one_to_one_first_week", "cost_total_per_year",
)  # fmt: skip
"""Measures that are printed; cells.csv has all."""
UNKNOWN: dict[Source, str] = {
    "prior": "prior (parameters nobody has measured)",
    "posterior": "parameters (what calibration leaves open, and the priors of all others)",
}
"""What the spread over draws is called, by where they come from."""
MOST_ROWS = 40
"""Cells listed when there are not two factors."""


def text_of(sweep: Sweep, width: int = PIPED) -> str:
    """Everything that is printed about a sweep."""
    parts = [_title(sweep, width)]
    names = [name for name in SHOWN if name in sweep.reference.measures]
    crossed = len(sweep.factors) == 2 and all(len(factor["levels"]) > 1 for factor in sweep.factors)
    for measure in declared(names).values():
        parts.append(_grid(sweep, measure, width) if crossed else _list(sweep, measure, width))
    parts += [_surface(sweep, names, width), _settled(sweep, names, width), structures_of_cells(sweep.structures, names, width)]
    parts.append(_legend(sweep, width))
    parts.append("\n".join(fill(line, width) for line in sweep.stopped))
    return "\n\n".join(part for part in parts if part) + "\n"


def json_of(sweep: Sweep) -> dict[str, Any]:
    """A sweep as `--json` prints it: cells with their place, measures and differences; surfaces; shares."""
    points = {point["cell"]: point for point in sweep.points}
    cells = []
    for cell in sweep.cells:
        names = declared(list(cell.measures))
        point = points.get(cell.name)
        one: dict[str, Any] = {
            "name": cell.name,
            "labels": None if point is None else point["labels"],
            "values": None if point is None else point["values"],
            "runs": cell.runs,
            "failed": cell.failed,
            "measures": {name: summary_json(cell.measures[name], m.unit) for name, m in names.items()},
        }
        if cell.against:
            one["differences"] = {
                name: {**difference_json(found, names[name].unit), "sign": mark_of(found)}
                for name, found in cell.against.items()
            }
            one["variance"] = {s.measure: spread_json(s) for s in sweep.spreads if s.option == cell.name}
        cells.append(one)
    study = sweep.study
    return {
        "estimand": study.estimand,
        "years": study.years,
        "seed": study.seed,
        "parameters": "point" if study.point else study.parameters,
        "reference": sweep.reference.name,
        "factors": sweep.factors,
        "cells": cells,
        "surface": {
            name: {
                "terms": {
                    term.name: {
                        "coefficient": number(term.mean), "low": number(term.low), "high": number(term.high),
                        "mc_low": number(term.mc_low), "mc_high": number(term.mc_high), "p_positive": number(term.p_positive),
                    }
                    for term in surface.terms
                },
                "misfit": number(surface.misfit),
                "cell_error": number(surface.error),
            }
            for name, surface in sweep.surfaces.items()
        },
        "prior_share": {
            name: shares_of(share)
            for name, share in sweep.shares.items()
        },
        "structures": structures_json(sweep.structures),
        "stopped": sweep.stopped,
    }  # fmt: skip


def _title(sweep: Sweep, width: int) -> str:
    study = sweep.study
    if study.estimand == "steady":
        what = f"Estimand steady: {span_of(study.years)} of wards in balance"
    else:
        what = f'Estimand transition: {time_after(study.years)} after a change of "{study.baseline.name}" at time zero'
    runs = sweep.reference.runs
    draws = drawn_words(study.point, study.parameters, -(-runs // study.per_draw))
    told = f"{what}; {len(sweep.cells)} wards, {runs} runs of each with the same chance, {draws}; reference: {_where(sweep)}"
    question = f"\n{fill(study.question, width)}" if study.question else ""
    return f"{study.name}{question}\n{fill(told, width)}"


def _axes(sweep: Sweep) -> str:
    """The factors in the order in which names of cells have their levels."""
    return " / ".join(factor["name"] for factor in sweep.factors)


def _levels(point: Mapping[str, Any]) -> str:
    return " / ".join(str(text) for text in point["labels"].values())


def _where(sweep: Sweep) -> str:
    """The reference by its levels, where it is a point of the design."""
    point = next((point for point in sweep.points if point["cell"] == sweep.reference.name), None)
    return sweep.reference.name if point is None else f"{_axes(sweep)} = {_levels(point)}"


def _grid(sweep: Sweep, measure: Measure, width: int) -> str:
    """Difference from the reference, a row a level of the first factor, a column a level of the second."""
    rows, columns = sweep.factors
    place = {(p["labels"][rows["name"]], p["labels"][columns["name"]]): p["cell"] for p in sweep.points}
    entries = []
    for level in rows["levels"]:
        cells = []
        for other in columns["levels"]:
            name = place.get((level["label"], other["label"]))
            cells.append("" if name is None else _cell(sweep, name, measure))
        entries.append(Entry(f"{level['label']}", tuple(cells)))
    base = number_of(measure, sweep.reference.measures[measure.name].mean)
    title = f"{rows['name']} \\ {columns['name']}"
    head = f"{label(measure)}: difference from {base} of the reference"
    return fill(head, width) + "\n" + "\n".join(grids([(title, entries)], [o["label"] for o in columns["levels"]], width))


def _list(sweep: Sweep, measure: Measure, width: int) -> str:
    entries = [Entry(_levels(point), (_cell(sweep, point["cell"], measure),)) for point in sweep.points[:MOST_ROWS]]
    base = number_of(measure, sweep.reference.measures[measure.name].mean)
    more = f"\n({len(sweep.points) - MOST_ROWS} more in cells.csv)" if len(sweep.points) > MOST_ROWS else ""
    return f"{label(measure)}: difference from {base}\n" + "\n".join(grids([(_axes(sweep), entries)], ("difference",), width)) + more


def _cell(sweep: Sweep, name: str, measure: Measure) -> str:
    if name == sweep.reference.name:
        return f"[{number_of(measure, sweep.reference.measures[measure.name].mean)}]"
    one = sweep.cell(name).against[measure.name]
    if one.found.mean is None:
        return "-"
    x = one.found.mean / THOUSAND if measure.unit == MONEY else one.found.mean
    return f"{signed(x, measure.digits)}{SIGNS[mark_of(one)]}"


def _surface(sweep: Sweep, names: list[str], width: int) -> str:
    """Coefficients of the surface: what half the span of a factor does, with both intervals."""
    blocks = []
    for measure in declared(names).values():
        surface = sweep.surfaces.get(measure.name)
        if surface is None:
            continue
        unit = THOUSAND if measure.unit == MONEY else 1.0
        digits = measure.digits + 1
        entries = [
            Entry(
                term.name,
                (signed(term.mean / unit, digits), _span(term.low, term.high, unit, digits), _span(term.mc_low, term.mc_high, unit, digits)),
            )
            for term in surface.terms
            if term.name != "1"
        ]
        title = f"{label(measure)} (misfit {surface.misfit / unit:.{digits}f}, error of a cell {surface.error / unit:.{digits}f})"
        if entries:
            blocks.append((title, entries))
    if not blocks:
        return ""
    heads = ("for half the span", "not known (95%)", "simulation (95%)")
    return "Surface of second order, factors scaled from -1 to 1\n" + "\n".join(grids(blocks, heads, width))


def _span(low: float | None, high: float | None, unit: float, digits: int) -> str:
    return "-" if low is None or high is None else f"{signed(low / unit, digits)} to {signed(high / unit, digits)}"


def _settled(sweep: Sweep, names: list[str], width: int) -> str:
    said = []
    for measure in declared(names).values():
        share = sweep.shares.get(measure.name)
        if share is None:
            continue
        text = (
            f"{measure.label}: the evidence settles the sign in {share.settled} of {share.cells} cells, leaves it open in {share.open}, "
            f"and in {share.noise} these runs cannot tell."
        )
        if share.parameters is not None and share.chance is not None:
            form = "" if share.structure is None else f" and {share.structure.middle:.0f}% the form of the model"
            text += (
                f" Of the spread of this answer between two years, {share.parameters.middle:.0f}% is {UNKNOWN[sweep.study.parameters]} "
                f"({share.parameters.smallest:.0f} to {share.parameters.largest:.0f} over the cells), "
                f"{share.chance.middle:.0f}% chance{form} (middle cell)."
            )
        if share.half_ratio is not None and share.error_ratio is not None:
            text += (
                f" Simulation error (half of its 95% interval) over the spread by parameters: {share.half_ratio.middle:.2f} in the middle cell, at most "
                f"{share.half_ratio.largest:.2f}, no more than {BAR:g} in {share.within} of {share.judged} cells (standard error: "
                f"{share.error_ratio.middle:.2f}, {share.within_error} cells)."
            )
            if share.runs_factor is not None and share.runs_factor > 1.0:
                times = float(f"{share.runs_factor:.2g}")
                text += f" About {times:,.{0 if times >= 10 else 1}f} times as many runs would bring the middle cell to {BAR:g}."
        said.append(fill(text, width))
    if any(share.parameters is not None and share.structure is None for share in sweep.shares.values()):
        said.append(fill(f"Structure: {NOT_VARIED}.", width))
    return "\n".join(["What is settled", *said]) if said else ""


def _legend(sweep: Sweep, width: int) -> str:
    marks = "; ".join(f"{sign} {WORDS[mark]}" for mark, sign in SIGNS.items() if sign)
    lines = (
        f"No mark: the 95% range of what is not known lies on one side. {marks}. [ ] the reference.",
        "Ranges cover chance and the uncertain parameters of the ledger, not what the model leaves out. "
        + calibrated_words(sweep.study.point, sweep.study.parameters),
        "Every measure of every cell with its ranges is in cells.csv.",
    )
    return "\n".join(fill(line, width) for line in lines)
