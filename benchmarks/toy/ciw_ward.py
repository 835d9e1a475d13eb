"""The toy ward in ciw, as far as a network of queues goes.

Staff are a node with a schedule of servers and eight priority classes; beds are two nodes without queue, occupied and vacant,
between which twenty customers go round. Incidents come as arrivals by thinning: a batch of two, or of none.

Left out: an interrupted one-to-one goes on later (ciw resumes all interrupted customers or none), so that its hours are too
many; they are not compared. The two people of an incident stay for lengths of their own. By ciw's rule every more urgent class
would interrupt; a node of our own lets incidents alone.
"""

from __future__ import annotations

from math import inf
from typing import Any

import ciw
import numpy as np

from . import world
from .world import Outcome

STAFF, OCCUPIED = 1, 2
INCIDENT = "0_incident"
CLASSES = [INCIDENT, *(f"{n}_{kind.name}" for n, kind in enumerate(world.WORK, 1))]
BED = "bed"
TICK = 1e-6


class Occupant:
    """The patient in one bed."""

    def __init__(self, frailty: float, admitted: float, leaves: float) -> None:
        self.frailty = frailty
        self.admitted = admitted
        self.leaves = leaves


class Ward:
    """What the distributions of one run share."""

    def __init__(self, seed: int, until: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.until = until
        self.simulation: Any = None
        self.occupants: dict[int, Occupant] = {}
        self.changes: dict[int, float] = {}
        self.bed_minutes = 0.0
        self.incidents = 0

    def __deepcopy__(self, memo: Any) -> Ward:
        """One ward: ciw copies the distributions that share it."""
        return self

    def length(self, mean: float) -> float:
        return float(self.rng.lognormal(np.log(mean) - world.LENGTH_SIGMA**2 / 2.0, world.LENGTH_SIGMA))


class Length(ciw.dists.Distribution):
    """Length of one kind of work."""

    def __init__(self, ward: Ward, mean: float) -> None:
        self.ward, self.minutes = ward, mean

    def sample(self, t: Any = None, ind: Any = None) -> float:
        return self.ward.length(self.minutes)


class Stay(ciw.dists.Distribution):
    """Stay of the next patient of a bed; the first may have begun before the year."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward

    def sample(self, t: Any = None, ind: Any = None) -> float:
        ward, rng = self.ward, self.ward.rng
        bed, now = ind.id_number, ind.simulation.current_time
        passed = 0.0
        stay = rng.lognormal(world.STAY_MU, world.STAY_SIGMA)
        if bed not in ward.changes:
            if rng.random() >= world.EXPECTED_OCCUPANCY:
                ward.changes[bed] = now + TICK
                return TICK
            stay = rng.lognormal(world.STAY_MU + world.STAY_SIGMA**2, world.STAY_SIGMA)
            passed = stay * rng.random()
        left = float(stay - passed)
        ward.changes[bed] = now + left
        ward.occupants[bed] = Occupant(rng.exponential(), now - passed, now + left)
        ward.bed_minutes += max(min(now + left, ward.until) - now, 0.0)
        return left


class Gap(ciw.dists.Distribution):
    """Time for which an emptied bed stays empty."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward

    def sample(self, t: Any = None, ind: Any = None) -> float:
        ward = self.ward
        ward.occupants.pop(ind.id_number, None)
        gap = float(ward.rng.exponential(world.GAP_MEAN))
        ward.changes[ind.id_number] = ind.simulation.current_time + gap
        return gap


class Candidates(ciw.dists.Distribution):
    """Times of candidates of the whole ward; also each change of a bed, when the bound changes."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward
        self.bounds: list[tuple[Occupant, float]] = []
        self.total = 0.0
        self.drawn = False

    def __deepcopy__(self, memo: Any) -> Candidates:
        return self

    def sample(self, t: Any = None, ind: Any = None) -> float:
        ward = self.ward
        now = float(t or 0.0)
        most = world.CLOCK_MOST * world.CAP
        self.bounds = [(o, world.severity(o.frailty, now - o.admitted) * most) for o in ward.occupants.values()]
        self.total = sum(bound for _, bound in self.bounds)
        change = min((c for c in ward.changes.values() if c > now), default=now + TICK) - now + TICK
        gap = float(ward.rng.exponential(1.0 / self.total)) if self.total > 0.0 else inf
        self.drawn = gap < change
        return min(gap, change)


class Accepted(ciw.dists.Distribution):
    """How many people are wanted at a candidate: two for an incident, else none."""

    def __init__(self, ward: Ward, candidates: Candidates) -> None:
        self.ward, self.candidates = ward, candidates

    def sample(self, t: Any = None, ind: Any = None) -> int:
        ward, candidates = self.ward, self.candidates
        if not candidates.drawn:
            return 0
        now = ward.simulation.current_time
        place = ward.rng.random() * candidates.total
        for patient, bound in candidates.bounds:
            if place < bound:
                servers = ward.simulation.nodes[STAFF].servers
                busy = sum(1 for s in servers if s.busy)
                factor = world.ward_factor(busy, len(servers), len(ward.occupants))
                if place < world.severity(patient.frailty, now - patient.admitted) * world.hour_factor(now) * factor:
                    ward.incidents += 1
                    return world.INCIDENT_PEOPLE
                return 0
            place -= bound
        return 0


class Due(ciw.dists.Distribution):
    """Gaps between the tasks of one kind, day by day."""

    def __init__(self, ward: Ward, kind: world.Kind) -> None:
        self.ward, self.kind = ward, kind
        self.day = 0
        self.times: list[float] = []
        self.last = 0.0

    def sample(self, t: Any = None, ind: Any = None) -> float:
        kind = self.kind
        if not self.times:
            times = self.day * world.DAY + self.ward.rng.uniform(kind.opens, kind.closes, kind.a_day)
            self.times = sorted(times.tolist(), reverse=True)
            self.day += 1
        time = self.times.pop()
        gap, self.last = time - self.last, time
        return gap


class StaffNode(ciw.Node):
    """Servers whom incidents alone may take out of other work."""

    def decide_preempt(self, individual: Any) -> None:
        if individual.customer_class == INCIDENT:
            super().decide_preempt(individual)


def run(seed: int, days: float) -> Outcome:
    """One run; contact hours are NaN, being left out."""
    until = days * world.DAY
    ciw.seed(seed)
    ward = Ward(seed, until)
    candidates = Candidates(ward)
    lengths = {INCIDENT: Length(ward, world.INCIDENT_MEAN)} | {
        name: Length(ward, kind.mean) for name, kind in zip(CLASSES[1:], world.WORK, strict=True)
    }
    due = {INCIDENT: candidates} | {name: Due(ward, kind) for name, kind in zip(CLASSES[1:], world.WORK, strict=True)}
    one = ciw.dists.Deterministic(1)
    never = ciw.dists.Deterministic(1.0)
    patience = ciw.dists.Deterministic(world.PATIENCE)
    to_staff = {
        name: {
            "arrival_distributions": [due[name], None, None],
            "batching_distributions": [Accepted(ward, candidates) if name == INCIDENT else one, one, one],
            "service_distributions": [lengths[name], never, never],
            "reneging_time_distributions": [patience if name == CLASSES[world.ONE_TO_ONE] else None, None, None],
            "routing": [[0.0] * 3] * 3,
        }
        for name in CLASSES
    }
    bed = {
        "arrival_distributions": [None, ciw.dists.Sequential([0.0] * world.BEDS + [inf]), None],
        "batching_distributions": [one, one, one],
        "service_distributions": [never, Stay(ward), Gap(ward)],
        "reneging_time_distributions": [None, None, None],
        "routing": [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]],
    }
    classes = {**to_staff, BED: bed}
    keys = next(iter(classes.values())).keys()
    network = ciw.create_network(
        number_of_servers=[
            ciw.Schedule(
                numbers_of_servers=[world.NIGHT_STAFF, world.DAY_STAFF, world.NIGHT_STAFF],
                shift_end_dates=[world.DAY_BEGINS, world.DAY_ENDS, world.DAY],
                preemption="resume",
            ),
            inf,
            inf,
        ],
        priority_classes=({**{name: n for n, name in enumerate(CLASSES)}, BED: len(CLASSES)}, ["resume", False, False]),
        **{key: {name: parts[key] for name, parts in classes.items()} for key in keys},
    )
    ward.simulation = ciw.Simulation(network, node_class=[StaffNode, ciw.Node, ciw.Node])
    ward.simulation.simulate_until_max_time(until)
    return Outcome(ward.incidents, float("nan"), ward.bed_minutes / (world.BEDS * until))
