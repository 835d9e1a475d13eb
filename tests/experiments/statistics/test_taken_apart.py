"""A difference taken apart by mechanism: effects that add have no interplay, those that multiply have the one they should."""

from __future__ import annotations

import numpy as np
import pytest

from tests.experiments.statistics.banks import plain
from wardsim.experiments.compare.analysis import Against
from wardsim.experiments.compare.structures import UnderStructure
from wardsim.experiments.compare.taken_apart import INTERPLAY, REST, WHOLE, taken_apart
from wardsim.experiments.statistics.better import Better
from wardsim.experiments.statistics.difference import difference

MEASURE = "assaults_true_per_1000_obd"
DRAWS = np.repeat(np.arange(20), 2)


def under(off: tuple[str, ...], values: np.ndarray) -> UnderStructure:
    base = plain(DRAWS, np.full(40, 10.0))
    found = difference(base, plain(DRAWS, 10.0 + values), point=False, years=1.0)
    return UnderStructure(" ".join(off) or "full model", off, "option", MEASURE, Against(found, Better(None, "")))


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(40)


def test_effects_that_add_have_no_interplay_and_the_terms_sum_to_the_difference() -> None:
    rest, skill, contact = 1.0 + noise(1), 2.0 + noise(2), -0.5 + noise(3)
    forms = [
        under((), rest + skill + contact), under(("skill",), rest + contact), under(("contact",), rest + skill), under(("skill", "contact"), rest),
    ]  # fmt: skip
    terms = {term.step: term for term in taken_apart(forms)}
    assert list(terms) == [REST, "skill", "contact", INTERPLAY, WHOLE]
    assert terms["skill"].value == pytest.approx(skill.mean())
    assert terms["contact"].value == pytest.approx(contact.mean())
    assert terms[REST].value == pytest.approx(rest.mean())
    assert terms[INTERPLAY].value == pytest.approx(0.0, abs=1e-9)
    assert terms[INTERPLAY].mc_low == pytest.approx(0.0, abs=1e-6), "paired run by run, so that chance cancels"
    parts = [terms[step].value for step in (REST, "skill", "contact", INTERPLAY)]
    assert sum(parts) == pytest.approx(terms[WHOLE].value)
    assert terms["skill"].mc_low is not None
    assert terms["skill"].mc_low < 2.0 < terms["skill"].mc_high


def test_effects_that_multiply_leave_their_product_to_the_interplay() -> None:
    """Two mechanisms that make something only together: each alone seems to make all of it, and the interplay takes it back once."""
    together = 3.0 + 0.1 * noise(4)
    none = 0.1 * noise(5)
    forms = [under((), together), under(("skill",), none), under(("contact",), none), under(("contact", "skill"), none)]
    terms = {term.step: term.value for term in taken_apart(forms)}
    assert terms["skill"] == terms["contact"] == pytest.approx(together.mean() - none.mean())
    assert terms[INTERPLAY] == pytest.approx(-(together.mean() - none.mean()))


@pytest.mark.parametrize(
    "offs", [[(), ("skill",)], [(), ("skill",), ("contact",)], [("skill",), ("contact",), ("skill", "contact")], [(), ("skill", "contact")]]
)
def test_without_each_alone_and_all_together_there_is_nothing_to_take_apart(offs: list[tuple[str, ...]]) -> None:
    assert taken_apart([under(off, noise(6)) for off in offs]) == []
