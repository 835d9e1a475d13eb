"""Explanations, JSON Schema and templates: made from the schema, so that they cannot fall behind it."""

from __future__ import annotations

import json
import shlex
from datetime import date
from typing import Any

import pytest

from wardsim.scenario.calendar import holidays_for
from wardsim.scenario.codes import CODES
from wardsim.scenario.explain import as_text, explain_code, explain_key, overview
from wardsim.scenario.fields import walk
from wardsim.scenario.jsonschema import FILE_NAME, MODELINE, SCHEMA_ID, json_schema
from wardsim.scenario.load import load_text
from wardsim.scenario.schema import Scenario
from wardsim.scenario.templates import names, template

pytestmark = pytest.mark.unit


def test_a_key_is_explained() -> None:
    info = explain_key("staffing.required.night.rn")
    assert info is not None
    assert info["meaning"] == "Registered nurses."
    assert (info["unit"], info["range"], info["default"]) == ("people", "from 0 to 30", 2)
    assert info["example"] == "--set staffing.required.night.rn=2"
    assert "a whole number from 0 to 30" in as_text(info)


@pytest.mark.parametrize(
    "text",
    [
        "training.courses.valid_months",
        "training.courses[].valid_months",
        "training.courses[3].valid_months",
        "training.courses.3.valid_months",
        "training.courses.life_support.valid_months",
    ],
)
def test_items_of_lists_may_be_named_in_many_ways(text: str) -> None:
    info = explain_key(text)
    assert info is not None
    assert info["name"] == "training.courses[].valid_months"


@pytest.mark.parametrize(
    "text", ["", ".", "nothing", "ward.nothing", "ward.beds.more", "training.courses.knitting", "[0]"]
)
def test_what_is_no_key(text: str) -> None:
    assert explain_key(text) is None


def test_every_key_and_code_has_an_explanation_and_every_example_works() -> None:
    examples = []
    for _, about in walk():
        info = explain_key(about.key)
        assert info is not None, about.key
        assert info["name"] == about.key
        assert as_text(info)
        if info["example"]:
            examples.append(shlex.split(info["example"])[1])
    assert len(examples) > 120
    # a date, a text and a share can contradict others; each alone must be read
    for example in examples:
        if not example.startswith(("staffing.roster_file", "demand.local.occup")):
            load_text("name: x", overrides=[example])
    for code in CODES:
        info = explain_code(code.lower())
        assert info is not None
        assert len(info["explanation"]) > 50
        assert as_text(info).startswith(code)
    assert explain_code("WS999") is None
    assert "WS104" in as_text(overview())


def test_the_json_schema_is_versioned_and_has_units() -> None:
    schema = json_schema()
    assert schema["$id"] == SCHEMA_ID == "urn:wardsim:scenario:1"
    assert schema["required"] == ["name"]
    assert "extends" in schema["properties"]
    night = schema["$defs"]["EstablishmentSection"]["properties"]["rn_band5_wte"]
    assert night["x-unit"] == "WTE"
    assert night["maximum"] == 60
    assert json.loads(json.dumps(schema)) == schema
    for definition in schema["$defs"].values():
        assert definition["additionalProperties"] is False
        for name, field in definition.get("properties", {}).items():
            assert field["description"], name
            assert "\n" not in field["description"]


def test_references_of_the_json_schema_resolve() -> None:
    schema = json_schema()

    def check(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].removeprefix("#/$defs/") in schema["$defs"]
            for item in node.values():
                check(item)
        elif isinstance(node, list):
            for item in node:
                check(item)

    check(schema)


@pytest.mark.parametrize("name", names())
def test_templates_name_the_schema_and_are_valid(name: str) -> None:
    text = template(name)
    assert text.splitlines()[0] == MODELINE
    assert FILE_NAME in MODELINE
    load_text(text)


def test_the_full_template_has_every_key_at_its_default() -> None:
    text = template("ward")
    assert load_text(text).hash == load_text("name: x").hash
    lines = text.splitlines()
    for _, about in walk():
        key = about.key.split(".")[-1]
        if "[]" not in about.key and key != "schema_version":
            assert any(line.strip().startswith(f"{key}:") for line in lines), about.key
    assert max(len(line) for line in lines if line.lstrip().startswith("#")) <= 120


def test_public_holidays_are_day_numbers() -> None:
    scenario = Scenario(name="x")
    assert scenario.ward.start_date == date(2025, 4, 7)
    days = holidays_for(scenario, 2024, 2025)
    good_friday, christmas = (date(2025, 4, 18) - date(2025, 4, 7)).days, (date(2025, 12, 25) - date(2025, 4, 7)).days
    assert {good_friday, christmas, (date(2024, 12, 25) - date(2025, 4, 7)).days} <= days
    assert len(days) == 16
    none = load_text("name: x\nward: {bank_holidays: none}\n").scenario
    assert holidays_for(none, 2024, 2025) == frozenset()
    assert holidays_for(scenario, 2025, 2024) == frozenset()
