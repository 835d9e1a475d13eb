"""Exact timelines of the dispatcher: who does what when, what is interrupted, what is never done."""

from __future__ import annotations

import pytest

from wardsim.ward.core.clock import AT_NEW_WORK, AT_SHIFT_CHANGE, At, Clock
from wardsim.ward.core.facts import Facts
from wardsim.ward.staff.people import ACTIVITY_WORKER, HCA, NURSING, RN, SUBSTANTIVE, Person
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.task import CANCELLED, CUT_SHORT, DONE, NOT_DONE, Kind, Task

TALK = Kind(901, "talk", 6, NURSING, "direct", yields_to=4, resumes=False, contact=True)
NOTES = Kind(902, "notes", 7, NURSING, "indirect", yields_to=6, away=True)
ROUND = Kind(903, "round", 2, RN, "direct", preempts=True, yields_to=0)
MOVE = Kind(904, "move", 4, NURSING, "direct", people=2, yields_to=2)
WATCH = Kind(905, "watch", 1, NURSING, "direct", preempts=True, yields_to=-1, hand_over=True)
ALARM = Kind(906, "alarm", 0, NURSING, "direct", preempts=True, yields_to=-1)
GROUP = Kind(907, "group", 6, NURSING | ACTIVITY_WORKER, "direct", yields_to=3)


class Ward:
    def __init__(self, staff: str, policy: str = "hand_over", until: float = 480.0) -> None:
        self.env = Clock()
        self.facts = Facts()
        self.dispatcher = Dispatcher(self.env, self.facts, policy)
        roles = {"r": RN, "h": HCA, "a": ACTIVITY_WORKER}
        self.people = [Person(i, (i, 0), roles[c], 5, SUBSTANTIVE, 37.5, 0.0) for i, c in enumerate(staff)]
        for person in self.people:
            self.dispatcher.start_duty(person, "early", until)

    def at(self, time: float, call, order: int = AT_NEW_WORK) -> None:
        At(self.env, time, lambda _: call(), None, order)

    def segments(self) -> list[tuple[float, float, int, str]]:
        return [(s[0], s[1], s[2], s[4]) for s in self.facts.segment]

    def outcomes(self) -> dict[int, tuple[str, float, float]]:
        return {t[3]: (t[6], t[2], t[8]) for t in self.facts.task}


def test_work_goes_to_the_person_with_fewest_other_uses() -> None:
    w = Ward("rha")
    group = w.dispatcher.submit(GROUP, 30)
    talk = w.dispatcher.submit(TALK, 20, 7)
    w.env.run(60)
    assert w.segments() == [(0, 20, 1, "talk"), (0, 30, 2, "group")]
    assert (group.outcome, talk.outcome) == (DONE, DONE)


def test_waiting_work_is_given_by_priority_then_age() -> None:
    w = Ward("r")
    w.dispatcher.submit(TALK, 10, 1)
    w.dispatcher.submit(NOTES, 5, 2)
    w.dispatcher.submit(TALK, 5, 3)
    w.dispatcher.submit(TALK, 5, 4)
    w.env.run(100)
    assert w.segments() == [(0, 10, 0, "talk"), (10, 15, 0, "talk"), (15, 20, 0, "talk"), (20, 25, 0, "notes")]
    assert [s[5] for s in w.facts.segment] == [1, 3, 4, 2]


def test_preempting_work_interrupts_the_least_urgent_and_it_resumes_with_what_remains() -> None:
    w = Ward("rr")
    w.dispatcher.submit(NOTES, 60)
    w.dispatcher.submit(TALK, 60, 1)
    w.at(10, lambda: w.dispatcher.submit(ROUND, 20))
    w.env.run(200)
    assert w.segments() == [(0, 10, 0, "notes"), (10, 30, 0, "round"), (0, 60, 1, "talk"), (30, 80, 0, "notes")]
    assert w.outcomes()[0] == (DONE, 80, 60)


def test_a_session_that_does_not_resume_is_cut_short() -> None:
    w = Ward("r")
    w.dispatcher.submit(TALK, 30, 1)
    w.at(12, lambda: w.dispatcher.submit(ROUND, 10))
    w.env.run(100)
    assert w.outcomes() == {0: (CUT_SHORT, 12, 12), 1: (DONE, 22, 10)}


def test_a_protected_session_yields_only_to_an_emergency() -> None:
    w = Ward("r")
    w.dispatcher.submit(TALK, 30, 1, yields_to=0)
    w.at(12, lambda: w.dispatcher.submit(ROUND, 10))
    w.env.run(100)
    assert w.segments() == [(0, 30, 0, "talk"), (30, 40, 0, "round")]
    v = Ward("r")
    v.dispatcher.submit(TALK, 30, 1, yields_to=0)
    v.at(12, lambda: v.dispatcher.respond(ALARM, 1, 1))
    v.env.run(100)
    assert v.outcomes()[0] == (CUT_SHORT, 12, 12)


def test_a_team_starts_together_or_not_at_all() -> None:
    w = Ward("rh")
    w.dispatcher.submit(TALK, 10, 1)
    w.dispatcher.submit(TALK, 25, 2)
    w.dispatcher.submit(MOVE, 5, 3)
    w.dispatcher.submit(NOTES, 8)
    w.env.run(100)
    moved = [s for s in w.segments() if s[3] == "move"]
    assert [(s[0], s[1]) for s in moved] == [(25, 30), (25, 30)]
    assert {s[2] for s in moved} == {0, 1}
    # the person free from minute 10 does other work while the team is not complete
    assert (10, 18, 1, "notes") in w.segments()


def test_a_team_of_three_never_starts_with_two_people() -> None:
    w = Ward("rh")
    task = w.dispatcher.submit(MOVE, 5, 3, people=3, expires=60)
    w.at(61, w.dispatcher.sweep)
    w.env.run(100)
    assert task.outcome == NOT_DONE
    assert w.facts.segment == []


def test_work_past_its_expiry_is_not_done_at_that_time() -> None:
    w = Ward("r")
    w.dispatcher.submit(TALK, 50, 1)
    late = w.dispatcher.submit(TALK, 10, 2, expires=40)
    w.env.run(100)
    assert late.outcome == NOT_DONE
    assert w.outcomes()[1] == (NOT_DONE, 40, 0.0)


def test_only_people_in_date_may_do_work_that_needs_a_course() -> None:
    w = Ward("hh")
    w.people[1].valid_until["life_support"] = 30.0
    first = w.dispatcher.submit(TALK, 10, 1, course="life_support")
    w.at(40, lambda: w.dispatcher.submit(TALK, 10, 2, course="life_support", expires=80))
    w.env.run(100)
    w.dispatcher.sweep()
    assert first.outcome == DONE
    assert w.segments() == [(0, 10, 1, "talk")]
    assert w.outcomes()[1][0] == NOT_DONE


def test_named_work_waits_for_its_person_and_dies_with_the_shift() -> None:
    w = Ward("rh", until=100)
    person = w.people[0]
    w.dispatcher.submit(TALK, 60, 1, only=person)
    mine = w.dispatcher.submit(NOTES, 90, only=person)
    other = w.dispatcher.submit(NOTES, 30, only=person)
    w.at(100, lambda: w.dispatcher.end_duty(person), AT_SHIFT_CHANGE)
    w.env.run(120)
    assert w.segments() == [(0, 60, 0, "talk"), (60, 100, 0, "notes")]
    assert mine.outcome == CUT_SHORT
    assert other.outcome == NOT_DONE


@pytest.mark.parametrize(
    ("policy", "off", "rest"),
    [("finish", 130.0, []), ("hand_over", 100.0, [(100, 130, 1, "notes")]), ("stop", 100.0, [])],
)
def test_end_of_shift(policy: str, off: float, rest: list[tuple[float, float, int, str]]) -> None:
    w = Ward("r", policy, until=100)
    w.dispatcher.submit(NOTES, 130)
    late = Person(1, (1, 0), HCA, 3, SUBSTANTIVE, 37.5, 0.0)
    w.at(100, lambda: w.dispatcher.end_duty(w.people[0]), AT_SHIFT_CHANGE)
    w.at(100, lambda: w.dispatcher.start_duty(late, "late", 400), AT_SHIFT_CHANGE)
    w.env.run(300)
    w.dispatcher.close()
    duty = {d[2]: (d[0], d[1]) for d in w.facts.duty}
    assert duty[0] == (0, off)
    assert [s for s in w.segments() if s[2] == 1] == rest
    assert w.outcomes()[0][0] == (CUT_SHORT if policy == "stop" else DONE)


def test_constant_observation_is_handed_on_whatever_the_policy() -> None:
    for policy in ("finish", "hand_over", "stop"):
        w = Ward("rh", policy, until=100)
        w.dispatcher.submit(WATCH, 150, 1, avoid=w.people[1])
        task = w.people[0].task
        assert task is not None
        task.avoid = None
        w.at(100, lambda w=w: w.dispatcher.end_duty(w.people[0]), AT_SHIFT_CHANGE)
        w.env.run(200)
        assert w.segments() == [(0, 100, 0, "watch"), (100, 150, 1, "watch")], policy


def test_an_emergency_holds_its_people_past_the_end_of_the_shift_and_they_then_leave() -> None:
    w = Ward("rh", "stop", until=100)
    alarm = w.dispatcher.respond(ALARM, 1, 2)
    assert alarm is not None
    assert len(alarm.staff) == 2
    w.at(100, lambda: w.dispatcher.end_duty(w.people[0]), AT_SHIFT_CHANGE)
    w.at(110, lambda: w.dispatcher.submit(NOTES, 20))
    w.at(125, lambda: w.dispatcher.finish(alarm))
    w.env.run(200)
    assert w.segments() == [(0, 125, 0, "alarm"), (0, 125, 1, "alarm"), (125, 145, 1, "notes")]
    assert [(d[0], d[1], d[2]) for d in w.facts.duty] == [(0, 125, 0)]


def test_an_emergency_takes_whoever_can_come_and_nobody_from_another_emergency() -> None:
    w = Ward("rh")
    first = w.dispatcher.respond(ALARM, 1, 1)
    second = w.dispatcher.respond(ALARM, 2, 3)
    third = w.dispatcher.respond(ALARM, 3, 1)
    assert first is not None
    assert second is not None
    assert len(first.staff) == 1
    assert len(second.staff) == 1
    assert third is None


def test_trained_people_come_first_to_a_team() -> None:
    w = Ward("hhr")
    w.people[2].valid_until["violence_prevention"] = 1e9
    w.dispatcher.submit(TALK, 60, 1, only=w.people[2])
    team = w.dispatcher.respond(ALARM, 1, 2, course="violence_prevention")
    assert team is not None
    assert w.people[2] in team.staff


def test_people_who_join_are_counted_from_when_they_came() -> None:
    w = Ward("rh")
    alarm = w.dispatcher.respond(ALARM, 1, 1)
    assert alarm is not None
    first = alarm.staff[0]
    other = w.people[1] if first is w.people[0] else w.people[0]
    w.at(5, lambda: w.dispatcher.join(alarm, [other]))
    w.at(12, lambda: w.dispatcher.finish(alarm))
    w.env.run(20)
    assert sorted(s[:3] for s in w.segments()) == sorted([(0, 5, first.id), (5, 12, first.id), (5, 12, other.id)])


def test_cancelled_work_stops_and_frees_people() -> None:
    w = Ward("r")
    running = w.dispatcher.submit(TALK, 60, 1)
    waiting = w.dispatcher.submit(TALK, 60, 1)
    third = w.dispatcher.submit(NOTES, 10)
    w.at(20, lambda: w.dispatcher.cancel_patient(1))
    w.env.run(100)
    assert (running.outcome, waiting.outcome, third.outcome) == (CANCELLED, CANCELLED, DONE)
    assert w.segments() == [(0, 20, 0, "talk"), (20, 30, 0, "notes")]


def test_work_ends_before_new_work_of_the_same_minute() -> None:
    w = Ward("r")
    w.dispatcher.submit(TALK, 30, 1)
    w.at(30, lambda: w.dispatcher.submit(ROUND, 10))
    w.env.run(60)
    assert w.outcomes()[0] == (DONE, 30, 30)


def test_a_task_submitted_while_another_ends_does_not_take_a_person_twice() -> None:
    w = Ward("r")
    seen: list[str] = []

    def again(task: Task) -> None:
        seen.append(task.outcome)
        if len(seen) < 3:
            w.dispatcher.submit(TALK, 10, 1, on_end=again)

    w.dispatcher.submit(TALK, 10, 1, on_end=again)
    w.dispatcher.submit(NOTES, 5)
    w.env.run(100)
    spans = sorted(s[:2] for s in w.segments())
    assert spans == [(0, 10), (10, 20), (20, 30), (30, 35)]


def test_closing_accounts_for_every_minute() -> None:
    w = Ward("rh")
    w.dispatcher.submit(NOTES, 1000)
    w.env.run(90)
    w.dispatcher.close()
    assert w.segments() == [(0, 90, 1, "notes")]
    assert sorted(d[1] - d[0] for d in w.facts.duty) == [90, 90]
    assert w.dispatcher.submit(NOTES, 5).outcome == CANCELLED
