"""Completion: what a shell is given when it asks, and the script with which it asks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from wardsim.cli import COMMANDS, main

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


def asked(*words: str) -> list[str]:
    """What may follow, as bash is told: the last word is the one that is being typed."""
    environment = {"_WARDSIM_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(("wardsim", *words)), "COMP_CWORD": str(len(words))}
    done = CliRunner().invoke(main, [], env=environment)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("re",), ["plain,report", "plain,reproduce", "plain,resume"]),
        (("reproduce", "--re"), ["plain,--reduced", "plain,--reaffirm"]),
        (("compare", "--no-"), ["plain,--no-progress", "plain,--no-report"]),
        (("completion", "z"), ["plain,zsh"]),
        (("run", "--estimand", "s"), ["plain,steady"]),
        (("run", "scen"), ["file,scen"]),
        (("validate", "a.yaml", "b"), ["file,b"]),
        (("report", "res"), ["dir,res"]),
        (("cite", "res"), ["dir,res"]),
        (("run", "a.yaml", "--out", "r"), ["dir,r"]),
        (("run", "--seed", "1"), []),
        (("nonsense", "x"), []),
    ],
)
def test_what_may_follow(words, found):
    assert asked(*words) == found


def test_every_command_is_offered():
    assert asked("") == [f"plain,{name}" for name in COMMANDS]


def test_a_call_says_itself_what_is_wrong_with_a_path(tmp_path):
    """Also after a completion in the same process: what completion knows of paths stays with it."""
    file = tmp_path / "file"
    file.touch()
    before = CliRunner().invoke(main, ["report", str(file)])
    assert asked("report", "x") == ["dir,x"]
    after = CliRunner().invoke(main, ["report", str(file)])
    assert (after.exit_code, after.stderr) == (before.exit_code, before.stderr)
    assert "Invalid value" not in after.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_that_of_click(shell):
    done = CliRunner().invoke(main, ["completion", shell])
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"_WARDSIM_COMPLETE={shell}_complete" in done.stdout
    data = json.loads(CliRunner().invoke(main, ["completion", shell, "--json"]).stdout)["data"]
    assert data["script"] == done.stdout.rstrip("\n")


def test_the_shell_is_that_of_the_user():
    assert "bash_complete" in CliRunner().invoke(main, ["completion"], env={"SHELL": "/usr/bin/bash"}).stdout
    for other in ("/bin/tcsh", ""):
        done = CliRunner().invoke(main, ["completion"], env={"SHELL": other})
        assert (done.exit_code, done.stdout) == (2, "")
        assert "bash, zsh, fish" in done.stderr


def test_bash_completes(tmp_path):
    """The script in a real bash, which calls the real command."""
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    program = tmp_path / "wardsim"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m wardsim "$@"\n')
    program.chmod(0o755)
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    typed = "COMP_WORDS=(wardsim re)\nCOMP_CWORD=1\n_wardsim_completion ./wardsim\necho ${COMPREPLY[@]}\n"
    done = subprocess.run(["bash", "--norc", "-c", script + typed], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=30)
    assert (done.stdout, done.stderr) == ("report reproduce resume\n", "")


@pytest.mark.parametrize("words", ["completion bash", "cite"])
def test_nobody_need_listen(words, tmp_path):
    """With stdout closed nothing is printed and nothing breaks."""
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    call = f'PYTHONPATH="{ROOT}" "{sys.executable}" -m wardsim {words} --quiet >&-'
    done = subprocess.run(["bash", "--norc", "-c", call], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
