"""A compiled ward is the same ward: its facts are those of the source, byte for byte.

    pytest -m slow tests/compiled

compiles into `build/compiled` first if need be, which takes minutes.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compiled import make
from compile_ward import NEEDS, NOT_COMPILED, _refuse_false_alarms, sources
from tests.compiled.random_wards import wards
from tests.support import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def compiled() -> Path:
    """Folder of a compiled build."""
    pytest.importorskip("mypyc", reason=f"compiling needs {', '.join(NEEDS)}")
    return make()


def said(first: Path, program: str, *more: str) -> Any:
    """What a program says, with `first` at the head of the path."""
    path = os.pathsep.join((str(first), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", program, *more], cwd=first, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_module_is_compiled(compiled: Path) -> None:
    names = [".".join(path.relative_to(compiled).with_suffix("").parts) for path in sources(compiled / "wardsim")]
    program = (
        "import importlib, json, sys\n"
        "print(json.dumps([name for name in sys.argv[1:] if importlib.import_module(name).__file__.endswith('.py')]))"
    )
    assert said(compiled, program, *names) == []
    assert len(names) > 60
    assert len(NOT_COMPILED) == 3


def test_the_ward_says_so(compiled: Path) -> None:
    program = "import json, wardsim.ward as w; print(json.dumps(w.compiled()))"
    assert said(compiled, program) is True
    assert said(ROOT, program) is False


def test_facts_are_identical(compiled: Path) -> None:
    program = "import json; from tests.compiled.digest import runs; print(json.dumps(runs()))"
    here, there = said(ROOT, program), said(compiled, program)
    assert len(here) > 9
    different = [(run, table) for run, tables in here.items() for table in tables if there[run][table] != tables[table]]
    assert here.keys() == there.keys()
    assert different == []


def test_facts_of_random_wards_are_identical(compiled: Path, tmp_path: Path) -> None:
    drawn = wards()
    assert sum(w["scenario"]["mechanisms"]["direct_effects"] for w in drawn) > 10
    file = tmp_path / "wards.json"
    file.write_text(json.dumps(drawn), encoding="utf-8")
    program = (
        "import json, pathlib, sys; from tests.compiled.digest import of_wards\n"
        "print(json.dumps(of_wards(json.loads(pathlib.Path(sys.argv[1]).read_text('utf-8')))))"
    )
    here, there = said(ROOT, program, str(file)), said(compiled, program, str(file))
    assert len(here) == len(drawn) > 90
    assert [run for run in here if here[run] != there[run]] == []


def test_a_check_turned_round_is_refused(tmp_path: Path) -> None:
    """As mypyc wrote it; and the same check the right way, which passes."""
    wrong = 'if (likely(r13.f0 != -113.0 && PyErr_Occurred())) goto L11;\n    PyErr_SetString(PyExc_NameError, "value for final name \\"PAIR\\" was not set");'
    right = 'if (unlikely(r13.f0 == -113.0 && PyErr_Occurred())) {\n goto L4;\n } PyErr_SetString(PyExc_NameError, "value for final name \\"PAIR\\" was not set");'
    (tmp_path / "module.c").write_text(right, encoding="utf-8")
    _refuse_false_alarms(tmp_path)
    (tmp_path / "module.c").write_text(wrong, encoding="utf-8")
    with pytest.raises(SystemExit, match="PAIR"):
        _refuse_false_alarms(tmp_path)


def test_the_cache_of_saved_starts_is_shared(compiled: Path) -> None:
    """The fingerprint of the model is of the source, so a start saved by one build is taken up by the other."""
    program = "import json; from wardsim.experiments.start import model_hash; print(json.dumps(model_hash()))"
    assert said(compiled, program) == said(ROOT, program)


def test_workers_run_the_same_build(compiled: Path) -> None:
    program = (
        "import json, multiprocessing as m, concurrent.futures as c, wardsim.ward as w\n"
        "if __name__ == '__main__':\n"
        "    with c.ProcessPoolExecutor(1, m.get_context('spawn')) as pool:\n"
        "        print(json.dumps(pool.submit(w.compiled).result()))"
    )
    assert said(compiled, program) is True


def test_an_error_is_the_same(compiled: Path) -> None:
    """Type, message and what it can be rebuilt from."""
    program = (
        "import json, pickle\n"
        "from wardsim.ward.core.streams import Stream, Streams\n"
        "try: Streams(1, 0).hashed(Stream.PATIENT, -1)\n"
        "except Exception as e: print(json.dumps([type(e).__name__, str(e), list(e.args), pickle.dumps(e, 4).hex()]))"
    )
    here, there = said(ROOT, program), said(compiled, program)
    assert here == there
    assert isinstance(pickle.loads(bytes.fromhex(there[3])), ValueError)
