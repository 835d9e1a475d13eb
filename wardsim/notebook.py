"""wardsim from Python: load, run, compare, and results as frames and figures. Each call is the command of the same name, with the same results
folder, so that a notebook and a terminal cannot give different answers.

    import wardsim

    result = wardsim.compare("baseline", {"One more nurse at night": {"staffing.funded_extra.night.rn": 1}}, years=1)
    result.frame("differences")
    result.plot("assaults_true_per_1000_obd")
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardsim.scenario.load import Loaded, load

if TYPE_CHECKING:
    import pandas as pd

    from wardsim.report.exports.tables import Table
    from wardsim.report.figures.drawn import Drawn
    from wardsim.report.source import Source

__all__ = ["Results", "WardsimError", "compare", "library", "read", "run", "sweep"]

Ward = str | os.PathLike[str] | Loaded
"""A scenario file, the name of a shipped one (`baseline`), or a scenario as read by `wardsim.load`."""
HEADLINE = ("option", "label", "unit", "mean", "low", "high")


class WardsimError(RuntimeError):
    """A command could not do what was asked; the text says why and what would help."""


class SomeRunsFailedWarning(UserWarning):
    """Some runs have no result; the others are there."""


def run(
    scenario: Ward, overrides: Mapping[str, Any] | None = None, *, replications: int | None = None, years: float | None = None,
    seed: int | None = None, estimand: str | None = None, baseline: Ward | None = None, parameters: str | None = None, events: bool = False,
    jobs: int | None = None, out: str | os.PathLike[str] | None = None,
) -> Results:  # fmt: skip
    """Simulate a scenario many times (`wardsim run`).

    Parameters
    ----------
    scenario : path, name or Loaded
        What to run.
    overrides : mapping, optional
        Keys laid over it, as `{"staffing.required.night.rn": 3}`.
    replications : int, optional
        Runs in all; left out: as many as fit two minutes.
    years : float, optional
        Measured; left out: what the scenario says.
    seed : int, optional
        Root of all random numbers.
    estimand : str, optional
        steady or transition.
    baseline : path, name or Loaded, optional
        Ward before the change (transition).
    parameters : str, optional
        prior, posterior or point; left out: the posterior where a valid one is installed, else the priors.
    events : bool
        Keep the event log of the first run.
    jobs : int, optional
        Processes; left out: one a processor in a notebook, 1 in a script (where more need `if __name__ == "__main__":`).
    out : path, optional
        Folder of the results; left out: `results/<scenario>-<hash>`.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the scenario.
    WardsimError
        When it cannot be run as asked.
    """
    file, given = _file(scenario)
    load(file, [*given, *_overrides(overrides)] or None)  # says everything that is wrong at once
    words = ["run", file, *_options(replications=replications, years=years, seed=seed, estimand=estimand, parameters=parameters, jobs=_jobs(jobs), out=out)]
    words += [*_sets([*given, *_overrides(overrides)]), "--no-progress", *(["--events"] if events else [])]
    if baseline is not None:
        words += ["--baseline", _file(baseline)[0]]
    return read(_called(words)["results"])


def compare(
    first: Ward, *others: Ward | Mapping[str, Mapping[str, Any]], overrides: Mapping[str, Any] | None = None, replications: int | None = None,
    years: float | None = None, seed: int | None = None, estimand: str | None = None, parameters: str | None = None, budget: float | None = None,
    jobs: int | None = None, out: str | os.PathLike[str] | None = None, report: bool = False,
) -> Results:  # fmt: skip
    """Compare options under the same chance (`wardsim compare`).

    Parameters
    ----------
    first : path, name or Loaded
        An options file (`options/headroom`, or a path) standing alone; or the scenario with which the others are compared.
    *others : path, name, Loaded, or mapping of str to mapping
        Scenarios; or options by name, each the keys that it sets over the first: `{"Two nurses": {"staffing.required.night.rn": 2}}`.
    overrides : mapping, optional
        Keys of the options file, or of every scenario.
    replications : int, optional
        Runs of each ward; left out: as precision asks, within the time.
    budget : float, optional
        Seconds that the runs may take.
    report : bool
        Also make report.html.
    years, seed, estimand, parameters, jobs, out
        As for `run`.
    """
    options = _options(
        replications=replications, years=years, seed=seed, estimand=estimand, parameters=parameters, budget=budget, jobs=_jobs(jobs), out=out
    )
    ending = [*options, "--no-progress", *([] if report else ["--no-report"])]
    with tempfile.TemporaryDirectory() as folder:
        if others:
            files = _wards(first, others, overrides, Path(folder))
            sets: list[str] = []
        else:
            file, given = _file(first)
            files, sets = [file], _sets([*given, *_overrides(overrides)])
        return read(_called(["compare", *files, *sets, *ending])["results"])


def sweep(
    file: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None, *, replications: int | None = None, years: float | None = None,
    budget: float | None = None, jobs: int | None = None, out: str | os.PathLike[str] | None = None, report: bool = False,
) -> Results:  # fmt: skip
    """Levels crossed or spread (`wardsim sweep`); parameters as for `compare`."""
    words = ["sweep", _file(file)[0], *_sets(_overrides(overrides)), *_options(replications=replications, years=years, budget=budget, jobs=_jobs(jobs), out=out)]
    return read(_called([*words, "--no-progress", *([] if report else ["--no-report"])])["results"])


def read(folder: str | os.PathLike[str]) -> Results:
    """Results that are there already, of any finished study.

    Raises
    ------
    ReportError
        When the folder holds no finished results, or they are damaged.
    """
    from wardsim.report.source import read as source_of

    return Results(source_of(Path(folder)))


def library() -> pd.DataFrame:
    """The shipped studies: the finding each answers, its question, evidence grade, what changes first, and its measures."""
    import pandas as pd

    from wardsim.scenario.library import library as shelved

    columns = ("file", "rows", "question", "evidence grade", "changes first", "measures")
    return pd.DataFrame(
        [(one.path, ", ".join(one.rows), one.question, one.grade, one.fact, ", ".join(one.measures)) for one in shelved()], columns=list(columns)
    )


class Results:
    """A results folder.

    Attributes
    ----------
    folder : Path
    kind : str
        run, compare, sweep, sensitivity, optimise or population.
    manifest : mapping
        What was run, with what, and how it was checked.
    """

    def __init__(self, source: Source) -> None:
        self.folder = source.folder
        self.kind = source.kind
        self.manifest = source.manifest
        self._source = source

    @cached_property
    def _tables(self) -> dict[str, Table]:
        from wardsim.report.exports.tables import tables_of, values_of

        values = values_of(self._source)
        return {one.name: one for one in ([] if values is None else [values])} | {one.name: one for one in tables_of(self._source)}

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables, for `frame`."""
        return tuple(self._tables)

    def frame(self, table: str | None = None) -> pd.DataFrame:
        """A table as a tidy pandas frame, numbers as numbers.

        Parameters
        ----------
        table : str, optional
            One of `tables`; left out: `values` (every value with its low and high), else the first.

        Raises
        ------
        KeyError
            When there is none of that name.
        """
        import pandas as pd

        from wardsim.report.exports.values import plain

        name = table or next(iter(self._tables), "")
        if name not in self._tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self._tables)}")
        found = self._tables[name]
        columns = {c.name: [plain(c, row[at]) for row in found.rows] for at, c in enumerate(found.columns)}
        return pd.DataFrame(columns).astype({c.name: float for c in found.columns if c.numeric})

    @property
    def headline(self) -> pd.DataFrame:
        """The headline measures of every ward, with the range of what is not known."""
        from wardsim.experiments.compare.analysis import HEADLINE as NAMES

        values = self.frame("values")
        return values.loc[(values["quantity"] == "level") & values["name"].isin(NAMES), list(HEADLINE)].reset_index(drop=True)

    @property
    def figures(self) -> list[Drawn]:
        """Every figure of the report; each shows itself in a notebook."""
        from wardsim.report import figures_of

        return figures_of(self.folder)

    def plot(self, what: str = "assaults_true_per_1000_obd") -> Drawn:
        """A measure (its difference in every option, with the three ranges), or a figure of the report by its name.

        Raises
        ------
        KeyError
            When there is neither.
        """
        from wardsim.measures import MEASURES
        from wardsim.report import figure_of

        if what in MEASURES:
            return figure_of(self.folder, what)
        found = {figure.name: figure for figure in self.figures}
        if what not in found:
            raise KeyError(f"no measure and no figure {what!r}; figures are {', '.join(found)}")
        return found[what]

    def report(self) -> Path:
        """Make report.html; where it is."""
        from wardsim.report import add_report

        return add_report(self.folder)

    def export(self, *kinds: str, to: str | os.PathLike[str] | None = None) -> list[Path]:
        """Write the results in other forms (`wardsim export`): csv, parquet, xlsx, vidigi, stress, salib, arviz; the files."""
        from wardsim.report.exports import export

        return export(self.folder, kinds or ("csv",), self.folder / "export" if to is None else Path(to))

    def __repr__(self) -> str:
        """What it is, in a line."""
        runs = self.manifest.get("runs", {})
        return f"<{self.kind} {self._source.title!r}: {runs.get('done', '-')} runs, {self.folder}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the headline."""
        shown = f"<p><b>{escape(repr(self).strip('<>'))}</b></p>"
        return shown if "values" not in self._tables else shown + str(self.headline.to_html(index=False, float_format=lambda x: f"{x:,.1f}"))


# -- from Python to the words of a command -----------------------------------------------------------------------------------------------


def _called(words: Sequence[str]) -> dict[str, Any]:
    """Call a command in this process; what its `--json` says.

    Raises
    ------
    KeyboardInterrupt
        When it was interrupted; the text says what is kept.
    ScenarioError
        As the command found it.
    WardsimError
        When the command did not succeed; runs that failed beside others that did not are a warning.
    """
    import click

    from wardsim.cli import main
    from wardsim.cli.output import INTERRUPTED, STOPPED

    stream = io.StringIO()
    try:
        with redirect_stdout(stream):
            code = main([*words, "--json"], standalone_mode=False)
    except click.ClickException as error:
        if error.exit_code in (STOPPED, INTERRUPTED):
            raise KeyboardInterrupt(error.format_message()) from None
        raise WardsimError(error.format_message()) from None
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    found: dict[str, Any] = json.loads(stream.getvalue())
    data = found.get("data", found)
    ended = int(found.get("exit_code", code or 0))
    if ended == INTERRUPTED:
        raise KeyboardInterrupt(f"interrupted; what was finished is in {data.get('results')}")
    if ended == STOPPED:
        warnings.warn(f"some runs have no result; {data.get('results')} says why", SomeRunsFailedWarning, stacklevel=3)
    elif ended != 0:
        told = "\n".join(str(one.get("message", "")) for one in found.get("problems", []))
        raise WardsimError(told or f"`wardsim {words[0]}` ended with exit code {ended}")
    return dict(data)


def _file(ward: Ward) -> tuple[str, list[str]]:
    """Path and overrides of a scenario or study: a file that is there, else a shipped one of that name."""
    if isinstance(ward, Loaded):
        if not ward.files:
            raise WardsimError("a scenario made from text has no file; write it to one first")
        return str(ward.files[0]), list(ward.overrides)
    if Path(ward).is_file():
        return str(ward), []
    from wardsim.scenario.shipped import shipped_scenarios, shipped_studies

    name = os.fspath(ward).removesuffix(".yaml").removeprefix("scenarios/")
    known = {**shipped_studies(), **shipped_scenarios()}
    return (str(known[name]) if name in known else str(ward)), []


def _wards(first: Ward, others: Iterable[Ward | Mapping[str, Mapping[str, Any]]], overrides: Mapping[str, Any] | None, folder: Path) -> list[str]:
    """Scenario files of the wards of a comparison, each written out in full."""
    from wardsim.scenario.studies import kind_of_file

    for one in (first, *others):
        if not isinstance(one, (Mapping, Loaded)) and kind_of_file(_file(one)[0]):
            raise WardsimError(f"{one} is a study file: it stands alone; what is compared with other wards is a scenario")
    file, given = _file(first)
    common = list(_overrides(overrides))
    wards = [load(file, [*given, *common] or None)]
    for one in others:
        if isinstance(one, Mapping):
            wards += [load(file, [*given, *common, *_overrides(settings), f"name={json.dumps(name)}"]) for name, settings in one.items()]
        else:
            path, own = _file(one)
            wards.append(load(path, [*own, *common] or None))
    paths = []
    for at, ward in enumerate(wards):
        if ward.given_roster is not None:
            raise WardsimError(f"{ward.scenario.name}: a ward with a roster file is compared through an options file")
        plain = ward.scenario.model_dump(mode="json", exclude_defaults=True)
        written = folder / f"ward-{at}.yaml"
        written.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        paths.append(str(written))
    return paths


def _overrides(settings: Mapping[str, Any] | None) -> list[str]:
    """`KEY=VALUE` of each setting; values as JSON, which is YAML.

    Raises
    ------
    WardsimError
        When a value is nothing that a scenario can hold.
    """
    return [f"{key}={_json(key, value)}" for key, value in (settings or {}).items()]


def _json(key: str, value: Any) -> str:
    import numpy as np

    def plain(part: Any) -> Any:
        if isinstance(part, np.generic | np.ndarray):
            return part.tolist()
        raise TypeError(f"a {type(part).__name__}")

    try:
        return json.dumps(value, default=plain)
    except (TypeError, ValueError) as error:
        raise WardsimError(f"{key} cannot be set to {value!r} ({error}); give a number, a text, true or false, or a list or mapping of them") from None


def _sets(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in ("--set", line)]


def _options(**given: Any) -> list[str]:
    """Options that were given, as words."""
    return [word for key, value in given.items() if value is not None for word in (f"--{key.replace('_', '-')}", str(value))]


def _jobs(asked: int | None) -> int | None:
    """Processes: as asked; else as many as there are processors where nothing would be run twice by starting them, else 1."""
    return asked if asked is not None else None if not hasattr(sys.modules.get("__main__"), "__file__") else 1
