"""Is the model calibrated? What the documents say follows from whether `calibration/posterior/` is there and belongs to the model."""

from __future__ import annotations

from functools import cache

from wardsim.parameters.posterior import Posterior, PosteriorError


@cache
def posterior() -> Posterior | None:
    """The posterior that is shipped, None when there is none that can be read."""
    try:
        return Posterior.read()
    except PosteriorError:
        return None


@cache
def outdated() -> tuple[str, ...]:
    """What changed in model, measures, targets and priors since the posterior was made, in lines; empty when it is valid."""
    from wardsim.calibrate.posterior import changes

    found = posterior()
    return () if found is None else tuple(changes(found))


def fitted() -> tuple[str, ...]:
    """Names of the calibrated parameters; empty when nothing is calibrated."""
    found = posterior()
    return () if found is None or outdated() else found.names


def note() -> str:
    """The box at the top of README.md."""
    names = fitted()
    if not names:
        return (
            "> **Not calibrated.** The parameters are priors from published figures and stated assumptions, and have not been fitted to\n"
            "> any ward. Results show how the model behaves, not what a real ward would do. **No result may be used for a decision\n"
            "> about staff or patients.**\n"
        )
    return (
        f"> **Calibrated to published figures, not to your ward.** {len(names)} parameters are fitted to published figures of many\n"
        "> wards; all others, and with them every effect of staffing and training, keep their priors "
        "([calibration](docs/explanation/calibration.md),\n"
        "> [validation](docs/explanation/validation.md)). Results show what follows from published evidence and stated assumptions. **No\n"
        "> result may be used alone for a decision about staff or patients.**\n"
    )


def limit() -> str:
    """First point of what the model cannot tell."""
    names = fitted()
    begin = (
        "- It is not calibrated, and large parts of it cannot be known from published figures: "
        if not names
        else f"- {len(names)} parameters are calibrated to published figures of other wards, and large parts cannot be known from such figures: "
    )
    return (
        begin + "9 of 44 published analyses found\n"
        "  fewer incidents with more staff, 9 more, 26 no difference (conflict and containment counted together). No coefficient asserts the\n"
        "  direction; staffing acts through [fourteen mechanisms](docs/explanation/mechanisms.md), each with a switch and a prior that includes no effect.\n"
    )


def of_the_ledger() -> str:
    """Sentence of the page on parameters."""
    names = fitted()
    if not names:
        return "None has been calibrated."
    return f"{len(names)} have been calibrated ({', '.join(f'`{name}`' for name in names)}); the columns show their priors."


def status() -> str:
    """Paragraph for the explanations: what runs draw from in this version."""
    names, found = fitted(), posterior()
    if found is None:
        return "In this version nothing is calibrated: every run draws from the priors.\n"
    if not names:
        return (
            "A posterior is shipped and does not belong to this version of the model, so that runs draw from the priors. What changed:\n\n"
            + "\n".join(f"- {line}" for line in outdated())
            + "\n"
        )
    return (
        f"In this version {len(names)} parameters are calibrated: runs draw them from {len(found)} rows of `calibration/posterior/draws.csv`, "
        "and all other parameters from their priors.\n"
    )


def _report(heading: str) -> str:
    """What stands under a heading of the calibration's report; empty when it has none."""
    from .common import ROOT

    path = ROOT / "calibration" / "report" / "report.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].strip()


FAULTS = "Known faults of the targets, and how far they move the posterior"
TOGETHER = ("all of these", "INC036")
"""How the lines of that table begin that are shown beside the faults."""


def moved() -> str:
    """How far the known faults of the targets file would move the posterior: those of one study together, and the figure of another channel."""
    lines = [line for line in _report(FAULTS).splitlines() if line.startswith("|")]
    if not lines:
        return "The calibration that is shipped was made before this was worked out.\n"
    return "\n".join([*lines[:2], *(line for line in lines[2:] if line.removeprefix("| ").startswith(TOGETHER))]) + "\n"


def structures() -> str:
    """What each structure says, as the report of the calibration has it; headings become those of the page."""
    told = _report("Structures")
    if not told:
        return "The calibration that is shipped was made without `--structures`.\n"
    return f"{told}\n\nNumbers: `calibration/report/report.md`, made by `wardsim calibrate --check --structures` with the posterior that is shipped.\n"
