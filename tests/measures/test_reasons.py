"""What an unknown value says, and what parts a value has."""

from __future__ import annotations

from math import isnan

import pytest

from tests.measures.hand import PARAMETERS, QUIET, values, ward
from wardsim.measures import measure
from wardsim.measures.declare import NAN, plain, ratio, share, unknown
from wardsim.measures.incidents import TYPES
from wardsim.measures.response import KINDS
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts

NO_BED_DAYS = "no occupied bed days in the window"
NOT_WHOLE = "what it is made of is not known for the whole window"
NO_YEAR = "needs 365 measured days before the census day; there are 100"
NO_ANSWER = "no aggression was answered in the window"
NOT_PLANNED = "no one-to-one session was planned in the window"
NO_FIRST_WEEK = "nobody admitted in the window had a whole first week in the measured run"
NOBODY_LEFT = "nobody was discharged in the window"
NOTHING, NONE = "no aggression happened in the window", "no assault happened in the window"
STEMS = ("assaults", "aggression", "assaults_on_staff", "assaults_on_patients", "serious_aggression",
         *(stem for stem, _ in TYPES.values()))  # fmt: skip

PER_BED_DAY = (
    *(f"{stem}_{layer}_per_1000_obd" for stem in STEMS for layer in ("true", "reported")),
    *(f"{kind}_per_1000_obd" for kind in KINDS),
    "restrictive_interventions_per_1000_obd", "staff_injuries_per_1000_obd", "one_to_one_min_per_patient_day",
    "one_to_one_sessions_per_patient_week", "therapy_min_per_patient_day", "group_hours_per_patient_week",
)  # fmt: skip

REASONS: dict[str, str] = {
    **dict.fromkeys(PER_BED_DAY, NO_BED_DAYS),
    "cost_per_obd": NO_BED_DAYS,
    "assaults_reported_share": NONE, "assaults_by_escalation": NONE,
    "aggression_reported_share": NOTHING, "incidents_by_contagion": NOTHING, "aggression_noticed": NOTHING,
    "catchment_assaults_true_per_1000_patient_days": "no patient days in the window",
    **{f"nursing_staff_assaulted_per_year{which}": NO_YEAR for which in ("", "_tenured", "_reported", "_survey", "_survey_tenured")},
    "patients_assaulted": NOBODY_LEFT, "patients_violent": NOBODY_LEFT, "patients_aggressive": NOBODY_LEFT,
    "patients_assaulted_census": "the ward was empty at the end of the window",
    "restraint_minutes": "no restraint in the window", "restraint_staff_trained": "no restraint in the window",
    "first_response_min": NO_ANSWER, "de_escalated": NO_ANSWER,
    "team_response_min": "no team was called in the window",
    "responders_from_neighbours": "nobody answered an incident in the window",
    "medical_emergency_response_min": "no medical emergency was answered in the window",
    "no_one_to_one_first_week": NO_FIRST_WEEK, "no_session_of_any_profession_first_week": NO_FIRST_WEEK,
    "patient_days_with_one_to_one": "nobody was on the ward at any midnight of the window",
    "one_to_one_delivered": NOT_PLANNED, "one_to_one_cut_short": NOT_PLANNED, "one_to_one_not_begun": NOT_PLANNED,
    "groups_delivered": "no group was planned in the window", "escorts_delivered": "no escort was planned in the window",
}  # fmt: skip


def test_an_empty_ward_says_what_is_missing():
    got = values(ward(beds={"present": 0}))
    assert {name: got[name].reason for name in REASONS} == REASONS
    assert all(isnan(got[name].value) for name in REASONS)


def test_a_ward_of_which_nothing_is_known_says_so():
    got = measure(Facts(), QUIET, PARAMETERS, 0.0, DAY)
    known_elsewhere = dict.fromkeys(("cost_per_obd", "cost_total_per_year", "cost_out_of_area_per_year"),
                                    "days out of area are not known for the whole window")  # fmt: skip
    known_elsewhere |= dict.fromkeys((*PER_BED_DAY, "catchment_assaults_true_per_1000_patient_days"), NOT_WHOLE)
    del known_elsewhere["one_to_one_min_per_patient_day"]
    assert {name: got[name].reason for name in known_elsewhere} == known_elsewhere


def test_nobody_in_post_for_a_survey():
    """A whole year is measured; nobody is in post, or only somebody who came lately."""
    name = "nursing_staff_assaulted_per_year"
    nobody, nobody_long = "nobody was in post on the census day", "nobody in post had been there for a year"
    got = values(ward(), days=400.0)
    assert [got[f"{name}{which}"].reason for which in ("", "_reported", "_survey")] == [nobody] * 3
    late = values(ward(("employment", {"time": 100 * DAY, "person": 1})), days=400.0)
    assert [late[f"{name}{which}"].reason for which in ("_tenured", "_survey_tenured")] == [nobody_long] * 2
    assert [late[f"{name}{which}"].value for which in ("", "_reported", "_survey")] == [0.0] * 3


def parts(value):
    """Numerator and denominator, None for one that is no number."""
    return tuple(None if isnan(part) else part for part in value[1:3])


def test_the_parts_of_a_value():
    assert ratio(3.0, 4.0, 10.0) == (7.5, 3.0, 4.0, "")
    assert share(3.0, 4.0) == (75.0, 3.0, 4.0, "")
    assert ratio(0.0, 4.0).value == 0.0
    for bottom in (0.0, -1.0):
        for made in (ratio(3.0, bottom), share(3.0, bottom)):
            assert isnan(made.value)
            assert made[1:] == (3.0, bottom, "nothing to divide by in the window")
        assert ratio(3.0, bottom, 1.0, "why").reason == share(3.0, bottom, "why").reason == "why"
    assert ratio(3.0, 0.5) == (6.0, 3.0, 0.5, "")
    for top, bottom in ((NAN, 2.0), (2.0, NAN), (float("inf"), 2.0), (2.0, float("inf"))):
        made = ratio(top, bottom, 1.0, "why")
        assert isnan(made.value)
        assert made.reason == NOT_WHOLE
        assert repr(made[1:3]) == repr((top, bottom))


def test_a_number_that_is_no_ratio_has_no_parts():
    assert plain(3)[0] == 3.0
    assert plain(3).reason == ""
    for made, why in ((plain(NAN), "not known"), (plain(float("inf"), "why"), "why"), (unknown("why"), "why")):
        assert isnan(made.value)
        assert made.reason == why
    for made in (plain(3.0), plain(NAN), unknown("why")):
        assert parts(made) == (None, None)
        assert all(isinstance(part, float) for part in made[:3])


@pytest.mark.parametrize("name", ["first_response_min", "team_response_min", "medical_emergency_response_min"])
def test_a_median_has_no_parts(name):
    rows = [("incident", {"time": 5.0, "incident": i, "type": kind}) for i, kind in enumerate(("verbal", "medical_emergency"))]
    rows += [("response", {"incident": i, "first_arrival_min": 2.0, "team_arrival_min": 3.0}) for i in range(2)]
    got = values(ward(*rows))[name]
    assert got.value == (2.0 if name == "first_response_min" else 3.0)
    assert parts(got) == (None, None)
