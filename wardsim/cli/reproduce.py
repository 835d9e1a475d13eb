"""`wardsim reproduce`: make a reference result again and check it against what is stored."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import click

from .output import DONE, FAILED, REFUSED, Failure, Output, speaking
from .progress import span
from .stopping import stopping
from .studies import StudyTeller, cache, executor, task, where_options

EPILOG = """\b
Examples:
  wardsim reproduce --list
  wardsim reproduce sensitivity-reduced
  wardsim reproduce calibration --reduced
  wardsim reproduce --reduced
  wardsim reproduce extra-night-nurse-reduced --reaffirm
"""
CALIBRATION = "calibration-reduced"
REDUCED = "-reduced"
"""End of the names of references that are made again in the checks of every change."""


@click.command(epilog=EPILOG)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@where_options
@click.option("--list", "listing", is_flag=True, help="List the reference results and what each takes.")
@click.option("--reduced", is_flag=True, help="The reduced ones only.")
@click.option("--keep", "store", is_flag=True, help="Store what is made as the reference (for those who release a version).")
@click.option(
    "--reaffirm", "again", is_flag=True,
    help="Instead: where only code changed, make 40 runs of each again; the same to the last digit, and its tables stay valid.",
)
@click.option("--out", "folder", metavar="DIR", help="Where the results go. Left out: a folder that is removed.")
@click.option("--no-progress", is_flag=True, help="No progress.")
@speaking("reproduce")
def command(
    names: tuple[str, ...], jobs: int | None, cluster: str | None, listing: bool, reduced: bool, store: bool, again: bool,
    folder: str | None, no_progress: bool, out: Output,
) -> None:  # fmt: skip
    """Make reference results again from their shipped study files, from scenario to page, and compare every table with the stored one,
    then the report and each of its figures by their fingerprints.

    With the same versions of wardsim, its parameters and its libraries each must be the same byte for byte; elsewhere means must lie
    within three standard errors, and the figures be the same ones.

    Exit code 0: the same; 1: not the same; 2: no such reference; 3: stopped early.
    """
    from wardsim.experiments.reproduce.reference import references

    known = references()
    if listing:
        for one in known.values():
            out.data(f"{one.name}: scenarios/{one.study}.yaml {' '.join(one.overrides)} ({span(one.minutes * 60)})".rstrip())
        out.finish({"references": [one.name for one in known.values()]})
        return
    if reduced:
        names = tuple(name if name in known else f"{name}{REDUCED}" for name in names)
    if store and CALIBRATION in names and CALIBRATION not in known:
        known[CALIBRATION] = _first_calibration()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Failure(f"there is no reference {unknown[0]}; there are {', '.join(known) or 'none'}", REFUSED)
    wanted = list(names) or [name for name in known if not reduced or name.endswith(REDUCED)]
    if not wanted:
        raise Failure("there is no reference result to make again", REFUSED)
    told: list[dict[str, Any]] = []
    if again:
        calibrations = [name for name in wanted if known[name].study == "calibrate"]
        if calibrations and names:
            raise Failure(f"{calibrations[0]} is a calibration, which `wardsim calibrate --reaffirm` keeps where only code changed", REFUSED)
        if calibrations:
            out.say(f"left out: {', '.join(calibrations)}; `wardsim calibrate --reaffirm` keeps a calibration where only code changed")
        told = [_reaffirmed(known[name], jobs, cluster, out) for name in wanted if name not in calibrations]
        out.finish({"references": told}, exit_code=DONE if all(one["ok"] for one in told) else FAILED)
        return
    for name in wanted:
        make = _calibration if known[name].study == "calibrate" else _one
        told.append(make(known[name], jobs, cluster, store, folder, not no_progress, out))
    good = all(one["ok"] for one in told)
    out.finish({"references": told}, exit_code=DONE if good else FAILED)


def _first_calibration() -> Any:
    """The reference of the reduced calibration before there is one."""
    from wardsim.experiments.reproduce.reference import Reference
    from wardsim.scenario.shipped import shipped

    return Reference(CALIBRATION, shipped("results") / "reference" / CALIBRATION, "calibrate", (), {}, (), 0.0)


def _calibration(
    reference: Any, jobs: int | None, cluster: str | None, store: bool, folder: str | None, progress: bool, out: Output
) -> dict[str, Any]:
    """The reduced calibration made again."""
    from wardsim.calibrate.again import compare, make, tables
    from wardsim.calibrate.inference import CalibrationError
    from wardsim.calibrate.shipped import REDUCED as REDUCED_PLAN
    from wardsim.experiments.plan import cores
    from wardsim.experiments.reproduce.reference import keep
    from wardsim.report.kept import pages_of

    with tempfile.TemporaryDirectory(prefix="wardsim-") as temporary:
        place = Path(folder or temporary) / reference.name
        begun = time.monotonic()
        try:
            with stopping(place / "waves", *_interrupted(reference, folder)), executor(jobs, cluster) as where:
                make(place, executor=where, processes=jobs or cores(), tell=out.say if progress else lambda _: None)
        except CalibrationError as error:
            raise Failure(str(error), FAILED) from None
        made = tables(place)
        flat = Path(temporary) / "tables"
        flat.mkdir()
        for name, content in made.items():
            (flat / name).write_bytes(content)
        page = pages_of(place)
        if store:
            keep(reference, flat, (time.monotonic() - begun) / 60.0, REDUCED_PLAN.seed)
            _keep_page(reference, page)
            out.data(f"{reference.name}: stored in {reference.folder}")
            return {"name": reference.name, "ok": True, "stored": True}
    changed = _changed(reference)
    stored = {name: (reference.folder / name).read_bytes() for name in reference.tables}
    return _told(reference, _with_page(reference, compare(stored, made, same_versions=not changed), page), changed, out)


def _interrupted(reference: Any, folder: str | None) -> tuple[str, str]:
    """What goes on with an interrupted reference; or why nothing does."""
    from wardsim.experiments.quoted import quoted

    if not folder:
        return "", f"nothing of {reference.name} is kept; --out DIR keeps what is finished, and the same command then goes on with it"
    return f"`wardsim reproduce {reference.name} --out {quoted(folder)}`", ""


def _changed(reference: Any) -> list[str]:
    """Versions that are others than those of the reference."""
    from wardsim.experiments.reproduce.reference import all_versions

    now = all_versions()
    return sorted(key for key in {*now, *reference.versions} if now.get(key) != reference.versions.get(key))


def _one(
    reference: Any, jobs: int | None, cluster: str | None, store: bool, folder: str | None, progress: bool, out: Output
) -> dict[str, Any]:
    """A reference study made again."""
    from wardsim.experiments.reproduce.behaviour import KEY, behaviour
    from wardsim.experiments.reproduce.check import compare_tables
    from wardsim.experiments.reproduce.reference import keep, study_of_reference
    from wardsim.experiments.study.kinds import analysis_of
    from wardsim.experiments.study.session import Session
    from wardsim.report.kept import pages_of

    study = study_of_reference(reference)
    out.say(f"{reference.name}: {len(study.cells)} wards, {study.limit} runs of each; {span(reference.minutes * 60)} when it was made")
    with tempfile.TemporaryDirectory(prefix="wardsim-") as temporary:
        place = Path(folder) / reference.name if folder else Path(temporary) / reference.name
        begun = time.monotonic()
        with stopping(place, *_interrupted(reference, folder)), executor(jobs, cluster) as where, StudyTeller(out, progress) as teller:
            session = Session(study, place, executor=where, task=task(), cache=cache(), on_progress=teller)
            with session:
                analysis_of(study.kind)(session)
            minutes = (time.monotonic() - begun) / 60.0
            also = {KEY: behaviour(study, where, task())} if store and not reference.name.endswith(REDUCED) else None
        page = pages_of(place)
        if store:
            keep(reference, place, minutes, also=also)
            _keep_page(reference, page)
            out.data(f"{reference.name}: stored in {reference.folder}")
            return {"name": reference.name, "ok": True, "stored": True}
        changed = _changed(reference)
        found = [
            compare_tables(name, (reference.folder / name).read_bytes(), (place / name).read_bytes(), same_versions=not changed)
            for name in reference.tables
        ]
    return _told(reference, _with_page(reference, found, page), changed, out)


def _keep_page(reference: Any, page: dict[str, Any]) -> None:
    """Store the fingerprints of the pages beside the tables."""
    from wardsim.experiments.results import json_bytes, write_whole
    from wardsim.report.kept import FILE

    write_whole(reference.folder / FILE, json_bytes(page))


def _with_page(reference: Any, found: list[Any], page: dict[str, Any]) -> list[Any]:
    """The tables compared, and the report and its figures after them where the reference kept theirs."""
    from wardsim.experiments.reproduce.check import EXACT
    from wardsim.report.kept import FILE, compare_pages

    stored = reference.folder / FILE
    if not stored.is_file():
        return found
    return [*found, compare_pages(stored.read_bytes(), page, same_tables=all(one.verdict == EXACT for one in found))]


def _reaffirmed(reference: Any, jobs: int | None, cluster: str | None, out: Output) -> dict[str, Any]:
    """A reference kept, where code still makes its runs."""
    from wardsim.experiments.reproduce.behaviour import NotTheSameError, reaffirm

    try:
        with executor(jobs, cluster) as where:
            done = reaffirm(reference, where, task())
    except NotTheSameError as error:
        out.data(f"{reference.name}: {error}")
        return {"name": reference.name, "ok": False, "why": str(error)}
    out.data(f"{reference.name}: {done}")
    return {"name": reference.name, "ok": True, "done": done}


def _told(reference: Any, found: list[Any], changed: list[str], out: Output) -> dict[str, Any]:
    """Tell what came out."""
    from wardsim.experiments.reproduce.check import DIFFERENT

    for table in found:
        out.data(f"{reference.name}/{table.table}: {table.verdict}")
        for line in table.differences:
            out.data(f"  {line}")
    if changed:
        out.say(f"{reference.name}: made with other versions of {', '.join(changed)}, so compared within simulation error")
    return {
        "name": reference.name,
        "ok": all(table.verdict != DIFFERENT for table in found),
        "versions_changed": changed,
        "tables": {table.table: {"verdict": table.verdict, "differences": list(table.differences)} for table in found},
    }
