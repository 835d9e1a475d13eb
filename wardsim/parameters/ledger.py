"""The ledger: every number of natural history and effect with its prior and source, from `calibration/priors/*.yaml`.

Reading 300 entries of YAML takes about half a second, so the parsed content is kept in the user's cache folder under
the hash of the files it came from; with other files, or with no cache folder to write to, it is simply read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wardsim.scenario.shipped import shipped

from .draw import draw_values
from .entry import Entry
from .evidence import REGISTER, Row, citation_problems, read_register

PRIORS = "priors"
"""Folder of the ledger's files within the calibration folder."""

_FORMAT = "1"
"""Part of the cache's key; raised when the shape of the cache changes."""


class LedgerError(ValueError):
    """The ledger's files are not as they must be.

    Parameters
    ----------
    problems : str
        One line a problem: file, entry, what is wrong.
    """


class Ledger:
    """All parameters of the model.

    Parameters
    ----------
    entries : tuple of Entry
        In the order of the files (by name) and of the entries within each.
    folder : pathlib.Path
        The calibration folder they were read from.

    Attributes
    ----------
    entries : tuple of Entry
    folder : pathlib.Path
    """

    __slots__ = ("_by_name", "entries", "folder")

    def __init__(self, entries: tuple[Entry, ...], folder: Path) -> None:
        self.entries = entries
        self.folder = folder
        self._by_name = {entry.name: entry for entry in entries}

    @staticmethod
    def load(folder: Path | None = None) -> Ledger:
        """Read, check and return the ledger; the second call for a folder returns the same object.

        Parameters
        ----------
        folder : pathlib.Path, optional
            A calibration folder (`priors/*.yaml`, `evidence/published_rates.csv`); left out: the one shipped.

        Raises
        ------
        LedgerError
            With every problem of every file in one message.
        """
        return _load((folder or shipped("calibration")).resolve())

    def __getitem__(self, name: str) -> Entry:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def names(self) -> list[str]:
        """Every name, in order."""
        return list(self._by_name)

    def topics(self) -> list[str]:
        """First parts of the names, in order of appearance."""
        return list(dict.fromkeys(entry.topic for entry in self.entries))

    def point(self) -> dict[str, float]:
        """Point values by name."""
        return draw_values(self.entries, 0, -1)

    def draw(self, seed: int, draw: int) -> dict[str, float]:
        """One draw of every parameter from its prior; draw -1 gives the point values (see `draw_values`)."""
        return draw_values(self.entries, seed, draw)

    def effects(self) -> tuple[Entry, ...]:
        """Entries that can be nothing: those with a null, and the switch (or the programme) that turns them off."""
        return tuple(entry for entry in self.entries if entry.is_effect)

    def of_mechanism(self, switch: str) -> tuple[Entry, ...]:
        """Entries that a switch of `scenario.mechanisms` turns off."""
        return tuple(entry for entry in self.entries if entry.mechanism == switch)

    def problems_with(self, values: Mapping[str, float]) -> list[str]:
        """What is wrong with values set by hand: unknown names and values outside their range, one line each."""
        problems = []
        for name, value in values.items():
            entry = self._by_name.get(name)
            if entry is None:
                problems.append(f"{name} is no parameter of the ledger")
            elif not entry.range[0] <= value <= entry.range[1]:
                problems.append(
                    f"{name} is {value:g}; it must be from {entry.range[0]:g} to {entry.range[1]:g} {entry.unit}"
                )
        return problems

    def evidence(self) -> dict[str, Row]:
        """The evidence register beside this ledger."""
        return register(self.folder)

    @property
    def hash(self) -> str:
        """Fingerprint of every entry (16 hex digits): names, values, priors, sources, words."""
        text = json.dumps([entry.model_dump(mode="json") for entry in self.entries], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def register(folder: Path) -> dict[str, Row]:
    """Evidence register of one calibration folder, read once."""
    return read_register(folder / REGISTER)


@lru_cache(maxsize=8)
def _load(folder: Path) -> Ledger:
    files = sorted((folder / PRIORS).glob("*.yaml"))
    if not files:
        raise LedgerError(f"no parameter files: {folder / PRIORS} holds no .yaml file")
    contents = [(path.name, path.read_bytes()) for path in files]
    key = _key(contents, (folder / REGISTER).read_bytes())
    raw = _cached(key)
    fresh = raw is None
    unreadable: list[str] = []
    if raw is None:
        raw = []
        for name, content in contents:
            try:
                raw.append((name, _parse(name, content)))
            except LedgerError as error:
                unreadable.append(str(error))
    entries, problems = _validate(raw)
    problems = unreadable + problems
    if fresh and not problems:
        rows = register(folder)
        for entry in entries:
            problems += citation_problems(entry.name, entry.sources, entry.targets, rows)
    if problems:
        raise LedgerError("\n".join(problems))
    if fresh:
        _keep(key, raw)
    return Ledger(tuple(entries), folder)


def _parse(name: str, content: bytes) -> list[dict[str, Any]]:
    """Read one file as YAML 1.2; repeated keys are refused by the reader. An unquoted key `null` is the key "null"."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        raw = YAML(typ="safe", pure=True).load(content.decode("utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise LedgerError(f"{name}: not readable as YAML: {' '.join(str(error).split())}") from None
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise LedgerError(f"{name}: must be a list of entries, each opening with '- name:'")
    return [{"null" if key is None else key: value for key, value in item.items()} for item in raw]


def _validate(raw: list[tuple[str, list[dict[str, Any]]]]) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for file, items in raw:
        for number, item in enumerate(items, start=1):
            name = str(item.get("name", f"entry {number}"))
            if name in seen:
                problems.append(f"{file}: {name}: this name is already taken in {seen[name]}")
            seen[name] = file
            try:
                entries.append(Entry.model_validate(item))
            except ValidationError as error:
                for fault in error.errors(include_url=False):
                    where = ".".join(str(part) for part in fault["loc"])
                    problems.append(
                        f"{file}: {name}: {where + ': ' if where else ''}{fault['msg'].removeprefix('Value error, ')}"
                    )
    return entries, problems


def _key(contents: list[tuple[str, bytes]], evidence: bytes) -> str:
    digest = hashlib.sha256(_FORMAT.encode())
    for name, content in [*contents, ("evidence", evidence)]:
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _cache_file() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("wardsim", appauthor=False)) / "ledger.json"


def _cached(key: str) -> list[tuple[str, list[dict[str, Any]]]] | None:
    """Parsed content kept under this key, or None; a cache that cannot be read or understood counts as none."""
    try:
        kept = json.loads(_cache_file().read_text(encoding="utf-8"))
        if kept["key"] != key:
            return None
        return [(str(name), list(items)) for name, items in kept["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(key: str, raw: list[tuple[str, list[dict[str, Any]]]]) -> None:
    """Keep parsed content, whole or not at all; failing to is no fault."""
    temporary: str | None = None
    try:
        target = _cache_file()
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix="ledger-", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"key": key, "files": raw}, stream)
        Path(temporary).replace(target)
        temporary = None
    except (OSError, TypeError, ValueError):
        pass
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
