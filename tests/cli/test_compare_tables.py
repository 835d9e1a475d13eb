"""The tables that `wardsim compare` leaves: every value has its range and names its estimand, or the row says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.made_up import ASSAULTS
from tests.cli.test_compare import NURSES, table

pytestmark = pytest.mark.e2e


def test_every_table_names_its_estimand_and_every_share_has_its_range(call, write):
    more = "replications: 80\nmechanisms: [response, contagion, [response, contagion]]\nvalues: {assaults_true_per_1000_obd: -9000}\n"
    assert call("compare", write("o.yaml", NURSES + more), "--out", "r", "--no-progress").exit_code == 0
    for name in ("options", "differences", "quarters", "best", "variance", "structures", "mechanisms", "explained", "benefit", "information"):
        assert {row["estimand"] for row in table(Path(f"r/{name}.csv"))} == {"transition"}, name
    for row in table(Path("r/best.csv")):
        assert 0.0 <= float(row["p_best_low"]) <= float(row["p_best"]) <= float(row["p_best_high"]) <= 1.0
    for row in table(Path("r/benefit.csv")):
        ends = [float(row[key]) for key in ("net_benefit_mc_low", "net_benefit", "net_benefit_mc_high", "net_benefit_low", "net_benefit_high")]
        assert ends[0] < ends[1] < ends[2]
        assert ends[3] < ends[4]
        assert (row["low"] == row["high"] == "") == (row["option"] == "Baseline")
        assert float(row["p_best_low"]) <= float(row["p_best"]) <= float(row["p_best_high"])
    rows = table(Path("r/information.csv"))
    assert len(rows) > 400
    for row in rows:
        assert 0.0 <= float(row["low"]) <= float(row["value"]) <= float(row["high"])
    for row in table(Path("r/explained.csv")):
        if row["share"]:
            assert 0.0 <= float(row["share_low"]) <= float(row["share"]) <= float(row["share_high"]) <= 100.0
        else:
            assert "shares of their spread cannot be told" in row["reason"]


def test_few_draws_do_not_say_which_parameter_makes_an_answer(call, write):
    """Of hundreds of parameters a dozen draws tell hardly one apart: those that are not have no share, and a row says why."""
    done = call("compare", write("o.yaml", NURSES + "replications: 24\nvalues: {assaults_true_per_1000_obd: -9000}\n"), "--out", "r", "--no-progress")
    assert done.exit_code == 0, done.output
    rows = table(Path("r/explained.csv"))
    assert all(row["told_apart"] == "yes" for row in rows if row["share"])
    assert {"; there are 12" in row["reason"] for row in rows if not row["share"]} == {True}
    assert {row["value"] for row in table(Path("r/information.csv")) if row["told_apart"] == "no"} == {""}


def test_a_form_of_the_model_that_was_not_varied_is_said_to_be_so(data, call, write):
    found = data("compare", write("o.yaml", NURSES + "replications: 20\n"), "--out", "r")
    told = "not varied in this study (`mechanisms:` in a study file varies it)"
    assert found["options"][1]["variance"][ASSAULTS]["structure"] == {"reason": told}
    (row,) = [row for row in table(Path("r/variance.csv")) if (row["option"], row["name"], row["source"]) == ("two", ASSAULTS, "structure")]
    assert (row["share"], row["reason"]) == ("", told)
    assert f"Structure: {told}." in " ".join(call("resume", "r").stdout.split())
