"""A draft of the STRESS-DES report of a study: what wardsim knows is filled in, what only its authors know is marked as a gap.

The sections are those of the STRESS guidelines for discrete-event simulation (Monks and others 2019, doi:10.1080/17477778.2018.1442155). Filled from
the results folder (question, options, seed, runs, versions), the ledger (inputs with priors and sources) and the declarations of the measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..content import Draft, Gap, Item, Table, Words, table
from ..source import Source
from .changes import changed
from .inputs import FITTED, POSTERIOR, PRIOR, figure, fitted, ledger_of, origin, prior
from .meanings import MEANINGS

Block = Words | Table | Gap
GAP = "TO COMPLETE"
"""What marks a gap."""

PURPOSE = (
    "To tell a workforce planner what a change in staffing or training would do to violence and to therapeutic contact on an acute adult mental health "
    "ward, how sure that answer is, and what it costs."
)
LOGIC = (
    "Referrals arrive as a Poisson process by weekday, hour and source, wait for a bed by priority, or are placed out of area when the wait passes a limit.",
    "Each patient has attributes, a latent course of acuity that falls after admission, pathway steps with deadlines, and a stay: a clinical phase, then a delay "
    "by cause.",
    "Named staff are rostered some weeks ahead, fall sick, take leave, leave the job and are replaced, are released for training; gaps are offered to own staff, bank "
    "and agency.",
    "One dispatcher gives work to named people by priority: emergencies, constant observation, medication and checks, admission and safety, physical care, escorts, "
    "one-to-one and groups, documentation, e-learning.",
    "Incidents follow from each patient's intensity, thinned exactly; aggression is noticed, answered and calmed, or escalates; response, containment, injury and "
    "reporting follow.",
    "Staff, training and the ward act on incidents through fourteen mechanisms only, each with a switch and a prior that includes no effect.",
)
ENTITIES = (
    "Patients: age band, sex, legal status, diagnosis group, dual diagnosis, previous violence, physical comorbidity, frailty for aggression.",
    "Staff as named people: role, band, contracted hours, tenure, familiarity with ward and patient, course records, knowledge and skill that decay.",
)
RESOURCES = (
    "Staff on shift (registered nurses, healthcare assistants, nursing associates, ward manager, occupational therapists, psychologists, activity workers, doctors).",
    "Beds, seclusion rooms, low-stimulus rooms, places on course days, people of the bank pool.",
)
QUEUES = (
    "Patients for a bed: by priority, then order of coming.",
    "Work for staff: one queue a set of roles, by priority, then age; some work interrupts other work.",
    "Staff for course places: by due date, or most exposed first.",
)
EXITS = ("Entry: referral, by source. Exit: home, early under pressure, psychiatric intensive care, police, absconding, transfer, or another provider.",)
LEVELS: dict[str, str] = {
    "transition": "All wards start from one saved state of the baseline at time zero, run in for {weeks} weeks before (census drawn from its equilibrium, staff, tenure, "
    "records and skill its own product); the change is made at time zero and everything after it is measured.",
    "steady": "Each ward runs in for {weeks} weeks from a census drawn from its equilibrium, then {warm:g} weeks that are not measured; drift of compliance, skill and "
    "tenure over the measured period is tested.",
}
ABOVE = {
    "2.3": "Above: what each option changes.",
    "3.3": "Above: all inputs with priors and sources.",
    "5.1": "Above: versions and seed.",
}
"""Items that part 9 of a report tells before the draft."""


def opening(found: Sequence[Item]) -> str:
    """What the reader must know first."""
    gaps = [item.number for item in found if any(isinstance(block, Gap) for block in item.blocks)]
    return (
        f"A draft made by wardsim from the results folder. {len(found)} items; {len(gaps)} hold gaps, marked {GAP}, that only the authors of the "
        f"study can fill: {', '.join(gaps)}."
    )


def draft(source: Source, changes: bool) -> Draft:
    """The document within a report: without what stands above it (what options change, if `changes`), and without what depends on the machine."""
    found = []
    for item in items(source):
        if item.number in ABOVE and (changes or item.number != "2.3"):
            item = replace(item, blocks=(Words((ABOVE[item.number],)),))
        elif item.number == "5.4":
            item = replace(item, blocks=(Gap("machine and times; `wardsim export DIR --format stress` fills in what the manifest has of them."),))
        found.append(item)
    return Draft("Draft of a STRESS-DES report of this study", opening(found), GAP, tuple(found))


def items(source: Source) -> Iterator[Item]:
    """Every item, in order."""
    yield Item("1", "Objectives", ())
    yield Item("1.1", "Purpose of the model", (Words((PURPOSE,)), Gap("who asked for this study, for which decision, and when it is made.")))
    yield Item("1.2", "Model outputs", _outputs(source))
    yield Item("1.3", "Experimentation aims", _aims(source))
    yield Item("2", "Logic", ())
    yield Item("2.1", "Base model overview diagram", (Words(("The documents have it: docs/explanation/model.md.",)), Gap("insert the diagram.")))
    yield Item("2.2", "Base model logic", (Words(LOGIC, True),))
    yield Item("2.3", "Scenario logic", _scenarios(source))
    yield Item("2.4", "Algorithms", (Words((
        "Incidents and referrals: Poisson processes thinned exactly against a bound that does not depend on the option. Contagion: a branching process. "
        "Escalation: an aggression would boil over at a moment drawn for it beforehand; what happens depends on who has been there by then. "
        "Rosters: four weeks at a time, day by day, each place to whoever is most behind with contracted hours, under rules of rest, nights and leave. "
        "Work: priority dispatch with pre-emption. Referral rate: solved from occupancy (infinitely many servers). "
        "docs/explanation/mechanisms.md and docs/explanation/decisions.md tell more.",
    )),))  # fmt: skip
    yield Item("2.5", "Components", ())
    yield Item("2.5.1", "Entities", (Words(ENTITIES, True),))
    yield Item("2.5.2", "Activities", _activities())
    yield Item("2.5.3", "Resources", (Words(RESOURCES, True), _staffing(source)))
    yield Item("2.5.4", "Queues", (Words(QUEUES, True),))
    yield Item("2.5.5", "Entry and exit points", (Words(EXITS),))
    yield Item("3", "Data", ())
    yield Item("3.1", "Data sources", _sources(source))
    yield Item("3.2", "Pre-processing", (Words(("None inside wardsim: published figures enter as priors, targets or checks, each in one role only.",)),
                                        Gap("how local figures in the scenario (census, incidents, roster) were collected and cleaned, if there are any.")))  # fmt: skip
    yield Item("3.3", "Input parameters", _inputs(source))
    yield Item("3.4", "Assumptions", _assumptions())
    yield Item("4", "Experimentation", ())
    yield Item("4.1", "Initialisation", _start(source))
    yield Item("4.2", "Run length", _length(source))
    yield Item("4.3", "Estimation approach", _estimation(source))
    yield Item("5", "Implementation", ())
    yield Item("5.1", "Software or programming language", _software(source))
    yield Item("5.2", "Random sampling", (Words((
        "Every draw comes from a stream keyed by seed, replication, purpose, entity and occasion (PCG64 blocks and SplitMix64 hashes), so that options see the "
        f"same referrals, latent courses and sickness. Root seed {_told(source)['seed']}. A draw of the parameters is a hash of seed, draw and name put "
        "through the inverse of the prior.",
    )),))  # fmt: skip
    yield Item("5.3", "Model execution", (Words((
        "Event-driven (SimPy). Times in minutes. Within a minute: work ends, shifts change, new work comes. The same scenario, seed and version give the same numbers "
        "whatever the number of processes.",
    )),))  # fmt: skip
    yield Item("5.4", "System specification", _system(source))
    yield Item("6", "Code access", ())
    yield Item("6.1", "Computer model sharing statement", (Words(("wardsim is open under the MIT licence; CITATION.cff says how to cite it.",)),
                                                          Gap("where scenario, results and this version of wardsim are kept (repository, DOI).")))  # fmt: skip


def _told(source: Source) -> Mapping[str, Any]:
    return source.study if source.study is not None else source.manifest


def _outputs(source: Source) -> tuple[Block, ...]:
    from wardsim.measures import MEASURES

    found = {row["name"]: None for rows in source.tables.values() for row in rows if row.get("name") in MEASURES}
    found |= {name: None for rows in source.tables.values() for row in rows for name in [row.get("outcome", "")] if name in MEASURES}
    rows = tuple((MEASURES[name].label, MEASURES[name].unit, MEASURES[name].layer, MEASURES[name].definition) for name in found)
    said = f"{len(rows)} measures, each a ratio of sums or a count over the measured period."
    return (Words((said, *MEANINGS[:3])), table("Measures", ("measure", "unit", "layer", "definition"), rows))


def _aims(source: Source) -> tuple[Block, ...]:
    told = _told(source)
    kind = {"run": "One ward as it is", "compare": "Comparison of options", "sweep": "Sweep over levels", "sensitivity": "Sensitivity to unknown inputs",
            "optimise": "Search for the cheapest plan within limits"}.get(source.kind, source.kind)  # fmt: skip
    question = str(told.get("question") or "")
    lines = (f"{kind}. Question: {question or 'not written down'}", f"Estimand: {told.get('estimand')}.")
    return (Words(lines), Gap("why these options, and what difference would change the decision."))


def _scenarios(source: Source) -> tuple[Block, ...]:
    if source.study is None:
        from wardsim.scenario.schema import Scenario

        usual = Scenario(name="usual").model_dump(mode="json")
        rows = _changes("this ward", usual, source.manifest["scenario"])
        words = "One scenario, in full in manifest.json; the keys that it sets otherwise than the defaults:"
        return (Words((words if rows else "One scenario: the baseline, whose every key is a default. It stands in full in manifest.json.",)),
                *([table("What this ward sets", ("ward", "key", "default", "this ward"), tuple(rows))] if rows else []))  # fmt: skip
    cells = source.study["cells"]
    rows = [row for cell in cells[1:13] for row in _changes(str(cell["name"]), cells[0]["scenario"], cell["scenario"])]
    more = f" The first 12 of {len(cells) - 1} are shown; study.json has all." if len(cells) > 13 else ""
    return (
        Words((f"{len(cells)} wards; the first, {cells[0]['name']}, is the reference. Each row is a key of the scenario that a ward sets otherwise.{more}",)),
        table("What each ward sets otherwise", ("ward", "key", "reference", "this ward"), tuple(rows)),
    )


def _changes(name: str, base: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Keys that a ward sets otherwise than another."""
    return [(name, key, str(before), str(after)) for key, before, after in changed(base, own)[:40]]


def _activities() -> tuple[Block, ...]:
    from wardsim.ward.work.kinds import KINDS

    rows = tuple((kind.name.replace("_", " "), str(kind.priority), "yes" if kind.yields_to >= 0 else "no") for kind in KINDS.values())
    said = "Every staff minute on duty belongs to exactly one of these. Lower priority numbers go first."
    return (Words((said,)), table("Kinds of work", ("work", "priority", "can be interrupted"), rows))


def _scenario(source: Source) -> Mapping[str, Any]:
    found: Mapping[str, Any] = source.manifest["scenario"] if source.study is None else source.study["cells"][0]["scenario"]
    return found


def _staffing(source: Source) -> Block:
    scenario = _scenario(source)
    required, posts = scenario["staffing"]["required"], scenario["staffing"]["establishment"]
    rows = [("beds", str(scenario["ward"]["beds"])), ("shift pattern", str(scenario["staffing"]["pattern"]))]
    rows += [(f"required, {shift}", f"{required[shift]['rn']} registered, {required[shift]['hca']} assistants") for shift in ("early", "late", "night")]
    rows += [(f"posts, {name.removesuffix('_wte').replace('_', ' ')}", f"{value:g} WTE") for name, value in posts.items() if name.endswith("_wte")]
    return table("Staff and beds", ("of the reference ward", ""), tuple(rows))


OTHER = Gap("the ledger of parameters of the version that made these results; this version has another.")


def _sources(source: Source) -> tuple[Block, ...]:
    ledger = ledger_of(source)
    if ledger is None:
        return (OTHER,)
    register = ledger.evidence()
    cited = sorted({row for entry in ledger for row in entry.sources}, key=lambda row: list(register).index(row))
    said = f"Published figures; {len(cited)} rows of the register of evidence are cited by the inputs."
    return (Words((said,)), Words(tuple(register[row].citation() for row in cited), True))


def _inputs(source: Source) -> tuple[Block, ...]:
    ledger = ledger_of(source)
    if ledger is None:
        return (OTHER,)
    learned = fitted(source)
    rows = [
        (entry.name, entry.label, f"{figure(entry.value)} {entry.unit}", prior(entry) or "-", *((learned.get(entry.name, "-"),) if learned else ()), origin(entry))
        for entry in ledger
    ]
    lines = (f"{len(rows)} inputs that nobody sets; runs used: {_kind(source)}. What a planner sets is item 2.3 and 2.5.3.", *((FITTED,) if learned else ()))
    head = ("parameter", "what it is", "value", PRIOR, *((POSTERIOR,) if learned else ()), "source")
    return (Words(lines), table("Inputs", head, tuple(rows)))


def _kind(source: Source) -> str:
    kind = source.drawn
    return "point values" if kind == "point" else f"draws of the {kind}"


def _assumptions() -> tuple[Block, ...]:
    return (
        Words((
            "Direction of the effects of staffing, mix, familiarity and training is not assumed: their priors hold at least a tenth on each side of nothing.",
            "Out of hours one duty doctor covers the site and is not a person of the model. Clocks are not changed in spring and autumn.",
            "Inputs without a published source are stated assumptions; item 3.3 marks each.",
            "Published associations are never coefficients: they are checks on what the model brings forth.",
        ), True),
        Gap("assumptions of this study's options (what is counted as part of an option, what it would cost to bring in)."),
    )  # fmt: skip


def _start(source: Source) -> tuple[Block, ...]:
    told, scenario = _told(source), _scenario(source)
    warm = told.get("warm_up_weeks", scenario["run"]["warm_up_weeks"])
    return (Words((LEVELS[str(told["estimand"])].format(weeks=scenario["start"]["burn_in_weeks"], warm=float(warm)),)),)


def _length(source: Source) -> tuple[Block, ...]:
    return (Words((f"{float(_told(source)['years']):g} years of 365.25 days measured in each run; times are minutes.",)),)


def _estimation(source: Source) -> tuple[Block, ...]:
    runs = source.manifest.get("runs", {})
    lines = [f"{runs.get('done', '-')} runs with a result, {runs.get('failed', 0)} failed; parameters: {_kind(source)}."]
    if source.study is not None:
        lines.append(
            f"{len(source.study['cells'])} wards under common random numbers, {source.study['per_draw']} runs of each parameter draw; differences are paired run by run."
        )
    lines += [str(line) for line in source.manifest.get("result", {}).get("stopped", [])]
    return (Words((*lines, *MEANINGS), True),)


def _software(source: Source) -> tuple[Block, ...]:
    versions = source.manifest.get("versions", {})
    return (table("Software", ("software", "version"), tuple((str(key), str(value)) for key, value in versions.items())),)


def _system(source: Source) -> tuple[Block, ...]:
    where = source.manifest.get("run_environment")
    if not where:
        return (Gap("machine, operating system, memory, and how long the runs took (seconds.csv has the seconds of each run)."),)
    rows = tuple((key.replace("_", " "), str(where[key])) for key in ("system", "machine", "processors", "processes", "seconds", "seconds_per_run") if key in where)
    return (table("Machine", ("what", "which"), rows), Gap("memory of the machine."))
