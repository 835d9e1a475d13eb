"""Figures as pictures: no word is cut, no name covers another, what is chosen is seen, and marks have a key."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from html import unescape
from itertools import combinations
from typing import Any

import pytest

from wardsim.report.figures import (
    Cloud,
    Drawn,
    Index,
    Lane,
    Plan,
    Row,
    Step,
    Swing,
    Three,
    Trained,
    day,
    forest,
    front,
    funnel,
    indices,
    plane,
    ranges,
    tornado,
    waterfall,
)

LONG = (
    "Healthcare assistant at night, funded from the money that agency cover would otherwise have cost in the very same year of "
    "the comparison, with further training in de-escalation for everybody who has not had any"
)
NAMES = [f"{LONG} ({at})" for at in range(8)]


def words_on(drawn: Drawn) -> list[str]:
    """Lines of text of a picture."""
    return [unescape(found) for found in re.findall(r"<text\b[^>]*>([^<]*)</text>", drawn.svg())]


def overlapping(drawn: Drawn, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of texts of a picture that cover each other, of those that begin with one of the words."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure: Any = drawn.figure()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text().startswith(tuple(chosen))]
    assert len(texts) >= len(chosen)
    boxes = [(text.get_text(), (text.get_bbox_patch() or text).get_window_extent(canvas.get_renderer())) for text in texts]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


def with_long_names() -> list[Drawn]:
    return [
        tornado([Swing(name, -1.0, 1.0, (-2.0, 0.5), (0.5, 2.0)) for name in NAMES], value_title=LONG),
        indices([Index(name, 0.5, (0.2, 0.8), 0.1) for name in NAMES], value_title="share", alone_title="alone"),
        forest([Row(name, 1.0, (0.5, 2.0), None, 1.0, ()) for name in NAMES], value_title=LONG, head=("",)),
        waterfall([Step(name, 1.0, (0.5, 1.5), "") for name in NAMES], value_title=LONG),
        ranges([Three(name, 1.0, (0.5, 2.0), None, None, ("", "", "", "")) for name in NAMES], value_title=LONG),
        funnel([Trained(name, (5.0,) * 5, (None,) * 5, 90.0, None, ("",) * 6) for name in NAMES[:4]]),
        plane([Cloud(name, float(at), 1.0) for at, name in enumerate(NAMES)], x_title="x", y_title="y", direction="lower"),
        front([Plan(NAMES[0], 1.0, 1.0, True, True, "feasible", ())], x_title="x", y_title="y"),
    ]


def test_no_word_of_a_name_is_cut() -> None:
    """A name too long for its four lines ends with an ellipsis after a whole word; the table has all of it."""
    whole = set(LONG.split()) | {f"({at})" for at in range(8)}
    for drawn in with_long_names():
        lines = [line for line in words_on(drawn) if set(line.split()) & {"Healthcare", "assistant", "agency", "money"}]
        assert lines
        for line in lines:
            assert set(line.replace("chosen:", "").replace("…", "").split()) <= whole, f"{drawn.name}: {line}"
        assert any(line.endswith(" …") for line in words_on(drawn))
        assert any(row[0].startswith(LONG) for row in drawn.rows)


def test_a_long_word_keeps_its_letters_together() -> None:
    drawn = ranges([Three("Psychopharmacological", 1.0, None, None, (0.5, 1.5), ("", "", "", ""))], value_title="x")
    assert "Psychopharmacological" in words_on(drawn)


def test_long_names_leave_room_for_the_picture() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        for drawn in with_long_names():
            drawn.save("png")


def test_swings_that_chance_explains_are_pale_and_the_caption_says_so() -> None:
    told, hidden = Swing("told", 1.0, 2.0, (0.5, 1.5), (1.5, 2.5)), Swing("hidden", 1.0, 2.0, (-0.5, 2.5), None)
    plain, mixed = (tornado(swings, value_title="x", caption="Source: here.") for swings in ([told], [told, hidden]))
    assert plain.caption == "Source: here."
    assert "Pale bars are not told from chance" in mixed.caption
    assert not any("pale" in line for line in words_on(plain))
    assert any("pale" in line for line in words_on(mixed))
    new = set(re.findall(r"fill: (#[0-9a-f]{6})", mixed.svg())) - set(re.findall(r"fill: (#[0-9a-f]{6})", plain.svg()))
    assert len(new) >= 2, "a paler colour for each side"


def test_indices_whose_interval_includes_nought_are_pale() -> None:
    drawn = indices([Index("a", 0.5, (0.2, 0.8)), Index("b", -0.2, (-0.6, 0.3))], value_title="x")
    assert "Pale bars are not told from chance" in drawn.caption
    assert "Pale" not in indices([Index("a", 0.5, (0.2, 0.8)), Index("b", 0.0, (0.0, 0.0))], value_title="x").caption


@pytest.mark.parametrize("same", [True, False])
def test_the_plan_that_was_chosen_and_the_ward_as_it_is_are_seen(same: bool) -> None:
    """Also where other plans have the same numbers, which lie over each other."""
    plans = [
        Plan("kept", 1.0, 1.0, True, True, "feasible", (), current=same),
        Plan("now", 1.0, 1.0, False, False, "undecided", (), current=not same),
        Plan("other", 2.0, 3.0, False, False, "infeasible", ()),
    ]
    drawn = front(plans, x_title="x", y_title="y")
    said = " ".join(words_on(drawn))
    assert ("chosen, and the ward as it is: kept" in said) if same else ("chosen: kept" in said and "the ward as it is: now" in said)
    figure: Any = drawn.figure()
    order = [one.get_label() for one in sorted(figure.axes[0].collections, key=lambda one: one.get_zorder())]
    assert order[-2:] == ["as it is", "chosen"], "nothing is drawn over them"
    assert order.index("undecided") < order.index("keeps the limits")


def test_numbers_of_incidents_do_not_cover_each_other() -> None:
    marks = [(840.0 + 6 * at, str(at + 1), at % 3 == 0) for at in range(15)]
    drawn = day([Lane("nurses", [(0.0, 1440.0)], [])] * 4, groups=("a", "b", "c", "d", "e"), patients=[(0.0, 18)], marks=marks, head=("h",), rows=[])
    assert overlapping(drawn, [number for _, number, _ in marks]) == []


def test_names_beside_a_plane_do_not_cover_each_other() -> None:
    clouds = [Cloud(name, 1.0, 5.0 + at / 100) for at, name in enumerate(NAMES)]
    assert overlapping(plane(clouds, x_title="x", y_title="y", direction="lower"), ["Healthcare"] * 8) == []


def test_a_waterfall_says_what_its_colours_mean() -> None:
    drawn = waterfall([Step("full", 2.0, None, "", whole=True), Step("M1", 1.0, None, ""), Step("M2", -1.0, None, "")], value_title="x")
    assert {"the difference itself", "raises it", "lowers it"} <= set(words_on(drawn))


@pytest.mark.parametrize("span", [(0.31, 2.9), (0.62, 4.1), (0.9, 1.3), (0.05, 5.0), (0.001, 900.0)])
def test_a_logarithmic_axis_can_be_read(span: tuple[float, float]) -> None:
    drawn = forest([Row("a", 1.0, span, None, 1.0, ())], value_title="x", head=("",), logarithmic=True)
    numbers = [line for line in words_on(drawn) if re.fullmatch(r"[0-9.]+", line)]
    assert 4 <= len(numbers) <= 9
