"""Programmes: hours worked by named staff become fidelity, and fidelity becomes multipliers on named parameters.

Each weekday the programme's hours come as work to the ward (`PROGRAMME_WORK`); what is not begun by the evening is dropped like
any other work. The share of hours delivered drives the ramp-up and, fading over some weeks, the fidelity. Effects are those of
the ledger, `programmes.<kind>.<target>` at the fidelity of the trial; each acts only while the mechanism it works through
is switched on. Proposed and accepted recommendations do nothing.
"""

from __future__ import annotations

from math import exp
from statistics import NormalDist
from typing import Any, Final

from wardsim.scenario.schema.programmes import Programme

from ..core.clock import AT_NEW_WORK, DAY, HOUR, WEEK, At, day_of
from ..core.context import Context
from ..core.streams import Stream
from ..work.in_hand import Note
from ..work.kinds import PROGRAMME_WORK
from ..work.task import Task

KIND_CODES: Final = {
    "relational_safety": 1,
    "structured_risk_assessment": 2,
    "protected_engagement": 3,
    "reporting_culture": 4,
    "restraint_reduction": 5,
    "quality_improvement": 6,
}
"""Fixed numbers of the kinds: they key the stream of fidelity. Append only."""

PROTECTION: Final = "one_to_one_protection"
"""The one target that is a share (of sessions protected), not a ratio."""

EFFECTS: Final[dict[str, dict[str, str]]] = {
    "relational_safety": {
        "incidents.aggression": "contact",
        "incidents.self_harm": "contact",
        "containment": "response",
    },
    "structured_risk_assessment": {"incidents.aggression": "detection"},
    "protected_engagement": {PROTECTION: "contact"},
    "reporting_culture": {"reporting_odds": "reporting"},
    "restraint_reduction": {"restraint": "response"},
    "quality_improvement": {"incidents.aggression": "contact", "containment": "response"},
}
"""What each kind acts on, and the switch of `scenario.mechanisms` it works through. The first target of a kind is the one whose
effect is stated in the facts."""

IN_FORCE: Final = ("in_progress", "done")
WORK_STARTS: Final = 10.0 * HOUR
WORK_ENDS: Final = 19.0 * HOUR
"""Between which minutes of a weekday programme work may be begun."""


class _Running:
    """One programme in force: how far it has come."""

    __slots__ = ("delivered", "fidelity", "planned", "programme", "progress", "ramped_at", "share", "start", "target")

    def __init__(self, programme: Programme, target: float) -> None:
        self.programme = programme
        self.target = target
        self.start = programme.start_week * WEEK
        self.progress = 0.0
        """How much of the ramp-up has been worked through, 0 to 1."""
        self.share = 1.0
        """Share of planned hours delivered of late."""
        self.ramped_at = self.start
        self.planned = 0.0
        self.delivered = 0.0
        """Hours of the week in hand."""
        self.fidelity = 0.0


class Programmes:
    """All programmes of a scenario.

    Parameters
    ----------
    ctx : Context
        `ctx.effects` is written here: multipliers by target, and the share `one_to_one_protection`.
    state : dict, optional
        What `save` gave; without it programmes begun before the run are taken to have had their hours so far.
    """

    def __init__(self, ctx: Context, state: dict[str, Any] | None) -> None:
        p = ctx.p
        self._ctx = ctx
        self._facts = ctx.facts.table("programme")
        self._memory = p["programmes.hours_memory_weeks"]
        self._half = p["programmes.decay_half_life_weeks"] * WEEK
        self._piece = p["work.programme_work_min"]
        self._coefficients = {
            kind: {
                target: p[f"programmes.{kind}.{target}"]
                for target, switch in targets.items()
                if getattr(ctx.on, switch)
            }
            for kind, targets in EFFECTS.items()
        }
        self._running = [
            _Running(programme, self._target(programme, n))
            for n, programme in enumerate(ctx.scenario.programmes)
            if programme.status in IN_FORCE
        ]
        by_name = dict(zip(self._names(), self._running, strict=True))
        self.notes = (Note("programme", _Running, self._name_of, by_name.__getitem__),)
        if not self._running:
            return
        saved = dict((state or {}).get("running", {}))
        for one, name in zip(self._running, self._names(), strict=True):
            if name in saved:
                one.progress, one.share, one.ramped_at, one.planned, one.delivered = saved[name]
            else:
                self._history(one)
            self._set_fidelity(one)
        self._apply()
        env = ctx.env
        today = day_of(env.now)
        first = today * DAY + WORK_STARTS
        At(env, (first if first >= env.now else first + DAY) - env.now, self._day, None, AT_NEW_WORK)
        since_week = env.now % WEEK
        At(env, 0.0 if since_week == 0.0 else WEEK - since_week, self._week, None, AT_NEW_WORK)

    def _target(self, programme: Programme, n: int) -> float:
        """Fidelity reached at full delivery: given, or of this ward, about what wards reach."""
        if programme.fidelity_pct is not None:
            return programme.fidelity_pct / 100.0
        p = self._ctx.p
        u = self._ctx.streams.row(Stream.PROGRAMME, KIND_CODES[programme.kind], n=1)[0]
        z = NormalDist().inv_cdf(min(max(u, 1e-9), 1.0 - 1e-9))
        return float(
            min(max(p["programmes.fidelity_relative_to_trial"] + p["programmes.fidelity_ward_sd"] * z, 0.0), 1.5)
        )

    def _history(self, one: _Running) -> None:
        """A programme that began before the run has had its hours."""
        now = self._ctx.env.now
        if now <= one.start:
            return
        ramp = one.programme.ramp_up_weeks * WEEK
        one.progress = min(1.0, (now - one.start) / ramp) if ramp > 0.0 else 1.0
        one.ramped_at = min(now, one.start + ramp)

    # -- the work -----------------------------------------------------------------------------------------------------------

    def _day(self, _: At) -> None:
        """On weekdays: bring the day's part of the week's hours."""
        env = self._ctx.env
        now = env.now
        today = day_of(now)
        if self._ctx.calendar.weekday(today) < 5:
            for one in self._running:
                minutes = one.programme.staff_hours_per_week * HOUR / 5.0
                if minutes <= 0.0 or now < one.start or not self._kept_up(one):
                    continue
                one.planned += minutes / HOUR
                while minutes > 0.5:
                    piece = min(minutes, self._piece)
                    minutes -= piece
                    self._ctx.dispatcher.submit(
                        PROGRAMME_WORK, piece, expires=now - WORK_STARTS + WORK_ENDS, on_end=self._worked, note=one
                    )
        At(env, DAY, self._day, None, AT_NEW_WORK)

    def _kept_up(self, one: _Running) -> bool:
        """Whether the organisation still gives it hours."""
        return one.programme.sustained or one.progress < 1.0

    def _worked(self, task: Task) -> None:
        one: Any = task.note
        one.delivered += task.delivered / HOUR

    # -- the week -----------------------------------------------------------------------------------------------------------

    def _week(self, _: At) -> None:
        """Hours of the week become progress and fidelity, fidelity becomes effects."""
        env = self._ctx.env
        for one in self._running:
            self._advance(one)
            self._set_fidelity(one)
        self._apply()
        for one in self._running:
            kind = one.programme.kind
            target = next(iter(EFFECTS[kind]))
            self._facts.append((env.now, kind, one.fidelity, self._ctx.effects.get(target, _none(target))))
        At(env, WEEK, self._week, None, AT_NEW_WORK)

    def _advance(self, one: _Running) -> None:
        now = self._ctx.env.now
        if now < one.start:
            return
        if one.planned > 0.0:
            week = min(one.delivered / one.planned, 1.0)
            one.share += (week - one.share) * (1.0 - exp(-1.0 / self._memory))
        else:  # it asks for no hours of the ward, or none this week
            week = 1.0
        one.planned = one.delivered = 0.0
        if one.progress < 1.0:
            ramp = one.programme.ramp_up_weeks
            weeks = min(1.0, (now - one.start) / WEEK)
            progress = one.progress + week * weeks / ramp if ramp > 0.0 else 1.0
            one.progress = 1.0 if progress > 1.0 - 1e-9 else progress
            one.ramped_at = now

    def _set_fidelity(self, one: _Running) -> None:
        now = self._ctx.env.now
        fidelity = one.target * one.progress * one.share
        if one.progress >= 1.0 and not one.programme.sustained:
            fidelity *= 0.5 ** (max(now - one.ramped_at, 0.0) / self._half)
        one.fidelity = fidelity

    def _apply(self) -> None:
        """Write the effects. Two programmes of one kind do not add up: the better one counts."""
        reach: dict[str, float] = {}
        for one in self._running:
            reached = one.fidelity * one.programme.reach_pct / 100.0
            reach[one.programme.kind] = max(reach.get(one.programme.kind, 0.0), reached)
        logs: dict[str, float] = {}
        unprotected = 1.0
        for kind, fidelity in reach.items():
            for target, coefficient in self._coefficients[kind].items():
                if target == PROTECTION:
                    unprotected *= 1.0 - min(coefficient * fidelity, 1.0)
                else:
                    logs[target] = logs.get(target, 0.0) + coefficient * fidelity
        effects = self._ctx.effects
        for target, value in logs.items():
            effects[target] = exp(value)
        if unprotected < 1.0 or PROTECTION in effects:
            effects[PROTECTION] = 1.0 - unprotected

    # -- for others ---------------------------------------------------------------------------------------------------------

    def fidelity(self) -> dict[str, float]:
        """Fidelity now of each programme in force, relative to the trial; of two of one kind, the better one."""
        now: dict[str, float] = {}
        for one in self._running:
            now[one.programme.kind] = max(now.get(one.programme.kind, 0.0), one.fidelity)
        return now

    def _names(self) -> list[str]:
        """Names under which states are kept: the kind and its number among programmes of that kind."""
        seen: dict[str, int] = {}
        names = []
        for one in self._running:
            kind = one.programme.kind
            seen[kind] = seen.get(kind, 0) + 1
            names.append(f"{kind} {seen[kind]}")
        return names

    def _name_of(self, one: _Running) -> str:
        return self._names()[self._running.index(one)]

    def save(self) -> dict[str, Any]:
        """How far each programme has come, as plain data."""
        return {
            "running": {
                name: [one.progress, one.share, one.ramped_at, one.planned, one.delivered]
                for name, one in zip(self._names(), self._running, strict=True)
            }
        }


def _none(target: str) -> float:
    """No effect on a target."""
    return 0.0 if target == PROTECTION else 1.0
