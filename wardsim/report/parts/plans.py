"""Part 4 of an optimisation: every plan by cost and outcome."""

from __future__ import annotations

from wardsim.experiments.shown import MONEY, THOUSAND, label, number_of
from wardsim.measures import MEASURES

from ..content import Part
from ..figures import Plan, front
from ..result import Result
from ..source import number


def plans(result: Result) -> Part | None:
    """The front of an optimisation."""
    source = result.source
    rows = source.rows("front.csv")
    if result.kind != "optimise" or not rows:
        return None
    objectives = [key for key in rows[0] if key in MEASURES]
    cost = str(result.settings["objective"])
    others = [name for name in objectives if name != cost]
    if cost not in objectives or not others:
        return None
    outcome, money = MEASURES[others[0]], MEASURES[cost]
    states = {row["option"]: (row["state"], row["standing"] == "chosen") for row in source.rows("choice.csv")}
    shown = []
    for row in rows:
        x, y = number(row, outcome.name), number(row, money.name)
        if x is None or y is None:
            continue
        state, chosen = states.get(row["option"], ("undecided", False))
        edge = row["on_front"] == "yes"
        texts = (number_of(outcome, x), number_of(money, y), state, "yes" if edge else "no", "yes" if chosen else "no")
        unit = THOUSAND if money.unit == MONEY else 1.0
        shown.append(Plan(source.name(row["option"]), x, y / unit, edge, chosen, state, texts))
    if not shown:
        return None
    kept = sum(plan.state == "feasible" for plan in shown)
    edges = sum(plan.on_front for plan in shown)
    part = Part("plane", "Plans by cost and consequence")
    runs = result.source.manifest.get("runs", {}).get("done", 0)
    part.show(
        front(
            shown, x_title=label(outcome), y_title=label(money),
            title=f"{kept} of {len(shown)} plans are known to keep the limits; {edges} lie on the front",
            caption=(
                f"Means over parameter draws and runs; ringed: no other plan is as good in every objective ({', '.join(label(MEASURES[o]) for o in objectives)}). "
                f"{runs} runs in all. Ranges stand in part 8. Source: front.csv and choice.csv."
            ),
        )
    )  # fmt: skip
    return part
