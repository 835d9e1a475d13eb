"""A calibration made again beside the stored one: the same bytes, or the same statement."""

from __future__ import annotations

from wardsim.calibrate.again import compare
from wardsim.experiments.reproduce.check import CLOSE, DIFFERENT, EXACT

PARAMETERS = "parameter,low,median,high\nincidents.a,1.0,2.0,3.0\nincidents.b,10,12,20\n"
TARGETS = "target,simulated,low,high\nt1,5.0,3.0,9.0\nt2,0.5,0.1,2.0\n"
STORED = {"parameters.csv": PARAMETERS.encode(), "targets.csv": TARGETS.encode(), "draws.csv": b"a\n1\n"}


def verdicts(made: dict[str, bytes], *, same: bool) -> dict[str, str]:
    return {one.table: one.verdict for one in compare(STORED, {**STORED, **made}, same_versions=same)}


def test_equal_bytes_are_exact() -> None:
    assert set(verdicts({}, same=True).values()) == {EXACT}


def test_with_the_same_versions_a_digit_is_a_difference() -> None:
    made = {"draws.csv": b"a\n1.000001\n"}
    assert verdicts(made, same=True)["draws.csv"] == DIFFERENT
    assert verdicts(made, same=False)["draws.csv"] == CLOSE


def test_with_other_versions_the_statement_counts() -> None:
    moved = PARAMETERS.replace("1.0,2.0,3.0", "1.1,2.2,3.2").encode()
    assert verdicts({"parameters.csv": moved}, same=False)["parameters.csv"] == CLOSE
    far = PARAMETERS.replace("1.0,2.0,3.0", "1.5,2.6,3.6").encode()
    found = next(one for one in compare(STORED, {**STORED, "parameters.csv": far}, same_versions=False) if one.table == "parameters.csv")
    assert found.verdict == DIFFERENT
    assert found.differences == ("incidents.a: median moved by 0.99 posterior SD, interval 1.05 times as wide",)
    wide = PARAMETERS.replace("10,12,20", "2,12,28").encode()
    assert verdicts({"parameters.csv": wide}, same=False)["parameters.csv"] == DIFFERENT


def test_simulated_figures_may_stray_by_a_third_of_their_interval() -> None:
    assert verdicts({"targets.csv": TARGETS.replace("t1,5.0", "t1,6.9").encode()}, same=False)["targets.csv"] == CLOSE
    assert verdicts({"targets.csv": TARGETS.replace("t1,5.0", "t1,7.1").encode()}, same=False)["targets.csv"] == DIFFERENT
    assert verdicts({"targets.csv": TARGETS.replace("t2", "t3").encode()}, same=False)["targets.csv"] == DIFFERENT
