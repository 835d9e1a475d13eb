"""The bed stock as a loss system and as an infinite-server queue, with the ward's own referrals; Little's law on a full run.

Intervals at 99.9% over independent replications; the slow versions would see an error of 2% in a rate.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.support import point_parameters
from tests.theory.queues import agrees, erlang_b
from tests.ward.flow_only import FlowOnly, scenario
from wardsim.measures.integrate import Steps
from wardsim.parameters.casemix import mix_of
from wardsim.parameters.conditioning import condition
from wardsim.parameters.flow_law import StayLaw
from wardsim.ward.core.clock import AT_NEW_WORK, DAY, WEEK, At
from wardsim.ward.core.facts import TABLES

pytestmark = pytest.mark.theory
OFF = {"teamwork": False, "bed_pressure": False}
EVEN_CLOCK = {"flow.weekend_rate_ratio": 1.0, "flow.arrivals_night_share": 7 / 24, "flow.arrivals_day_share": 9 / 24}
ONCE = {"flow.readmission_90_days_share": 0.0}


def loss_ward(replication: int, weekly: float, days: float, beds: int) -> FlowOnly:
    """Referrals at an even rate to a ward where nobody waits; stays are ended by the test, after times of its own."""
    p = {
        **point_parameters(), **EVEN_CLOCK, **ONCE, "flow.referrals_per_week": weekly, "flow.queue_patience_days": 0.0,
        "flow.leave_share": 0.0, "flow.stay_clinical_median_days": 1e5, "flow.stay_cap_days": 1e6,
    }  # fmt: skip
    scene = scenario(
        mechanisms=OFF, ward={"beds": beds, "bank_holidays": "none"}, start={"census": []}, flow={"out_of_area_after_hours": None}
    )
    return FlowOnly(scene, p, conditioned=True, pathway=False, days=days, replication=replication, seed=11)


@pytest.mark.parametrize(
    ("replications", "days", "sharp"),
    [pytest.param(12, 30.0, False, id="small"), pytest.param(24, 220.0, True, marks=pytest.mark.slow, id="sharp")],
)
def test_erlang_b_loss_of_the_bed_stock(replications: int, days: float, sharp: bool) -> None:
    """Ten beds and a load of ten; lognormal stays of a quarter of a day (the loss does not depend on their law)."""
    beds, weekly = 10, 300.0
    stay = beds / (weekly / 7.0)
    shares = []
    for r in range(replications):
        ward = loss_ward(r, weekly, days, beds)
        rng = np.random.default_rng(r)

        def stays(patient: object, ward: FlowOnly = ward, rng: np.random.Generator = rng) -> None:
            length = rng.lognormal(np.log(stay) - 0.5, 1.0) * DAY
            At(ward.ctx.env, length, lambda _: ward.beds.discharge(patient), None, AT_NEW_WORK)

        ward.beds.admitted.append(stays)
        outcomes = [row[-1] for row in ward.run().table("referral") if row[0] > 2 * DAY]
        shares.append(outcomes.count("declined") / len(outcomes))
    load = weekly / 7.0 * stay
    agrees("Erlang B loss", shares, erlang_b(beds, load), erlang_b(beds, 1.02 * load), sharp=sharp)


def mean_stay_days(p: dict[str, float], scene: object) -> float:
    """Closed form: clinical phase and delay, each cut, and the hours by which stays end by day and not at the minute.

    Found ready at 09:00 of the day, not of the minute: 3 hours sooner on average. Home the same day between 10:00 and 17:00, 4.5 hours
    later; after a delay at the patient's own hour of the day it ends or the next, 12 hours later.
    """
    mix = mix_of(scene, p)
    share = p["flow.delay_share"]
    return sum(StayLaw(p, mix).phases(p["flow.stay_scale"])) + (1.5 * (1.0 - share) + 9.0 * share) / 24.0


@pytest.mark.parametrize(
    ("replications", "years", "sharp"),
    [pytest.param(40, 1.0, False, id="small"), pytest.param(100, 4.5, True, marks=pytest.mark.slow, id="sharp")],
)
def test_mg_infinity_occupancy(replications: int, years: float, sharp: bool) -> None:
    """Beds enough for all: the number of patients (leave included) is Poisson with mean rate times stay, from the start on."""
    scene = scenario(mechanisms=OFF, ward={"beds": 80, "bank_holidays": "none"})
    p = {**condition(scenario(), point_parameters()), **ONCE}
    p["flow.referrals_per_week"] = 7.0
    means, counts = [], []
    days = years * 364.0
    for r in range(replications):
        ward = FlowOnly(scene, p, conditioned=True, pathway=False, days=days, replication=r, seed=12)
        rows = np.array([row[:3] for row in ward.run().table("beds")])
        number = Steps(rows[:, 0], rows[:, 1] + rows[:, 2])
        means.append(number.integral(0.0, days * DAY) / (days * DAY))
        counts += [int(number.before(np.array([t]))[0]) for t in np.arange(26 * WEEK, days * DAY, 52 * WEEK)]
    expected = mean_stay_days(p, scene)
    agrees("M/G/infinity mean number", means, expected, 1.02 * expected, sharp=sharp)
    spread = np.var(counts, ddof=1) / expected * (len(counts) - 1)
    low, high = stats.chi2.ppf([0.0005, 0.9995], len(counts) - 1)
    assert low < spread < high, f"variance over mean {np.var(counts, ddof=1) / expected:.3f}"


def test_littles_law_on_a_full_run() -> None:
    """On a whole ward, every mechanism on: the integral of each level is the sum of the times that patients spent there."""
    from tests.levers.bench import run

    days = 182.0
    done = run(days=days)
    end = days * DAY
    table = {name: [dict(zip(TABLES[name], row, strict=True)) for row in done.facts.table(name)] for name in TABLES}
    came = {row["patient"]: row["time"] for row in table["admission"]}
    left = {row["patient"]: row["time"] for row in table["discharge"] if row["place"] == "ward"}
    on_books = sum(left.get(patient, end) - time for patient, time in came.items())
    out = sum(row["end"] - row["start"] for row in table["leave"])
    out += sum(end - q.extra["out_since"] for q in done.ward.beds.on_leave.values())
    away = sum((1 if row["event"] != "placed" else -1) * row["time"] for row in table["out_of_area"])
    away += end * len(done.ward.beds.away)
    rows = np.array([row[:5] for row in done.facts.table("beds")])
    level = {name: Steps(rows[:, 0], rows[:, i]).integral(0.0, end) for i, name in enumerate(TABLES["beds"][:5]) if i}
    assert level["present"] == pytest.approx(on_books - out, rel=1e-9)
    assert level["on_leave"] == pytest.approx(out, rel=1e-9)
    assert level["out_of_area"] == pytest.approx(away, rel=1e-9, abs=1e-6)
    assert level["waiting"] == pytest.approx(_waiting(table, done.ward, end), rel=1e-9, abs=1e-6)


def _waiting(table: dict[str, list[dict[str, object]]], ward: object, end: float) -> float:
    """Minutes in the queue: to admission, to placement, or to the end of the run."""
    since = {row["patient"]: row["time"] for row in table["referral"] if row["outcome"] == "queued"}
    ends = {row["patient"]: row["time"] for row in table["admission"] if row["route"] in ("direct", "queue")}
    ends |= {row["patient"]: row["time"] for row in table["out_of_area"] if row["event"] == "placed"}
    return sum(ends.get(patient, end) - time for patient, time in since.items())
