"""The ledger: strict entries, one message for all problems, and what must hold of every shipped entry."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from tests.support import entry, point_parameters, raw_entry
from wardsim.parameters import Entry, Ledger, LedgerError, explain, nearest, parameters_hash, prior_mass
from wardsim.parameters import ledger as module
from wardsim.parameters.entry import BALANCED, SWITCHES
from wardsim.parameters.evidence import Row

HEADER = ",".join(Row.__slots__)


def folder_with(path: Path, entries: list[dict[str, Any]], *rows: str) -> Path:
    """A calibration folder with one topic file and an evidence register of the given lines."""
    (path / "priors").mkdir(parents=True)
    (path / "evidence").mkdir()
    with (path / "priors" / "topic.yaml").open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(entries, stream)
    (path / "evidence" / "published_rates.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def evidence_row(identity: str, use: str, status: str = "seen") -> str:
    """One line of a register."""
    return f"{identity},topic,quantity,1,,,unit,,,,,,Somebody (2000),,,{status},,{use}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": ...}, "Field required"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
        ({"name": "no_topic"}, "should match pattern"),
        ({"value": "12"}, "valid number"),
        ({"value": float("inf")}, "finite number"),
        ({"value": 50.0, "prior": {"dist": "fixed"}}, "outside its range"),
        ({"range": [40.0, 5.0]}, "wrong way round"),
        ({"range": [5.0]}, "Field required"),
        ({"assumption": ...}, "give sources, or an assumption"),
        ({"sources": ["XX1"]}, "should match pattern"),
        ({"prior": {"dist": "gamma", "low": 1, "high": 2}}, "does not match any of the expected tags"),
        ({"prior": {"dist": "lognormal", "low": 13.0, "high": 15.0}}, "must rise in that order"),
        ({"prior": {"dist": "lognormal", "low": 0.0, "high": 15.0}}, "must be above 0"),
        ({"prior": {"dist": "logit_normal", "low": 10.0, "high": 15.0}}, "between 0 and 1"),
        ({"prior": {"dist": "normal", "mean": 11.0, "sd": 1.0}}, "must be the centre of the prior"),
        ({"prior": {"dist": "normal", "mean": 12.0, "sd": 0.0}}, "greater than 0"),
        ({"prior": {"dist": "uniform", "low": 13.0, "high": 15.0}}, "outside the prior"),
        ({"mechanism": "magic"}, "not a switch"),
        ({"mechanism": "contact", "effect_of": "staffing"}, "needs its null"),
        ({"null": 0.0, "effect_of": "staffing"}, "needs its mechanism"),
        ({"grade": "excellent"}, "Input should be"),
    ],
)
def test_a_wrong_entry_is_refused(changes: dict[str, Any], message: str) -> None:
    """Each rule of the format has its message."""
    with pytest.raises(ValidationError, match=message):
        Entry.model_validate(raw_entry(**changes))


def test_whole_numbers_are_numbers() -> None:
    """`value: 12` means 12.0."""
    assert entry(value=12, range=[5, 40]).value == 12.0


def test_a_ledger_is_read_back_as_written(tmp_path: Path) -> None:
    """Round trip through a file: names, values, priors and switches survive."""
    raw = [
        raw_entry(),
        raw_entry(
            name="mechanisms.example",
            value=0.0,
            prior={"dist": "normal", "mean": 0.0, "sd": 0.1},
            range=[-1, 1],
            mechanism="contact",
            null=0,
            effect_of="staffing",
            sources=["FC001"],
        ),
    ]
    folder = folder_with(tmp_path, raw, evidence_row("FC001", "input"))
    ledger = Ledger.load(folder)
    assert ledger.names() == ["flow.example_days", "mechanisms.example"]
    assert [Entry.model_validate(e.model_dump()) for e in ledger] == list(ledger.entries)
    assert ledger.point() == {"flow.example_days": 12.0, "mechanisms.example": 0.0}
    assert [e.name for e in ledger.effects()] == ["mechanisms.example"]
    assert ledger.of_mechanism("contact") == ledger.effects()
    assert Ledger.load(folder) is ledger


def test_every_problem_is_in_one_message(tmp_path: Path) -> None:
    """Names taken twice and faults of several entries are reported together, each with its file and name."""
    folder = folder_with(tmp_path, [raw_entry(), raw_entry(), raw_entry(name="flow.other", grade="excellent", unit="")])
    with pytest.raises(LedgerError) as caught:
        Ledger.load(folder)
    lines = str(caught.value).splitlines()
    assert lines[0] == "topic.yaml: flow.example_days: this name is already taken in topic.yaml"
    assert any(line.startswith("topic.yaml: flow.other: grade: ") for line in lines)
    assert any(line.startswith("topic.yaml: flow.other: unit: ") for line in lines)
    assert type(caught.value)(*caught.value.args).args == caught.value.args


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (evidence_row("FC002", "input"), "FC001 is not in the evidence register"),
        (evidence_row("FC001", "validation"), "FC001 is kept for validation"),
        (evidence_row("FC001", "target", "recalled"), "recalled from memory cannot be a target"),
    ],
)
def test_sources_must_be_usable(tmp_path: Path, row: str, message: str) -> None:
    """A prior rests on rows that exist and are not kept for validation."""
    folder = folder_with(tmp_path, [raw_entry(sources=["FC001"])], row)
    with pytest.raises(ValueError, match=message):
        Ledger.load(folder)


@pytest.mark.parametrize(
    "content", ["- name: a: b\n", "name: x\n", "- [1, 2]\n", "- name: x\n  name: y\n", "- &a {b: *a}\n"]
)
def test_files_that_are_no_ledger_are_refused(tmp_path: Path, content: str) -> None:
    """Broken YAML, a mapping where a list must be, a key given twice, a self-reference: refused in words."""
    folder = folder_with(tmp_path, [])
    (folder / "priors" / "topic.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"topic\.yaml"):
        Ledger.load(folder)


def test_the_cache_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With, without, with a damaged, stale or unwritable cache the ledger is the same."""
    folder = folder_with(tmp_path / "calibration", [raw_entry()])
    cache = tmp_path / "cache" / "ledger.json"
    monkeypatch.setattr(module, "_cache_file", lambda: cache)
    load = module._load.__wrapped__
    first = load(folder)
    assert cache.is_file()
    parsed: list[str] = []
    original = module._parse
    monkeypatch.setattr(module, "_parse", lambda name, content: parsed.append(name) or original(name, content))
    assert load(folder).hash == first.hash
    assert parsed == []
    for damage in ("", "{}", "[1]", '{"key": "other", "files": []}'):
        cache.write_text(damage, encoding="utf-8")
        assert load(folder).hash == first.hash
    assert parsed == ["topic.yaml"] * 4
    cache.unlink()
    cache.mkdir()
    assert load(folder).hash == first.hash
    assert [path.name for path in cache.parent.iterdir()] == ["ledger.json"]
    cache.rmdir()
    load(folder)
    with (folder / "priors" / "topic.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# a comment\n")
    parsed.clear()
    load(folder)
    assert parsed == ["topic.yaml"]


def test_values_set_by_hand_are_checked(tmp_path: Path) -> None:
    """A local setting must name a parameter and lie within its range."""
    ledger = Ledger.load(folder_with(tmp_path, [raw_entry()]))
    assert ledger.problems_with({"flow.example_days": 20.0}) == []
    assert ledger.problems_with({"flow.example_days": 50.0, "flow.exmple": 1.0}) == [
        "flow.example_days is 50; it must be from 5 to 40 days",
        "flow.exmple is no parameter of the ledger",
    ]
    assert nearest("flow.exmple_days", ledger=ledger) == ["flow.example_days"]
    assert nearest("example", ledger=ledger) == ["flow.example_days"]


def test_explain_says_all(tmp_path: Path) -> None:
    """Value, prior, interval, range, source, switch, mass on both sides, conflict."""
    raw = raw_entry(
        name="mechanisms.example",
        value=0.0,
        unit="log rate ratio",
        prior={"dist": "normal", "mean": 0.0, "sd": 0.1},
        range=[-1, 1],
        mechanism="contact",
        null=0,
        effect_of="staffing",
        sources=["FC001"],
        conflict="A says more",
    )
    ledger = Ledger.load(folder_with(tmp_path, [raw], evidence_row("FC001", "input")))
    text = explain("mechanisms.example", ledger)
    assert text is not None
    for part in (
        "value: 0 log rate ratio",
        "normal, mean 0, SD 0.1",
        "-0.1645 to 0.1645",
        "range: -1 to 1",
        "FC001: quantity: 1 unit. Somebody (2000).",
        "switch: mechanisms.contact",
        "no effect at 0; prior mass below 50%, above 50%",
        "assumption: for a test",
        "conflict: A says more",
    ):
        assert part in text
    assert explain("mechanisms.exmple", ledger) is None


def test_prior_mass() -> None:
    """Mass below and above no effect, with the cut at the range taken into account."""
    effect = {"name": "mechanisms.x", "mechanism": "skill", "null": 1.0, "effect_of": "training"}
    below, above = prior_mass(
        entry(**effect, value=1.0, prior={"dist": "lognormal", "low": 0.9, "high": 1.1}, range=[0.5, 2])
    )
    assert below == pytest.approx(0.5)
    assert above == pytest.approx(0.5)
    below, above = prior_mass(
        entry(**effect, value=1.1, prior={"dist": "lognormal", "low": 1.05, "high": 1.2}, range=[1, 2])
    )
    assert (below, above) == (0.0, 1.0)
    assert prior_mass(entry(**effect, value=1.0, prior={"dist": "fixed"}, range=[0, 2])) == (0.0, 0.0)
    with pytest.raises(ValueError, match="no effect"):
        prior_mass(entry())


# The shipped ledger


@pytest.fixture(scope="module")
def shipped() -> Ledger:
    """The shipped ledger; loading it already checks every entry, every name and every source."""
    return Ledger.load()


def test_the_shipped_ledger_loads(shipped: Ledger) -> None:
    """Every entry is valid and its draws lie within its range."""
    assert len(shipped) > 100
    assert point_parameters() == shipped.point()
    for number in (0, 1, 2):
        for name, value in shipped.draw(1, number).items():
            low, high = shipped[name].range
            assert low <= value <= high, name


def test_the_shipped_ledger_loads_fast(shipped: Ledger) -> None:
    """From the cache: under a quarter of a second of processor time, the best of five and with no other test's memory collected."""
    load = module._load.__wrapped__
    load(shipped.folder)
    took = []
    gc.disable()
    try:
        for _ in range(5):
            start = time.process_time()
            load(shipped.folder)
            took.append(time.process_time() - start)
    finally:
        gc.enable()
    assert min(took) < 0.25


def test_every_effect_can_be_switched_off(shipped: Ledger) -> None:
    """A null and a switch; a programme's effects are off when the programme is not there."""
    for effect in shipped.effects():
        assert effect.null is not None, effect.name
        assert effect.mechanism in SWITCHES or effect.topic == "programmes", effect.name


def test_every_mechanism_has_effects(shipped: Ledger) -> None:
    """No switch without a parameter."""
    assert [switch for switch in sorted(SWITCHES) if not shipped.of_mechanism(switch)] == []


def test_the_direction_of_staffing_is_not_assumed(shipped: Ledger) -> None:
    """Staffing, skill mix, familiarity and training: at least a tenth of the prior on each side of no effect."""
    faults = {}
    for effect in shipped.effects():
        if effect.effect_of in BALANCED:
            below, above = prior_mass(effect)
            residual = effect.mechanism == "direct_effects" and below == above == 0.0
            if min(below, above) < 0.10 and not residual:
                faults[effect.name] = (round(below, 3), round(above, 3))
    assert faults == {}


def test_fixed_effects_are_rare(shipped: Ledger) -> None:
    """An effect with no uncertainty is nothing at all, and is a residual term."""
    assert [e.name for e in shipped.effects() if e.prior.dist == "fixed" and e.mechanism != "direct_effects"] == []


def test_every_entry_can_be_explained(shipped: Ledger) -> None:
    """`explain` has words for each, and says where it comes from."""
    for name in shipped.names():
        text = explain(name, shipped)
        assert text is not None
        assert "sources:" in text or "assumption:" in text


def test_the_hash_names_the_values(shipped: Ledger) -> None:
    """Equal values, equal hash, in any order; the smallest change changes it."""
    values = shipped.point()
    backwards = dict(reversed(list(values.items())))
    assert parameters_hash(values) == parameters_hash(backwards)
    name = next(iter(values))
    assert parameters_hash({**values, name: values[name] + 1e-12}) != parameters_hash(values)
