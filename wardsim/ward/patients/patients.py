"""Patients: attributes, frailty and stay, all from the patient's own stream and all by inversion of uniforms at fixed places.

A patient is one episode of care of one person. The person (sex, age, diagnosis, history, frailty) stays the same from episode
to episode; legal status, severity and stay are drawn anew for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from wardsim.parameters.casemix import CHAIN, ORIGINS, CaseMix
from wardsim.parameters.flow_law import CAUSES, cause_shares, stay_multiplier

from ..core.clock import DAY
from ..core.quantiles import gamma_quantile, normal_quantile
from ..core.streams import Stream, Streams
from .acuity import Course, Courses

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]
Key = tuple[int, int, int]

CENSUS: Final = 0
"""Source code of residents at the start and of those discharged shortly before it; 1 to 4 are the origins."""
SOURCE_NAMES: Final = ("census", *ORIGINS)

ROW: Final = 32
"""Uniforms a patient may use. Their places are part of the reproducibility contract: new ones take free places."""
SEX, AGE, FRAILTY, ORIGIN = 0, 1, 2, 3
PERSON: Final = {"psychosis": 4, "personality": 5, "mood": 6, "dual_diagnosis": 7, "previous_violence": 8, "comorbidity": 9}
DETAINED, CLINICAL, DELAY, CAUSE, DELAY_LENGTH, SEVERITY, DIVERSION, CLOCK, EARLY, OT, TRANSFER, TRANSFER_LENGTH = range(10, 22)
RETURN, RETURN_DELAY, RETURN_CLOCK = range(22, 25)

AGE_BANDS: Final = ("18-24", "25-44", "45-64")
QUEUE: Final = "queue"
WARD: Final = "ward"
LEAVE: Final = "leave"
AWAY: Final = "away"
GONE: Final = "gone"

_SAVED: Final = (
    "id", "source", "sex", "age_band", "detained", "diagnosis", "dual_diagnosis", "previous_violence", "comorbidity", "frailty",
    "referred_at", "admitted_at", "treated_at", "ready_at", "leaves_at", "place", "clinical_min", "delay_cause", "delay_min",
    "is_ready", "route", "early_min", "severity", "chance", "shift_of_acuity", "out_until", "absent", "away_since", "priority", "token",
)  # fmt: skip


class Patient:
    """One episode of care.

    Attributes
    ----------
    id : int
        Number in this run; appears in the facts.
    key : tuple of int
        (source code, n within source, episode): keys the patient's streams. Source 0 is the census at the start.
    source : str
        census, community_crisis, police_emergency, young_people, picu_step_down or readmission.
    sex : str
        m or f.
    age_band : str
        18-24, 25-44 or 45-64.
    detained, dual_diagnosis, previous_violence, comorbidity : bool
        Legal status at admission; drug or alcohol misuse; violence in the past; a long-term physical condition.
    diagnosis : str
        psychosis, mood, personality or other.
    frailty : float
        What the attributes leave unexplained of a person's rate of aggression; gamma, mean 1.
    referred_at, admitted_at : float
        Minutes; `admitted_at` is when the patient came onto this ward (for a repatriated patient: the repatriation).
    treated_at : float
        When treatment began, here or out of area: the zero of the latent course and of the stay.
    ready_at : float
        When clinically ready for discharge (planned until it has happened), minutes.
    leaves_at : float
        When the patient is to leave, minutes.
    is_ready : bool
        Whether `ready_at` has come.
    clinical_min, delay_min : float
        Planned clinical phase and delay after it, minutes; `delay_cause` says why ("" for none).
    place : str
        queue, ward, leave (overnight leave, or absent without leave), away (out of area) or gone.
    out_until : float
        End of the absence in hand, minutes; `absent` when it is without leave.
    away_since : float
        When the placement out of area began, minutes (NaN: never).
    observation : str
        general, intermittent or constant.
    course : Course
        Latent acuity.
    shift_of_acuity : float
        Improvement in points beyond the course, set by contact (mechanism contact).
    chance : tuple of float
        The row of uniforms of this episode.
    staff_known : dict of int to float
        Free for use by whoever keeps familiarity.
    """

    __slots__ = (
        "absent",
        "admitted_at",
        "admitted_to",
        "age_band",
        "away_since",
        "chance",
        "clinical_min",
        "comorbidity",
        "contact",
        "course",
        "delay_cause",
        "delay_min",
        "detained",
        "diagnosis",
        "dual_diagnosis",
        "early_min",
        "extra",
        "frailty",
        "id",
        "is_ready",
        "key",
        "leave_plan",
        "leaves_at",
        "observation",
        "out_until",
        "place",
        "previous_violence",
        "priority",
        "ready_at",
        "referred_at",
        "route",
        "severity",
        "sex",
        "shift_of_acuity",
        "source",
        "staff_known",
        "token",
        "treated_at",
    )  # fmt: skip

    id: int
    key: Key
    source: str
    sex: str
    age_band: str
    detained: bool
    diagnosis: str
    dual_diagnosis: bool
    previous_violence: bool
    comorbidity: bool
    frailty: float
    clinical_min: float
    delay_cause: str
    delay_min: float
    severity: float
    chance: tuple[float, ...]
    course: Course

    def __init__(self, id: int, key: Key, source: str) -> None:
        self.id = id
        self.key = key
        self.source = source
        self.referred_at = self.admitted_at = self.treated_at = float("nan")
        self.ready_at = self.leaves_at = float("inf")
        self.place = QUEUE
        self.out_until = self.away_since = float("nan")
        self.absent = False
        self.is_ready = False
        self.route = "home"
        self.early_min = 0.0
        self.priority = 1
        self.token = 0
        self.observation = "general"
        self.shift_of_acuity = 0.0
        self.contact: object | None = None
        self.extra: dict[str, float] = {}
        self.staff_known: dict[int, float] = {}
        self.leave_plan: list[tuple[float, float]] = []
        self.admitted_to = ""

    def acuity(self, time: float) -> float:
        """Acuity score at a time: the latent course less the improvement through contact."""
        return self.course.at(time) - self.shift_of_acuity

    def level(self, time: float) -> int:
        """Level of acuity, 1 to 5, at a time."""
        return max(1, min(5, int(self.course.at(time) - self.shift_of_acuity + 0.5)))

    def __repr__(self) -> str:
        return f"<patient {self.id} {self.key} {self.place}>"

    def save(self) -> dict[str, Any]:
        """Plain data from which `Patients.restore` makes the same patient again."""
        state: dict[str, Any] = {name: _plain(getattr(self, name)) for name in _SAVED}
        state["key"] = list(self.key)
        state["lift"] = self.course.lift if hasattr(self, "course") else 0.0
        state["extra"] = dict(self.extra)
        state["leave_plan"] = [list(leave) for leave in self.leave_plan]
        return state


def _plain(value: Any) -> Any:
    """JSON knows neither NaN nor infinity: None stands for a time that is not set."""
    return None if isinstance(value, float) and not isfinite(value) else value


class Batch:
    """Columns of many patients drawn together; `patient` takes one out.

    Attributes
    ----------
    clinical_min, delay_min : array
        Minutes; `delay_min` is 0 without a delay.
    """

    __slots__ = ("_features", "_rows", "cause", "clinical_min", "delay_min", "frailty", "origin", "severity_z")

    def __init__(self, p: Mapping[str, float], mix: CaseMix, origin: NDArray[np.int_], rows: Array) -> None:
        self._rows = rows
        self.origin = origin
        age_u = rows[:, AGE]
        age = np.where(age_u < mix.young_share, 0, np.where(age_u >= 1.0 - mix.older_share, 2, 1))
        age = np.where(origin == 2, 0, age)
        male = (rows[:, SEX] < mix.male_share).astype(np.int64)
        features = CaseMix.features(origin, male, age)
        for name in CHAIN:
            place = PERSON.get(name, DETAINED)
            features[name] = (rows[:, place] < mix.probability(name, features)).astype(np.float64)
        self._features = features
        self.frailty = gamma_quantile(rows[:, FRAILTY], p["patients.frailty_shape"])
        self._stay(p)

    def _stay(self, p: Mapping[str, float]) -> None:
        rows, features = self._rows, self._features
        scale = p["flow.stay_scale"]
        cap = p["flow.stay_cap_days"]
        median = p["flow.stay_clinical_median_days"] * scale * stay_multiplier(p, features)
        days = median * np.exp(p["flow.stay_clinical_sigma"] * normal_quantile(rows[:, CLINICAL]))
        self.clinical_min = np.minimum(days, cap) * DAY
        delayed = rows[:, DELAY] < p["flow.delay_share"]
        self.cause = np.minimum(np.searchsorted(np.cumsum(cause_shares(p)), rows[:, CAUSE], side="right"), len(CAUSES) - 1)
        length = p["flow.delay_median_days"] * scale * np.exp(p["flow.delay_sigma"] * normal_quantile(rows[:, DELAY_LENGTH]))
        self.delay_min = np.where(delayed, np.minimum(length, cap), 0.0) * DAY
        severity = normal_quantile(rows[:, SEVERITY])
        weight = p["patients.severity_detained_sd"]
        # the detained are more ill on arrival; centred, and with the spread of the whole mix kept at one
        usual = p.get("patients.detained_share_usual", p["patients.detained_share"])
        centre, spread = weight * usual, (1.0 + weight**2 * usual * (1.0 - usual)) ** 0.5
        self.severity_z = (severity + weight * features["detained"] - centre) / spread

    def __len__(self) -> int:
        return len(self.origin)

    def patient(self, i: int, id: int, key: Key, source: str, courses: Courses) -> Patient:
        """Make patient number `i` of the batch; the course begins with treatment."""
        f = self._features
        made = Patient(id, key, source)
        made.sex = "m" if f["male"][i] else "f"
        made.age_band = AGE_BANDS[0] if f["young"][i] else AGE_BANDS[2] if f["older"][i] else AGE_BANDS[1]
        made.diagnosis = next((name for name in ("psychosis", "personality", "mood") if f[name][i]), "other")
        made.dual_diagnosis = bool(f["dual_diagnosis"][i])
        made.previous_violence = bool(f["previous_violence"][i])
        made.comorbidity = bool(f["comorbidity"][i])
        made.detained = bool(f["detained"][i])
        made.frailty = float(self.frailty[i])
        made.clinical_min = float(self.clinical_min[i])
        made.delay_min = float(self.delay_min[i])
        made.delay_cause = CAUSES[self.cause[i]] if made.delay_min > 0.0 else ""
        made.severity = courses.severity(float(self.severity_z[i]))
        made.chance = tuple(self._rows[i].tolist())
        made.extra["origin"] = float(self.origin[i])
        return made


class Patients:
    """Makes patients for one run.

    Parameters
    ----------
    streams : Streams
        Chance.
    p : mapping of str to float
        Conditioned parameters.
    mix : CaseMix
        Who is admitted.
    courses : Courses
        How acuity runs.
    """

    def __init__(self, streams: Streams, p: Mapping[str, float], mix: CaseMix, courses: Courses) -> None:
        self._streams = streams
        self._p = p
        self.mix = mix
        self.courses = courses
        self.next_id = 0

    def new_id(self) -> int:
        """The next patient number."""
        self.next_id += 1
        return self.next_id - 1

    def row(self, key: Key) -> Array:
        """The uniforms of one episode."""
        return self._streams.hashed(Stream.PATIENT, *key).array(0, ROW)

    def batch(self, origin: NDArray[np.int_], rows: Array) -> Batch:
        """Draw many patients at once from their rows; `origin` 0 to 3 in the order of `ORIGINS`."""
        return Batch(self._p, self.mix, origin, rows)

    def first(self, keys: Sequence[Key]) -> Batch:
        """Draw the first episodes of people of the four sources, in the order of their keys."""
        origin = np.array([key[0] - 1 for key in keys], dtype=np.int64)
        rows = np.array([self.row(key) for key in keys]).reshape(len(keys), ROW)
        return self.batch(origin, rows)

    def again(self, people: Sequence[tuple[Key, Sequence[float], int]]) -> Batch:
        """Draw the next episodes (key, row, origin) of people: who they are comes from the person's row, the rest from the episode's."""
        rows = np.array([self.row(key) for key, _, _ in people])
        rows[:, :DETAINED] = [person[:DETAINED] for _, person, _ in people]
        return self.batch(np.array([origin for _, _, origin in people]), rows)

    def begin_treatment(self, patient: Patient, time: float) -> None:
        """Start the clinical course."""
        patient.treated_at = time
        patient.course = self.courses.course(patient.key, patient.severity, time, patient.clinical_min)

    def restore(self, state: Mapping[str, Any]) -> Patient:
        """A patient as saved; the course is drawn again from its stream and is the same."""
        a, b, c = state["key"]
        patient = Patient(state["id"], (a, b, c), state["source"])
        for name in _SAVED:
            value = state[name]
            if value is None:
                value = float("nan")
            setattr(patient, name, tuple(value) if isinstance(value, list) else value)
        patient.extra = dict(state["extra"])
        patient.leave_plan = [(start, end) for start, end in state["leave_plan"]]
        if patient.treated_at == patient.treated_at:
            self.begin_treatment(patient, patient.treated_at)
            patient.course.set_lift(state["lift"])
        return patient
