"""How wardsim is cited, and a result of it: plain text, BibTeX, CITATION.cff. The source of all is the CITATION.cff that is shipped."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wardsim.scenario.errors import printable
from wardsim.scenario.shipped import citation_file

if TYPE_CHECKING:
    from .cited import Cited

LICENCES = {"MIT": "MIT licence"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""Names of months that BibTeX knows."""
FROM = {
    "posterior": "parameters drawn from the calibrated posterior", "prior": "parameters drawn from their priors",
    "point": "parameters at their point values",
}  # fmt: skip
OF = {
    "results": "results (everything that decides the numbers)", "scenario": "scenario", "model": "model (code of the ward)",
    "ledger": "ledger of parameters", "posterior": "posterior (draws of the calibrated parameters)",
}  # fmt: skip
"""Fingerprint -> what it is of."""
_SPECIAL = re.compile(r"[&%$#_{}~^\\]")
_WRITTEN = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}


@dataclass(frozen=True)
class Work:
    """What is cited.

    Attributes
    ----------
    title, version : str
    authors : tuple of str
        A body by its name, a person as `Family, Given`.
    bodies : tuple of bool
        Whether each author is a body.
    released : str
        Day of release, ISO 8601; "" where it is not known.
    licence, doi, url : str
        "" where there is none.
    """

    title: str
    version: str
    authors: tuple[str, ...]
    bodies: tuple[bool, ...]
    released: str
    licence: str
    doi: str
    url: str


def work(version: str = "") -> Work:
    """wardsim, from the CITATION.cff that comes with it.

    Parameters
    ----------
    version : str
        That is cited; another one than this has no day of release that is known here. Left out: this one.
    """
    found = _read()
    people = [one for one in found["authors"] if isinstance(one, Mapping)]
    names = tuple(str(one.get("name") or ", ".join(filter(None, (one.get("family-names"), one.get("given-names"))))) for one in people)
    here = str(found["version"])
    return Work(
        title=str(found["title"]),
        version=version or here,
        authors=names,
        bodies=tuple("name" in one for one in people),
        released=str(found.get("date-released", "")) if version in ("", here) else "",
        licence=str(found.get("license", "")),
        doi=str(found.get("doi", "")),
        url=str(found.get("repository-code") or found.get("url") or ""),
    )


def as_text(what: Work, result: Cited | None = None) -> str:
    """A reference for a list of references, then a passage for a section on methods."""
    year = f" ({what.released[:4]})" if what.released else ""
    ends = [LICENCES.get(what.licence, what.licence), f"https://doi.org/{what.doi}" if what.doi else what.url]
    lines = [f"{'; '.join(what.authors)}{year}. {what.title} (version {what.version}) [Computer software]. " + ". ".join(filter(None, ends))]
    lines[0] = lines[0].rstrip(". ") + "."
    if result is not None:
        lines += ["", passage(what, result), "", *(f"{OF[name]}: {value}" for name, value in result.hashes.items())]
    return "\n".join(lines)


def passage(what: Work, result: Cited) -> str:
    """What identifies a result, in sentences."""
    by = "; ".join(what.authors) + (f", {what.released[:4]}" if what.released else "")
    on = f" on {result.written}" if result.written else ""
    ends = "Its fingerprints (SHA-256; short ones are the first 16 digits):"
    return f"Made with wardsim {result.wardsim} ({by}){on}: {_said(result)}. Seed {result.seed}. {ends}"


def _said(result: Cited) -> str:
    from .cited import KINDS

    told = result.settings
    name = f' "{printable(result.name)}"' if result.name else ""
    if result.kind == "calibrate":
        return f"calibration of {told['fitted']} parameters, {told['draws']:,} draws of the posterior"
    runs = f"{told['runs']:,} run{'s' if told['runs'] != 1 else ''}"
    runs += f" of {told['wards']:,} wards" if told["wards"] != 1 else ""
    runs += f" ({told['failed']:,} more failed)" if told["failed"] else ""
    length = "1 year" if told["years"] == 1 else f"{told['years']:g} years"
    return f"{KINDS[result.kind]}{name}, estimand {told['estimand']}, {length}, {runs}, {FROM[str(told['parameters'])]}"


def as_bibtex(what: Work, result: Cited | None = None) -> str:
    """An entry for BibTeX or BibLaTeX."""
    note = LICENCES.get(what.licence, what.licence)
    key = "wardsim-" + re.sub(r"[^0-9a-z]+", "-", what.version.lower())
    if result is not None:
        told = "; ".join(f"{name} {value}" for name, value in result.hashes.items())
        note += f". {_said(result)[:1].upper()}{_said(result)[1:]}, seed {result.seed}; {told}"
        key += f"-{next(iter(result.hashes.values()))[:8]}"
    authors = " and ".join(f"{{{_tex(name)}}}" if body else _tex(name) for name, body in zip(what.authors, what.bodies, strict=True))
    fields = {
        "author": f"{{{authors}}}",
        "title": f"{{{{{_tex(what.title)}}}}}",
        "version": f"{{{_tex(what.version)}}}",
        "year": f"{{{what.released[:4]}}}" if what.released else "",
        "month": MONTHS[int(what.released[5:7]) - 1] if what.released else "",
        "doi": f"{{{what.doi}}}" if what.doi else "",
        "url": f"{{{what.url}}}" if what.url else "",
        "note": f"{{{_tex(note)}}}" if note else "",
    }
    lines = [f"  {name:<7} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@software{{{key},", *lines, "}"])


def as_cff(what: Work, result: Cited | None = None) -> str:
    """CITATION.cff as it is shipped; with a result, its fingerprints stand under `identifiers`."""
    if result is None:
        return citation_file().read_text(encoding="utf-8").rstrip("\n")
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    content = yaml.load(citation_file().read_text(encoding="utf-8"))
    content["version"] = what.version
    if not what.released:
        content.pop("date-released", None)
    told = _said(result)
    about = {name: f"{OF[name]}; {told}, seed {result.seed}" if not at else OF[name] for at, name in enumerate(result.hashes)}
    content.setdefault("identifiers", []).extend(
        {"type": "other", "value": value, "description": about[name]} for name, value in result.hashes.items()
    )
    written = io.StringIO()
    yaml.dump(content, written)
    return written.getvalue().rstrip("\n")


FORMATS = {"text": as_text, "bibtex": as_bibtex, "cff": as_cff}


def _read() -> dict[str, Any]:
    from ruamel.yaml import YAML

    found: dict[str, Any] = YAML(typ="safe", pure=True).load(citation_file().read_text(encoding="utf-8"))
    return found


def _tex(text: str) -> str:
    """Text as TeX takes it."""
    return _SPECIAL.sub(lambda found: _WRITTEN.get(found[0], f"\\{found[0]}"), text)
