"""Headings of columns that stand in few tables: from the words of a measure, of a setting, or of the name itself."""

from __future__ import annotations

import re

WORDS = {
    "measure_label": ("Measure in words", "the measure in words; only in the workbook"),
    "from_min": ("From (minutes from midnight)", ""), "to_min": ("To (minutes from midnight)", ""),
    "p_cheapest": ("Share of draws in which it is the cheapest (0 to 1)", "share of parameter draws in which the plan is the cheapest that keeps the limits"),
    "on_front": ("On the front", "whether no other plan is as good in every objective"),
    "membership": ("How often it is on the front (0 to 1)", "probability over parameter draws that no other plan beats it"),
    "over": ("Judged over", "what the share of runs that keep the limits is counted over"),
    "probability": ("Probability asked for (0 to 1)", ""), "binding": ("Limit that decides", ""), "failed": ("Failed runs", ""),
    "told_apart": ("Told apart from chance", ""), "ward_p10": ("Wards, 10% point", ""), "ward_p90": ("Wards, 90% point", ""),
    "structure_pct": ("Form of the model (percent)", ""), "parameters_pct": ("Parameters (percent)", ""),
    "chance_of_one_year_pct": ("Chance of one year (percent)", ""), "row": ("Row of the register of evidence", ""),
    "beaten_by": ("Beaten by", "plans that are as good in every objective, with how often"), "p_positive": ("Share of draws above nought (0 to 1)", ""),
    "published_low": ("Published, lower end", "lower end of the published interval, where there is one"),
    "published_high": ("Published, upper end", "upper end of the published interval, where there is one"),
}  # fmt: skip
"""Column -> heading and meaning."""
OWN = {
    ("explained", "label"): ("Parameter in words", "the parameter in words"),
    ("parameters", "name"): ("Parameter", "name in the ledger of parameters"),
    ("parameters", "label"): ("Parameter in words", "the parameter in words"),
    ("information", "name"): ("Parameter or group", "what would be known"),
    ("information", "label"): ("Parameter or group in words", "what would be known, in words"),
}
"""The same for columns that mean something else in one table."""
ENDS = {
    "_mc_low": "simulation low (95%, simulation error)", "_mc_high": "simulation high (95%, simulation error)",
    "_year_low": "year low (80%, one year by chance)", "_year_high": "year high (80%, one year by chance)",
    "_share_below": "share of draws below nought (0 to 1)", "_mean": "expected", "_low": "low (95%)", "_high": "high (95%)",
}  # fmt: skip
"""End of a name -> what it is of the rest."""
STARTS = {"mc_low: ": "Simulation low (95%, simulation error) of the share", "mc_high: ": "Simulation high (95%, simulation error) of the share"}
"""Beginning of a name -> what it is of the share that keeps the limit after it."""
SHORT = {"rn": "registered nurses", "hca": "healthcare assistants", "pct": "(percent)"}
KEY = re.compile(r"[a-z][a-z0-9_]+")


def heading_of(name: str) -> tuple[str, str]:
    """Heading and meaning of a column.

    Parameters
    ----------
    name : str
        Of the CSV file: a measure, a setting of the scenario, something with an end that says which range, or words.
    """
    from wardsim.measures import MEASURES

    if name in WORDS:
        return WORDS[name]
    if name in MEASURES:
        return f"{MEASURES[name].label} ({MEASURES[name].unit})", MEASURES[name].definition
    for start, words in STARTS.items():
        if name.startswith(start):
            return f"{words}: {heading_of(name.removeprefix(start))[0]}", ""
    for end, words in ENDS.items():
        if name.endswith(end) and name != end:
            return f"{heading_of(name.removesuffix(end))[0]}, {words}", ""
    if "." in name and " " not in name:
        return _setting(name)
    told = KEY.sub(lambda found: MEASURES[found[0]].label if found[0] in MEASURES else found[0], name)
    plain = " ".join(SHORT.get(word, word) for word in told.split("_")) if told == name else told
    return plain[:1].upper() + plain[1:], ""


def _setting(name: str) -> tuple[str, str]:
    """Words for a key of a scenario."""
    from wardsim.parameters import Ledger

    ledger = {f"parameters.{entry.name}": entry.label for entry in Ledger.load()} if name.startswith("parameters.") else {}
    words = " ".join(SHORT.get(word, word) for word in name.replace(".", ", ").replace("_", " ").split(" "))
    return ledger.get(name, words[:1].upper() + words[1:]), f"the setting {name} of the scenario"
