"""Hostile and damaged files: a message with file and line, quickly, and never anything but a ScenarioError."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from wardsim.scenario.load import ScenarioError, load, load_text
from wardsim.scenario.shipped import shipped_scenarios

pytestmark = pytest.mark.unit
BASELINE = shipped_scenarios()["baseline"].read_text(encoding="utf-8")
M = 900_000

HOSTILE = {
    "python object": "name: !!python/object/apply:os.system ['true']\n",
    "python name": "name: x\nward: !!python/name:os.system\n",
    "local tag": "name: !include /etc/passwd\n",
    "billion laughs": "a: &a [l, l]\nb: &b [*a, *a]\nc: &c [*b, *b]\nname: *c\n",
    "self reference": "name: &x [*x]\n",
    "merge": "base: &b {beds: 3}\nward:\n  <<: *b\n",
    "deep flow": "[" * M,
    "deep maps": "{a: " * (M // 4),
    "deep blocks": "".join("  " * i + f"k{i}:\n" for i in range(60)),
    "dashes": "- " * (M // 2),
    "many keys": "".join(f"k{i}: 1\n" for i in range(M // 10)),
    "many items": "name: x\nprogrammes: [" + "1," * 20_000 + "1]\n",
    "long line": "name: " + "x" * M,
    "many comments": "# c\n" * (M // 4),
    "blank lines": "\n" * M,
    "question marks": "? " * (M // 2),
    "huge whole number": f"name: x\nrun: {{seed: {'9' * 5000}}}\n",
    "huge octal": f"name: x\nrun: {{seed: 0o{'7' * 5000}}}\n",
    "huge number": "name: x\nrun: {years: 1e308}\n",
    "beyond numbers": "name: x\nrun: {years: 1e400}\n",
    "infinity": "name: x\nrun: {years: .inf}\n",
    "minus infinity": "name: x\nprices: {bank_multiple: -.INF}\n",
    "not a number": "name: x\nparameters: {a.b: .NaN}\n",
    "nul": "name: x\0y\n",
    "escape": "name: x\x1b[31m\nwrd: 1\n",
    "escaped escape": 'name: "x"\n"\\e[31mwrd": 1\n',
    "directive": "%YAML 1.1\n---\nname: x\n",
    "tag directive": "%TAG ! tag:x,2000:\n---\nname: x\n",
    "list key": "? [a, b]\n: 1\nname: x\n",
    "map key": "? {a: 1}\n: 1\nname: x\n",
    "alias key": "*a : 1\nname: x\n",
    "no key": ": 1\nname: x\n",
    "bare value": "just text\n",
    "a number": "42\n",
    "null": "null\n",
    "unclosed": 'name: "x\nward: {beds: 3\n',
    "surrogate": 'name: "\\ud800"\nwrd: 1\n',
    "dates": "name: x\nward: {start_date: 0001-01-01}\n",
    "date as number": "name: x\nward: {start_date: 20250407}\n",
    "no such day": "name: x\nward: {start_date: 2025-02-30}\n",
    "other digits": "name: x\nward: {beds: ١٨}\n",
    "path": "name: x\nextends: /etc/passwd\n",
    "windows path": "name: x\nextends: C:\\secret.yaml\n",
    "climbing": "name: x\nextends: a/../../b.yaml\n",
    "extends a list": "name: x\nextends: [baseline.yaml]\n",
    "extends nothing": "name: x\nextends:\n",
    "extends nul": 'name: x\nextends: "a\\0b.yaml"\n',
    "roster outside": "name: x\nstaffing: {roster_file: ../roster.csv}\n",
}


def refused(text: str, folder: Path) -> ScenarioError:
    started = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "hostile.yaml", folder)
    assert time.perf_counter() - started < 4.0, "2 s on a quiet machine"
    error = caught.value
    assert error.problems
    for problem in error.problems:
        assert problem.file
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.code.startswith("WS")
        assert problem.message
        shown = problem.render()
        assert len(shown) < 3000
        assert all(c.isprintable() or c == "\n" for c in shown)
    return error


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str, tmp_path: Path) -> None:
    refused(HOSTILE[name], tmp_path)


def test_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert caught.value.problems[0].code == "WS102"


@pytest.mark.parametrize("data", [b"name: caf\xe9\n", "name: x\n".encode("utf-16"), b"\xff\xfe", b"\x80" * 100])
def test_not_utf8(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert caught.value.problems[0].code == "WS101"


def test_a_byte_order_mark_and_other_line_ends_are_welcome(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + BASELINE.replace("\n", "\r\n").encode())
    assert load(path).hash == load_text(BASELINE).hash


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("name: secret\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.yaml").symlink_to(secret)
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    for name in ("link.yaml", "loop.yaml"):
        codes = {p.code for p in refused(f"name: x\nextends: {name}\n", folder).problems}
        assert codes <= {"WS131", "WS130"}
    (folder / "rota.csv").symlink_to(secret)
    assert refused("name: x\nstaffing: {roster_file: rota.csv}\n", folder).problems[0].code == "WS131"


def mutated(rng: random.Random) -> str:
    """The baseline with a few characters or lines damaged."""
    lines = BASELINE.split("\n")
    text = BASELINE
    for _ in range(rng.randint(1, 3)):
        kind = rng.randrange(7)
        at = rng.randrange(len(text))
        if kind == 0:
            text = text[:at] + rng.choice("{}[]:,&*!|>'\"%@`#-?\t\n \x07é0") + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 8) :]
        elif kind == 2:
            text = text[:at] + chr(rng.randrange(1, 0x2FFF)) + text[at + 1 :]
        elif kind == 3:
            text = text[:at]
        elif kind == 4:
            text = text.replace(rng.choice(lines), rng.choice(lines), 1)
        elif kind == 5:
            text = text.replace(": ", rng.choice([":", ": !x ", ": &a ", ": *a ", ": - ", ": .inf ", ": {"]), 1)
        else:
            digits = [i for i, c in enumerate(text) if c.isdigit()]
            if digits:
                i = rng.choice(digits)
                text = text[:i] + rng.choice(["x", "-1", "1e9", "99999999999", ".nan", ""]) + text[i + 1 :]
    return text


def test_200_mutations(tmp_path: Path) -> None:
    wrong = 0
    for seed in range(200):
        text = mutated(random.Random(seed))
        try:
            load_text(text, "hostile.yaml", tmp_path)
        except ScenarioError:
            refused(text, tmp_path)
            wrong += 1
    assert wrong > 80
