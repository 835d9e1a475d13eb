"""Incidents: exact thinning of each patient's candidates, and what each becomes.

A candidate that survived the exogenous thinning (`candidates`) carries the product of ward terms that it needs. At its time the
product of the terms of `mechanisms` is taken, saturated at its cap, and compared. Nothing is polled; a patient costs one event
a surviving candidate. Candidates that need an open window after a limit are looked at only when a window opens.

Patients in beds out of area keep their candidates, with ward terms of one: their aggression counts for the catchment (origin
`away`) and brings this ward no work.
"""

from __future__ import annotations

from typing import Any, Final

from ..core.clock import AT_NEW_WORK, AT_ONCE, At
from ..core.context import Context
from ..core.lot import lot
from ..work.in_hand import Note
from .aftermath import Aftermath
from .candidates import BLOCK, FIRST_BLOCK, Candidates, Track, block_of
from .contagion import Contagion, Path, pick
from .containment import Containment
from .elsewhere import Elsewhere
from .escalation import Escalation
from .events import Events
from .incident import CONTAGION, DIRECT, ESCALATION, Incident
from .intensity import (
    AGGRESSION,
    ASSAULT,
    MEDICAL,
    REFUSAL,
    SELF_HARM,
    SUICIDE_ATTEMPT,
    TYPES,
    VERBAL,
    Rates,
)
from .mechanisms import CHECKED, PLANNED, Mechanisms, hazards_of
from .outcomes import NOTICED, SERIOUS, WHAT, WHO, Row
from .protocols import AftermathLike, BedsLike, ContactLike, ObservationLike, StaffingLike, TrainingLike
from .reporting import Reporting
from .response import Scene, Travel
from .victims import Victims

INFINITY: Final = float("inf")
STEPS: Final = {"risk_and_safety_plan": PLANNED, "physical_health_check": CHECKED}
"""Pathway steps that ward terms ask for."""


class Incidents:
    """The incident engine of the ward.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds, staffing, training, observation, contact
        The parts whose facts it reads and on which it acts.
    state : dict or None
        What `save` returned.

    Attributes
    ----------
    mechanisms : Mechanisms
        The ward terms.
    """

    def __init__(
        self,
        ctx: Context,
        beds: BedsLike,
        staffing: StaffingLike,
        training: TrainingLike,
        observation: ObservationLike,
        contact: ContactLike,
        state: dict[str, Any] | None = None,
    ) -> None:
        self._ctx = ctx
        self._env = ctx.env
        self._beds = beds
        self._written = ctx.facts.table("incident")
        self.rates = rates = Rates(ctx.p, ctx.scenario)
        self.mechanisms = mechanisms = Mechanisms(ctx, rates, beds, staffing, training, contact)
        hook = getattr(contact, "limit_set", None)
        early = rates.ward_cap * mechanisms.limit_closed if hook is not None else INFINITY
        if hook is not None:
            hook.append(self.limit_opened)
        self._contact = contact
        self.candidates = Candidates(ctx.streams, rates, early)
        self.reporting = Reporting(ctx)
        travel = Travel(ctx)
        aftermath = Aftermath(ctx, beds, staffing, observation, self.reporting)
        self.aftermath: AftermathLike = aftermath
        self.containment = Containment(ctx, mechanisms, travel, aftermath, beds, staffing, self._stop, self._start)
        self.escalation = Escalation(
            ctx, rates.escalation_share, mechanisms, travel, self.containment, aftermath, self.exposed, self._escalated
        )
        self.events = Events(ctx, mechanisms, travel, self.containment, aftermath, beds)
        self.contagion = Contagion(ctx, mechanisms.c["contagion_offspring"], self._offspring)
        self.victims = Victims(ctx, beds, mechanisms, aftermath)
        self._noticed = [ctx.p[f"incidents.{name}_noticed_share"] for name in TYPES]
        self._serious = ctx.p["incidents.verbal_serious_share"]
        self._elsewhere = Elsewhere(ctx, rates.escalation_share, self._make)
        self._base: list[float] = rates.base[:AGGRESSION].tolist()
        self.notes = (
            Note("incident", Incident, Incident.save, Incident.restore),
            Note("scene", Scene, Scene.save, lambda saved: Scene.restore(ctx, mechanisms, travel, saved)),
        )
        self.tracks: dict[int, Track] = {}
        self._from_away: Track | None = None
        self.next_id = 0
        self.patient_minutes = 0.0
        self.capped_minutes = 0.0
        beds.admitted.append(self._came)
        beds.returned.append(self._came)
        beds.went_out.append(self._stop)
        beds.left.append(self._left)
        beds.placed_away.append(self._placed)
        beds.left_away.append(self._left_away)
        self._to_seclude: dict[str, float] = {}
        if state is not None:
            self.next_id = int(state["next_id"])
            self.contagion.restore(state["offspring"])
            self._to_seclude.update(state["secluded"])
            self.containment.quiet_until = list(state["quiet_until"])
        self._order: list[int] = [] if state is None else state["order"]
        for patient in tuple(beds.present.values()):
            self._came(patient)

    # -- state --------------------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Numbers given, offspring to come, patients in seclusion, the quiet room.

        Candidates come again from their streams; a story in progress is saved with the work in hand.
        """
        secluded = {
            ",".join(map(str, track.patient.key)): self.containment.secluded[number]
            for number, track in self.tracks.items()
            if number in self.containment.secluded
        }
        return {
            "next_id": self.next_id,
            "offspring": self.contagion.save(),
            "secluded": secluded,
            "quiet_until": self.containment.quiet_until,
            "order": list(self.tracks),
        }

    def in_order(self) -> None:
        """Patients of a saved ward in the order in which they came: a draw among them goes by it."""
        place = {patient: n for n, patient in enumerate(self._order)}
        ordered = sorted(self.tracks, key=lambda patient: place.get(patient, len(place)))
        self.tracks = {patient: self.tracks[patient] for patient in ordered}

    def close(self) -> None:
        """End of the run: write down how long patients were exposed and how long the ward terms stood at their cap."""
        now = self._env.now
        for track in self.tracks.values():
            if track.exposed and not track.away:
                self.patient_minutes += now - track.since
                track.since = now
        self._ctx.facts.table("exposure").append((now, self.patient_minutes, self.capped_minutes))

    # -- exposure -----------------------------------------------------------------------------------------------------------

    def exposed(self, patient: Any) -> bool:
        """Whether incidents of this patient can happen on the ward now."""
        track = self.tracks.get(patient.id)
        return track is not None and track.exposed and not track.away

    def step_done(self, patient: Any, step: str) -> None:
        """A step of the pathway has been done: the safety plan and the physical health check count as needs met."""
        name = STEPS.get(step)
        if name is not None:
            patient.extra[name] = 1.0

    def _came(self, patient: Any) -> None:
        """Admitted, repatriated, or back from leave."""
        track = self.tracks.get(patient.id)
        if track is None:
            track, self._from_away = self._from_away, None
            if track is not None and track.patient is patient:
                track.come_home(self._env.now)
            else:
                track = Track(patient, self.rates.profile(patient), away=False)
            self.tracks[patient.id] = track
        self._begin(track)
        if self._to_seclude:
            until = self._to_seclude.pop(",".join(map(str, patient.key)), 0.0)
            if until > self._env.now:
                self.containment.stay_secluded(patient, until)

    def _placed(self, patient: Any) -> None:
        """Placed out of area."""
        track = self.tracks[patient.id] = Track(patient, self.rates.profile(patient), away=True)
        self._begin(track)

    def _left_away(self, patient: Any) -> None:
        """Discharged from a bed out of area, or about to be admitted here."""
        self._from_away = self.tracks.get(patient.id)
        self._left(patient)

    def _left(self, patient: Any) -> None:
        self._stop(patient)
        self.containment.forget(patient)
        self.tracks.pop(patient.id, None)

    def _stop(self, patient: Any) -> None:
        """End exposure (leave, absence, seclusion, discharge)."""
        track = self.tracks.get(patient.id)
        if track is None or not track.exposed:
            return
        if not track.away:
            self.patient_minutes += self._env.now - track.since
        track.since = float("nan")
        track.token += 1

    def _start(self, patient: Any) -> None:
        """Begin exposure again (let out of seclusion)."""
        track = self.tracks.get(patient.id)
        if track is not None and patient.id in self._beds.present:
            self._begin(track)

    def _begin(self, track: Track) -> None:
        if track.exposed:
            return
        now = self._env.now
        track.since = now
        track.token += 1
        block = block_of(now)
        if track.block != block or track.treated_at != track.patient.treated_at:
            self.candidates.load(track, block, now)
        track.scheduled_to = float("-inf")
        self._next(track)
        if not track.away and True in track.late:
            self.limit_opened(track.patient)

    def _next(self, track: Track) -> None:
        """Schedule the next candidate, or the end of the block."""
        now = self._env.now
        times = track.times
        place = track.place
        n = len(times)
        late = track.late
        while place < n and (times[place] <= now or late[place]):
            place += 1
        track.place = place
        due = times[place] if place < n else (track.block + 1) * BLOCK
        At(self._env, due - now, self._due, (track, track.token), AT_NEW_WORK)

    def limit_opened(self, patient: Any) -> None:
        """A limit was set: look at the candidates that only an open window can make incidents."""
        track = self.tracks.get(patient.id)
        if track is None or not track.exposed or track.away:
            return
        now = self._env.now
        until = min(self._contact.limit_open_until(patient), (track.block + 1) * BLOCK)
        if until <= now:
            return
        for place in self.candidates.in_window(track, now, until):
            At(self._env, track.times[place] - now, self._late, (track, track.token, place), AT_NEW_WORK)

    # -- thinning -----------------------------------------------------------------------------------------------------------

    def _due(self, event: At) -> None:
        what: tuple[Track, int] = event._value
        track, token = what
        if token != track.token:
            return
        place = track.place
        if place >= len(track.times):
            self.candidates.load(track, track.block + 1, self._env.now)
            self._next(track)
            if not track.away and True in track.late:
                self.limit_opened(track.patient)
            return
        kind = track.kinds[place]
        number = track.numbers[place]
        track.place = place + 1  # now may be short of the candidate's time by a rounding: it must not come twice
        if self._accepts(track, kind, track.needs[place]):
            self._happen(track, kind, number)
        if token == track.token:
            self._next(track)

    def _late(self, event: At) -> None:
        what: tuple[Track, int, int] = event._value
        track, token, place = what
        if token == track.token and self._accepts(track, track.kinds[place], track.needs[place]):
            self._happen(track, track.kinds[place], track.numbers[place])

    def _accepts(self, track: Track, kind: int, needs: float) -> bool:
        """Whether the ward terms of this moment reach what the candidate needs."""
        if track.away:
            return needs < 1.0 and kind < AGGRESSION
        cap = self.rates.ward_cap
        patient = track.patient
        now = self._env.now
        limit = 1.0
        if kind < AGGRESSION:
            limit = self.mechanisms.limit(patient, now)
            if needs >= cap * limit:
                return False
        product = self.mechanisms.product(kind, patient, now)
        if product >= cap:
            if kind < AGGRESSION:
                # a look at this moment had the chance (rate of aggression) x cap x limit a minute: weigh it by the inverse
                self.capped_minutes += 1.0 / (self.rates.aggression(track.patient, track.profile, now) * cap * limit)
            product = cap
        return needs < product * limit

    def intensity(self, patient: Any, time: float) -> dict[str, float]:
        """True intensity of every type for one patient on the ward, per minute, with the ward as it is now.

        Contagion is apart (`contagion`): its offspring come as a branching process.
        """
        track = self.tracks.get(patient.id)
        profile = self.rates.profile(patient) if track is None else track.profile
        return hazards_of(self.mechanisms, self.rates, patient, profile, time)

    # -- what happens -------------------------------------------------------------------------------------------------------

    def _happen(self, track: Track, kind: int, number: int) -> None:
        row = self.candidates.rows(track).row(number)
        if track.away:
            self._elsewhere.happen(track, kind, row)
            return
        path: Path = (*track.patient.key, track.block + FIRST_BLOCK, number)
        self._occur(track.patient, kind, DIRECT, -1, row, path)

    def _occur(self, patient: Any, kind: int, origin: str, parent: int, row: Row, path: Path) -> None:
        incident = self._make(patient, kind, origin, parent, row)
        incident.noticed = row[NOTICED] < self.mechanisms.noticed(self._noticed[kind])
        if kind < AGGRESSION:
            serious = kind != VERBAL or row[SERIOUS] < self._serious
            if kind == ASSAULT:
                self.victims.assaulted(incident, [])
            else:
                self.victims.aim(incident)
            self._written.append(incident.fact())
            self.contagion.episode(path, row, incident.id)
            if kind == ASSAULT:
                self.victims.hurt(incident)
                if incident.noticed:
                    At(self._env, 0.0, self.escalation.assault, incident, AT_ONCE)
            elif serious:
                At(self._env, 0.0, self.escalation.aggression, incident, AT_ONCE)
            else:
                self.aftermath.slight(incident)
            return
        if kind == MEDICAL:
            incident.noticed = True
            scene = self.events.medical(incident)
            self._written.append(incident.fact())
            At(self._env, 0.0, self.events.tend, (incident, scene), AT_ONCE)
            return
        if kind in (SELF_HARM, SUICIDE_ATTEMPT):
            incident.victim = "self"
            incident.harm = self.events.grade(incident)
        elif kind == REFUSAL:
            incident.noticed = self.mechanisms.attended()
        else:
            self.victims.aim(incident)
        self._written.append(incident.fact())
        self.events.begin(incident)

    def _make(self, patient: Any, kind: int, origin: str, parent: int, row: Row) -> Incident:
        incident = Incident(self.next_id, self._env.now, patient, kind, origin, parent, row)
        self.next_id += 1
        return incident

    def _escalated(self, incident: Incident, scene: Scene) -> Incident:
        """The assault that an aggression has become."""
        row = incident.row.later()
        assault = self._make(incident.patient, ASSAULT, ESCALATION, incident.id, row)
        # what grows out of an aggression that somebody answers does not go unseen
        assault.noticed = incident.noticed or row[NOTICED] < self.mechanisms.noticed(self._noticed[ASSAULT])
        self.victims.assaulted(assault, scene.people)
        self._written.append(assault.fact())
        self.victims.hurt(assault)
        return assault

    def _offspring(self, path: Path, row: Row, parent: int) -> None:
        """An offspring is due: it falls on a patient present, in proportion to the patients' own rates of aggression."""
        now = self._env.now
        tracks = [t for t in self.tracks.values() if t.exposed and not t.away]
        rates = [self.rates.aggression(t.patient, t.profile, now) for t in tracks]
        if any(rates):
            place = lot(row[WHO], [t.patient.key for t in tracks], rates)
            kind = pick(row[WHAT], self._base)
            self._occur(tracks[place].patient, VERBAL if kind is None else kind, CONTAGION, parent, row, path)
