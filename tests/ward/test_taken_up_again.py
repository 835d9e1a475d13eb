"""A whole ward saved through JSON and taken up again stands where it stood."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tests.levers.bench import scenario
from tests.support import point_parameters
from wardsim.parameters.conditioning import condition
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.staff.people import NURSING
from wardsim.ward.ward import Ward


def stand(w: Ward) -> dict[str, Any]:
    """Slow quantities of a ward at time zero."""
    now = 0.0
    own, here = w.staffing.in_post(NURSING), w.beds.present
    return {
        "present": sorted(q.key for q in here.values()),
        "in_post": sorted(p.key for p in own),
        "on_duty": sorted(p.key for p in w.ctx.dispatcher.on_duty),
        "skill": {p.key: round(w.training.skill.person(p, "violence_prevention", now), 9) for p in own},
        "familiarity": {p.key: round(w.staffing.familiarity(p), 9) for p in own},
        "knows": {(p.key, q.key): round(w.staffing.familiarity_with(p, q.id), 9) for p in own for q in here.values()},
        "booked": sorted((b.need.person.key, b.need.spec.name, tuple(b.days)) for b in w.training._bookings.booked),
        "hazards": {q.key: round(sum(w.incidents.rates.many(q, w.incidents.rates.profile(q), np.full(3, now), np.arange(3))), 9) for q in here.values()},
    }


def test_nothing_jumps_when_a_saved_ward_goes_on() -> None:
    scene = scenario({})
    p = condition(scene, point_parameters())
    first = Ward(scene, p, 11, 0, begin=-6 * WEEK, until=0.0)
    first.advance()
    before = stand(first)
    state = json.loads(json.dumps(first.save(), allow_nan=False))
    second = Ward(scene, p, 11, 0, begin=0.0, until=WEEK, start=state)
    second.ctx.env.run(until=0.001)
    assert max(before["knows"].values()) > 0.9
    assert stand(second) == before
    second.advance()


def test_a_funded_post_is_empty_until_somebody_is_hired_and_the_number_wanted_rises_at_once() -> None:
    base = scenario({})
    p = condition(base, point_parameters())
    first = Ward(base, p, 11, 0, begin=-2 * WEEK, until=0.0)
    first.advance()
    state = json.loads(json.dumps(first.save(), allow_nan=False))
    funded: dict[str, list[Any]] = {}
    for name, change in (("funded", {"staffing.funded_extra.night.rn": 1}), ("bank", {"staffing.by_bank_extra.night.rn": 1})):
        ward = Ward(scenario(change), p, 11, 0, begin=0.0, until=21 * DAY, start=state)
        facts = ward.run()
        assert {s[5] for s in facts.shift if s[3] == "night" and s[4] == "rn" and s[2] >= 0} == {3}
        funded[name] = next(v for v in facts.vacancy if v[1] == "rn")
    assert funded["funded"][2] > funded["bank"][2] + 1.5
    assert funded["funded"][3] == funded["bank"][3]


def test_nursing_staff_on_a_course_are_known_to_the_residual_term() -> None:
    scene = scenario({})
    p = condition(scene, point_parameters())
    ward = Ward(scene, p, 11, 0, begin=0.0, until=10 * WEEK)
    seen = []
    for day in range(70):
        ward.ctx.env.run(until=day * DAY + 10 * 60.0)
        seen.append(ward.incidents.mechanisms.released())
    facts = ward.run()
    gone = {int(f[0] // DAY) for f in facts.absence if f[4] == "study" and f[3] in ("rn", "hca", "na")}
    assert 0.0 < sum(seen) < 70.0
    assert {day for day, n in enumerate(seen) if n > 0} <= gone | {69}
