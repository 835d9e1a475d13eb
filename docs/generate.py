"""Write the pages that are made from the code and the ledger, or say which are out of date.

python docs/generate.py            write docs/reference/*.md and docs/explanation/mechanisms.md
python docs/generate.py --check    write nothing; exit 1 when a page differs from what would be written
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parent
if str(DOCS.parent) not in sys.path:
    sys.path.insert(0, str(DOCS.parent))

from wardsim.parameters import Entry, Ledger, prior_mass  # noqa: E402
from wardsim.scenario.schema.run import MechanismsSection  # noqa: E402

NOTE = "<!-- Written by docs/generate.py: change the ledger or the code, then run it again. -->\n"

INTRODUCTION = """\
The only ways in which staff, training and the ward act on incidents, contact and stays. Each starts from a fact of
the simulated ward and has a switch under `mechanisms:` in the scenario. Off, the effect is exactly nothing and the cause
still happens. With all of them off, staff numbers, skill and work change neither the time, nor the patient, nor the
type of any incident. Effects of staffing, skill mix, familiarity and training have at least a tenth of their prior on
each side of no effect: their direction is a finding, not an assumption.
"""

ASSOCIATIONS = """\
Published associations (temporary staff and violence, registered share and assaults, staff numbers and incidents,
crowding and assaults, release and incidents) are never coefficients. They are checks on what the model brings forth.
"""

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

MECHANISMS = (
    ("M1", "response", "free, near, trained people when aggression starts", "escalation, duration, harm"),
    ("M2", "contact", "recent therapeutic contact and activity, unmet need, boredom",
     "hazard of aggression and self-harm; the course of acuity"),
    ("M3", "limit_setting", "contacts in which staff set a limit or refuse", "hazard at and shortly after the contact"),
    ("M4", "familiarity", "share of the team that knows this ward and this patient", "hazard, de-escalation"),
    ("M5", "skill", "current knowledge and skill of those present, by course",
     "hazard (small), de-escalation, harm, emergency response"),
    ("M6", "fatigue", "consecutive and long shifts, missed breaks, overtime", "response, limit-setting, sickness"),
    ("M7", "crowding", "patients per bed and space", "hazard of each patient"),
    ("M8", "contagion", "recent incidents on the ward", "hazard for some hours (a branching process)"),
    ("M9", "detection", "eyes on the ward", "what is noticed; reporting"),
    ("M10", "reporting", "workload, culture, harm", "what is reported"),
    ("M11", "injury", "assaults on staff", "absence, leaving"),
    ("M12", "demand_staffing", "acuity, observation, incidents", "requests for staff; staff lent to other wards"),
    ("M13", "bed_pressure", "waits for beds", "earlier discharge, readmission"),
    ("M14", "teamwork", "multidisciplinary presence and review", "pathway on time, contact, stay"),
)  # fmt: skip
"""Number, switch, cause (a fact of the run), what it acts on."""


def cell(text: object) -> str:
    """Text that cannot break out of a table cell."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def interval(entry: Entry) -> str:
    """5% and 95% points of the prior within the range."""
    if entry.prior.dist == "fixed":
        return "fixed"
    low, high = entry.quantiles(0.05, 0.95)
    return f"{low:.3g} to {high:.3g}"


def origin(entry: Entry) -> str:
    """Sources, assumption and conflict of one entry."""
    parts = [", ".join(entry.sources)] if entry.sources else []
    if entry.targets:
        parts.append("to be calibrated to " + ", ".join(entry.targets))
    if entry.assumption:
        parts.append(f"assumption: {entry.assumption}")
    if entry.conflict:
        parts.append(f"conflict: {entry.conflict}")
    return "; ".join(part.rstrip(".") for part in parts)


def mechanisms_page() -> str:
    """The fourteen mechanisms and their parameters."""
    ledger = Ledger.load()
    fields = MechanismsSection.model_fields
    rows = [
        (number, cause, acts, f"`{switch}`", ", ".join(f"`{e.name}`" for e in ledger.of_mechanism(switch)) or "none")
        for number, switch, cause, acts in MECHANISMS
    ]
    text = [
        NOTE,
        "# Mechanisms\n",
        INTRODUCTION,
        table(("", "cause (a fact)", "acts on", "switch", "parameters"), rows),
        ASSOCIATIONS,
    ]
    for number, switch, _cause, _acts in MECHANISMS:
        text += [f"## {number} `{switch}`\n", f"{sentence(fields[switch].description)}\n"]
        text.append(effects(ledger.of_mechanism(switch)))
    text.append("## Residual direct terms: `direct_effects`\n")
    text.append(f"{fields['direct_effects'].description}\n")
    text.append(effects(ledger.of_mechanism("direct_effects")))
    return "\n".join(text)


def sentence(description: str | None) -> str:
    """What a switch's description says after its number."""
    text = (description or "").partition(": ")[2]
    return text[:1].upper() + text[1:]


def effects(entries: Sequence[Entry]) -> str:
    """Table of the parameters of one mechanism."""
    if not entries:
        return "No parameters.\n"
    rows = []
    for e in entries:
        sides = "" if e.null is None else "{:.0%} / {:.0%}".format(*prior_mass(e))
        null = "" if e.null is None else f"{e.null:g}"
        rows.append((f"`{e.name}`", e.label, f"{e.value:g} {e.unit}", interval(e), null, sides, origin(e)))
    header = (
        "parameter",
        "what it is",
        "value",
        "5-95%",
        "no effect at",
        "prior below / above",
        "source or assumption",
    )
    return table(header, rows)


def parameters_page() -> str:
    """Every parameter of the ledger, by topic, and the rows they cite."""
    ledger = Ledger.load()
    register = ledger.evidence()
    assumed = sum(1 for e in ledger if not e.sources)
    text = [
        NOTE,
        "# Parameters\n",
        f"{len(ledger)} parameters: {len(ledger) - assumed} rest on published figures, {assumed} on an assumption\n"
        "alone. None has been calibrated. `wardsim explain NAME` shows one with its sources in full. Files and\n"
        "format: `calibration/README.md`.\n",
    ]
    for topic in ledger.topics():
        text.append(f"## {topic}\n")
        rows = [
            (
                f"`{e.name}`",
                e.label,
                f"{e.value:g} {e.unit}",
                interval(e),
                f"{e.range[0]:g} to {e.range[1]:g}",
                e.grade,
                origin(e),
            )
            for e in ledger
            if e.topic == topic
        ]
        text.append(
            table(("parameter", "what it is", "value", "5-95%", "range", "grade", "source or assumption"), rows)
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
        NOTE,
        "# Measures\n",
        MEASURES_INTRODUCTION,
    ]
    declared = list(measures.MEASURES.values())
    for group, title in GROUPS.items():
        members = [m for m in declared if m.group == group]
        if members:
            rows = [
                (
                    f"**`{m.name}`**" if m.headline else f"`{m.name}`",
                    m.label,
                    m.unit,
                    m.layer,
                    m.direction,
                    m.definition,
                )
                for m in members
            ]
            text += [f"## {title}\n", table(("name", "label", "unit", "layer", "better", "definition"), rows)]
    return "\n".join(text)


def targets_page() -> str:
    """Every calibration target with its operator, the free parameters, and what is shown and never fitted."""
    from wardsim.calibrate.compare import LAYERS, published
    from wardsim.calibrate.free import load_free
    from wardsim.calibrate.targets import load_targets

    targets, free, ledger = load_targets(), load_free(), Ledger.load()
    text = [NOTE, "# Calibration targets\n", TARGETS_INTRODUCTION, "## Settings\n"]
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


PAGES: dict[str, Callable[[], str]] = {
    "explanation/mechanisms.md": mechanisms_page,
    "reference/parameters.md": parameters_page,
    "reference/measures.md": measures_page,
    "reference/targets.md": targets_page,
}
"""Pages by path under docs/."""


def outdated() -> list[str]:
    """Pages whose file is missing or differs from what would be written."""
    faults = []
    for path, page in PAGES.items():
        file = DOCS / path
        if not file.is_file() or file.read_text(encoding="utf-8") != page():
            faults.append(path)
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the pages; 0 when all is well."""
    parser = argparse.ArgumentParser(description="Write the generated pages of the documents.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    if parser.parse_args(arguments).check:
        faults = outdated()
        for path in faults:
            print(f"docs/{path} is out of date: run python docs/generate.py", file=sys.stderr)
        return 1 if faults else 0
    for path, page in PAGES.items():
        file = DOCS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(), encoding="utf-8")
        print(f"docs/{path}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
