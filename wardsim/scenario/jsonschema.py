"""The JSON Schema of a scenario file, for editors that complete and check while one types."""

from __future__ import annotations

import copy
from typing import Any

from .fields import SCENARIO, unit_of

VERSION = 1
SCHEMA_ID = f"urn:wardsim:scenario:{VERSION}"
FILE_NAME = f"wardsim-scenario-{VERSION}.schema.json"
"""Name that the first line of every template gives to editors."""
MODELINE = f"# yaml-language-server: $schema={FILE_NAME}"


def json_schema() -> dict[str, Any]:
    """The schema, draft 2020-12, with a versioned `$id`; each number's unit stands in `x-unit` and in its description."""
    schema = copy.deepcopy(dict(SCENARIO.raw_schema))
    for definition in [schema, *schema["$defs"].values()]:
        definition["description"] = " ".join(str(definition.get("description", "")).split())
        for name, field in definition.get("properties", {}).items():
            _describe(name, field)
            if not field["description"] and "$ref" in field:  # left out by pydantic where it repeats the section's own
                target = schema["$defs"][field["$ref"].rsplit("/", 1)[1]]
                field["description"] = " ".join(str(target.get("description", "")).split())
    for name, field in schema["$defs"]["PricesSection"]["properties"].items():
        _describe(name, field, ("prices", name))
    extends = {
        "type": "string",
        "maxLength": 200,
        "description": "A scenario file in the same folder, or a shipped one, whose values hold where this file says nothing.",
    }
    schema["properties"] = {"extends": extends, **schema["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": f"wardsim scenario, version {VERSION}",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _describe(name: str, field: dict[str, Any], path: tuple[str, ...] | None = None) -> None:
    """Tidy one field's description and add its unit."""
    text = " ".join(str(field.get("description", "")).split())
    kinds = {field.get("type"), *(option.get("type") for option in field.get("anyOf", []))}
    unit = unit_of(path or (name,)) if kinds & {"number", "integer"} else ""
    if unit:
        field["x-unit"] = unit
        if unit not in text:
            text = f"{text} [{unit}]"
    field["description"] = text
    field.pop("title", None)
