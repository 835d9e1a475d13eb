"""Templates for `wardsim init`: the shipped scenarios, a short option, and one made from the schema with every key."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

from .fields import Path, Spec, children, spec
from .jsonschema import MODELINE, file_name, modeline
from .shipped import shipped, shipped_scenarios

GENERATED = {
    "ward": "every key with its meaning, unit, range and default",
    "option": "a short file that changes a few things of another scenario",
}

_OPTION = f"""{MODELINE}
# An option: everything not said here is taken from the file it extends.
# The question below is shown on top of the results. Check this file with: wardsim validate FILE

name: My option
question: What would change if ...?

# A scenario file in this folder, or one that comes with wardsim.
extends: baseline.yaml

staffing:
  funded_extra:
    night:
      rn: 1            # one more registered nurse at night, with the posts to fill the shifts (people)

training:
  protected: true      # whoever is released for training is not called back to the ward
"""

_HEAD = f"""{MODELINE}
# A ward for wardsim. Every key is here with its default; delete what you do not need, the default then holds.
# `wardsim schema --out wardsim-scenario-1.schema.json` writes the file named in the first line: editors then complete
# and check as you type. `wardsim explain KEY` tells more about a key, `wardsim validate FILE` checks this file.

name: My ward
question: What happens on our ward in a year?
"""


_OPTIONS = f"""{modeline("options")}
# Options to compare: wardsim compare FILE. Check this file with: wardsim validate FILE
# `wardsim explain options` lists every key, `wardsim schema --kind options --out {file_name("options")}` lets editors complete.

name: My comparison
question: Which of these changes is worth its cost?

# The ward as it is: a scenario file in this folder, or one that comes with wardsim. All options start from its state.
base: baseline.yaml

options:
  # A scenario file, in this folder or shipped ...
  - name: One more nurse at night
    scenario: plus-one-nurse-nights.yaml
  # ... or keys set over the base ...
  - name: Protected training
    question: Whoever is due is released, the shift is backfilled, nobody is called back.
    set:
      training.release_rule: always
      training.backfill: true
      training.protected: true
  # ... or both.
  - name: Nurse and training
    scenario: plus-one-nurse-nights.yaml
    set: {{training.protected: true}}

# transition: what follows the change, from the same state, over three years; steady: wards in balance, over one year.
estimand: transition
years: 3

# Runs are added until these are known well enough: the half-width of the 95% interval of a difference.
precision:
  one_to_one_min_per_patient_day: {{percent_of_base: 5}}

# Most runs of all wards together.
budget_runs: 1000

# What a unit of each measure is worth, pounds a year, negative for harm; cost counts as -1 by itself. With it you get the choice by
# expected net benefit, and what it would be worth to know more before choosing.
# values: {{assaults_true_per_1000_obd: -12000, one_to_one_min_per_patient_day: 3000}}

# Forms of the model to repeat the comparison with, each without some mechanisms.
# mechanisms: [contagion, [familiarity, skill]]
"""

_SWEEP = f"""{modeline("sweep")}
# Levels to sweep over: wardsim sweep FILE. Check this file with: wardsim validate FILE
# `wardsim explain sweep` lists every key, `wardsim schema --kind sweep --out {file_name("sweep")}` lets editors complete.

name: My sweep
question: How do these levels together change the ward?

# The ward as it is: a scenario file in this folder, or one that comes with wardsim.
base: baseline.yaml

factors:
  # One key and its levels ...
  training.protected: [false, true]
  # ... or several keys that move together under a name of your own ...
  more registered nurses:
    keys: [staffing.funded_extra.early.rn, staffing.funded_extra.late.rn, staffing.funded_extra.night.rn]
    levels: [0, 1, 2]
    unit: people on each shift
  # ... or levels that set several keys, each with its label. A parameter is named parameters.NAME.
  engagement:
    labels: [as now, protected]
    levels:
      - {{}}
      - {{work.one_to_one.protected: true, work.one_to_one.sessions_per_patient_week: 7}}

# factorial: every combination. Or fill ranges (give factors `low` and `high`): {{kind: sobol, points: 64}},
# {{kind: latin_hypercube, points: 60}}. Or your own points: {{kind: csv, file: design.csv}}, a column a factor.
design: factorial

# With what the others are compared; left out: the base.
# reference: {{training.protected: false, more registered nurses: 0, engagement: as now}}

# Runs of each cell; left out, as many as `precision` asks for.
replications: 40
"""


def study_template(kind: str) -> str:
    """Text of the template of a kind of study file.

    Parameters
    ----------
    kind : str
        options, sweep, sensitivity, optimise or population (the last three are the shipped studies).
    """
    own = {"options": _OPTIONS, "sweep": _SWEEP}
    if kind in own:
        return own[kind]
    folder, name = {
        "sensitivity": ("studies", "sensitivity-night-nurse"),
        "optimise": ("optimise", "cheapest-safe"),
        "population": ("national-2008", "population"),
    }[kind]
    return (shipped("scenarios") / folder / f"{name}.yaml").read_text(encoding="utf-8")


def names() -> list[str]:
    """Names of all templates."""
    return [*GENERATED, *shipped_scenarios()]


def template(name: str) -> str:
    """Text of a template.

    Parameters
    ----------
    name : str
        One of `names()`.
    """
    if name == "option":
        return _OPTION
    if name == "ward":
        return _HEAD + "".join(
            _key((key,), 0) for key in children(()) if key not in ("name", "question", "schema_version")
        )
    return shipped_scenarios()[name].read_text(encoding="utf-8")


def _key(path: Path, level: int) -> str:
    """One key with the comment above it, and all below."""
    about = spec(path)
    if about is None:
        return ""
    pad = "  " * level
    gap = "\n" if level == 0 else ""
    head = gap + _comment(about, pad)
    if about.kind == "section":
        return head + f"{pad}{path[-1]}:\n" + "".join(_key((*path, key), level + 1) for key in children(path))
    if about.kind == "list" and about.default:
        items = "".join(f"{pad}  - {_flow(_changed(item))}\n" for item in about.default)
        return head + f"{pad}{path[-1]}:\n" + items
    return head + f"{pad}{path[-1]}: {_flow(about.default)}\n"


def _comment(about: Spec, pad: str) -> str:
    text = about.meaning
    told = [part for part in (about.unit, about.range) if part and part not in text]
    if about.kind == "word":
        told.append(" | ".join(about.words))
    text += f" ({', '.join(told)})" if told else ""
    return (
        textwrap.fill(text, 118, initial_indent=f"{pad}# ", subsequent_indent=f"{pad}# ", break_on_hyphens=False) + "\n"
    )


def _changed(item: Any) -> Any:
    """An item of a list without keys that say nothing."""
    return {key: value for key, value in item.items() if value is not None} if isinstance(item, dict) else item


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z_]*|[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    return json.dumps(value, ensure_ascii=False)
