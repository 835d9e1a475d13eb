"""The evidence register: one use a row, and what was kept for validation never sets a prior."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardsim.parameters import Ledger
from wardsim.parameters.evidence import DECLARED_VALIDATION, EvidenceError, Row, citation_problems, read_register

HEADER = ",".join(Row.__slots__)


def write(path: Path, *lines: str) -> Path:
    """A register of the given lines."""
    file = path / "register.csv"
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return file


def line(identity: str, use: str, status: str = "seen") -> str:
    """One line of a register."""
    figure = "Mean stay,39,33,45,days,discharge,acute wards,England,10,2023"
    return f"{identity},topic,{figure},Somebody (2024),10.1/x,,{status},note,{use}"


def test_a_row_is_cited_in_full(tmp_path: Path) -> None:
    """Citation: id, quantity, figure with range and unit, place, source, doi; memory is marked."""
    rows = read_register(write(tmp_path, line("FC001", "input"), line("FC002", "not_used", "recalled")))
    assert (
        rows["FC001"].citation()
        == "FC001: Mean stay: 39 (33 to 45) days (acute wards, England, 2023). Somebody (2024). doi:10.1/x"
    )
    assert rows["FC002"].citation().endswith("[recalled]")


def test_every_fault_of_a_register_is_found(tmp_path: Path) -> None:
    """Ids twice, unknown uses, unknown status, memory as target, a validation row put to another use."""
    file = write(
        tmp_path,
        line("FC001", "input"),
        line("FC001", "input"),
        line("FC002", "maybe"),
        line("FC003", "input", "heard"),
        line("FC004", "target", "recalled"),
        line("INC044", "input"),
    )
    with pytest.raises(EvidenceError) as caught:
        read_register(file)
    text = str(caught.value)
    for part in (
        "id FC001 is there twice",
        "use 'maybe'",
        "status 'heard'",
        "FC004: a figure recalled",
        "INC044: kept for validation",
    ):
        assert part in text
    assert len(text.splitlines()) == 5


def test_columns_are_fixed(tmp_path: Path) -> None:
    """A register with other columns is refused."""
    file = tmp_path / "register.csv"
    file.write_text("id,value\nFC001,3\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match="columns must be"):
        read_register(file)


def test_citations_are_checked(tmp_path: Path) -> None:
    """Unknown rows and validation rows as sources, and rows that are no targets as targets."""
    rows = read_register(write(tmp_path, line("FC001", "input"), line("FC002", "validation"), line("FC003", "target")))
    assert citation_problems("x.y", ("FC001",), ("FC003",), rows) == []
    faults = citation_problems("x.y", ("FC002", "FC009"), ("FC001",), rows)
    assert [fault.split(": ")[1][:30] for fault in faults] == [
        "FC009 is not in the evidence r",
        "FC002 is kept for validation (",
        "FC001 is named as a target, bu",
    ]


# The shipped register


@pytest.fixture(scope="module")
def register() -> dict[str, Row]:
    """The shipped register; reading it checks its rules."""
    return Ledger.load().evidence()


def test_declared_validation_rows_are_there_and_never_cited(register: dict[str, Row]) -> None:
    """What was declared for validation stays for validation."""
    assert {row for row in DECLARED_VALIDATION if register[row].use == "validation"} == DECLARED_VALIDATION
    cited = {row for entry in Ledger.load() for row in entry.sources}
    assert cited & {row.id for row in register.values() if row.use == "validation"} == set()


def test_what_sets_a_prior_is_an_input(register: dict[str, Row]) -> None:
    """Each cited row has the use 'input': none is a target, none is said not to be used."""
    faults = {
        (e.name, row, register[row].use) for e in Ledger.load() for row in e.sources if register[row].use != "input"
    }
    assert faults == set()


def test_every_row_has_a_source(register: dict[str, Row]) -> None:
    """Rows in use name where they were read."""
    assert [row.id for row in register.values() if row.use != "not_used" and not row.source] == []
