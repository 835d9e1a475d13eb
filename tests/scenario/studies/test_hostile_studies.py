"""Hostile and damaged study files: a message with file and line, quickly, and never anything but a ScenarioError."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from wardsim.scenario.load import ScenarioError
from wardsim.scenario.shipped import shipped_studies
from wardsim.scenario.studies import kind_of_file, load_study, load_study_text

pytestmark = pytest.mark.unit
M = 900_000
OPTION = "name: x\noptions:\n  - {name: a, set: {ward.beds: 17}}\n"
SWEEP = "name: x\nfactors:\n  "

HOSTILE = {
    "python object": "name: x\noptions: !!python/object/apply:os.system ['true']\n",
    "billion laughs": "a: &a [l, l]\nb: &b [*a, *a]\noptions: *b\n",
    "merge": "name: x\noptions:\n  - <<: {name: a}\n",
    "deep flow": "options: " + "[" * M,
    "deep set": OPTION + "  - {name: b, set: " + "{a: " * 30 + "1" + "}" * 31 + "\n",
    "many options": "name: x\noptions: [" + "{name: a}," * 9000 + "{name: b}]\n",
    "many levels": SWEEP + "ward.beds: [" + "1," * 9000 + "2]\n",
    "many factors": "name: x\nfactors:\n" + "".join(f"  f{i}: [1]\n" for i in range(3000)),
    "same key twice": OPTION + "name: y\n",
    "empty key": "name: x\nfactors:\n  '': [1]\n",
    "dots": "name: x\nfactors:\n  ...: [1]\n  .: [1]\n",
    "nul": 'name: x\nbase: "a\\0.yaml"\noptions:\n  - {name: a, set: {ward.beds: 17}}\n',
    "escape": 'name: x\noptions:\n  - {name: "\\e[31m", set: {"\\e[31m": 1}}\n',
    "surrogate": 'name: x\nfactors:\n  "\\ud800": [1]\n',
    "base a list": OPTION + "base: [baseline.yaml]\n",
    "base nothing": OPTION + "base:\n",
    "base absolute": OPTION + "base: /etc/passwd\n",
    "base climbing": OPTION + "base: a/../../b.yaml\n",
    "base on a drive": OPTION + 'base: "C:\\\\x.yaml"\n',
    "design absolute": SWEEP + "ward.beds: {}\ndesign: {kind: csv, file: /etc/passwd}\n",
    "design climbing": SWEEP + "ward.beds: {}\ndesign: {kind: csv, file: ../x.csv}\n",
    "design nul": SWEEP + 'ward.beds: {}\ndesign: {kind: csv, file: "a\\0.csv"}\n',
    "design named too long": SWEEP + f"ward.beds: {{}}\ndesign: {{kind: csv, file: {'x' * 5000}}}\n",
    "roster outside": "name: x\noptions:\n  - {name: a, set: {staffing.roster_file: ../r.csv}}\n",
    "extends in a set": "name: x\noptions:\n  - {name: a, set: {extends: good-practice.yaml}}\n",
    "keys as a map": "name: x\nfactors: [[1]]\n",
    "pattern of patterns": "name: x\noutcomes: [cost_total_per_year]\nparameters: ['" + "*a" * 30 + "b']\n",
    "broken pattern": "name: x\noutcomes: [cost_total_per_year]\nparameters: ['[', '[!]', '[]]*']\n",
    "infinity": SWEEP + "ward.beds: {low: -.inf, high: .inf}\ndesign: {kind: sobol, points: 4}\n",
    "huge range": SWEEP + "ward.beds: {low: 0, high: 1e12}\ndesign: {kind: sobol, points: 4}\n",
    "huge number": SWEEP + f"ward.beds: [{'9' * 39}]\n",
    "no kind": "kind:\nname: x\n",
    "kind a group": "kind: {a: 1}\nname: x\n",
    "tag on kind": "kind: !!str options\nname: x\n",
    "mechanisms nested": OPTION + "mechanisms: [[[contagion]]]\n",
    "reference a list": SWEEP + "ward.beds: [17]\nreference: [17]\n",
    "levels of lists": SWEEP + "ward.beds: [[17], [18]]\n",
}


def refused(text: str, folder: Path) -> ScenarioError:
    started = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        load_study_text(text, "hostile.yaml", folder)
    assert time.perf_counter() - started < 4.0, "2 s on a quiet machine"
    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.code.startswith("WS")
        shown = problem.render()
        assert len(shown) < 3000
        assert all(c.isprintable() or c == "\n" for c in shown)
    return caught.value


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str, tmp_path: Path) -> None:
    refused(HOSTILE[name], tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"a\xff,b\n1,2\n",
        b"",
        b"ward.beds\n",
        b'ward.beds\n"17\n',
        b"ward.beds\n" + b"1" * 500 + b"\n",
        b"ward.beds\n\x00\n",
        b"ward.beds\n" * 40,
    ],
)
def test_hostile_design_files(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes(data)
    error = refused(SWEEP + "ward.beds: {}\ndesign: {kind: csv, file: d.csv}\n", tmp_path)
    assert {problem.file for problem in error.problems} <= {"hostile.yaml", "d.csv"}
    assert len(error.problems) <= 25


def test_a_design_file_that_is_too_large_or_a_link_out_is_refused(tmp_path: Path) -> None:
    text = SWEEP + "ward.beds: {}\ndesign: {kind: csv, file: d.csv}\n"
    (tmp_path / "out").mkdir()
    (tmp_path / "secret.csv").write_text("ward.beds\n17\n")
    (tmp_path / "out" / "d.csv").symlink_to(tmp_path / "secret.csv")
    assert refused(text, tmp_path / "out").problems[0].code == "WS131"
    (tmp_path / "d.csv").write_bytes(b"ward.beds\n" + b"17\n" * 400_000)
    assert refused(text, tmp_path).problems[0].code == "WS180"


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("name: secret\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(secret)
    assert refused("name: x\nbase: link.yaml\n" + OPTION[8:], folder).problems[0].code == "WS131"
    assert refused("name: x\noptions:\n  - {name: a, scenario: link.yaml}\n", folder).problems[0].code == "WS131"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml"):
        assert kind_of_file(path) is None
        with pytest.raises(ScenarioError) as caught:
            load_study(path)
        assert caught.value.problems[0].code == "WS101"


def test_200_mutations(tmp_path: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in shipped_studies().values()]
    wrong = 0
    for seed in range(200):
        rng = random.Random(seed)
        text = texts[seed % len(texts)]
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text) // 2, len(text))
            cut = rng.choice([0, 1, 5])
            text = (
                text[:at]
                + rng.choice(["{", "]", ":", ",", "- ", "\t", "\x07", "&a ", "*a", "!x ", ".inf", "é", "7", "\n"])
                + text[at + cut :]
            )
        try:
            load_study_text(text, "hostile.yaml", tmp_path)
        except ScenarioError:
            refused(text, tmp_path)
            wrong += 1
    assert wrong > 80
