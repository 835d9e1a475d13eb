"""The commands of scenarios as a user calls them: what they print and where, exit codes, examples that work, speed."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import wardsim
from wardsim.cli import COMMANDS, main
from wardsim.cli.output import report
from wardsim.parameters import Ledger
from wardsim.scenario.load import load_text
from wardsim.scenario.shipped import shipped, shipped_scenarios

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[2]
MINE = ("init", "validate", "explain", "schema", "doctor", "completion")


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def told(result: Result) -> dict[str, object]:
    data = json.loads(result.stdout)
    assert set(data) == {"wardsim", "command", "ok", "exit_code", "data", "problems"}
    assert data["exit_code"] == result.exit_code
    assert data["ok"] is (result.exit_code == 0)
    assert result.stderr == ""
    assert isinstance(data, dict)
    return data


def process(*words: str, **more: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "wardsim", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **more,  # type: ignore[call-overload]
    )


def examples(text: str) -> list[str]:
    return [line.strip() for line in text.split("Examples:")[1].splitlines() if line.strip()]


@pytest.mark.parametrize("name", ["", *MINE])
def test_every_help_ends_in_examples_that_work(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = call(*([name] if name else []), "--help")
    assert result.exit_code == 0
    lines = examples(result.stdout)
    assert lines
    shutil.copytree(shipped("scenarios"), tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "wardsim"
        paths = [str(p) for word in words for p in sorted(tmp_path.glob(word)) if "*" in word]
        done = call(*[w for word in words[1:] for w in (paths if "*" in word else [word])])
        assert done.exit_code == 0, (line, done.stderr)


def test_help_lists_every_command_without_importing_one() -> None:
    code = (
        "import sys\nfrom wardsim.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'pydantic', 'numpy', 'pandas', 'simpy', 'ruamel.yaml', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\nassert not [m for m in sys.modules if m.startswith('wardsim.cli.')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(re.search(rf"^  {name} ", done.stdout, re.M) for name in COMMANDS)


def test_validate_needs_no_scientific_stack() -> None:
    code = (
        "import sys\nfrom wardsim.cli import main\n"
        f"try:\n    main(['validate', {str(shipped_scenarios()['good-practice'])!r}])\nexcept SystemExit as e:\n    assert e.code == 0\n"
        "heavy = {'numpy', 'pandas', 'simpy', 'scipy', 'matplotlib', 'holidays'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.parametrize(("words", "limit"), [(("--help",), 0.15), (("validate", "BASELINE"), 0.5)])
def test_speed_on_a_quiet_machine(words: tuple[str, ...], limit: float) -> None:
    real = [str(shipped_scenarios()["baseline"]) if word == "BASELINE" else word for word in words]
    best = 9.0
    for _ in range(5):
        started = time.perf_counter()
        assert process(*real).returncode == 0
        best = min(best, time.perf_counter() - started)
    assert best < limit


def test_version() -> None:
    assert call("--version").stdout == f"wardsim {wardsim.__version__}\n"


def test_validate_says_ok_on_stdout_and_nothing_else() -> None:
    paths = [str(path) for path in shipped_scenarios().values()]
    result = call("validate", *paths)
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert len(lines) == len(paths)
    assert all(line.startswith("ok  ") for line in lines)


def test_validate_tells_of_every_file(tmp_path: Path) -> None:
    good, bad, gone = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "gone.yaml"
    good.write_text("name: Good\n")
    bad.write_text("name: Bad\nwrd: 1\n")
    result = call("validate", str(bad), str(good), str(gone))
    assert result.exit_code == 2
    assert result.stdout.startswith(f"ok  {good}")
    assert "WS109" in result.stderr
    assert "WS101" in result.stderr
    assert result.stderr.splitlines()[-1] == "2 problems; `wardsim explain WS109` tells more"
    assert "problems;" not in call("validate", "-q", str(bad)).stderr
    data = told(call("validate", "--json", str(bad), str(good)))
    files = data["data"]
    assert isinstance(files, dict)
    assert [item["ok"] for item in files["files"]] == [False, True]


def test_validate_with_overrides() -> None:
    path = str(shipped_scenarios()["baseline"])
    assert call("validate", path, "--set", "staffing.required.night.rn=3").exit_code == 0
    result = call("validate", path, "--set", "staffing.required.night.rn=99")
    assert result.exit_code == 2
    assert result.stderr.startswith("command line:1:28: error[WS105] staffing.required.night.rn is 99;")


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("validate",),
        ("validate", "--bogus", "x"),
        ("explain", "nothing.at.all"),
        ("init", "--template", "no"),
    ],
)
def test_bad_usage_is_exit_code_2_in_both_forms(words: tuple[str, ...]) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    data = told(call(*words, "--json"))
    assert data["command"] == words[0]
    (problem,) = data["problems"]  # type: ignore[misc]
    assert problem["code"] == "usage"
    assert problem["message"]


def test_the_nearest_command_and_name_are_offered() -> None:
    assert "Did you mean validate?" in call("validat").stderr
    assert "staffing.required.night.rn" in call("explain", "staffing.required.nigth.rn").stderr
    assert "ward.beds" in call("explain", "beds").stderr


def test_explain_tells_of_keys_codes_parameters_and_measures() -> None:
    assert "a whole number from 0 to 30" in call("explain", "staffing.required.night.rn").stdout
    assert call("explain", "ws104").stdout.startswith("WS104: ")
    name = Ledger.load().names()[0]
    assert call("explain", name).stdout.startswith(name)
    assert name in call("explain", "parameters").stdout
    assert call("explain", "occupancy").stdout.startswith("occupancy")
    assert "WS104" in call("explain").stdout
    for words in (("staffing.pattern",), ("WS151",), (name,), ("occupancy",), ()):
        assert told(call("explain", "--json", *words))["data"]


def test_schema_on_stdout_and_into_a_file(tmp_path: Path) -> None:
    target = tmp_path / "s.json"
    printed = call("schema").stdout
    assert json.loads(printed)["$id"] == "urn:wardsim:scenario:1"
    assert call("schema", "--out", str(target)).exit_code == 0
    assert target.read_text(encoding="utf-8") == printed
    assert call("schema", "--out", str(target)).exit_code == 0
    target.write_text("mine")
    assert call("schema", "--out", str(target)).exit_code == 2
    assert target.read_text() == "mine"
    schema = told(call("schema", "--json"))["data"]
    assert isinstance(schema, dict)
    assert schema["schema"] == json.loads(printed)


def test_init_writes_a_scenario_that_validates_and_never_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listed = [line.split()[0] for line in call("init", "--list").stdout.splitlines()]
    assert {"ward", "option", "baseline", "good-practice"} <= set(listed)
    for name in listed:
        result = call("init", f"{name}.yaml", "--template", name)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert call("validate", f"{name}.yaml").exit_code == 0
    (tmp_path / "mine.yaml").write_text("name: mine\n")
    result = call("init", "mine.yaml")
    assert result.exit_code == 2
    assert "never overwritten" in result.stderr
    assert (tmp_path / "mine.yaml").read_text() == "name: mine\n"
    assert call("init", "no/such/folder.yaml").exit_code == 2
    assert call("init").exit_code == 0
    assert load_text((tmp_path / "scenario.yaml").read_text(encoding="utf-8")).scenario.name == "My ward"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (click.UsageError("no"), 2, "no"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (PermissionError(13, "Permission denied", "/x"), 1, "Permission denied: /x"),
        (ZeroDivisionError("division by zero"), 1, "this is a fault of wardsim (ZeroDivisionError"),
    ],
)
def test_whatever_goes_wrong_becomes_a_message(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(error, ["run"]) == code
    spoken = capsys.readouterr()
    assert words in spoken.err
    assert spoken.out == ""
    assert "Traceback" not in spoken.err
    assert report(error, ["run", "--json"]) == code
    spoken = capsys.readouterr()
    assert spoken.err == ""
    assert json.loads(spoken.out)["exit_code"] == code


def test_a_fault_inside_a_command_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("wardsim.scenario.load.load", broken)
    result = call("validate", "x.yaml")
    assert result.exit_code == 1
    assert "RuntimeError: boom" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.e2e
def test_names_with_control_characters_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text('name: "\\e[31mred"\n')
    result = call("validate", str(path))
    assert "\x1b" not in result.stdout
    path.write_text('name: x\n"\\e[31mwrd": "\\e[0m"\n')
    assert "\x1b" not in call("validate", str(path)).stderr


@pytest.mark.e2e
def test_a_closed_pipe_is_quiet() -> None:
    if os.name != "posix":
        pytest.skip("pipes of a shell")
    script = f"{shlex.quote(sys.executable)} -m wardsim schema | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "{"


@pytest.mark.e2e
def test_full_stdout_is_an_error_without_a_traceback() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "wardsim", "schema"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.e2e
def test_the_module_is_the_command_line() -> None:
    done = process("validate", str(shipped_scenarios()["baseline"]))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok  ")
    assert process("nonsense").returncode == 2
