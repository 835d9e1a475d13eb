"""The compiled build that benchmarks make: when there is none, what goes into it, how a measurement finds it."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

import compile_ward
from benchmarks import apart, compiled
from tests.support import ROOT
from wardsim.scenario.shipped import shipped_scenarios


def test_no_build_is_used_when_the_source_alone_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    assert compiled.folder() is None
    (tmp_path / "built.txt").write_text(compile_ward.fingerprint(compiled.TOY), encoding="utf-8")
    assert compiled.folder() == tmp_path
    monkeypatch.setattr(compiled, "left_out", True)
    assert compiled.folder() is None


def test_a_build_of_other_modules_or_flags_is_another_build(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = {compile_ward.fingerprint(), compile_ward.fingerprint(compiled.TOY)}
    monkeypatch.setattr(compile_ward, "OPTIMISE", "0")
    assert compile_ward.fingerprint() not in marks
    assert len(marks) == 2


def test_without_a_c_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile_ward.shutil, "which", lambda name: None)
    assert compiled.can().startswith("there is no C compiler")
    assert compile_ward._compiler() == ""


@pytest.mark.parametrize("found", ["65.5.0", "77.0.2", None])
def test_an_older_setuptools_is_refused_with_the_remedy(found: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Python's own environments come with a setuptools that cannot read this project's metadata."""

    def version(name: str) -> str:
        if name != "setuptools":
            return "99.0"
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr(compile_ward, "version", version)
    with pytest.raises(SystemExit, match=r"setuptools>=77\.0\.3, and here is (65|77|none).*pip install"):
        compile_ward.build(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_compiling_needs_is_said_once_more_only_where_pip_reads_it() -> None:
    """The extra that people install, the environment of the checks and the build hook ask for the same."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(extras["compile"]) == set(compile_ward.NEEDS) <= set(extras["test"])
    hook = (ROOT / "hatch_build.py").read_text(encoding="utf-8")
    assert all(f'"{need}"' in hook for need in compile_ward.NEEDS)


def test_the_run_that_the_compiler_learns_from_runs() -> None:
    """A day of the baseline and half a day of every other ward, on the source: what it calls is there, and no ward is left out."""
    found: dict[str, Any] = {}
    exec(compile_ward.TRAINING.replace("90.0", "1.0").replace("10.0", "0.5"), found)
    assert found["n"] + 1 == len(shipped_scenarios())
    assert found["days"] == 0.5


def test_the_toys_stand_ins_are_copied_beside_the_ward(tmp_path: Path) -> None:
    compile_ward._copy(tmp_path, compiled.TOY)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "benchmarks").rglob("*.py"))
    assert found == ["benchmarks/__init__.py", "benchmarks/toy/__init__.py", "benchmarks/toy/shipped.py", "benchmarks/toy/world.py"]
    assert (tmp_path / "wardsim" / "ward" / "ward.py").exists()


def test_a_measurement_takes_what_the_build_holds_and_the_rest_from_here(tmp_path: Path) -> None:
    """A folder with a toy of its own is looked at first; modules that it lacks come from the project."""
    package = tmp_path / "benchmarks" / "toy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "shipped.py").write_text("def where(days):\n    return [__file__, days]\n", encoding="utf-8")
    assert apart.apart("benchmarks.toy.shipped:where", build=tmp_path, days=3) == [str(package / "shipped.py"), 3]
    assert apart.apart("benchmarks.apart:spin", build=tmp_path, rounds=10) >= 0.0
