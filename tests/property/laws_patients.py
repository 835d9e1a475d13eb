"""Patients in = out + inside; beds never hold more than there are; the levels written are the levels the events give."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.property.random_ward import Run

PRESENT, LEAVE, AWAY = 0, 1, 2


def patients_close(run: Run) -> None:
    """Everyone referred was admitted, is away, waits, went without a bed, or was taken elsewhere."""
    beds = run.ward.beds
    referred = {r.patient: r.outcome for r in run.rows("referral")}
    admitted = [a.patient for a in run.rows("admission")]
    placed = Counter(o.event for o in run.rows("out_of_area"))
    left = Counter(d.place for d in run.rows("discharge"))
    assert len(referred) == len(run.facts.referral)
    assert len(set(admitted)) == len(admitted)
    assert set(admitted) <= set(referred)
    assert len(admitted) == left["ward"] + len(beds.present) + len(beds.on_leave)
    assert placed["placed"] == placed["repatriated"] + placed["discharged"] + len(beds.away)
    assert placed["discharged"] == left["out_of_area"]
    elsewhere = left["out_of_area"] + len(beds.away) + beds.waiting_count()
    without = sum(outcome in ("diverted", "declined") for outcome in referred.values())
    assert len(referred) == len(admitted) + elsewhere + without
    everyone = [*beds.present, *beds.on_leave, *beds.away, *(q.id for q in beds.queue)]
    assert len(set(everyone)) == len(everyone)
    discharged = [d.patient for d in run.rows("discharge")]
    assert len(set(discharged)) == len(discharged)
    assert not set(discharged) & set(everyone)


def beds_hold(run: Run) -> None:
    """Never more on the ward than beds; beds kept for those out count as taken."""
    beds = run.scenario.ward.beds
    for row in run.rows("beds"):
        assert 0 <= row.present <= beds
        assert min(row.on_leave, row.waiting, row.out_of_area, row.delayed, row.detained) >= 0
        assert max(row.delayed, row.detained) <= row.present
        if not run.scenario.flow.leave_beds:
            assert row.present + row.on_leave <= beds
    for present, kept in _kept(run):
        assert present + kept <= beds


def levels_follow_events(run: Run) -> None:
    """Replayed from admissions, leaves, placements and discharges, the levels are those written."""
    replayed = _levels(run)
    written = {row.time: (row.present, row.on_leave, row.out_of_area) for row in run.rows("beds")}
    assert list(written) == sorted(written)
    now = (0, 0, 0)
    for time in sorted({*replayed, *written}):
        now = replayed.get(time, now)
        if time in written:
            assert written[time] == now, time
    if written:
        assert now == list(written.values())[-1]
    assert now == (len(run.ward.beds.present), len(run.ward.beds.on_leave), len(run.ward.beds.away))


def one_place_at_a_time(run: Run) -> None:
    """Leave lies within the stay on the ward; a patient's leaves do not overlap; a stay ends after it begins."""
    came = {a.patient: a.time for a in run.rows("admission")}
    left = {d.patient: d.time for d in run.rows("discharge")}
    last: dict[int, float] = {}
    for leave in sorted(_leaves(run), key=lambda row: row[0]):
        start, end, patient, _ = leave
        assert came[patient] <= start <= end <= left.get(patient, run.until)
        assert start >= last.get(patient, start)
        last[patient] = end
    for row in run.rows("discharge"):
        assert row.ready_at <= row.time  # perhaps before `admitted`: found ready while placed out of area
        assert row.admitted <= row.time
        if row.place == "ward":
            assert came[row.patient] == max(row.admitted, run.begin)


def _leaves(run: Run) -> list[tuple[float, float, int, str]]:
    """Leaves written, and those open at the end."""
    found = [(r.start, r.end, r.patient, r.kind) for r in run.rows("leave")]
    for q in run.ward.beds.on_leave.values():
        kind = "overnight" if not q.absent else "police" if q.extra.get("police") else "absent_without_leave"
        found.append((q.extra["out_since"], run.until, q.id, kind))
    return found


def _steps(run: Run) -> list[tuple[float, tuple[int, int, int]]]:
    """Changes of (present, on leave, out of area) in time."""
    steps: list[tuple[float, tuple[int, int, int]]] = [(a.time, (1, 0, 0)) for a in run.rows("admission")]
    steps += [(d.time, (-1, 0, 0)) for d in run.rows("discharge") if d.place == "ward"]
    steps += [(o.time, (0, 0, 1 if o.event == "placed" else -1)) for o in run.rows("out_of_area")]
    out_now = set(run.ward.beds.on_leave)
    closed = Counter(r.patient for r in run.rows("leave"))
    for start, end, patient, _ in _leaves(run):
        steps.append((start, (-1, 1, 0)))
        still = patient in out_now and end == run.until and not closed[patient]
        if not still:
            steps.append((end, (1, -1, 0)))
        closed[patient] -= 1
    return steps


def _levels(run: Run) -> dict[float, tuple[int, int, int]]:
    """Levels after each minute at which something changed."""
    steps: dict[float, list[int]] = {}
    for time, change in _steps(run):
        place = steps.setdefault(time, [0, 0, 0])
        for i in (PRESENT, LEAVE, AWAY):
            place[i] += change[i]
    now = [0, 0, 0]
    levels: dict[float, tuple[int, int, int]] = {}
    for time in sorted(steps):
        now = [a + b for a, b in zip(now, steps[time], strict=True)]
        levels[time] = (now[0], now[1], now[2])
    return levels


def _kept(run: Run) -> list[tuple[int, int]]:
    """Patients present and beds kept for those who are out, after each change."""
    always = not run.scenario.flow.leave_beds
    changes: list[tuple[float, int, int]] = []
    for time, (present, _, _) in _steps(run):
        changes.append((time, present, 0))
    for start, end, _, kind in _leaves(run):
        if always or kind != "overnight":
            changes += [(start, 0, 1), (end, 0, -1)]
    found: dict[float, tuple[int, int]] = {}
    present = kept = 0
    for time, a, b in sorted(changes, key=lambda row: row[0]):
        present, kept = present + a, kept + b
        found[time] = (present, kept)
    return list(found.values())


LAWS: tuple[Any, ...] = (patients_close, beds_hold, levels_follow_events, one_place_at_a_time)
