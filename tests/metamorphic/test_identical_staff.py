"""Two people who are alike in everything: which of them came first decides who does what, and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from wardsim.ward.core.clock import AT_NEW_WORK, AT_SHIFT_CHANGE, DAY, At, Clock
from wardsim.ward.core.facts import Facts
from wardsim.ward.staff.people import HCA, NURSING, RN, SUBSTANTIVE, Person
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.kinds import (
    BREAK,
    CONSTANT_OBSERVATION,
    DOCUMENTATION,
    EMERGENCY,
    ESCORT,
    GENERAL_ROUND,
    MEDICATION,
    ONE_TO_ONE,
    PERSONAL_CARE,
    REQUEST,
)

pytestmark = pytest.mark.property

WORK = (CONSTANT_OBSERVATION, GENERAL_ROUND, MEDICATION, PERSONAL_CARE, ESCORT, REQUEST, ONE_TO_ONE, DOCUMENTATION)


def shifts(first: int, second: int, seed: int, policy: str) -> Facts:
    """Two days of random work for a nurse and two healthcare assistants, of whom `first` comes on duty before `second`."""
    rng = random.Random(seed)
    env = Clock()
    facts = Facts()
    dispatcher = Dispatcher(env, facts, policy)
    people = {i: Person(i, (i, 0), role, 3, SUBSTANTIVE, 37.5, 0.0) for i, role in enumerate((RN, HCA, HCA))}

    def change(_: Any) -> None:
        for person in list(dispatcher.on_duty):
            if person.duty_end <= env.now:
                dispatcher.end_duty(person)
        for i in (0, first, second):
            if not people[i].on_duty:
                dispatcher.start_duty(people[i], "long", env.now + 720.0)

    def emergency(event: At) -> None:
        held = dispatcher.respond(EMERGENCY, 5, 2)
        if held is not None:
            At(env, event._value, lambda _: dispatcher.finish(held), None, AT_NEW_WORK)

    for half in range(4):
        At(env, 720.0 * half, change, None, AT_SHIFT_CHANGE)
    for _ in range(400):
        kind = rng.choice(WORK)
        minutes = rng.expovariate(1.0 / 12.0) + 0.5
        people_needed = 2 if kind is PERSONAL_CARE and rng.random() < 0.3 else 0
        wait = rng.uniform(10.0, 200.0)
        At(
            env,
            rng.uniform(0.0, 2.0 * DAY),
            lambda _, a=(kind, minutes, wait, people_needed): dispatcher.submit(
                a[0], a[1], 7, expires=env.now + a[2], people=a[3], roles=NURSING if a[3] else 0
            ),
            None,
            AT_NEW_WORK,
        )
    for _ in range(20):
        At(env, rng.uniform(0.0, 2.0 * DAY), emergency, rng.uniform(5.0, 40.0), AT_NEW_WORK)
    for at in (180.0, 900.0, 1620.0, 2340.0):
        for i in (first, second):
            At(env, at, lambda _, p=people[i]: dispatcher.submit(BREAK, 30.0, expires=env.now + 180.0, only=p), None, AT_NEW_WORK)
    env.run(2.0 * DAY)
    dispatcher.close()
    return facts


@pytest.mark.parametrize("policy", ["finish", "hand_over", "stop"])
@pytest.mark.parametrize("seed", range(6))
def test_swapping_two_identical_people_changes_nothing_but_their_names(seed: int, policy: str) -> None:
    one, other = shifts(1, 2, seed, policy), shifts(2, 1, seed, policy)
    names = {0: 0, 1: 2, 2: 1}
    assert len(one.task) > 300
    assert {row[6] for row in one.task} >= {"done", "cut_short", "not_done"}
    assert repr(one.task) == repr(other.task)
    swapped = [(*row[:2], names[row[2]], *row[3:]) for row in other.segment]
    assert one.segment == swapped
