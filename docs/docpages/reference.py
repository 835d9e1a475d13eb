"""Pages of the reference that are made from the ledger, the measures and the targets."""

from __future__ import annotations

from wardsim.parameters import Ledger

from . import calibrated
from .assumptions import posterior_words, rank_words
from .common import WIDE, cell, contents, interval, origin, table

MEASURES_INTRODUCTION = """\
Names in files and tables are fixed. Rates are ratios of sums over the measured period. *happened* and *reported* name
the layer: what took place on the simulated ward, and what got into its incident system. Measures in bold head every
table.
"""

TARGETS_INTRODUCTION = """\
What calibration has to reproduce. Each published figure is compared with the measure that passes the simulated ward
through what the study saw; how, and where sources contradict each other, is told in
[Evidence and targets](../explanation/evidence-and-targets.md). SDs are on the scale of the target: in logarithms 0.15 is
about 15%, in log odds 15% of the odds. Files: `calibration/targets.yaml`, `calibration/free.yaml`.
"""

def parameters_page() -> str:
    """Every parameter of the ledger, by topic, and the rows they cite."""
    ledger = Ledger.load()
    register = ledger.evidence()
    assumed = sum(1 for e in ledger if not e.sources)
    text = [
        WIDE,
        "# Parameters\n",
        f"{len(ledger)} parameters: {len(ledger) - assumed} rest on published figures, {assumed} on an assumption\n"
        f"alone. {calibrated.of_the_ledger()} `wardsim explain NAME` shows one with its sources in full. Files and\n"
        "format: [Calibration data](../../calibration/README.md). Those without a source, by influence: [Assumptions](assumptions.md).\n",
    ]
    text.append(contents((*ledger.topics(), "Evidence cited")))
    for topic in ledger.topics():
        text.append(f"## {topic}\n")
        rows = [
            (
                f"`{e.name}` {e.label}",
                f"{e.value:g} {e.unit}",
                interval(e),
                f"{e.range[0]:g} to {e.range[1]:g}",
                e.grade,
                posterior_words(e),
                rank_words(e.name),
                origin(e),
            )
            for e in ledger
            if e.topic == topic
        ]
        text.append(
            table(("parameter", "value", "5-95%", "range", "grade", "calibrated: mean (95%)", "rank of influence", "source or assumption"), rows)
        )
    cited = sorted({row for e in ledger for row in (*e.sources, *e.targets)}, key=lambda row: list(register).index(row))
    text.append("## Evidence cited\n")
    text.append("\n".join(f"- {cell(register[row].citation())}" for row in cited) + "\n")
    return "\n".join(text)


def measures_page() -> str:
    """Every measure, by group."""
    from wardsim import measures
    from wardsim.measures.declare import GROUPS

    text = [
        WIDE,
        "# Measures\n",
        MEASURES_INTRODUCTION,
    ]
    declared = list(measures.MEASURES.values())
    text.append(contents(title for group, title in GROUPS.items() if any(m.group == group for m in declared)))
    for group, title in GROUPS.items():
        members = [m for m in declared if m.group == group]
        if members:
            rows = [
                (
                    f"**`{m.name}`** {m.label}" if m.headline else f"`{m.name}` {m.label}",
                    m.unit,
                    m.layer,
                    m.direction,
                    m.definition,
                )
                for m in members
            ]
            text += [f"## {title}\n", table(("measure", "unit", "layer", "better", "definition"), rows)]
    return "\n".join(text)


def targets_page() -> str:
    """Every calibration target with its operator, the free parameters, and what is shown and never fitted."""
    from wardsim.calibrate.compare import LAYERS, published
    from wardsim.calibrate.free import load_free
    from wardsim.calibrate.targets import load_targets

    targets, free, ledger = load_targets(), load_free(), Ledger.load()
    text = [WIDE, "# Calibration targets\n", TARGETS_INTRODUCTION, "## Settings\n"]
    text.append(
        table(("setting", "what it is", "reason"), [(f"`{s.id}`", s.label, s.reason) for s in targets.settings])
    )
    text.append("## Targets\n")
    rows = []
    for t in targets.targets:
        words = "; ".join(part.rstrip(".") for part in (t.conflict and f"conflict: {t.conflict}", t.note) if part)
        rows.append((
            f"`{t.id}`", t.guide, t.label, ", ".join(t.rows), published(t), LAYERS[t.layer], f"`{t.measure}`", f"{t.population}; {t.window}",
            t.setting, f"{t.likelihood}, {t.scale}", f"{t.between.sd:g} over {t.between.wards:g}", f"{t.discrepancy.sd:g}: {t.discrepancy.reason}",
            f"{t.weight.value:g}: {t.weight.reason}", words,
        ))  # fmt: skip
    header = (
        "target", "guide", "what", "rows", "published", "layer", "measure", "population; window", "setting", "likelihood, scale",
        "SD between wards", "discrepancy (SD)", "weight", "conflicts and notes",
    )  # fmt: skip
    text.append(table(header, rows))
    text += ["## Studies with several targets\n", table(("study", "what", "correlation of errors", "reason"), [
        (f"`{s.id}`", s.label, f"{s.correlation:g}", s.reason) for s in targets.studies
    ])]  # fmt: skip
    for title, section in (
        ("Reproduced by construction", targets.by_construction),
        ("Validation: shown, never fitted", targets.validation),
    ):
        text += [f"## {title}\n", table(("what", "rows", "published", "measures beside it", "reason"), [
            (s.label, ", ".join(s.rows), s.published, ", ".join(f"`{m}`" for m in s.measures) or "none on one ward", s.reason) for s in section
        ])]  # fmt: skip
    text += [
        "## Not compared\n",
        table(("rows", "reason"), [(", ".join(n.rows), n.reason) for n in targets.not_compared]),
    ]
    text += ["## Free parameters\n", table(("parameter", "prior (value, 5-95%)", "reason", "targets that speak to it"), [
        (f"`{p.name}`", f"{ledger[p.name].value:g} {ledger[p.name].unit}, {interval(ledger[p.name])}", p.reason, ", ".join(f"`{x}`" for x in p.targets) or "none")
        for p in free.free
    ])]  # fmt: skip
    text += [
        "## Left to their priors\n",
        table(("parameters", "reason"), [(", ".join(f"`{n}`" for n in x.names), x.reason) for x in free.left]),
    ]
    return "\n".join(text)
