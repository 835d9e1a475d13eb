"""Page on the fourteen mechanisms and their parameters."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.parameters import Entry, Ledger, prior_mass
from wardsim.scenario.schema.run import MechanismsSection

from .common import NOTE, interval, origin, table

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
