"""The command line with the fake ward: `python -m tests.experiments.study.program resume DIR`. What simulates is named by FAKE_TASK, a
function of `tests.experiments.fake_ward`."""

from __future__ import annotations

import os

from tests.experiments import fake_ward


def main() -> None:
    """Run the command line."""
    import wardsim.cli
    import wardsim.cli.studies

    if starts := os.environ.get("FAKE_STARTS"):
        os.environ["WARDSIM_STARTS"] = starts

    def task():
        return getattr(fake_ward, os.environ.get("FAKE_TASK", "fake"))

    for name in ("resume", "worker", "collect"):
        __import__(f"wardsim.cli.{name}")
        getattr(wardsim.cli, name).task = task
    wardsim.cli.main()


if __name__ == "__main__":
    main()
