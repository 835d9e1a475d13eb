"""Mutation score of the pure core: small faults put into a copy of the tree, and how many of them the tests notice.

From the top of the project, with the extra `mutation` installed::

    python tests/mutation/score.py                  # every mutant: most of an hour on two processors
    python tests/mutation/score.py --sample 300     # a seeded sample, with its 95% interval
    python tests/mutation/score.py --files costs    # files whose path holds this text

What is mutated and which tests must notice is in `[tool.mutmut]` of pyproject.toml. Left out are mutants that change words
only: texts with a space in them (messages, labels), keys of the declarations, and what mutmut itself leaves alone (module
level, docstrings, annotations, decorated functions). Mutants that cannot change behaviour stand in `equivalent.txt` with the
reason; the score is given without them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
REASONS = Path(__file__).with_name("equivalent.txt")
COPIED = ("wardsim", "tests", "calibration", "scenarios", "pyproject.toml")
SEED = 20250407
WORDS_ONLY = ("_m", "_rate", "_both", "_survey", "_episodes", "_rules")
"""Functions that only put together the declaration of a measure."""

KILLED, TIMEOUT, SURVIVED, UNTESTED, EQUIVALENT = COLUMNS = ("killed", "timeout", "survived", "untested", "equivalent")
OUTCOMES = {0: SURVIVED, 5: UNTESTED, 33: UNTESTED, 36: TIMEOUT, -24: TIMEOUT, 24: TIMEOUT, 152: TIMEOUT}
"""mutmut's exit codes; any other one is a test that failed."""


class Mutant(NamedTuple):
    """One small fault.

    Attributes
    ----------
    file : str
        Path from the top of the project.
    line : int
        Line of the fault.
    name : str
        Name by which mutmut runs it.
    before, after : str
        Code of the place, as it is and with the fault.
    """

    file: str
    line: int
    name: str
    before: str
    after: str

    def told(self) -> str:
        """The fault in one line; the same wherever the lines move."""
        return f"{Path(self.file).name}: {self.name.rpartition('.')[2]}: {self.before} -> {self.after}"


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant of one file that is more than words, under mutmut's names."""
    import libcst as cst
    from mutmut.mutation.file_mutation import MutationVisitor, group_by_top_level_node, mutation_operators
    from mutmut.mutation.pragma_handling import get_ignored_lines
    from mutmut.utils.format_utils import make_mutant_key

    code = (ROOT / file).read_text("utf-8")
    wrapper = cst.MetadataWrapper(cst.parse_module(code))
    visitor = MutationVisitor(mutation_operators, get_ignored_lines(file, code, wrapper))
    module = wrapper.visit(visitor)
    places = wrapper.resolve(cst.metadata.PositionProvider)
    classes = [node for node in module.body if isinstance(node, cst.ClassDef)]
    owners = {id(method): one.name.value for one in classes for method in one.body.body}
    found: list[Mutant] = []
    for function, mutations in group_by_top_level_node(visitor.mutations).items():
        if not isinstance(function, cst.FunctionDef) or function.name.value in WORDS_ONLY:
            continue
        key = make_mutant_key(function.name.value, owners.get(id(function)))
        stem = f"{file.removesuffix('.py').replace('/', '.')}.{key}__mutmut_"
        line = places[function].start.line
        for i, mutation in enumerate(mutations, start=1):
            old, new = mutation.original_node, mutation.mutated_node
            if isinstance(old, cst.SimpleString | cst.FormattedString) and " " in module.code_for_node(old):
                continue
            before, after = (" ".join(module.code_for_node(node).split()) for node in (old, new))
            found.append(Mutant(file, places[old].start.line if old in places else line, f"{stem}{i}", before, after))
    return found


def chosen(part: str, sample: int, each: int) -> list[Mutant]:
    """Mutants to run: all, a seeded sample over all files, or so many of each file."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    lists = [mutants_of(file) for file in config["only_mutate"] if part in file]
    dice = random.Random(SEED)
    if each:
        return [m for one in lists for m in dice.sample(one, min(each, len(one)))]
    every = [m for one in lists for m in one]
    return dice.sample(every, min(sample, len(every))) if sample else every


def run(mutants: list[Mutant], folder: Path, workers: int) -> dict[str, str]:
    """Outcome of each mutant, by name; the tree is copied, nothing is changed where it stands."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers), *(m.name for m in mutants)]
    log = folder / "log.txt"
    with log.open("w") as out:
        done = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, check=False)
    codes: dict[str, int | None] = {}
    for file in {m.file for m in mutants}:
        meta = folder / "mutants" / f"{file}.meta"
        if meta.exists():
            codes.update(json.loads(meta.read_text("utf-8"))["exit_code_by_key"])
    if done.returncode or any(codes.get(m.name) is None for m in mutants):
        sys.exit(f"mutmut did not finish:\n{log.read_text('utf-8', 'replace')[-3000:]}")
    return {m.name: OUTCOMES.get(codes[m.name] or 0, KILLED) for m in mutants}


def interval(killed: int, n: int) -> tuple[float, float]:
    """95% interval of a share (Wilson), percent."""
    z, p = 1.96, killed / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 100.0 / (1 + z * z / n)
    return scale * (middle - half), scale * (middle + half)


def main() -> None:
    """Run and print killed, survived and timeout of each file, then every mutant that no test noticed."""
    parser = argparse.ArgumentParser(description="Mutation score of the pure core.")
    parser.add_argument("--sample", type=int, default=0, help="a seeded sample of so many mutants over all files")
    parser.add_argument("--each", type=int, default=0, help="a seeded sample of so many mutants of each file")
    parser.add_argument("--files", default="", help="only files whose path holds this text")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    given = parser.parse_args()
    mutants = chosen(given.files, given.sample, given.each)
    lines = (line.partition(" # ") for line in REASONS.read_text("utf-8").splitlines())
    reasons = {told: reason for told, _, reason in lines if reason}
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        outcomes = run(mutants, Path(folder), given.workers)
    counts: dict[str, Counter[str]] = {file: Counter() for file in sorted({m.file for m in mutants})}
    for m in mutants:
        if outcomes[m.name] in (SURVIVED, UNTESTED) and m.told() in reasons:
            outcomes[m.name] = EQUIVALENT
        counts[m.file][outcomes[m.name]] += 1
    print(f"{'file':<44}{''.join(f'{c:>11}' for c in COLUMNS)}{'score':>9}")
    total: Counter[str] = sum(counts.values(), Counter())
    for file, count in [*counts.items(), ("all", total)]:
        n = count.total() - count[EQUIVALENT]
        score = 100.0 * (count[KILLED] + count[TIMEOUT]) / n if n else 100.0
        print(f"{file:<44}{''.join(f'{count[c]:>11}' for c in COLUMNS)}{score:>8.1f}%")
    n = total.total() - total[EQUIVALENT]
    if given.sample and n:
        print("95% interval: {:.1f}% to {:.1f}%".format(*interval(total[KILLED] + total[TIMEOUT], n)))
    for m in sorted(mutants):
        if outcomes[m.name] not in (KILLED, TIMEOUT):
            print(f"{m.file}:{m.line}: {outcomes[m.name]}: {m.told()} {reasons.get(m.told(), '')}".rstrip())


if __name__ == "__main__":
    main()
