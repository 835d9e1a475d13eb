"""The JSON Schemas of scenario and study files, for editors that complete and check while one types."""

from __future__ import annotations

import copy
from typing import Any

from .fields import SCENARIO, Keys, unit_of

VERSION = 1
SCHEMA_ID = f"urn:wardsim:scenario:{VERSION}"
FILE_NAME = f"wardsim-scenario-{VERSION}.schema.json"
"""Name that the first line of every template gives to editors."""
MODELINE = f"# yaml-language-server: $schema={FILE_NAME}"


def file_name(kind: str = "scenario") -> str:
    """Name under which the schema of a kind of file is saved."""
    return f"wardsim-{kind}-{VERSION}.schema.json"


def modeline(kind: str = "scenario") -> str:
    """First line of a file of a kind, which tells editors its schema."""
    return f"# yaml-language-server: $schema={file_name(kind)}"


def json_schema(kind: str = "scenario") -> dict[str, Any]:
    """The schema, draft 2020-12, with a versioned `$id`; each number's unit stands in `x-unit` and in its description.

    Parameters
    ----------
    kind : str
        scenario, options, sweep, sensitivity, optimise or population.
    """
    if kind == "scenario":
        return _scenario()
    from .studies.kinds import KINDS, SHORT

    schema = _described(KINDS[kind])
    for name, field in schema["properties"].items():
        if name in SHORT and (name != "parameters" or kind == "sensitivity"):
            told = {key: field.pop(key) for key in ("description", "default") if key in field}
            schema["properties"][name] = {"anyOf": [*SHORT[name], field], **told}
    for name in ("factors", "choices"):
        if name in schema["properties"]:
            field = schema["properties"][name]
            field["additionalProperties"] = {"anyOf": [{"type": "array", "minItems": 1}, field["additionalProperties"]]}
    return _headed(schema, f"urn:wardsim:{kind}:{VERSION}", f"wardsim {kind} file, version {VERSION}")


def _scenario() -> dict[str, Any]:
    schema = _described(SCENARIO)
    for name, field in schema["$defs"]["PricesSection"]["properties"].items():
        _describe(name, field, ("prices", name))
    extends = {
        "type": "string",
        "maxLength": 200,
        "description": "A scenario file in the same folder, or a shipped one, whose values hold where this file says nothing.",
    }
    schema["properties"] = {"extends": extends, **schema["properties"]}
    return _headed(schema, SCHEMA_ID, f"wardsim scenario, version {VERSION}")


def _headed(schema: dict[str, Any], schema_id: str, title: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id,
        "title": title,
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _described(keys: Keys) -> dict[str, Any]:
    """The schema with every description on one line and every unit told."""
    schema: dict[str, Any] = copy.deepcopy(dict(keys.raw_schema))
    for definition in [schema, *schema["$defs"].values()]:
        definition["description"] = " ".join(str(definition.get("description", "")).split())
        for name, field in definition.get("properties", {}).items():
            _describe(name, field)
            if not field["description"] and "$ref" in field:  # left out by pydantic where it repeats the section's own
                target = schema["$defs"][field["$ref"].rsplit("/", 1)[1]]
                field["description"] = " ".join(str(target.get("description", "")).split())
    return schema


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
    for part in (field, *field.get("anyOf", [])):
        for own in ("title", "x-kind", "x-expected"):
            part.pop(own, None)
