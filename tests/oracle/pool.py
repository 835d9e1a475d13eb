"""A pool of interchangeable staff around the clock, and work that comes to them: every rule looked up anew at every moment.

Readings beyond the design's order of priority (design 5): which work interrupts other work, what may be interrupted by what, and whether
interrupted work is taken up again, are declarations of each kind of work and are given here as numbers in `JOBS`. Of work that may
be interrupted the least urgent is, and of that the latest begun. Work is not begun, nor taken up again, once its time is over.
An emergency takes who is free, then whoever is in the least urgent work, as many as it wants or as there are; it is never left.
Interrupted for the second time or not, work keeps its old place in the queue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, inf, log, sqrt

import numpy as np


@dataclass(frozen=True)
class Job:
    """A kind of work: how urgent, who may interrupt it, and how it comes.

    Attributes
    ----------
    priority : int
        0 most urgent.
    interrupts : bool
        Whether it may take people out of other work.
    yields_to : int
        Urgency from which on it may be interrupted; -1: by nothing.
    resumes : bool
        Whether it is taken up again.
    per_day, minutes : float
        Rate of arrival; mean length.
    people : int
        Team, all or none (an emergency: as many as there are).
    expires : float
        Minutes after which it is no longer begun.
    """

    name: str
    priority: int
    interrupts: bool
    yields_to: int
    resumes: bool
    per_day: float
    minutes: float
    people: int = 1
    expires: float = inf
    emergency: bool = False


@dataclass(eq=False)
class Work:
    """One piece of work."""

    job: Job
    number: int
    came: float
    left: float
    begun: float = inf
    since: float = 0.0
    staff: list[int] = field(default_factory=list)
    outcome: str = ""
    person_minutes: float = 0.0


class Pool:
    """`people` staff, numbered; the shift may change, every one of them being relieved by another.

    Parameters
    ----------
    change_min : float
        Minutes between shift changes; infinity: nobody ever goes home.
    at_end : str
        finish, hand_over or stop: what becomes of work in hand at the end of a shift.
    """

    def __init__(self, jobs: list[Job], people: int, cv: float, seed: int, *, change_min: float = inf, at_end: str = "hand_over") -> None:
        self.jobs, self.cv, self.change_min, self.at_end = jobs, cv, change_min, at_end
        self.rng = np.random.default_rng(seed)
        self.team = set(range(people))
        self.next_person = people
        self.relieved: set[int] = set()
        self.busy: dict[int, Work] = {}
        self.waiting: list[Work] = []
        self.done: list[Work] = []
        self.on_duty_min = 0.0

    def run(self, minutes: float) -> list[Work]:
        """All work that came and has an outcome."""
        arrivals = self.arrivals(minutes)
        change = self.change_min
        now = 0.0
        while True:
            ends = [(w.since + w.left, w.number, w) for w in {id(w): w for w in self.busy.values()}.values()]
            end = min(ends, key=lambda e: e[:2], default=None)
            comes = arrivals[-1].came if arrivals else inf
            when = min(end[0] if end else inf, comes, change)
            self.on_duty_min += (min(when, minutes) - now) * len(self.team)
            if when >= minutes:
                return self.done
            now = when
            if end is not None and end[0] == now:
                self.stop(end[2], now)
                self.finish(end[2], "done")
            elif change == now:
                self.change_shift(now)
                change += self.change_min
            else:
                self.come(arrivals.pop(), now)
            self.allot(now)

    def arrivals(self, minutes: float) -> list[Work]:
        """Everything that will come, the last first."""
        found = []
        sigma = sqrt(log(1.0 + self.cv**2))
        for job in self.jobs:
            n = self.rng.poisson(job.per_day / 1440.0 * minutes)
            for time in self.rng.random(n) * minutes:
                found.append(Work(job, 0, time, job.minutes * exp(sigma * self.rng.standard_normal() - sigma**2 / 2.0)))
        found.sort(key=lambda w: -w.came)
        for i, work in enumerate(found):
            work.number = len(found) - i
        return found

    def idle(self) -> list[int]:
        return [who for who in self.team if who not in self.busy]

    def may_be_taken(self, urgency: int) -> list[int]:
        """People in work that yields, the least urgent and latest begun first."""
        found = [(-w.job.priority, -w.since, who) for who, w in self.busy.items() if w.job.yields_to >= urgency and w.job.priority > urgency and who not in self.relieved]
        return [who for *_, who in sorted(found)]

    def come(self, work: Work, now: float) -> None:
        if not work.job.emergency:
            self.waiting.append(work)
            return
        going = (self.idle() + self.may_be_taken(0))[: work.job.people]
        if going:
            self.begin(work, going, now)
        else:
            self.finish(work, "nobody")

    def allot(self, now: float) -> None:
        """Begin whatever can be begun, the most urgent and oldest first, until nothing more can."""
        again = True
        while again:
            again = False
            for work in sorted(self.waiting, key=lambda w: (w.job.priority, w.number)):
                if now >= work.came + work.job.expires:
                    self.waiting.remove(work)
                    self.finish(work, "cut_short" if work.person_minutes > 0.0 else "not_done")
                    continue
                ready = self.idle()
                if work.job.interrupts and len(ready) < work.job.people:
                    ready = ready + self.may_be_taken(work.job.priority)
                if len(ready) >= work.job.people:
                    self.waiting.remove(work)
                    self.begin(work, ready[: work.job.people], now)
                    again = True
                    break

    def begin(self, work: Work, people: list[int], now: float) -> None:
        for who in people:
            if who in self.busy:
                self.interrupt(self.busy[who], now, resume=self.busy[who].job.resumes)
        work.begun = min(work.begun, now)
        work.since = now
        work.staff = people
        for who in people:
            self.busy[who] = work

    def stop(self, work: Work, now: float) -> None:
        """Take everyone off a piece of work; whoever has been relieved goes home."""
        spent = now - work.since
        work.left -= spent
        work.person_minutes += spent * len(work.staff)
        for who in work.staff:
            del self.busy[who]
            if who in self.relieved:
                self.relieved.discard(who)
                self.team.discard(who)
        work.staff = []

    def interrupt(self, work: Work, now: float, *, resume: bool) -> None:
        self.stop(work, now)
        if resume and now < work.came + work.job.expires:
            self.waiting.append(work)
        else:
            self.finish(work, "cut_short")

    def finish(self, work: Work, outcome: str) -> None:
        work.outcome = outcome
        self.done.append(work)

    def change_shift(self, now: float) -> None:
        """A new team comes, then the old one goes, one after the other."""
        old = sorted(self.team - self.relieved)
        for _ in old:
            self.team.add(self.next_person)
            self.next_person += 1
        self.allot(now)
        for who in old:
            if who not in self.busy:
                self.team.discard(who)
                continue
            self.relieved.add(who)
            job = self.busy[who].job
            if not job.emergency and self.at_end != "finish":
                self.interrupt(self.busy[who], now, resume=job.resumes and self.at_end == "hand_over")
                self.allot(now)
