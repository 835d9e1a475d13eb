"""The targets: strict reading, one use a row, every target of the guide, measures and settings that exist."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wardsim.calibrate.reading import scenario_of
from wardsim.calibrate.targets import Target, Targets, TargetsError, load_targets
from wardsim.measures import MEASURES
from wardsim.parameters import Ledger
from wardsim.parameters.evidence import DECLARED_VALIDATION
from wardsim.parameters.ledger import register
from wardsim.scenario.shipped import shipped

from .made import BASE, figure, made, rate, share

GUIDE = {
    **{f"flow {n}": 1 for n in (1, 2, 3, 8, 15, 16, 18, 19)},
    **{f"workforce {n}": 1 for n in (11, 12)},
    **{f"incidents {n}": 1 for n in (*range(1, 9), 10, 11, *range(13, 20))},
}
"""Rows of the guide that calibration has to have."""


@pytest.fixture(scope="module")
def targets() -> Targets:
    """The shipped file."""
    return load_targets()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped calibration folder that a test may spoil."""
    copy = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), copy)
    return copy


def spoil(folder: Path, old: str, new: str) -> str:
    """Change the file of targets and return what is said about it."""
    path = folder / "targets.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TargetsError) as caught:
        load_targets(folder)
    assert type(caught.value)(*caught.value.args).args == caught.value.args
    return str(caught.value)


# -- the shipped file -----------------------------------------------------------------------------------------------------------


def test_each_target_of_the_guide_is_there(targets: Targets) -> None:
    present = {target.guide for target in targets.targets}
    assert set(GUIDE) - present == set()


def test_rows_are_targets_and_were_read(targets: Targets) -> None:
    """No row recalled from memory, none of another use, and no row of use target left out."""
    rows = register(shipped("calibration").resolve())
    used = [name for target in targets.targets for name in target.rows]
    assert {rows[name].use for name in used} == {"target"}
    assert {rows[name].status for name in used} <= {"seen", "derived"}
    apart = {name for item in targets.not_compared for name in item.rows}
    assert {name for name, row in rows.items() if row.use == "target"} == set(used) | apart
    assert not set(used) & apart


def test_validation_rows_are_declared_and_never_targets(targets: Targets) -> None:
    validation = {name for shown in targets.validation for name in shown.rows}
    assert validation >= DECLARED_VALIDATION
    assert not validation & {name for target in targets.targets for name in target.rows}
    rows = register(shipped("calibration").resolve())
    assert validation == {name for name, row in rows.items() if row.use == "validation"}


def test_no_row_sets_a_prior_and_is_a_target(targets: Targets) -> None:
    sources = {row for entry in Ledger.load() for row in entry.sources}
    assert not sources & {name for target in targets.targets for name in target.rows}


def test_measures_settings_and_studies_exist(targets: Targets) -> None:
    assert all(target.measure in MEASURES for target in targets.targets)
    assert {target.setting for target in targets.targets} == {setting.id for setting in targets.settings}
    assert {target.study for target in targets.targets if target.study} == set(targets.correlations)


def test_every_operator_is_named_by_a_target(targets: Targets) -> None:
    """An operator that nobody compares would be dead weight in every run; the SD on 64 beds is what a target's note shows."""
    observed = {name for name, measure in MEASURES.items() if measure.group == "observed"}
    named = {target.measure for target in targets.targets}
    assert observed - named == {"observed_assault_reports_sd_month_64_beds"}


def test_figures_are_those_of_the_register(targets: Targets) -> None:
    """Where a row gives a plain value in the measure's unit, the target has it."""
    rows = register(shipped("calibration").resolve())
    derived = {
        "INC015", "INC017", "INC022", "INC028", "INC030", "INC031", "INC036", "INC037", "INC054", "INC060", "INC077", "INC078", "INC082",
        "INC001", "INC002", "INC020", "W092",
    }  # fmt: skip
    for target in targets.targets:
        for name in target.rows:
            if name not in derived and not (target.id == "incidents.staff_time_nursing" or name == "FC002"):
                assert target.published == pytest.approx(float(rows[name].value), rel=0.025), target.id


@pytest.mark.parametrize(
    ("target", "arithmetic"),
    [
        ("incidents.form_any", 18.3),
        ("incidents.form_any_international", 9.3 / 365.25 * 1000),
        ("incidents.form_assaults", 6.0),
        ("incidents.notes_any", 2.72),
        ("incidents.notes_assaults", 200 / 522),
        ("incidents.reported_any_england", 78.2 * 12 / (205 * 1.02 * 365.25) * 1000),
        ("incidents.reported_any_nz", 72.3 * 12 / (64 * 0.91 * 365.25) * 1000),
        ("incidents.reported_assaults_nz", 11.5 * 12 / (64 * 0.91 * 365.25) * 1000),
        ("incidents.dispersion", 5.9**2 / 11.5),
        ("incidents.absconding_half_locked", 16.9 * 12 / (64 * 0.91 * 365.25) * 1000),
        ("incidents.absconding_open", 26.7 * 12 / (64 * 0.91 * 365.25) * 1000),
        ("incidents.serious", 0.55 / 30.4 * 1000),
        ("incidents.sexual_share", 100 * 919 / 60000),
        ("incidents.victims_trust", 100 * 2916 / 4550),
        ("incidents.victims_sydney", 78.0),
        ("containment.restraint", 0.2),
        ("containment.restraint_review", 5 / (20 * 30.4) * 1000),
        ("training.covered", 100 - 48),
    ],
)
def test_derived_figures_are_the_arithmetic_that_their_notes_give(
    targets: Targets, target: str, arithmetic: float
) -> None:
    assert targets[target].published == pytest.approx(arithmetic, rel=0.006)


def test_everything_is_given_a_reason(targets: Targets) -> None:
    for target in targets.targets:
        for part in (target.between, target.discrepancy, target.weight):
            assert len(part.reason) > 3, target.id
        assert target.discrepancy.sd == 0.05 or 0.1 <= target.discrepancy.sd <= 0.6, target.id


def test_contradicting_sources_stand_apart(targets: Targets) -> None:
    """Each pair is two targets, each naming the other's row."""
    for one, other in (
        ("flow.stay_2014_2019", "flow.stay_2023"),
        ("incidents.victims_trust", "incidents.victims_sydney"),
        ("incidents.reported_any_england", "incidents.reported_any_nz"),
        ("incidents.form_any", "incidents.form_any_international"),
        ("containment.restraint", "containment.restraint_review"),
    ):
        a, b = targets[one], targets[other]
        assert a.conflict is not None
        assert b.conflict is not None
        assert any(row in a.conflict for row in b.rows)
        assert any(row in b.conflict for row in a.rows)


def test_settings_load_and_differ(targets: Targets) -> None:
    base, short = (scenario_of(targets, name) for name in ("baseline", "short_stay"))
    assert base.hash != short.hash
    assert short.scenario.demand.local.stay_mean_days == 17.5
    assert not short.scenario.ward.door_locked


def test_the_fingerprint_follows_the_content(targets: Targets) -> None:
    assert targets.hash == load_targets().hash
    first = targets.targets[0]
    other = first.model_copy(update={"weight": first.weight.model_copy(update={"value": 0.5})})
    assert targets.model_copy(update={"targets": (other, *targets.targets[1:])}).hash != targets.hash


# -- reading ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("measure: stay_mean_days", "measure: stay_meen_days", "measure stay_meen_days is no measure"),
        ("setting: baseline", "setting: moon", "setting moon is none of baseline, short_stay"),
        ("rows: [FC001]", "rows: [FC999]", "FC999 is not in the evidence register"),
        (
            "rows: [FC001]",
            "rows: [INC044]",
            "INC044 has the use validation in the evidence register; here it must be target",
        ),
        ("rows: [FC001]", "rows: [FC005]", "FC005 has the use input"),
        ("rows: [FC001]", "rows: [FC002]", "FC001 has the use target in the evidence register, and no target names it"),
        ("  - id: flow.stay_2023", "  - id: flow.stay_2014_2019", "this id is already taken"),
        ("study: conseq", "study: other", "study other is not among the studies"),
        ("correlation: 0.5", "correlation: -1.0", "greater than -1"),
        ("{id: flood_2008,", "{id: flood_2009,", "has at least two fitted targets; it has 0"),
        ("    value: 39\n", "    value: 39\n    colour: red\n", "colour: Extra inputs are not permitted"),
        ("    value: 39\n", "    value: '39'\n", "Input should be a valid number (it is '39')"),
        ("    value: 39\n", "", "give either count and exposure, or value"),
        ("scenario: baseline", "scenario: moon", "moon is no shipped scenario"),
        ("ward.beds: 16", "ward.bedz: 16", "bedz"),
        ("settings:", "settings: 3\nmore:", "must be sections, each a list of entries"),
    ],
)
def test_a_wrong_file_is_refused_in_words(folder: Path, old: str, new: str, message: str) -> None:
    assert message in spoil(folder, old, new)


def test_a_fault_names_file_line_and_entry(folder: Path) -> None:
    text = (folder / "targets.yaml").read_text(encoding="utf-8")
    line = text[: text.index("  - id: flow.stay_2023")].count("\n") + 1
    said = spoil(folder, "    value: 39\n", "    value: 39\n    colour: red\n")
    assert said == f"targets.yaml:{line}: flow.stay_2023: colour: Extra inputs are not permitted (it is 'red')"


def test_every_fault_is_in_one_message(folder: Path) -> None:
    path = folder / "targets.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("measure: stay_mean_days", "measure: no_measure"), encoding="utf-8"
    )
    with pytest.raises(TargetsError) as caught:
        load_targets(folder)
    assert str(caught.value).count("no_measure is no measure") == 2


def test_a_missing_or_broken_file_is_said_to_be_so(tmp_path: Path, folder: Path) -> None:
    (folder / "targets.yaml").write_text("targets: [a: b: c", encoding="utf-8")
    with pytest.raises(TargetsError, match="not readable as YAML"):
        load_targets(folder)
    (folder / "targets.yaml").unlink()
    with pytest.raises(TargetsError, match=r"targets\.yaml: cannot be read"):
        load_targets(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"likelihood": "poisson", "scale": "log", "count": 3.0}, "belong together"),
        ({"likelihood": "poisson", "scale": "log", "value": 3.0, "se": 0.1}, "needs count and exposure"),
        ({"likelihood": "normal", "scale": "log", "count": 3.0, "exposure": 9.0}, "takes a value"),
        ({"likelihood": "poisson", "scale": "logit", "count": 3.0, "exposure": 9.0}, "is log, not logit"),
        ({"likelihood": "binomial", "scale": "logit", "count": 13.0, "exposure": 9.0}, "more than all"),
        (
            {"likelihood": "binomial", "scale": "logit", "count": 3.0, "exposure": 9.0, "censoring": "lower"},
            "normal likelihood",
        ),
        (
            {"likelihood": "poisson", "scale": "log", "count": 3.0, "exposure": 9.0, "overdispersion": 2.0},
            "negative_binomial",
        ),
        ({"likelihood": "normal", "scale": "log", "value": 3.0}, "exactly one of"),
        ({"likelihood": "normal", "scale": "log", "value": 3.0, "low": 2.0}, "exactly one of"),
        ({"likelihood": "normal", "scale": "log", "value": 3.0, "low": 4.0, "high": 2.0}, "must be below high"),
        ({"likelihood": "poisson", "scale": "log", "count": 3.0, "exposure": 9.0, "se": 0.1}, "has its own error"),
    ],
)
def test_a_target_must_hang_together(changes: dict[str, object], message: str) -> None:
    spread = {"between": {"sd": 0.0, "wards": 1.0, "reason": "x"}, "discrepancy": {"sd": 0.1, "reason": "x"}}
    with pytest.raises(ValueError, match=message):
        Target.model_validate({**BASE, **spread, **changes})


def test_another_figure_can_be_put_in_its_place() -> None:
    """For checks of the method: the study as it would be had it found something else."""
    assert rate(18, 1500).with_published(10.0).count == 15.0
    assert share(13, 50).with_published(99.9).count == 50.0
    assert figure(33.0, 0.1).with_published(40.0).published == 40.0
    spanned = made(likelihood="normal", scale="log", value=15.0, low=12.0, high=19.0)
    other = spanned.with_published(20.0)
    assert (other.published, other.error) == (20.0, pytest.approx(spanned.error))
