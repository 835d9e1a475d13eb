"""A run gives the same digits in the process of the command and in a worker: linear algebra is held to one thread in both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from wardsim.experiments.job import Job, shipped_parts, simulate
from wardsim.experiments.threads import THREADS, one_thread
from wardsim.scenario.schema import Scenario

pytestmark = pytest.mark.unit


def threads() -> set[int]:
    np.dot(np.ones(4), np.ones(4))
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_a_run_is_made_with_one_thread(monkeypatch):
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    seen = []

    def draw(seed, number):
        seen.append(threads())
        raise ValueError("seen enough")

    with threadpool_limits(2, user_api="blas"):
        before = threads()
        result = simulate(Job(scenario=Scenario(name="any"), draw=0, replication=0, seed=1), replace(shipped_parts(), draw=draw))
        assert threads() == before
    assert result.failure is not None
    assert "seen enough" in result.failure.error
    assert seen == [{1}]


def test_a_process_that_was_started_with_one_thread_is_left_alone(monkeypatch):
    for name in THREADS:
        monkeypatch.setenv(name, "1")
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        with one_thread():
            assert threads() == before
