"""The pages of a reference: the same tables drawn by the same code are the same pages, and another picture is told by its name."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from wardsim.experiments.reproduce.check import CLOSE, DIFFERENT, EXACT
from wardsim.report.kept import compare_pages, pages_of

Pages = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def pages(folders: dict[str, Path]) -> Pages:
    return pages_of(folders["tornado"])


def verdict(stored: Pages, made: Pages, *, same_tables: bool = True) -> tuple[str, tuple[str, ...]]:
    found = compare_pages(json.dumps(stored).encode(), made, same_tables=same_tables)
    return found.verdict, found.differences


def test_the_same_folder_gives_the_same_pages(folders: dict[str, Path], pages: Pages) -> None:
    assert pages["figures"]
    assert verdict(pages, pages_of(folders["tornado"])) == (EXACT, ())


def test_another_picture_is_told_by_its_name(pages: Pages) -> None:
    other = deepcopy(pages)
    name = next(iter(other["figures"]))
    other["figures"][name] = "0" * 64
    assert verdict(other, pages) == (DIFFERENT, (f"figure {name} is drawn otherwise",))


def test_other_words_with_the_same_pictures_are_told(pages: Pages) -> None:
    assert verdict({**pages, "report": "0" * 64}, pages) == (DIFFERENT, ("the report is another",))


def test_a_picture_that_is_gone_is_told_though_tables_differ(pages: Pages) -> None:
    fewer = deepcopy(pages)
    name, _ = fewer["figures"].popitem()
    found, said = verdict(pages, fewer, same_tables=False)
    assert found == DIFFERENT
    assert f"figure {name} is missing" in said


def test_pages_drawn_by_other_code_are_not_held_to_their_bytes(pages: Pages) -> None:
    older = {**pages, "report": "0" * 64, "drawn_by": {**pages["drawn_by"], "report": "0" * 16}}
    found, (said,) = verdict(older, pages)
    assert found == CLOSE
    assert said.startswith("drawn by another report")
