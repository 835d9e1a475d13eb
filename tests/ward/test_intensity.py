"""The exogenous intensities of one patient, factor by factor, against values worked out by hand.

A ledger of round numbers: every type has its own base, 1,000 days make 1.44 million minutes, so a base of 1,440 is one event in a
thousand minutes.
"""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest

from tests.ward.incident_world import FlatCourse, patient
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.incidents.intensity import (
    ABSCONDING,
    AGGRESSION,
    ASSAULT,
    ATTRIBUTES,
    GROUPS,
    MEDICAL,
    N_TYPES,
    OBJECTS,
    REFUSAL,
    SELF_HARM,
    TYPES,
    VERBAL,
    Rates,
)

LOCKED, OPEN = (Scenario.model_validate({"name": "door", "ward": {"door_locked": locked}}) for locked in (True, False))
BASE = {name: 1440.0 * (k + 1) for k, name in enumerate(TYPES)}
SECOND_MOMENT = 1.5
"""Mean square of a gamma of mean 1 and shape 2."""


def ledger(**changes: float) -> dict[str, float]:
    """Nothing acts but the base rates; a change is named as in the topic `incidents`."""
    p = {f"incidents.{name}_per_1000_days": rate for name, rate in BASE.items()}
    p |= {f"incidents.{group}_acuity_slope": 0.0 for group in GROUPS}
    p |= {f"incidents.{name}_frailty_exponent": 0.0 for name in TYPES}
    p |= {f"incidents.reference_share_{attribute}": 0.0 for attribute in ATTRIBUTES}
    p |= {f"incidents.{name}": value for name, value in {
        "reference_acuity": 2.0, "acuity_ceiling": 5.0, "ward_cap": 2.5, "limit_cap": 6.0, "local_scale": 1.0,
        "local_assault_scale": 1.0, "assault_by_escalation_share": 0.0, "verbal_serious_share": 0.5,
        "locked_door_absconding_ratio": 1.0, "locked_door_aggression_ratio": 1.0,
    }.items()}  # fmt: skip
    p["patients.frailty_shape"] = 2.0
    return p | {f"incidents.{name}": value for name, value in changes.items()}


def plain(**changes: Any) -> Any:
    """A patient of acuity 2 with no attribute that multiplies anything."""
    given = {
        "sex": "f", "detained": False, "diagnosis": "other", "dual_diagnosis": False, "comorbidity": False, "frailty": 1.0,
        "course": FlatCourse((2.0,)), "treated_at": -WEEK,
    }  # fmt: skip
    return patient(0, **(given | changes))


def rates(**changes: float) -> Rates:
    return Rates(ledger(**changes), OPEN)


def per_thousand_minutes(of: Rates, who: Any = None) -> list[float]:
    return (of.profile(plain() if who is None else who).rate * 1000.0).tolist()


def test_the_base_is_events_in_a_thousand_days() -> None:
    assert per_thousand_minutes(rates()) == pytest.approx([float(k + 1) for k in range(N_TYPES)])


def test_local_scales_act_on_aggression_and_on_assaults_again() -> None:
    got = per_thousand_minutes(rates(local_scale=2.0, local_assault_scale=3.0))
    assert got == pytest.approx([2.0, 4.0, 18.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])


def test_assaults_by_escalation_are_taken_from_those_that_come_by_themselves() -> None:
    """Verbal 1 (half of them serious), objects 2, assaults 3: 0.25 of 3 assaults come out of 2.5 serious incidents."""
    of = rates(assault_by_escalation_share=0.25)
    assert of.escalation_share == pytest.approx(0.25 * 3.0 / 2.5)
    assert per_thousand_minutes(of)[ASSAULT] == pytest.approx(0.75 * 3.0)
    assert per_thousand_minutes(of)[:ASSAULT] == pytest.approx([1.0, 2.0])
    assert rates(assault_by_escalation_share=0.25, local_assault_scale=2.0).escalation_share == pytest.approx(0.6)
    assert rates(assault_by_escalation_share=0.9).escalation_share == 0.95, "never certain"


def test_nothing_escalates_where_nothing_serious_happens() -> None:
    none = {"verbal_per_1000_days": 0.0, "objects_per_1000_days": 0.0}
    assert rates(assault_by_escalation_share=0.5, **none).escalation_share == 0.0
    few = {"verbal_per_1000_days": 1.0, "objects_per_1000_days": 0.0, "assault_per_1000_days": 0.5}
    assert rates(assault_by_escalation_share=0.5, **few).escalation_share == pytest.approx(0.5)


def test_frailty_enters_with_its_exponent_over_its_mean() -> None:
    of = rates(objects_frailty_exponent=1.0, assault_frailty_exponent=2.0)
    got = per_thousand_minutes(of, plain(frailty=3.0))
    assert got[:3] == pytest.approx([1.0, 2.0 * 3.0, 3.0 * 9.0 / SECOND_MOMENT])


HAVING: dict[str, dict[str, Any]] = {
    "detained": {"detained": True}, "psychosis": {"diagnosis": "psychosis"}, "male": {"sex": "m"},
    "previous_violence": {"previous_violence": True}, "dual_diagnosis": {"dual_diagnosis": True},
    "personality": {"diagnosis": "personality"}, "mood": {"diagnosis": "mood"}, "comorbidity": {"comorbidity": True},
}  # fmt: skip


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_an_attribute_multiplies_over_the_mean_of_the_reference_mix(attribute: str) -> None:
    """Ratio 3 for self-harm, a quarter have it: the mean is 1.5, so 3 / 1.5 with it and 1 / 1.5 without."""
    of = rates(**{f"self_harm_ratio_{attribute}": 3.0, f"reference_share_{attribute}": 0.25})
    with_it = per_thousand_minutes(of, plain(**HAVING[attribute]))
    without = per_thousand_minutes(of)
    assert with_it[SELF_HARM] == pytest.approx(5.0 * 2.0)
    assert without[SELF_HARM] == pytest.approx(5.0 / 1.5)
    others = [k for k in range(N_TYPES) if k != SELF_HARM]
    assert [with_it[k] for k in others] == pytest.approx([k + 1.0 for k in others])
    for other in set(ATTRIBUTES) - {attribute}:
        assert per_thousand_minutes(of, plain(**HAVING[other]))[SELF_HARM] == pytest.approx(5.0 / 1.5)


def test_attributes_multiply_each_other() -> None:
    of = rates(aggression_ratio_male=2.0, aggression_ratio_detained=5.0)
    assert per_thousand_minutes(of, plain(sex="m", detained=True))[:4] == pytest.approx([10.0, 20.0, 30.0, 4.0])


def test_a_locked_door_stops_attempts_and_stirs_aggression() -> None:
    door = {"locked_door_absconding_ratio": 0.75, "locked_door_aggression_ratio": 1.5}
    locked, unlocked = (Rates(ledger(**door), which) for which in (LOCKED, OPEN))
    expected = [float(k + 1) for k in range(N_TYPES)]
    assert per_thousand_minutes(unlocked) == pytest.approx(expected)
    expected[:AGGRESSION] = [1.5, 3.0, 4.5]
    expected[ABSCONDING] *= 0.75
    assert per_thousand_minutes(locked) == pytest.approx(expected)


# -- in time ----------------------------------------------------------------------------------------------------------------


def at(of: Rates, kind: int, time: float, who: Any) -> float:
    """Intensity in events per thousand minutes; one by one, and all at once, are the same."""
    profile = of.profile(who)
    one = of.one(who, profile, time, kind)
    assert of.many(who, profile, np.array([time]), np.array([kind])).tolist() == pytest.approx([one], rel=1e-12)
    if kind < AGGRESSION:
        assert of.aggression(who, profile, time) == pytest.approx(
            sum(of.one(who, profile, time, k) for k in range(AGGRESSION)), rel=1e-12
        )
    return 1000.0 * one


def test_acuity_acts_up_to_its_ceiling() -> None:
    of = rates(aggression_acuity_slope=0.5, medical_emergency_acuity_slope=0.2)
    course = FlatCourse((2.0, 4.0, 5.0, 9.0))
    got = [at(of, VERBAL, day * DAY, plain(course=course)) for day in range(4)]
    assert got == pytest.approx([1.0, exp(1.0), exp(1.5), exp(1.5)])
    assert at(of, MEDICAL, 9 * DAY, plain(course=course)) == pytest.approx(10.0 * exp(0.6))


def test_a_slope_below_nothing_counts_as_nothing() -> None:
    assert at(rates(aggression_acuity_slope=-0.5), VERBAL, 0.0, plain(course=FlatCourse((4.0,)))) == pytest.approx(1.0)


def test_the_first_week_of_treatment_ends_after_seven_days() -> None:
    of = rates(aggression_first_week_ratio=2.0)
    who = plain(treated_at=600.0)
    assert [at(of, OBJECTS, t, who) for t in (600.0, 600.0 + WEEK - 1.0, 600.0 + WEEK, 600.0 + WEEK + 1.0)] == pytest.approx(
        [4.0, 4.0, 2.0, 2.0]
    )
    assert at(of, SELF_HARM, 600.0, who) == pytest.approx(5.0)
    several = of.many(who, of.profile(who), np.array([0.0, 600.0 + WEEK]), np.array([VERBAL, VERBAL]))
    assert (several * 1000.0).tolist() == pytest.approx([2.0, 1.0])


MEALS = (7, 8, 12, 13, 14, 17, 18, 21, 22)
MEDICATION = (8, 13, 18, 22)
EVENING = (18, 19, 20, 21, 22)
NIGHT = (23, 0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("kind", "peaks"), [(VERBAL, MEALS), (REFUSAL, MEDICATION), (SELF_HARM, EVENING), (ABSCONDING, EVENING)]
)
def test_the_hours_of_the_day(kind: int, peaks: tuple[int, ...]) -> None:
    group = GROUPS[kind]
    of = rates(**{f"{group}_clock_night": 0.25, f"{group}_clock_bump": 3.0})
    raw = [3.0 if hour in peaks else 0.25 if hour in NIGHT else 1.0 for hour in range(24)]
    got = [at(of, kind, day * DAY + hour * 60.0 + 59.0, plain()) for day in (0, -3) for hour in range(24)]
    assert got == pytest.approx([(kind + 1) * factor * 24.0 / sum(raw) for factor in raw] * 2)
    assert at(of, MEDICAL, 600.0, plain()) == pytest.approx(10.0), "a group without a clock is even"


# -- the bound --------------------------------------------------------------------------------------------------------------


def test_the_bound_is_the_product_of_the_largest_factors() -> None:
    """Acuity exp(0.5 x 3), clock peak, first week 2, door 1.5, ward terms 2.5, and 6 more for aggression after a limit."""
    of = rates(aggression_acuity_slope=0.5, aggression_clock_night=0.25, aggression_clock_bump=3.0,
               aggression_first_week_ratio=2.0, locked_door_aggression_ratio=1.5, locked_door_absconding_ratio=0.75,
               self_harm_first_week_ratio=0.5)  # fmt: skip
    profile = of.profile(plain())
    peak = 3.0 * 24.0 / (9 * 3.0 + 8 * 0.25 + 7)
    expected = [(k + 1) * 2.5 for k in range(N_TYPES)]
    for k in range(AGGRESSION):
        expected[k] = (k + 1) * exp(1.5) * peak * 2.0 * 1.5 * 2.5 * 6.0
    assert (profile.bound * 1000.0).tolist() == pytest.approx(expected), "what only lowers is not in the bound"
    assert (profile.cumulative * 1000.0).tolist() == pytest.approx(np.cumsum(expected).tolist())
    assert profile.total * 1000.0 == pytest.approx(sum(expected))
    assert profile.rates == profile.rate.tolist()
    assert of.cap.tolist() == [15.0] * AGGRESSION + [2.5] * (N_TYPES - AGGRESSION)


def test_the_bound_is_the_same_behind_any_door() -> None:
    door = {"locked_door_absconding_ratio": 0.75, "locked_door_aggression_ratio": 1.5}
    locked, unlocked = (Rates(ledger(**door), which).profile(plain()).bound.tolist() for which in (LOCKED, OPEN))
    assert locked == unlocked
