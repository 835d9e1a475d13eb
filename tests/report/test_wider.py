"""Tables that only some analyses leave (spread by source, uncertain inputs, net benefit, worth of knowing more) are shown where they are."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from tests.report.page import Page
from wardsim.experiments.results import csv_bytes
from wardsim.report import add_report, figures_of

OPTION = "Protected training"
ASSAULTS = "assaults_true_per_1000_obd"


def add(folder: Path, name: str, head: tuple[str, ...], *rows: tuple[object, ...]) -> None:
    """Put a table into a folder and into its manifest."""
    content = csv_bytes(head, rows)
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_they_are_shown(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "wider"
    shutil.copytree(folders["compare"], folder)
    head = ("option", "reference", "name", "unit", "source", "variance", "low", "high", "share", "share_low", "share_high", "draws", "runs", "reason")
    shares = (("chance", 71.0), ("parameters", 23.0), ("structure", 6.0))
    add(folder, "variance.csv", head, *(
        (OPTION, "Baseline", ASSAULTS, "u", source, 1.0, 0.5, 2.0, share, share - 5, share + 5, 20, 40, "") for source, share in shares
    ))  # fmt: skip
    head = ("option", "name", "kind", "parameter", "label", "share", "standard_error", "correlation", "told_apart", "reason")
    add(folder, "explained.csv", head,
        (OPTION, ASSAULTS, "parameter", "mechanisms.contagion_offspring", "Further episodes", 41.0, 7.0, 0.6, True, ""),
        (OPTION, ASSAULTS, "parameter", "mechanisms.limit_share", "Limits", 1.0, 7.0, 0.1, False, "not told apart from accident"))  # fmt: skip
    add(folder, "benefit.csv", ("option", "net_benefit", "gain", "mc_low", "mc_high", "p_best", "chosen", "reason"),
        (OPTION, -1_900_000.0, 12_345.0, 5_000.0, 20_000.0, 0.64, True, ""))  # fmt: skip
    add(folder, "information.csv", ("kind", "name", "label", "value", "standard_error", "share", "told_apart", "reason"),
        ("perfect", "", "all parameters", 4321.0, 210.0, 100.0, None, ""))  # fmt: skip
    page = Page.of(add_report(folder))
    figure = next(one for one in figures_of(folder) if one.name == "variance")
    assert figure.rows == ((f"{OPTION}: physical assaults per 1,000 OBD (happened)", "71% (66 to 76)", "23% (18 to 28)", "6% (1 to 11)"),)
    assert "<text" in figure.svg()
    inputs = page.tables["Which uncertain inputs make the spread of the answer"]
    assert ["41% (standard error 7)"] in [cell for row in inputs for cell in row]
    assert "Limits" not in [cell[0] for row in inputs for cell in row]
    assert ["+12.3"] in [cell for row in page.tables["Choice by expected net benefit, thousand GBP a year"] for cell in row]
    assert ["4,321 (standard error 210)"] in [cell for row in page.tables["What it would be worth to know more before choosing"] for cell in row]
