"""What README.md and the tutorial tell of results: sentences, tables and figures, all read from `results/reference/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .common import table
from .stored import Stored, number, stored

COMPARISON = "options/extra-night-nurse"
SWEEP = "sweeps/staffing-by-training"
TOLD = (
    "assaults_true_per_1000_obd", "restrictive_interventions_per_1000_obd", "one_to_one_min_per_patient_day", "no_one_to_one_first_week",
    "cost_total_per_year",
)  # fmt: skip
"""Measures of the table in README.md."""


def warning(one: Stored) -> str:
    """What must be minded of a reference: that it is reduced, or of an older model. Empty when there is nothing."""
    said = []
    if one.reduced:
        overrides = ", ".join(f"`{text}`" for text in one.about["overrides"])
        said.append(f"This is the reduced form that the checks make again ({overrides}): it shows what is told, and is far too short to say anything.")
    if changed := one.changed():
        said.append(f"It was made with another {', '.join(changed)} than this version has.")
    return f"**{' '.join(said)}**\n\n" if said else ""


def comparison() -> str:
    """The comparison of README.md: one sentence an option, the table, the figure."""
    one = stored(COMPARISON)
    if one is None:
        return "No reference result of this study is stored yet.\n"
    rows = [row for row in one.rows("differences.csv") if row["name"] in TOLD]
    options = list(dict.fromkeys(row["option"] for row in rows))
    lines = [warning(one) + _frame(one, rows)]
    if not one.reduced:
        lines += [f"- {_sentence(option, rows)}" for option in options]
    lines += ["", differences(rows, TOLD)]
    lines.append(f"![{_alt(options)}](docs/figures/comparison.svg)\n")
    lines.append(one.origin() + "\n")
    return "\n".join(lines)


def differences(rows: Sequence[dict[str, str]], names: Sequence[str]) -> str:
    """Differences of some measures with what is not known, a column an option.

    Parameters
    ----------
    rows : sequence of dict of str to str
        Rows of `differences.csv`.
    names : sequence of str
        Measures, in this order.
    """
    from wardsim.experiments.shown import change_of, changes_of, label
    from wardsim.measures import MEASURES

    options = list(dict.fromkeys(row["option"] for row in rows))
    cells = []
    for name in names:
        line = [label(MEASURES[name])]
        for option in options:
            row = next((r for r in rows if r["option"] == option and r["name"] == name), None)
            if row is None:
                line.append("")
                continue
            low, high = number(row, "low"), number(row, "high")
            known = changes_of(MEASURES[name], low, high) if low is not None else "no range: " + row["reason"].split(";")[0]
            line.append(f"{change_of(MEASURES[name], number(row, 'mean'))} ({known})")
        cells.append(line)
    return table((f"difference from {rows[0]['reference']} (95% range of what is not known)", *options), cells)


def _frame(one: Stored, rows: Sequence[dict[str, str]]) -> str:
    first = rows[0]
    return (
        f"One more person on every night, followed from the same state of the baseline ward (estimand *{first['estimand']}*; {first['n']} runs of "
        f"each ward over {first['draws']} draws of what is not known):\n"
    )


def _sentence(option: str, rows: Sequence[dict[str, str]]) -> str:
    """Assaults and contact of one option, each number with its range inside the sentence."""
    from wardsim.experiments.shown import change_of, changes_of
    from wardsim.measures import MEASURES

    told = []
    for name, what in (("assaults_true_per_1000_obd", "assaults per 1,000 occupied bed days"), ("one_to_one_min_per_patient_day", "one-to-one minutes per patient day")):
        row = next(r for r in rows if r["option"] == option and r["name"] == name)
        measure = MEASURES[name]
        low, high, better = number(row, "low"), number(row, "high"), number(row, "p_better")
        text = f"{what} change by {change_of(measure, number(row, 'mean'))}"
        if low is not None:
            text += f" (95% range of what is not known {changes_of(measure, low, high)}"
        else:
            text += f" (simulation error {changes_of(measure, number(row, 'mc_low'), number(row, 'mc_high'))}, no range of what is not known"
        text += f"; better in {round(100 * better)} of 100 draws)" if better is not None else ")"
        told.append(text)
    return f"**{option}**: {'; '.join(told)}."


def _alt(options: Sequence[str]) -> str:
    return f"Difference in assaults from the ward as it is for {len(options)} ways of adding one person on every night, each with three ranges"


def comparison_figure() -> bytes | None:
    """Differences in assaults by option with their three ranges."""
    one = stored(COMPARISON)
    if one is None:
        return None
    from wardsim.experiments.shown import change_of, changes_of, label
    from wardsim.measures import MEASURES
    from wardsim.report.figures import Three, ranges

    measure = MEASURES[TOLD[0]]
    found = []
    for row in one.rows("differences.csv"):
        if row["name"] != measure.name:
            continue
        spans = [_span(row, *pair) for pair in (("low", "high"), ("year_low", "year_high"), ("mc_low", "mc_high"))]
        mean = number(row, "mean")
        assert mean is not None
        texts = (change_of(measure, mean), *(changes_of(measure, *(span or (None, None))) for span in spans))
        found.append(Three(row["option"], mean, spans[0], spans[1], spans[2], texts))  # type: ignore[arg-type]
    drawn = ranges(found, value_title=f"difference in {label(measure)}", title=_heading(one, "One more person on every night: assaults"), name="comparison")
    return drawn.save("svg")


def _span(row: dict[str, str], low: str, high: str) -> tuple[float, float] | None:
    a, b = number(row, low), number(row, high)
    return None if a is None or b is None else (a, b)


def _heading(one: Stored, text: str) -> str:
    return f"{text} (reduced study)" if one.reduced else text


def second() -> str:
    """The second result of README.md: the sweep."""
    one = stored(SWEEP)
    return "No reference result of a sweep is stored yet.\n" if one is None else _sweep(one)


def _sweep(one: Stored) -> str:
    from wardsim.experiments.shown import change_of, label
    from wardsim.measures import MEASURES

    lines = []
    for name in ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day"):
        measure = MEASURES[name]
        rows = [row for row in one.rows("cells.csv") if row["name"] == name and row["sign"] != "reference"]
        settled = sum(row["sign"] in ("higher", "lower", "same") for row in rows)
        values = [x for row in rows if (x := number(row, "difference")) is not None]
        lines.append(
            f"- {label(measure)}: from {change_of(measure, min(values))} to {change_of(measure, max(values))} over the {len(rows)} other wards; the "
            f"sign is settled in {settled} of them."
        )
    return (
        warning(one)
        + "Registered nurses per shift by release for training, each ward compared with the baseline:\n\n"
        + "\n".join(lines)
        + "\n\n![Heatmap of the difference in one-to-one minutes by registered nurses per shift and release for training](docs/figures/second.svg)\n\n"
        + "Hatched: the evidence does not settle whether contact rises or falls. Outlined: the baseline.\n\n"
        + one.origin()
        + "\n"
    )


def second_figure() -> bytes | None:
    """The figure of `second`."""
    one = stored(SWEEP)
    return None if one is None else _heatmap(one)


def _heatmap(one: Stored) -> bytes:
    from wardsim.experiments.shown import change_of, label
    from wardsim.measures import MEASURES
    from wardsim.report.figures import heatmap

    measure = MEASURES["one_to_one_min_per_patient_day"]
    found = [row for row in one.rows("cells.csv") if row["name"] == measure.name]
    keys = [key for key in found[0] if f"{key} (number)" in found[0]]
    axes: list[list[str]] = [_levels(found, key) for key in keys[:2]]
    cells: dict[tuple[str, str], dict[str, str]] = {(row[keys[0]], row[keys[1]]): row for row in found}

    def each(pick: Callable[[dict[str, str]], Any]) -> list[list[Any]]:
        return [[pick(cells[a, b]) for b in axes[1]] for a in axes[0]]

    base = next((row for row in found if row["sign"] == "reference"), None)
    return heatmap(
        each(lambda row: 0.0 if row["sign"] == "reference" else number(row, "difference")),
        rows=axes[0], columns=axes[1], row_title=keys[0], column_title=keys[1], value_title=f"difference in {label(measure)}",
        texts=each(lambda row: "0" if row["sign"] == "reference" else change_of(measure, number(row, "difference"))),
        marks=each(lambda row: row["sign"]),
        current=None if base is None else (axes[0].index(base[keys[0]]), axes[1].index(base[keys[1]])),
        title=_heading(one, "One-to-one time by staffing and release for training"), name="second",
    ).save("svg")  # fmt: skip


def _levels(rows: Sequence[dict[str, str]], key: str) -> list[str]:
    """Labels of a factor in the order of its numbers."""
    found = {row[key]: float(row[f"{key} (number)"]) for row in rows if row[key]}
    return sorted(found, key=lambda text: found[text])
