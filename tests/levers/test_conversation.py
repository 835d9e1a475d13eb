"""Conversations in passing: what staff without a task do, at nobody's cost; and sessions that wait for the named nurse."""

from __future__ import annotations

from tests.levers.bench import run
from wardsim.ward.core.clock import DAY

OFTEN = {"work.conversations_per_patient_day": 4.0}
NONE = {"work.conversations_per_patient_day": 0.0}


def test_free_staff_talk_with_patients_and_the_more_so_the_more_are_free() -> None:
    few, many = run(days=28.0), run({"staffing.required.early.rn": 4, "staffing.required.late.rn": 4}, days=28.0)
    assert run(days=28.0, parameters=NONE).minutes("conversation") == 0.0
    assert 0.0 < few.minutes("conversation") < many.minutes("conversation")


def test_nothing_else_is_wanted_for_it() -> None:
    """The wishes of patients come from draws of their own: the same requests and sessions fall due on a first day."""

    def wanted(parameters: dict[str, float], kind: str) -> list[tuple[float, int]]:
        return sorted((t[0], t[5]) for t in run(days=28.0, parameters=parameters).facts.task if t[4] == kind and t[0] < DAY)

    for kind in ("patient_request", "one_to_one", "medication_round"):
        assert wanted(OFTEN, kind) == wanted(NONE, kind) != []


def test_it_yields_to_urgent_work_and_is_not_owed() -> None:
    """Nobody is taken from a round or an emergency, and a conversation that does not come about is no work undone."""
    ward = run(days=28.0, parameters=OFTEN)
    talks = [t for t in ward.facts.task if t[4] == "conversation"]
    assert any(t[6] == "not_done" for t in talks)
    assert any(t[6] == "cut_short" for t in talks)
    others = [t for t in ward.facts.task if t[4] not in ("conversation", "break") and t[6] in ("done", "cut_short", "not_done")]
    undone = 100.0 * sum(t[6] == "not_done" for t in others) / len(others)
    assert abs(ward["work_not_done"] - undone) < 0.1


def test_sessions_of_the_named_nurse_are_held_by_registered_nurses() -> None:
    mine = run(days=28.0, parameters={"work.one_to_one_registered_share": 1.0})
    theirs = run(days=28.0, parameters={"work.one_to_one_registered_share": 0.0})
    assert mine.minutes("one_to_one", "hca") == 0.0
    assert mine.minutes("one_to_one", "rn") > theirs.minutes("one_to_one", "rn")
