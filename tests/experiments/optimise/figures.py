"""Prints the figures of docs/explanation/optimise.md: `python -m tests.experiments.optimise.figures` (about three minutes)."""

from __future__ import annotations

from time import process_time

import numpy as np

from tests.experiments.optimise.made_up import bank_of, values_of
from tests.experiments.optimise.test_chance import UNDER, with_shares
from tests.experiments.optimise.test_cheapest import ASSAULTS, COSTS, HARD, choices
from tests.experiments.optimise.test_pareto import front_of, truths, unbeaten
from tests.experiments.optimise.test_ranking import trial
from wardsim.experiments.optimise.chance import classify
from wardsim.experiments.optimise.pareto import Objective, front
from wardsim.experiments.optimise.ranking import select
from wardsim.experiments.optimise.shadow import shadow_prices


def selection():
    """Probability of correct selection in the least favourable case, promised 90%."""
    print("selection, promised 90%, best ahead of all others by exactly the indifference zone, 1,000 repetitions")
    cases = [(2, 0.0, 1, 0.0), (5, 0.8, 1, 0.0), (10, 0.8, 2, 1.5), (20, 0.9, 1, 0.0)]
    for options, common, per_draw, parameters in cases:
        found = [
            trial(s, options, common=common, per_draw=per_draw, parameters=parameters, chance=3.0) for s in range(1000)
        ]
        right, runs = np.mean(found, axis=0)
        print(f"  {options} options, {100 * common:.0f}% in common: right {100 * right:.1f}%, {runs:,.0f} runs")


def pairing():
    """Fifteen options, cost of a single run spread by 147,000, best ahead by 45,000: as in the trials of the design."""
    print(
        "runs to select one of 15 options (cost sd 147,000 a run; best ahead by 45,000), 50 repetitions, promised 95%"
    )
    means = np.array([[0.0], *[[45_000.0 + 15_000.0 * i] for i in range(14)]])
    for name, common in (("independent", 0.0), ("paired, sd of a difference 25,000", 1 - (25 / 147) ** 2 / 2)):
        for delta in (20_000.0, 10_000.0, 5_000.0):
            runs, right = [], 0
            for seed in range(50):
                values = values_of(np.random.default_rng(seed), means, 6000, chance=147_000.0, common=common)
                bank, _ = bank_of(values)
                found = select(bank, "cost", delta=delta, first=10, ahead=10)
                runs.append(found.total)
                right += found.chosen == 0
            print(f"  {name}, zone {delta:,.0f}: {np.mean(runs):,.0f} runs, right {right} of 50")


def verdicts():
    """Wrong verdicts, promised at most one set in five."""
    print(
        "verdicts on 10 options (two a hair from the line of 90%), promised 80% all right, 400 repetitions, at most 640 runs each"
    )
    shares = np.array([0.5, 0.7, 0.8, 0.85, 0.8999, 0.9001, 0.93, 0.96, 0.99, 0.999])
    for over, parameters in (("draws", 2.0), ("draws", 1.0), ("draws", 0.4), ("year", 1.0), ("year", 0.2)):
        bad, runs, open_ = 0, 0, np.zeros(len(shares))
        for seed in range(400):
            values = with_shares(np.random.default_rng(seed), shares, 640, over=over, parameters=parameters)
            bank, _ = bank_of(values, per_draw=2)
            found = classify(bank, UNDER, probability=0.9, over=over, confidence=0.8)
            states = [found.verdicts[c].state for c in range(len(shares))]
            truth = np.where(shares >= 0.9, "feasible", "infeasible")
            bad += any(state not in (right, "undecided") for state, right in zip(states, truth, strict=True))
            open_ += [state == "undecided" for state in states]
            runs += bank.spent
        left = ", ".join(f"{s:g}: {100 * o / 400:.0f}%" for s, o in zip(shares, open_, strict=True))
        print(
            f"  over {over}, parameters {parameters} x chance: any wrong {100 * bad / 400:.1f}%; {runs / 4000:.0f} runs an option"
        )
        print(f"    left undecided by true share: {left}")


def choice():
    """The cheapest feasible option, promised 90%."""
    print("cheapest feasible of 6, promised 90%")
    for name, found in (
        ("easy, 400 repetitions", choices(COSTS, ASSAULTS, 2, 400)),
        ("hard, 200 repetitions", choices(*HARD, 1, 200, runs=3200, cost_chance=2.0, common=0.6)),
    ):
        right, sure, wrong = 100 * found
        print(f"  {name}: right {right:.1f}%, called sure {sure:.1f}%, called sure and wrong {wrong:.1f}%")


def membership():
    """Predicted against observed membership of the front."""
    said, seen = [], []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        means = truths(rng, 8)
        found, _ = front_of(values_of(rng, means, 200, per_draw=2, parameters=0.5, chance=0.5, common=0.8))
        said += [member.membership for member in found.members]
        seen += unbeaten(rng, means, 0.5, 0.8).tolist()
    print("membership of the front, 150 grids of 8 options, 100 draws of 2: bin, options, predicted, observed")
    bins = np.minimum((10 * np.array(said)).astype(int), 9)
    for which in np.unique(bins):
        inside = bins == which
        print(
            f"  {which / 10:.1f}-{which / 10 + 0.1:.1f}  {inside.sum():4d}  {np.array(said)[inside].mean():.3f}  {np.array(seen)[inside].mean():.3f}"
        )


def overhead():
    """Time of the analysis itself for a grid of 5 x 4 with 200 runs each."""
    rng = np.random.default_rng(0)
    values = values_of(rng, truths(rng, 20), 200, per_draw=2, parameters=0.5, chance=0.5)
    bank, _ = bank_of(values, ("cost", "assaults", "contact"), per_draw=2)
    bank.ask(bank.cells, 200)
    factors = [{"rn": i % 5, "hours": i // 5} for i in range(20)]
    begun = process_time()
    front(bank, [Objective("cost"), Objective("assaults"), Objective("contact", "higher")])
    middle = process_time()
    shadow_prices(bank, factors, cost="cost", measure="assaults")
    print(
        f"20 options, 200 runs each: front {middle - begun:.2f} s, shadow prices {process_time() - middle:.2f} s of processor time"
    )


if __name__ == "__main__":
    for part in (selection, pairing, verdicts, choice, membership, overhead):
        part()
