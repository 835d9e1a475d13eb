"""What is told apart from nothing among several that were looked at: one rule for mechanisms and for inputs."""

from __future__ import annotations

from scipy.special import stdtrit


def told_apart(low: float | None, high: float | None, runs: int, of: int) -> bool:
    """Whether a number is told from nought among so many: its 95% interval made wide enough for all of them to hold in 95 of 100 studies.

    Parameters
    ----------
    low, high : float or None
        95% simulation error of one.
    runs : int
        Behind it.
    of : int
        Numbers looked at together.
    """
    if low is None or high is None or runs < 2:
        return False
    wider = float(stdtrit(runs - 1, 1.0 - 0.025 / of) / stdtrit(runs - 1, 0.975))
    return abs(low + high) / 2.0 > wider * (high - low) / 2.0
