"""Parameters of one ward: the draw from the ledger, conditioned on what its planner knows about it.

The planner's case mix replaces the published shares. Of admissions, stay and occupancy any two may be given and the third
follows; with one or none the rest comes from the ledger, and the referral rate is solved to the occupancy. Counts of reported
incidents scale the true rates. Levers (demand, crisis alternatives, discharge team) do not enter the solution: they act on the
ward that was solved, which is the point of turning them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wardsim.scenario.schema import Scenario

from .casemix import LOCAL_SHARES, mix_of
from .flow_law import Flow, StayLaw, flow_of, numbers
from .incident_scale import incident_scale

YEAR_DAYS = 365.25
AGREE = 0.05
"""Relative difference up to which three local figures count as consistent (they are rounded and counted over different days)."""


def condition(
    scenario: Scenario, parameters: Mapping[str, float], *, baseline: Scenario | None = None
) -> dict[str, float]:
    """Parameters of one ward.

    Parameters
    ----------
    scenario : Scenario
        The ward; its `parameters` override the ledger, its case mix and local facts condition it.
    parameters : mapping of str to float
        A draw from the ledger (or its point values).
    baseline : Scenario, optional
        The ward before a change; what is solved (referrals, scale of stays and incidents) is solved for it.

    Returns
    -------
    dict of str to float
        The same names, some changed, and `flow.referrals_per_week` solved.

    Raises
    ------
    ValueError
        When local facts contradict each other or cannot be met; the message says which.
    """
    p = dict(parameters)
    p.update(scenario.parameters)
    _case_mix(scenario, p)
    if baseline is not None:
        before = condition(baseline, parameters)
        for name in SOLVED:
            if name in before and name not in scenario.parameters:
                p[name] = before[name]
        return p
    _flow(scenario, p)
    p.update(incident_scale(scenario, p))
    return p


SOLVED = ("flow.referrals_per_week", "flow.stay_scale", "incidents.local_scale", "incidents.local_assault_scale")
"""Parameters that are solved for a ward."""


def _case_mix(scenario: Scenario, p: dict[str, float]) -> None:
    given = scenario.demand.case_mix
    p["patients.detained_share_usual"] = p["patients.detained_share"]
    neither = 1.0 - p["patients.psychosis_share"] - p["patients.personality_share"]
    mood = (
        min(p["patients.mood_share"] / neither, 1.0) if neither > 0.0 else 1.0
    )  # its part of what is neither of the two
    for key, name in LOCAL_SHARES.items():
        value = getattr(given, key)
        if value is not None:
            p[f"patients.{name}_share"] = value / 100.0
    if given.male_pct is not None:
        p["patients.male_share"] = given.male_pct / 100.0
    psychosis, personality = p["patients.psychosis_share"], p["patients.personality_share"]
    if psychosis + personality > 1.0 + 1e-9:
        if given.psychosis_pct is not None and given.personality_disorder_pct is not None:
            raise ValueError(
                "demand.case_mix: psychosis_pct and personality_disorder_pct are shares of main diagnoses; together they are "
                f"{100 * (psychosis + personality):g}, more than 100"
            )
        kept = "psychosis" if given.psychosis_pct is not None else "personality"
        other = "personality" if kept == "psychosis" else "psychosis"
        p[f"patients.{other}_share"] = 1.0 - p[f"patients.{kept}_share"]
    rest = 1.0 - p["patients.psychosis_share"] - p["patients.personality_share"]
    local = given.psychosis_pct is not None or given.personality_disorder_pct is not None
    p["patients.mood_share"] = rest * mood if local else min(p["patients.mood_share"], rest)


def _flow(scenario: Scenario, p: dict[str, float]) -> None:
    """Solve the referral rate (and the scale of stays) for the ward as it is before any lever."""
    if scenario.ward.beds == 0:
        return
    mix = mix_of(scenario, p)
    law = StayLaw(p, mix)
    admissions, present, stay = _targets(scenario)
    flow = flow_of(scenario, p, mix, neutral=True)
    if stay is not None and "flow.stay_scale" not in scenario.parameters:
        there = p["flow.target_occupancy"] * flow.beds if present is None else present
        p["flow.stay_scale"] = _scale_for_stay(flow, law, stay, there)
        flow = law.scaled(flow, p["flow.stay_scale"])
    if "flow.referrals_per_week" in scenario.parameters:
        return
    if present is None and admissions is not None:
        need = _need_for_admissions(flow, admissions)
    else:
        need = _need_for_present(scenario, flow, p["flow.target_occupancy"] * flow.beds, present)
    p["flow.referrals_per_week"] = need * 7.0 * (1.0 - p["flow.readmission_90_days_share"])


def _need_for_present(scenario: Scenario, flow: Flow, usual: float, given: float | None) -> float:
    """Referrals a day, readmissions included, at which the wanted number of patients is present."""
    wanted = usual if given is None else given
    top = numbers(flow, _many(flow)).present
    if wanted > top * 0.998:
        if given is not None:
            raise ValueError(
                f"demand.local: {100 * wanted / flow.beds:.1f}% of beds occupied, leave excluded, cannot be reached on this ward; at most "
                f"{100 * top / flow.beds:.1f}% (beds {flow.beds}; patients on leave {100 * flow.leave_share:.1f}%, their beds "
                f"{'given away' if scenario.flow.leave_beds else 'kept'})"
            )
        wanted = top * 0.99
    return _solve(lambda rate: numbers(flow, rate).present - wanted, 0.0, _many(flow))


def _need_for_admissions(flow: Flow, wanted: float) -> float:
    """Referrals a day at which the wanted number is admitted to the ward in a day."""
    most = _solve(lambda rate: numbers(flow, rate).present - 0.985 * flow.beds, 0.0, _many(flow))
    if numbers(flow, most).admissions_per_day < wanted:
        raise ValueError(
            f"demand.local.admissions_per_year: {wanted * YEAR_DAYS:g} admissions are more than {flow.beds} beds take with stays of "
            f"{flow.stay_days:.0f} days; give stay_mean_days or occupancy_pct as well"
        )
    return _solve(lambda rate: numbers(flow, rate).admissions_per_day - wanted, 0.0, most)


def _many(flow: Flow) -> float:
    """More referrals a day than any ward of this size has."""
    return 4.0 * flow.beds / flow.stay_days + 0.2


def _targets(scenario: Scenario) -> tuple[float | None, float | None, float | None]:
    """Admissions a day, patients present, and days on the ward per admission, as far as the local facts say."""
    local = scenario.demand.local
    beds = scenario.ward.beds
    admissions = None if local.admissions_per_year is None else local.admissions_per_year / YEAR_DAYS
    present = None if local.occupancy_pct is None else local.occupancy_pct / 100.0 * beds
    if local.occupied_bed_days_per_year is not None:
        counted = local.occupied_bed_days_per_year / YEAR_DAYS
        if counted > beds * (1.0 + AGREE):
            raise ValueError(
                f"demand.local.occupied_bed_days_per_year: {local.occupied_bed_days_per_year:g} bed days are more than {beds} beds have in "
                f"a year ({beds * YEAR_DAYS:.0f})"
            )
        if present is not None and abs(counted / present - 1.0) > AGREE:
            raise ValueError(
                f"demand.local: occupancy_pct {local.occupancy_pct:g} of {beds} beds is {present * YEAR_DAYS:.0f} occupied bed days a year, but "
                f"occupied_bed_days_per_year is {local.occupied_bed_days_per_year:g}; give one of them, or make them agree"
            )
        present = counted
    stay = local.stay_mean_days
    if admissions is not None and stay is not None and present is None:
        present = admissions * stay
        if present > beds * 0.998:
            raise ValueError(
                f"demand.local: {local.admissions_per_year:g} admissions of {stay:g} days need {present:.1f} beds all year; the ward has {beds}"
            )
    elif admissions is not None and present is not None:
        implied = present / admissions
        if stay is not None and abs(stay / implied - 1.0) > AGREE:
            raise ValueError(
                f"demand.local: {local.admissions_per_year:g} admissions of {stay:g} days are {admissions * stay * YEAR_DAYS:.0f} bed days a year, "
                f"but the occupancy given is {present * YEAR_DAYS:.0f}; of admissions, stay and occupancy give any two"
            )
        stay = implied
    return admissions, present, stay


def _scale_for_stay(flow: Flow, law: StayLaw, stay: float, present: float) -> float:
    """Scale of stays at which an admission spends `stay` days on the ward, leave excluded, with `present` patients there."""

    def gap(scale: float) -> float:
        there = law.scaled(flow, scale)
        wanted = min(present, numbers(there, _many(there)).present * 0.998)
        rate = _solve(lambda r: numbers(there, r).present - wanted, 0.0, _many(there), tolerance=1e-4)
        found = numbers(there, rate)
        return found.present / max(found.admissions_per_day, 1e-9) - stay

    low, high = 0.06, 11.0
    if gap(high) < 0.0 or gap(low) > 0.0:
        raise ValueError(
            f"demand.local: no length of stay in treatment gives {stay:.1f} days on the ward per admission with {flow.beds} beds; "
            "check admissions_per_year, stay_mean_days and the occupancy"
        )
    return _solve(gap, low, high, tolerance=stay * 1e-4)


def _solve(f: Callable[[float], float], low: float, high: float, tolerance: float = 1e-7) -> float:
    """Root of a rising function between two bounds: false position (Illinois), falling back on the middle."""
    f_low, f_high = f(low), f(high)
    if f_low >= 0.0:
        return low
    if f_high <= 0.0:
        return high
    side = 0
    for _ in range(60):
        x = (low * f_high - high * f_low) / (f_high - f_low)
        if not low < x < high:
            x = 0.5 * (low + high)
        y = f(x)
        if abs(y) < tolerance or high - low < tolerance * max(abs(x), 1e-3):
            return x
        if y > 0.0:
            high, f_high = x, y
            f_low = f_low * 0.5 if side == 1 else f_low
            side = 1
        else:
            low, f_low = x, y
            f_high = f_high * 0.5 if side == -1 else f_high
            side = -1
    return 0.5 * (low + high)
