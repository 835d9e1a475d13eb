"""The results folder: one run in, one folder out, the same bytes for the same inputs.

Everything is text: CSV (UTF-8, commas, one header line) and one JSON manifest, written last with a checksum of every
other file. Each file is written whole under a temporary name and renamed. What depends on the machine or the clock
stands only under `run_environment` in the manifest.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import math
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from .intervals import Summary

INTERVALS = ("low", "high", "year_low", "year_high", "mc_low", "mc_high")
MEANING = {
    "low, high": "95% over parameter draws with chance removed: what the model does not know",
    "year_low, year_high": "80% for one ward-year: chance",
    "mc_low, mc_high": "95% simulation error of the mean: what more runs would narrow",
}
MANIFEST = "manifest.json"
TEMPORARY = ".writing-"
"""How the name of a file begins that is not whole yet."""
SCHEMA_VERSION = 1
"""Of the manifest of a run."""

_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])$")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DIGITS = ".10g"


def _umask() -> int:
    """What the user takes from the permissions of new files; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_MODE = 0o666 & ~_umask()
"""Permissions of a new file, as any other program gives them; read once, since setting the mask is felt by every thread."""


class FolderError(OSError):
    """The results cannot go where they were sent."""


class OthersError(FolderError):
    """A folder holds what is not the results of a run."""

    exit_code = 2


def slug(name: str) -> str:
    """A folder name made of a scenario's name: lower-case letters, digits and hyphens, at most 40, never a device or
    a path."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return f"ward-{text}" if _RESERVED.match(text) else text or "ward"


def fingerprint(content: object) -> str:
    """SHA-256 of plain data, hexadecimal; equal data give equal text."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True, default=str).encode()).hexdigest()


def folder_name(name: str, content: object) -> str:
    """`<scenario>-<hash8>`."""
    return f"{slug(name)}-{fingerprint(content)[:8]}"


def number(x: float | None) -> float | None:
    """A number as every file shows it: ten significant digits; None for what is not finite."""
    if x is None or not math.isfinite(x):
        return None
    rounded = float(format(x, _DIGITS))
    return 0.0 if rounded == 0.0 else rounded


def cell(value: object) -> str:
    """Text of one CSV cell. Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        shown = number(value)
        return "" if shown is None else format(shown, _DIGITS)
    text = str(value).replace("\x00", "")
    return "'" + text if guarded(text) else text


def guarded(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula, so that it gets an apostrophe before it."""
    return text.startswith(_FORMULA)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cell(h) for h in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8")


def json_bytes(content: object) -> bytes:
    """A JSON file; numbers that are not finite are refused."""
    return (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def intervals(summary: Summary) -> list[float | None]:
    """The six bounds of a summary, as shown."""
    return [number(getattr(summary, name)) for name in INTERVALS]


def summary_json(summary: Summary, unit: str) -> dict[str, Any]:
    """A summary as `--json` prints it."""
    shown: dict[str, Any] = {"mean": number(summary.mean)}
    shown.update(zip(INTERVALS, intervals(summary), strict=True))
    shown["unit"] = unit
    shown["n"] = summary.n
    if summary.reason:
        shown["reason"] = summary.reason
    return shown


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it: it is the old one or the new one, never a piece."""
    with open_whole(path) as stream:
        stream.write(content)


@contextmanager
def open_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream to write a file to, which is at its place only when all of it is there and on the disk."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_MODE)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk; where folders cannot be synced, they are not."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def prepare(folder: Path) -> set[str]:
    """Make the folder, or accept one that is empty or holds the results of an earlier run and no other file.

    Returns
    -------
    set of str
        Names of the files of the earlier run, which a new one may write over or remove; folders are left alone.

    Raises
    ------
    OthersError
        When it holds anything else; nothing in it was touched.
    FolderError
        When it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = {path.name: path.is_dir() for path in folder.iterdir() if not path.name.startswith(".")}
        own = _own(folder)
    except OSError as error:
        raise FolderError(f"cannot write results to {folder}: {error.strerror or error}") from None
    others = [name for name, is_folder in found.items() if name not in own and not (own and is_folder)]
    if others:
        raise OthersError(f"{folder} holds what is not of an earlier run ({', '.join(sorted(others)[:3])}); give a new or empty folder")
    return own


def _own(folder: Path) -> set[str]:
    """The manifest of an earlier run in a folder and the files that it lists; empty when there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        # a study has a kind, and its runs beside the tables
        if found["schema_version"] != SCHEMA_VERSION or not _SHA256.fullmatch(found["identity"]) or "kind" in found:
            return set()
        listed = {name for name, checksum in found["files"].items() if _SHA256.fullmatch(checksum) and Path(name).name == name}
        return {MANIFEST, *(name for name in listed if not name.startswith("."))}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def write_folder(folder: Path, files: Mapping[str, bytes], manifest: dict[str, Any]) -> None:
    """Write all files, the manifest last; what an earlier run left and this one has not is removed.

    Raises
    ------
    OthersError
        When the folder holds what is not of an earlier run.
    FolderError
        When a file cannot be written; those that were not there before are gone again.
    """
    before = prepare(folder)
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    try:
        try:
            for name, content in files.items():
                write_whole(folder / name, content)
            write_whole(folder / MANIFEST, json_bytes(manifest))
        except BaseException:
            for name in set(files) - before:  # no manifest lists them, and they would be taken for somebody else's
                (folder / name).unlink(missing_ok=True)
            raise
        for name in before - {*files, MANIFEST}:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise FolderError(f"cannot write results to {folder}: {error.strerror or error}") from None
