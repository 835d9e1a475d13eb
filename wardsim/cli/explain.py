"""`wardsim explain`: what a key, a code, a parameter or a measure means."""

from __future__ import annotations

import re
from typing import Any

import click

from .output import REFUSED, Failure, Output, speaking

EPILOG = """\b
Examples:
  wardsim explain staffing.required.night.rn
  wardsim explain sweep.design
  wardsim explain WS104
"""


@click.command(epilog=EPILOG)
@click.argument("name", default="")
@speaking("explain")
def command(name: str, out: Output) -> None:
    """Explain NAME: a key of a scenario or study file, an error code, a parameter or a measure; without NAME, list them.

    Keys say their meaning, unit, range and default; parameters their value, prior, posterior, influence and sources; measures their definition.
    """
    from wardsim.scenario import explain as scenario

    wanted = name.strip()
    info = (_code_or_key(wanted) or _parameter(wanted) or _measure(wanted)) if wanted else scenario.overview()
    if info is None:
        raise Failure(f"{wanted!a} is no key, code, parameter or measure.{_nearest(wanted)}", REFUSED)
    out.data(info["text"] if "text" in info else scenario.as_text(info))
    if "topics" in info:
        for topic, count in info["topics"].items():
            out.data(f"  {topic}: {count}")
    out.finish(info)


def _code_or_key(wanted: str) -> dict[str, Any] | None:
    """A code of an error, or a key of a scenario or of a study file."""
    from wardsim.scenario import explain as scenario

    if re.fullmatch(r"(?i)ws[0-9]{3}", wanted):
        return scenario.explain_code(wanted)
    info = scenario.explain_key(wanted)
    if info is None:
        from wardsim.scenario.studies.explain import explain_study

        return explain_study(wanted)
    if info["name"] == "parameters":
        from wardsim.parameters import Ledger

        names = Ledger.load().names()
        topics = {name.split(".")[0] for name in names}
        info["topics"] = {topic: ", ".join(n for n in names if n.startswith(f"{topic}.")) for topic in sorted(topics)}
    return info


def _parameter(wanted: str) -> dict[str, Any] | None:
    """A parameter of the ledger."""
    if "." not in wanted:
        return None
    from wardsim.parameters import explain

    text = explain(wanted)
    if text is None:
        return None
    from wardsim.calibrate.ledger_view import explained, lines
    from wardsim.parameters import Ledger

    entry = Ledger.load()[wanted]
    text, more = explained(entry, text), lines(entry)
    return {"kind": "parameter", "name": wanted, "text": "\n".join([text, *(f"  {line}" for line in more)]), "calibration": more}


def _measure(wanted: str) -> dict[str, Any] | None:
    """A measure."""
    from wardsim.measures.registry import explain

    text = explain(wanted)
    return None if text is None else {"kind": "measure", "name": wanted, "text": text}


def _nearest(wanted: str) -> str:
    """Names most like the one that is not known."""
    from difflib import get_close_matches

    from wardsim.measures.registry import nearest as nearest_measures
    from wardsim.parameters import nearest
    from wardsim.scenario import explain as scenario
    from wardsim.scenario.codes import CODES
    from wardsim.scenario.studies.explain import study_keys

    keys = [*scenario.all_keys(), *study_keys()]
    ends = [key for key in keys if key.split(".")[-1] == wanted]
    close = get_close_matches(wanted, [*keys, *CODES], 2, 0.6)
    near = list(dict.fromkeys([*ends, *close, *nearest_measures(wanted, 1), *nearest(wanted, 1)]))[:3]
    return f" Did you mean {' or '.join(near)}?" if near else ""
