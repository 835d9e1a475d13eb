"""Targets without their known faults: what is changed, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from wardsim.calibrate.likelihood import Simulated, log_likelihood
from wardsim.calibrate.published import PublishedJudge
from wardsim.calibrate.scales import to_scale
from wardsim.calibrate.targets import load_targets
from wardsim.calibrate.together import GROUPS, SYDNEY, alternatives

JUDGE = PublishedJudge.of(load_targets())
OTHERS = alternatives(JUDGE)


def near(judge: PublishedJudge) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes a tenth above what was published, and their variance."""
    mean = np.zeros((1, len(judge.operators)))
    for i, t in enumerate(judge.targets):
        mean[0, judge.looks_at[i]] = to_scale(t.scale, min(1.1 * t.published, 0.99 * t.per if t.scale == "logit" else np.inf), t.per)
    return mean, np.full(mean.shape, 0.01)


def alone(judge: PublishedJudge, name: str) -> float:
    """Log likelihood of one target there."""
    found: Simulated = judge.simulated(*near(judge))[name]
    return float(np.squeeze(log_likelihood(next(t for t in judge.targets if t.id == name), found)))


@pytest.mark.parametrize(("words", "names"), GROUPS.items())
def test_a_group_counted_once_has_half_of_each_likelihood(words: str, names: tuple[str, ...]) -> None:
    other = next(judge for what, judge in OTHERS.items() if what.startswith(words) and "counted once" in what)
    before, after = (float(j.log_density(*near(JUDGE))[0]) for j in (JUDGE, other))
    weights = {t.id: t.weight.value for t in JUDGE.targets}
    assert after - before == pytest.approx(-0.5 * sum(weights[name] * alone(JUDGE, name) for name in names))


def test_correlated_figures_share_a_study_and_no_other_target_changes() -> None:
    for words, names in GROUPS.items():
        for rho in (0.5, 0.9):
            other = OTHERS[f"{words}: errors correlated by {rho:g}"]
            changed = [new for new, old in zip(other.targets, JUDGE.targets, strict=True) if new != old]
            assert {t.id for t in changed} == set(names)
            assert len({t.study for t in changed}) == 1
            assert other.whole.correlations[str(changed[0].study)] == rho
            assert np.isfinite(other.log_density(*near(JUDGE))).all()


def test_all_together_holds_every_change() -> None:
    every = [judge for what, judge in OTHERS.items() if what.startswith("all of these")]
    names = {name for group in GROUPS.values() for name in group} | {"containment.talked_down"}
    for other in every:
        assert {new.id for new, old in zip(other.targets, JUDGE.targets, strict=True) if new != old} == names


def test_the_figure_of_the_wrong_channel_is_left_out_and_moved_both_ways() -> None:
    assert SYDNEY not in OTHERS["INC036 left out"].names
    read = [next(t for t in OTHERS[f"INC036 read {points:+d} percentage points"].targets if t.id == SYDNEY).published for points in (-10, 10)]
    assert read == [pytest.approx(68, abs=0.1), pytest.approx(88, abs=0.1)]
