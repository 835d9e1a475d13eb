"""The event log: one place at a time, one arrival each, beds by number; names as vidigi has them."""

from __future__ import annotations

from wardsim.experiments.events import COLUMNS, event_log
from wardsim.ward.core.facts import Facts


def facts():
    f = Facts()
    referral = ("community_crisis", 0, "25-34", "f", 0, "mood", 0, 0, 0, 1.0)
    f.referral += [(0.0, 1, *referral, "queued"), (5.0, 2, *referral, "queued"), (6.0, 3, *referral, "diverted")]
    f.admission += [
        (-500.0, 9, "community_crisis", 0.0, "census", 2, "k"),
        (10.0, 1, "community_crisis", 10.0, "queue", 3, "k"),
        (50.0, 2, "community_crisis", 45.0, "repatriation", 3, "k"),
    ]
    f.out_of_area += [(20.0, 2, "placed", 5.0), (50.0, 2, "repatriated", 20.0)]
    f.leave += [(60.0, 90.0, 1, "overnight")]
    f.discharge += [
        (50.0, 9, -500.0, 40.0, "", "home", "ward"),
        (200.0, 1, 10.0, 150.0, "", "home", "ward"),
        (999.0, 2, 50.0, 1.0, "", "home", "ward"),
    ]
    return f


def test_story_of_each_patient():
    rows = event_log(facts(), beds=2, run_number=4, end=500.0)
    assert COLUMNS == ("entity_id", "event_type", "event", "time", "resource_id", "run_number", "pathway")

    def story(patient):
        return [(r[1], r[2], r[3], r[4]) for r in rows if r[0] == patient]

    assert story(9) == [
        ("arrival_departure", "arrival", -500.0, None),
        ("resource_use", "in_bed", -500.0, 1),
        ("resource_use_end", "bed_left", 50.0, 1),
        ("arrival_departure", "depart", 50.0, None),
    ]
    assert story(1) == [
        ("arrival_departure", "arrival", 0.0, None),
        ("queue", "waiting_for_bed", 0.0, None),
        ("resource_use", "in_bed", 10.0, 2),
        ("resource_use_end", "bed_left", 60.0, 2),
        ("queue", "on_leave", 60.0, None),
        ("resource_use", "in_bed", 90.0, 2),
        ("resource_use_end", "bed_left", 200.0, 2),
        ("arrival_departure", "depart", 200.0, None),
    ]
    assert story(2)[2:] == [("queue", "out_of_area", 20.0, None), ("resource_use", "in_bed", 50.0, 1)]
    assert story(3) == []


def test_what_vidigi_requires():
    rows = event_log(facts(), beds=2, run_number=4, end=500.0)
    arrivals = [r[0] for r in rows if r[2] == "arrival"]
    assert len(arrivals) == len(set(arrivals)) == 3
    assert {r[1] for r in rows} <= {"arrival_departure", "queue", "resource_use", "resource_use_end"}
    assert all(isinstance(r[4], int) == r[1].startswith("resource") for r in rows)
    assert {r[5] for r in rows} == {4}
    assert {r[6] for r in rows} == {"community_crisis"}
    assert [r[3] for r in rows] == sorted(r[3] for r in rows)


def test_more_patients_than_beds_stand_in_numbers_above():
    f = Facts()
    f.admission += [(float(i), i, "x", 0.0, "direct", 1, "k") for i in range(3)]
    rows = event_log(f, beds=1, run_number=0, end=10.0)
    assert [r[4] for r in rows if r[1] == "resource_use"] == [1, 2, 3]
