"""Functions whose indices are known, as noisy models."""

from __future__ import annotations

import numpy as np

from wardsim.experiments.sensitivity.problem import Factor, Problem

PI = float(np.pi)
ISHIGAMI = Problem(
    (*(Factor(f"x{i}", -PI, PI) for i in (1, 2, 3)), Factor("inert", 0.0, 1.0, label="does nothing"))
)
VARIANCE = 0.5 + 49 / 8 + 0.1 * PI**4 / 5 + 0.01 * PI**8 / 18
_FIRST = 0.5 * (1 + 0.1 * PI**4 / 5) ** 2 / VARIANCE
_SECOND = 49 / 8 / VARIANCE
_BOTH = 0.01 * PI**8 * (1 / 18 - 1 / 50) / VARIANCE
TRUTH = {
    "S1": {"x1": _FIRST, "x2": _SECOND, "x3": 0.0, "inert": 0.0},
    "ST": {"x1": _FIRST + _BOTH, "x2": _SECOND, "x3": _BOTH, "inert": 0.0},
}
"""First and total indices in closed form (Ishigami and Homma 1990; a = 7, b = 0.1)."""


def ishigami(x):
    """The function at values, shape (points, 3 or more)."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def noisy(mean, sd, replications, seed, *, shared=0.0):
    """Runs of each point: chance of its own (`sd`), and chance of each replication that all points share (`shared`)."""
    rng = np.random.default_rng(seed)
    common = shared * rng.standard_normal(replications)
    return mean[:, None] + sd * rng.standard_normal((len(mean), replications)) + common


LINEAR = Problem(tuple(Factor(f"p{i:02d}", 0.0, 1.0) for i in range(12)))
"""Twelve factors, of which `several` uses six."""


def several(unit):
    """Straight, bent, crossed and wavy effects of factors 0 to 4; 5 is weak; 6 to 11 do nothing."""
    z = (unit - 0.5) * 12**0.5
    return (
        z[:, 0] + 0.5 * z[:, 1] ** 2 + 0.5 * z[:, 2] * z[:, 3] + 0.3 * np.sin(2 * z[:, 4]) - 0.2 * z[:, 5]
    )
