"""The event log that vidigi reads, and where on a page each of its events is drawn."""

from __future__ import annotations

import csv
import io
import json

from wardsim.experiments.results import csv_bytes

from ..source import Source
from . import ExportError

LOG, POSITIONS, ABOUT = "event_log.csv", "event_positions.csv", "vidigi.json"
PLACES: tuple[tuple[str, int, int, str, str], ...] = (
    ("arrival", 60, 470, "Referred", ""),
    ("waiting_for_bed", 240, 390, "Waiting for a bed", ""),
    ("in_bed", 320, 210, "On the ward", "beds"),
    ("on_leave", 620, 390, "On leave", ""),
    ("out_of_area", 620, 470, "Out of area", ""),
    ("depart", 660, 60, "Left", ""),
)
"""Event, place on the page (x to the right, y upwards), words, and the resource whose number vidigi takes from the scenario given to it."""


def made(source: Source) -> dict[str, bytes]:
    """`event_log.csv`, `event_positions.csv`, and `vidigi.json` with the number of beds and the units.

    Times are minutes since time zero; whoever was there before has an arrival of an earlier, negative time.

    Raises
    ------
    ExportError
        When the run was made without `--events`, or is no run.
    """
    path = source.folder / "events.csv"
    if source.kind != "run" or not path.is_file():
        raise ExportError(f"{source.folder} holds no event log; `wardsim run SCENARIO --events` keeps that of the first run")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    seen = {row["event"] for row in rows}
    places = [place for place in PLACES if place[0] in seen]
    about = {
        "time": "minutes since time zero",
        "run_number": int(rows[0]["run_number"]) if rows else None,
        "beds": int(source.manifest["scenario"]["ward"]["beds"]),
        "start_date": source.manifest["scenario"]["ward"]["start_date"],
        "measured_minutes": source.manifest["measured_minutes"],
    }
    return {
        LOG: path.read_bytes(),
        POSITIONS: csv_bytes(("event", "x", "y", "label", "resource"), places),
        ABOUT: (json.dumps(about, indent=2) + "\n").encode(),
    }
