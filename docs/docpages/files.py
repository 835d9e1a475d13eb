"""Files of the project that the pages name, so that a test can see that they exist."""

from __future__ import annotations

import re

from .common import DOCS

NAMED = re.compile(
    r"`((?:wardsim|tests|docs|scenarios|calibration|benchmarks|results)/[\w./-]+|[A-Z][\w-]*\.(?:md|cff)|LICENSE|\.ci/run"
    r"|[\w.-]+\.(?:toml|txt)|\.[\w.-]+\.yaml|\.gitignore)`"
)
WARD = re.compile(r"`((?:ward|parameters|experiments)/[\w/]+\.py)`")
LEDGER = re.compile(r"`((?:flow|incidents|mechanisms|patients|staff|training|work|reporting|recording|programmes)\.[a-z][\w.]*)`")


def named(page: str) -> list[str]:
    """Files that a page names, as paths from the top folder; a module of the ward may be named without its package."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [*NAMED.findall(text), *(f"wardsim/{path}" for path in WARD.findall(text))]


def entries(page: str) -> set[str]:
    """Names of the ledger that a page names."""
    return set(LEDGER.findall((DOCS / page).read_text(encoding="utf-8")))
