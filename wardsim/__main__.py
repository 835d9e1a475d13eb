"""`python -m wardsim` is the command line."""

from __future__ import annotations

from wardsim.cli import main

if __name__ == "__main__":
    main(prog_name="wardsim")
