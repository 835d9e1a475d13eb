"""The shipped studies turn the levers they were written for: what their header names as the fact changes first.

Each check compares one option with the ward as it is, from the same start and under the same chance, so that what differs is what the
option did. A check looks at a fact of the ward, never at a measure.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import pytest

from tests.levers.bench import Run
from tests.levers.library_bench import played
from wardsim.measures import MEASURES
from wardsim.measures.columns import field
from wardsim.parameters import Ledger
from wardsim.scenario.library import ROWS, HeaderError, header, library, of_row
from wardsim.scenario.shipped import shipped_scenarios
from wardsim.scenario.studies import kind_of_file, load_study

DAYS = 120.0

Fact = Callable[[Run], float]


def of(run: Run, table: str, *columns: str) -> list[tuple[float | str, ...]]:
    """Some columns of a table of facts."""
    at = [field(table, name) for name in columns]
    return [tuple(row[i] for i in at) for row in run.facts.table(table)]


def mean(values: list[float]) -> float:
    return sum(values) / max(len(values), 1)


def acuity(run: Run) -> float:
    """Mean acuity at admission."""
    return mean([float(a) for a, source in of(run, "admission", "acuity", "source") if source != "census"])


def dual(run: Run) -> float:
    """Share of first referrals with a dual diagnosis."""
    rows = of(run, "referral", "dual_diagnosis", "outcome", "episode")
    return mean([float(flag) for flag, outcome, episode in rows if outcome != "census" and episode == 0])


def neighbours(run: Run) -> float:
    return sum(float(n) for (n,) in of(run, "response", "from_neighbours"))


def planning_time(run: Run) -> float:
    """Mean planned length of a care plan, minutes."""
    return mean([float(m) for kind, m in of(run, "task", "kind", "planned_min") if kind == "care_plan"])


def attended(course: str, modality: str | None = None) -> Fact:
    def count(run: Run) -> float:
        rows = of(run, "training", "course", "event", "modality")
        return sum(c == course and e == "attended" and modality in (None, m) for c, e, m in rows)

    return count


def training(event: str) -> Fact:
    return lambda run: sum(e == event for (e,) in of(run, "training", "event"))


def rounds(kind: str) -> Fact:
    return lambda run: sum(k == kind for (k,) in of(run, "round", "kind"))


def tasks(kind: str) -> Fact:
    return lambda run: float(run.tasks(kind))


def minutes(kind: str, role: str | None = None) -> Fact:
    return lambda run: run.minutes(kind, role)


def studied(run: Run) -> float:
    """Hours of study away from the ward."""
    return sum(float(h) for cause, h in of(run, "absence", "cause", "hours") if cause == "study")


def planned_hours(run: Run) -> float:
    return sum(float(h) for (h,) in of(run, "training_plan", "planned_hours"))


def first_booked(run: Run) -> float:
    """A number that stands for who is booked first on the violence course, in order."""
    people = [int(p) for p, c, e in of(run, "training", "person", "course", "event") if c == "violence_prevention" and e == "booked"]
    return float(sum(p * (i + 1) for i, p in enumerate(people[:20])))


def weekend_groups(run: Run) -> float:
    """Minutes of groups by activity workers on Saturdays and Sundays (day 0 is a Monday)."""
    rows = of(run, "segment", "start", "end", "role", "kind")
    return sum(float(e) - float(s) for s, e, role, kind in rows if kind == "group" and role == "activity_worker" and int(float(s) // 1440) % 7 > 4)


def from_source(source: str) -> Fact:
    return lambda run: sum(s == source for (s,) in of(run, "admission", "source"))


def reported_share(run: Run) -> float:
    return len(run.facts.report) / max(len(run.facts.incident), 1)


def delayed_days(run: Run) -> float:
    """Days that patients spent on the ward after they were ready to leave."""
    rows = of(run, "beds", "time", "delayed")
    return sum(float(n) * (float(then[0]) - float(now)) for (now, n), then in pairwise(rows)) / 1440.0


def worked(shift: str, role: str) -> Fact:
    """Mean number rostered for one role on a kind of shift."""
    return lambda run: mean([float(n) for s, r, n in of(run, "shift", "shift", "role", "required") if s == shift and r == role])


def constant(run: Run) -> float:
    return sum(level == "constant" for (level,) in of(run, "observation", "level"))


def away(run: Run) -> float:
    return sum(event == "placed" for (event,) in of(run, "out_of_area", "event"))


def diverted(run: Run) -> float:
    return sum(outcome == "diverted" for (outcome,) in of(run, "referral", "outcome"))


def shift_hours(run: Run) -> float:
    return mean([(float(e) - float(s)) / 60.0 for s, e, role in of(run, "duty", "start", "end", "role") if role == "rn"])


def funded(run: Run) -> float:
    """Funded posts when the run begins."""
    return sum(float(wte) for _, wte in {str(role): (role, wte) for role, wte in reversed(of(run, "vacancy", "role", "established_wte"))}.values())


def posts(role: str) -> Fact:
    """Funded posts of a role when the run begins; who holds one stays until leaving."""
    return lambda run: next(float(wte) for r, wte in of(run, "vacancy", "role", "established_wte") if r == role)


def in_post(role: str) -> Fact:
    """Mean share of posts of a role that somebody holds."""
    return lambda run: mean([float(p) / float(e) for r, e, p in of(run, "vacancy", "role", "established_wte", "in_post_wte") if r == role and e])


class Turned(NamedTuple):
    """An option of a file, the fact it must change, and which way: more, fewer, none or other."""

    file: str
    option: str
    fact: Fact
    way: str
    days: float = DAYS
    against: str | None = None
    """Option to compare with; None: the ward as it is."""


CHECKS = (
    Turned("acuity-on-admission", "One point more ill", acuity, "more"),
    Turned("dual-diagnosis", "60 of 100 patients", dual, "more"),
    Turned("answering-aggression", "No help from next door", neighbours, "none", 240.0),  # they come to one response in a hundred
    Turned("answering-aggression", "One more assistant by day", worked("early", "hca"), "more"),
    Turned("safety-rating", "Run down", studied, "fewer"),
    Turned("safety-rating", "Good practice", tasks("one_to_one"), "more"),
    Turned("sexual-safety", "A taught course", attended("sexual_safety", "classroom"), "more"),
    Turned("sexual-safety", "Rounds every half hour", rounds("general_observation"), "more"),
    Turned("one-to-one", "A session every day", tasks("one_to_one"), "more"),
    Turned("clinical-pathway", "Joint reviews", planning_time, "fewer"),
    Turned("clinical-pathway", "One ward doctor fewer", posts("doctor"), "fewer", 30.0),
    Turned("protected-training", "Always kept, backfilled", training("refused"), "fewer"),
    Turned("protected-training", "No release", studied, "fewer"),
    Turned("dual-diagnosis-course", "For all, taught", attended("dual_diagnosis"), "more"),
    Turned("training-plan", "Promise only", planned_hours, "more"),
    Turned("training-plan", "Promise kept", studied, "more"),
    Turned("e-learning", "E-learning on duty", minutes("e_learning"), "more"),
    Turned("e-learning", "E-learning on duty", studied, "fewer"),
    Turned("e-learning", "Taught on the ward", minutes("on_ward_training"), "more"),
    Turned("training-needs", "Few places, most exposed first", first_booked, "other", 170.0, "Few places, queue"),
    Turned("training-needs", "Nobody is booked", training("asked"), "fewer"),
    Turned("good-practice-parts", "Good practice", minutes("programme_work"), "more"),
    Turned("good-practice-parts", "Without programmes", tasks("one_to_one"), "more"),
    Turned("professions", "A psychologist full time", minutes("therapy_session", "psychologist"), "more"),
    Turned("activity-workers", "Seven days, same hours", weekend_groups, "more"),
    Turned("young-people", "10 of 100", from_source("young_people"), "more"),
    Turned("physical-health", "A lead", tasks("physical_health_check"), "more"),
    Turned("physical-health", "Life support lapses", attended("life_support"), "fewer"),
    Turned("reporting-culture", "Open and just", reported_share, "more"),
    Turned("reporting-culture", "Fear of blame", reported_share, "fewer"),
    Turned("delayed-discharge", "Team", delayed_days, "fewer", 150.0),
    Turned("day-staffing", "Healthcare assistant fewer", worked("early", "hca"), "fewer"),
    Turned("worth-measuring", "One more nurse at night", worked("night", "rn"), "more"),
    Turned("worth-measuring", "Protected training", training("refused"), "fewer"),
    Turned("worth-measuring", "Both", worked("night", "rn"), "more"),
    Turned("extra-night-nurse", "Registered nurse, funded", worked("night", "rn"), "more"),
    Turned("night-nurse-forms", "Registered nurse, funded", worked("night", "rn"), "more"),
    Turned("headroom", "27 percent", funded, "more"),
    Turned("shift-patterns", "Long days", shift_hours, "more"),
    Turned("vacancies", "Registered nurses 25 percent", in_post("rn"), "fewer"),
    Turned("electronic-records", "Half the time", minutes("documentation"), "fewer"),
    Turned("observation", "Fewer observed constantly", constant, "fewer"),
    Turned("demand-and-beds", "Two beds fewer", away, "more"),
    Turned("programmes", "Relational safety", minutes("programme_work"), "more"),
    Turned("crisis-alternatives", "40 of 100", diverted, "more"),
)


@pytest.mark.lever
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.file}: {check.option}")
def test_the_option_turns_its_lever(check: Turned) -> None:
    path = f"options/{check.file}.yaml"
    before, after = (check.fact(played(path, option, check.days)) for option in (check.against, check.option))
    if check.way == "none":
        assert before > 0 == after
    elif check.way == "other":
        assert before != after
    else:
        assert (after > before) is (check.way == "more"), (before, after)
        assert after != before


def test_every_options_file_has_a_check() -> None:
    named = {f"options/{check.file}.yaml" for check in CHECKS}
    assert named == {one.path for one in library() if one.path.startswith("options/")}


def test_every_row_has_its_file_written_for_it_or_shared() -> None:
    assert [row for row in ROWS if not of_row(row)] == []
    assert len(ROWS) == 24


@pytest.mark.parametrize("shelved", library(), ids=lambda one: one.path)
def test_each_header_speaks_of_what_there_is(shelved) -> None:  # type: ignore[no-untyped-def]
    """Question, rationale and grade in words; measures that exist; evidence rows that exist."""
    import re

    assert shelved.question.endswith("?")
    assert shelved.grade.split()[0].rstrip(".,;:") in {"low", "moderate", "opinion", "qualitative", "mixed", "trials"}
    assert set(shelved.measures) <= set(MEASURES)
    assert len(shelved.rationale) > 100
    register = Ledger.load().evidence()
    cited = set(re.findall(r"\b(?:FC|INC|W)\d{3}\b", " ".join((shelved.rationale, shelved.grade))))
    assert cited <= set(register)


@pytest.mark.parametrize("shelved", [one for one in library() if one.path.startswith("options/")], ids=lambda one: one.path)
def test_each_loads_and_watches_a_measure_of_its_own(shelved) -> None:  # type: ignore[no-untyped-def]
    assert kind_of_file(str(shelved.file)) == "options"
    content = load_study(shelved.file).content
    assert content.precision
    assert {*shelved.measures, "one_to_one_min_per_patient_day", "assaults_true_per_1000_obd"} >= set(content.precision)


def test_a_header_out_of_order_or_incomplete_is_refused() -> None:
    good = "# Rows: A1\n# Question: a?\n# Rationale: b\n# Evidence grade: low\n# Fact: c\n# Measures: d\n\nname: x\n"
    assert header(good)["Rationale"] == "b"
    assert header(good.replace("# Rationale: b", "# Rationale: b\n#   and more"))["Rationale"] == "b and more"
    for wrong, word in (
        (good.replace("# Fact: c\n", ""), "Fact"),
        (good.replace("# Fact: c", "# Fact: "), "Fact"),
        (good.replace("# Rows: A1\n# Question: a?", "# Question: a?\n# Rows: A1"), "order"),
        (good.replace("# Fact: c", "# Fact: c\n# Fact: c"), "twice"),
    ):
        with pytest.raises(HeaderError, match=word):
            header(wrong)


def test_each_scenario_says_its_question_its_rationale_and_the_grade_of_evidence() -> None:
    for name, path in shipped_scenarios().items():
        head = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
        for key in ("Question", "Rationale", "Evidence grade"):
            assert head.count(f"# {key}: ") == 1, (name, key)
