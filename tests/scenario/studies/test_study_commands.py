"""The commands that know study files: validate, explain, schema, init."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from wardsim.cli import main
from wardsim.scenario.explain import as_text
from wardsim.scenario.jsonschema import file_name, json_schema, modeline
from wardsim.scenario.shipped import shipped_scenarios, shipped_studies
from wardsim.scenario.studies import load_study_text
from wardsim.scenario.studies.explain import explain_study, study_keys
from wardsim.scenario.studies.kinds import KINDS
from wardsim.scenario.templates import study_template

pytestmark = pytest.mark.unit


def call(*words: str) -> Any:
    return CliRunner().invoke(main, list(words))


def test_validate_takes_scenarios_and_studies_together() -> None:
    files = [str(shipped_scenarios()["baseline"]), *(str(path) for path in shipped_studies().values())]
    done = call("validate", *files)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(files)
    assert all(line.startswith("ok  ") for line in lines)
    assert next(line for line in lines if "staffing-by-training.yaml" in line).endswith("sweep, 20 wards")
    told = json.loads(call("validate", "--json", files[-1]).stdout)["data"]["files"][0]
    assert (told["kind"], told["wards"], len(told["hash"])) == ("sweep", 64, 64)


def test_validate_lays_overrides_over_a_study_and_its_base() -> None:
    file = str(shipped_studies()["options/headroom"])
    assert call("validate", file, "--set", "years=1", "--set", "base.ward.beds=20").exit_code == 0
    done = call("validate", file, "--set", "yeers=1", "--set", "base.ward.beds=many")
    assert done.exit_code == 2
    assert "error[WS109] yeers is not known; an options file has no key" in done.stderr
    assert "error[WS104] ward.beds is" in done.stderr


def test_validate_finds_levels_that_contradict_only_together(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        "name: x\nfactors:\n  demand.case_mix.psychosis_pct: [40, 60]\n  demand.case_mix.personality_disorder_pct: [20, 50]\n"
    )
    done = call("validate", str(path))
    assert (done.exit_code, "error[WS158]" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sweep", "sweep.factors"),
        ("sweep.design", "sweep.design.points"),
        ("options.options.set", "a group of scenario keys and values"),
        ("sweep.factors.levels", "sweep.factors.NAME.levels"),
        ("optimise.limits", "optimise.limits.NAME.at_most"),
        ("precision.half_width", "options.precision.NAME.half_width"),
        ("probability", "from 0.5 to 0.999"),
        ("WS178", "power of two"),
    ],
)
def test_explain_knows_studies(name: str, words: str) -> None:
    done = call("explain", name)
    assert done.exit_code == 0
    assert words in " ".join(done.stdout.split())


def test_every_key_of_every_kind_is_explained() -> None:
    for key in study_keys():
        info = explain_study(key)
        assert info is not None, key
        assert info["name"] == key
        assert as_text(info)
    assert explain_study("sweep.nothing") is None
    assert "Did you mean sweep.factors" in call("explain", "sweep.factor").stderr


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_schema_of_each_kind(kind: str) -> None:
    done = call("schema", "--kind", kind)
    schema = json.loads(done.stdout)
    assert done.exit_code == 0
    assert schema == json_schema(kind)
    assert schema["$id"] == f"urn:wardsim:{kind}:1"
    assert schema["additionalProperties"] is False
    assert "x-expected" not in done.stdout
    for definition in [schema, *schema["$defs"].values()]:
        for name, field in definition.get("properties", {}).items():
            assert field["description"], name
            assert "\n" not in field["description"]
    if kind in ("sweep", "optimise"):
        group = schema["properties"]["factors" if kind == "sweep" else "choices"]
        assert {"type": "array", "minItems": 1} in group["additionalProperties"]["anyOf"]


def test_shipped_studies_and_templates_fit_the_json_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from ruamel.yaml import YAML

    texts = {kind: [study_template(kind)] for kind in KINDS}
    for path in shipped_studies().values():
        text = path.read_text(encoding="utf-8")
        texts[next(kind for kind in KINDS if text.startswith(modeline(kind)))].append(text)
    for kind, documents in texts.items():
        for document in documents:
            jsonschema.validate(YAML(typ="safe", pure=True).load(document), json_schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_init_writes_a_template_that_is_in_order(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    assert call("init", str(path), "--kind", kind).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0] == modeline(kind)
    assert file_name(kind) in text
    assert load_study_text(text).kind == kind
    assert call("validate", str(path)).exit_code == 0
    assert call("init", str(path), "--kind", "scenario").exit_code == 2  # never overwritten


def test_init_refuses_a_template_of_a_scenario_for_a_study(tmp_path: Path) -> None:
    done = call("init", str(tmp_path / "new.yaml"), "--kind", "sweep", "--template", "ward")
    assert done.exit_code == 2
    assert not (tmp_path / "new.yaml").exists()


ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("page", ["compare-options", "sweep"])
def test_the_examples_of_the_how_to_pages_are_in_order(page: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in text.split("```yaml\n")[1:]]
    assert blocks
    for block in blocks:
        load_study_text(block, folder=tmp_path)
    if page == "sweep":
        table = text.split("```text\n")[1].split("```")[0]
        (tmp_path / "points.csv").write_text(table)
        own = blocks[-1].replace("{kind: sobol, points: 64}", "{kind: csv, file: points.csv}")
        assert len(load_study_text(own, folder=tmp_path).rows) == 2
