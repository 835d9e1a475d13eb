"""Gaps: notice and fill, who comes, late arrivals, extra staff, pairing of offers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ward.staff_world import World, none, numbers
from wardsim.ward.core.clock import AT_NEW_WORK, DAY, At

EMPTY = {f"{line}_wte": 0.0 for line in ("rn_band5", "rn_band6", "na_band4", "hca_band3", "hca_band2", "ward_manager")}


def test_notice_raises_the_fill_from_the_same_day_to_the_two_week_share() -> None:
    temporary = World(days=1).staffing.temporary
    assert temporary.fill(0.0) == pytest.approx(0.60)
    assert temporary.fill(6 * 60.0) == pytest.approx(0.60)
    assert temporary.fill(14 * DAY) == pytest.approx(0.88)
    assert temporary.fill(60 * DAY) == pytest.approx(0.88)
    shares = [temporary.fill(hours * 60.0) for hours in (6, 12, 24, 48, 96, 200, 336)]
    assert shares == sorted(shares)


@pytest.mark.statistical
def test_bank_and_agency_take_their_shares() -> None:
    """About 2,300 offers; each share within three standard errors (0.03) of the stated one."""
    world = World(
        days=180,
        staffing={"establishment": EMPTY, "temporary": {"request_lead_days": 14, "regular_pool_size": 120}},
        parameters={"staff.bank_fill_two_weeks": 0.7, "staff.agency_fill": 0.5, "staff.agency_pool_size": 120},
        mechanisms={"demand_staffing": False},
    ).run()
    rows = world.rows("offer")
    n = len(rows)
    assert n > 2000
    shares = {outcome: sum(r["outcome"] == outcome for r in rows) / n for outcome in ("bank", "agency", "unfilled")}
    assert abs(shares["bank"] - 0.7) < 0.03
    assert abs(shares["agency"] - 0.15) < 0.03
    assert abs(shares["unfilled"] - 0.15) < 0.03
    assert {r["reason"] for r in rows} <= {"vacancy", "other"}


def test_policies_of_bank_and_agency_are_kept() -> None:
    def outcomes(policy: dict[str, Any]) -> dict[str, set[str]]:
        rows = (
            World(days=60, staffing={"vacancies": {"rn_pct": 40.0, "hca_pct": 40.0}, "temporary": policy})
            .run()
            .rows("offer")
        )
        return {role: {r["outcome"] for r in rows if r["role"] == role} for role in ("rn", "hca")}

    assert outcomes({"bank": False, "agency": False}) == {"rn": {"unfilled"}, "hca": {"unfilled"}}
    assert outcomes({"bank": False}) == {"rn": {"agency", "unfilled"}, "hca": {"agency", "unfilled"}}
    assert "agency" not in outcomes({"agency_rn_only": True})["hca"]
    assert "agency" in outcomes({"agency_rn_only": True})["rn"]
    assert "own_staff" not in outcomes({"overtime_by_own_staff_pct": 0.0})["hca"]


def test_extra_shifts_of_own_staff_are_paid_as_such_and_bank_people_get_to_know_the_ward() -> None:
    world = World(days=180, staffing={"vacancies": {"hca_pct": 30.0}}).run()
    rows = world.rows("duty")
    taken = {(r["person"], r["day"], r["shift"]) for r in world.rows("offer") if r["outcome"] == "own_staff"}
    extra = {
        (r["person"], r["start"] // DAY, r["shift"])
        for r in rows
        if r["employment"] == "substantive" and not r["contracted"] and r["start"] >= 28 * DAY
    }
    assert extra
    assert extra <= taken
    assert all(not r["contracted"] for r in rows if r["employment"] in ("bank", "agency"))
    shifts = sum(r["employment"] == "bank" for r in rows)
    fresh = World(days=1, staffing={"vacancies": {"hca_pct": 30.0}})
    assert shifts > 100
    assert sum(p.shifts_here for p in world.staffing.bank) > 0.5 * sum(p.shifts_here for p in fresh.staffing.bank)


def test_a_small_pool_makes_familiar_faces() -> None:
    def known(size: int) -> float:
        world = World(
            days=364, staffing={"vacancies": {"hca_pct": 30.0}, "temporary": {"regular_pool_size": size}}
        ).run()
        people = {p.id: p for p in world.staffing.bank}
        shifts = [world.staffing.familiarity(people[r["person"]]) for r in world.rows("duty") if r["person"] in people]
        return sum(shifts) / len(shifts)

    assert known(8) > known(100) + 0.1


def test_somebody_found_after_the_start_comes_late_and_goes_with_the_others() -> None:
    world = World(
        days=20,
        parameters={"staff.bank_fill_same_day": 1.0, "staff.bank_travel_min": 90.0},
        staffing={"temporary": {"overtime_by_own_staff_pct": 0.0}},
        mechanisms={"injury": True},
    )
    person, day = world.with_shift(1, "early", 8, 14)

    def hurt(_: At) -> None:
        # Make this shift exactly full, so that losing one opens a gap.
        sheet = world.roster.sheets[day][0]
        sheet.required = (sheet.required[0], sheet.filled(1))
        world.staffing.absent(person, "injury", world.env.now, 0.5 * DAY)

    At(world.env, day * DAY + 8 * 60, hurt, None, AT_NEW_WORK)
    world.run(day * DAY + 8 * 60 + 1)
    if not any(r["reason"] == "injury" for r in world.rows("offer")):
        pytest.fail("no gap was offered")
    offer = next(r for r in world.rows("offer") if r["reason"] == "injury")
    assert (offer["outcome"], offer["lead_hours"], offer["shift"]) == ("bank", 0.0, "early")
    world.run()
    late = next(r for r in world.rows("duty") if r["person"] == offer["person"] and r["start"] // DAY == day)
    assert (late["start"], late["end"]) == (day * DAY + 8 * 60 + 90, day * DAY + 14 * 60 + 45)
    left = next(r for r in world.rows("duty") if r["person"] == person.id and r["start"] // DAY == day)
    assert left["end"] == day * DAY + 8 * 60
    row = next(r for r in world.rows("shift") if r["day"] == day and r["shift"] == "early" and r["role"] == "hca")
    paid = 7.25 / 465.0
    lost = (465.0 - 60.0) - (465.0 - 150.0)
    people = row["substantive"] + row["overtime"] + row["bank"] + row["agency"]
    assert row["worked_hours"] == pytest.approx(((people - 1) * 465.0 - lost) * paid, abs=1e-6)


def test_nobody_is_sought_for_the_last_two_hours() -> None:
    world = World(days=10, parameters={"staff.bank_fill_same_day": 1.0, "staff.agency_fill": 1.0})
    world.run(3 * DAY + 12 * 60)
    sheet = world.roster.sheets[3][0]
    sheet.required = (sheet.filled(0) + 1, sheet.required[1])
    world.staffing.temporary.seek(sheet, 0)
    assert world.rows("offer")[-1]["outcome"] == "unfilled"


@pytest.mark.lever
@pytest.mark.parametrize(("switch", "policy"), [(True, True), (False, True), (True, False)])
def test_extra_staff_are_asked_for_only_with_switch_and_policy(switch: bool, policy: bool) -> None:
    world = World(days=12, mechanisms={"demand_staffing": switch}, staffing={"observation_extra_staff": policy})
    world.run(5 * DAY + 7 * 60 + 1)
    added = world.staffing.request_extra("hca", "observation", world.env.now, 10.0)
    assert added == (2 if switch and policy else 0)
    world.run()
    rows = [r for r in world.rows("shift") if r["role"] == "hca" and r["day"] == 5]
    assert [r["extra_requested"] for r in rows] == ([1, 1, 0] if switch and policy else [0, 0, 0])
    assert any(r["reason"] == "extra" for r in world.rows("offer")) is (switch and policy)
    asked = [(r["day"], r["role"], r["reason"], r["outcome"]) for r in world.rows("extra_request")]
    assert asked == ([(5, "hca", "observation", "agreed")] * 2 if switch and policy else [])


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_every_request_for_extra_staff_is_a_fact_with_its_answer(share: float) -> None:
    world = World(days=3, parameters={"staff.extra_agreed_share": share})
    world.run(DAY + 7 * 60 + 1)
    added = [world.staffing.request_extra("hca", "acuity", world.env.now, 7.0) for _ in range(40)]
    rows = world.rows("extra_request")
    outcomes = [r["outcome"] for r in rows]
    assert outcomes.count("agreed") == sum(added) == sum(s.extra[1] for s in world.roster.sheets[1])
    if share == 0.0:  # where nothing is ever agreed to nobody asks: the same as the policy switched off
        assert outcomes == []
    else:
        assert outcomes.count("limit") == 40 - 4 - outcomes.count("refused") > 0
        assert (outcomes.count("refused") > 0) is (share < 1.0)


def test_requests_at_the_start_of_a_shift_count_those_made_before() -> None:
    world = World(days=12)
    asked: list[int] = []

    def need(start: Any) -> None:
        if start.day == 5 and start.shift == "late":
            asked.extend(world.staffing.request_extra("hca", "observation", start.time, 7.0) for _ in range(2))

    world.staffing.shift_started.append(need)
    world.run(5 * DAY + 9 * 60)
    world.staffing.request_extra("hca", "observation", world.env.now, 12.0)
    world.run()
    assert asked == [0, 1]


@pytest.mark.lever
def test_people_above_the_number_are_lent_only_with_switch_and_policy() -> None:
    def lent(switch: bool, policy: bool) -> tuple[int, float]:
        world = World(
            days=84,
            mechanisms={"demand_staffing": switch},
            staffing={
                "lent_to_other_wards": policy,
                "establishment": {"in_post": True},
                "required": numbers((1, 2), (1, 2), (1, 2)),
            },
        ).run()
        rows = world.rows("shift")
        return sum(r["lent"] for r in rows), sum(r["worked_hours"] for r in rows)

    people, hours = lent(True, True)
    assert people > 30
    assert lent(False, True)[0] == lent(True, False)[0] == 0
    assert lent(False, True)[1] > hours + 5.0 * people


def test_a_gap_that_an_option_leaves_alone_has_the_same_outcome() -> None:
    """By bank: one more nurse required at night. Every offer of every other shift and role is the same to the last bit."""
    base = World(
        days=120, mechanisms={"fatigue": False}, staffing={"temporary": {"overtime_by_own_staff_pct": 0.0}}
    ).run()
    more = World(
        days=120,
        mechanisms={"fatigue": False},
        staffing={
            "temporary": {"overtime_by_own_staff_pct": 0.0},
            "by_bank_extra": {"early": none(), "late": none(), "night": {"rn": 1, "hca": 0}},
        },
    ).run()

    def offers(world: World) -> list[tuple[Any, ...]]:
        return [(r["day"], r["shift"], r["slot"], r["outcome"]) for r in world.rows("offer") if r["role"] == "hca"]

    assert offers(base) == offers(more)
    nights = [r for r in more.rows("shift") if r["shift"] == "night" and r["role"] == "rn"]
    assert {r["required"] for r in nights} == {3}
    assert more.staffing.establishment.lines[12].wte == 0.0
