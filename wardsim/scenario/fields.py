"""What may be written where: one description a key, taken from the schema, for messages, explanations and templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from .schema import Scenario

Path = tuple[str | int, ...]

_UNITS = (
    ("_pct_per_year", "percent a year"),
    ("_gbp_per_year", "GBP a year"),
    ("_gbp_per_day", "GBP a day"),
    ("_hours_per_week", "hours a week"),
    ("_hours_per_month", "hours a month"),
    ("_hours_per_wte", "hours a year for one WTE"),
    ("_days_per_year", "days a year"),
    ("_per_patient_week", "per patient and week"),
    ("_per_weekday", "per weekday"),
    ("_per_weekend_day", "per day"),
    ("_per_month", "per month"),
    ("_per_year", "per year"),
    ("_per_shift", "people"),
    ("_pct", "percent"),
    ("_wte", "WTE"),
    ("_gbp", "GBP"),
    ("_hours", "hours"),
    ("_minutes", "minutes"),
    ("_months", "months"),
    ("_weeks", "weeks"),
    ("_week", "weeks"),
    ("_days", "days"),
    ("_multiple", "ratio"),
    ("_multiplier", "ratio"),
    ("_rooms", "rooms"),
)
_UNITS_OF = {
    "schema_version": "version",
    "beds": "beds",
    "years": "years",
    "minutes": "minutes",
    "rn": "people",
    "hca": "people",
    "weekend_hca_change": "people",
    "regular_pool_size": "people",
    "group_size": "people",
    "replications": "runs",
    "annual_leave_days": "days a year for one WTE",
    "leave_carried_over_days": "days for one WTE",
    "occupied_bed_days_per_year": "bed days a year",
    "admission_threshold": "acuity points",
    "threshold": "acuity points",
    "acuity": "level, 1 lowest to 5 highest",
    "culture": "index, 0 usual",
    "teamwork": "index, 0 usual",
    "days_since_admission": "days",
    "start_date": "date",
}


@dataclass(frozen=True, slots=True)
class Spec:
    """One key of a file.

    Attributes
    ----------
    key : str
        Dotted key; items of a list are `[]`.
    kind : str
        section, list, pair (of clock times), names (of parameters), group (keys of the user's own choosing), any, whole, number,
        switch, word, clock, date, text.
    meaning, unit : str
        Description; unit, "" when it has none.
    low, high : float or None
        Bounds.
    above : bool
        The lower bound itself is not allowed.
    words : tuple of str
        Words allowed.
    nullable, required : bool
        May be null; must be given.
    default : object
        Default, as plain data.
    longest, shortest : int or None
        Length of text or list.
    said : str
        What would be right, where the schema says it in words of its own.
    """

    key: str
    kind: str
    meaning: str
    unit: str
    low: float | None
    high: float | None
    above: bool
    words: tuple[str, ...]
    nullable: bool
    required: bool
    default: Any
    longest: int | None
    shortest: int | None
    said: str = ""

    @property
    def expected(self) -> str:
        """What would be right, to follow the words "it must be"."""
        text = self._kind()
        if self.nullable:
            text += ", or null"
        return text

    @property
    def range(self) -> str:
        """Bounds in words, "" when there are none."""
        if self.low is None and self.high is None:
            return ""
        low = "" if self.low is None else f"{self.low:.12g}"
        high = "" if self.high is None else f"{self.high:.12g}" if abs(self.high) < 1e12 else f"{int(self.high)}"
        if self.above:
            return f"above {low} and at most {high}"
        return f"from {low} to {high}"

    def _items(self) -> str:
        """How many items a list may have."""
        if self.shortest and self.longest:
            return f" of {self.shortest} to {self.longest} items"
        return f" of at most {self.longest} items" if self.longest else ""

    def _kind(self) -> str:
        if self.said:
            return self.said
        bounds = f" {self.range}" if self.range else ""
        fixed = {
            "section": "a group of keys",
            "names": "a group of parameter names and numbers",
            "group": "a group of keys and values",
            "any": "a value",
            "switch": "true or false",
            "pair": 'two times of day, as in ["07:00", "14:45"]',
            "clock": 'a time of day from 00:00 to 23:59, as in "07:30"',
            "date": "a date written YYYY-MM-DD from 2000-01-01 to 2100-12-31",
            "whole": f"a whole number{bounds}",
            "number": f"a number{bounds}",
            "list": "a list" + self._items(),
        }
        if self.kind == "word":
            return "one of " + ", ".join(self.words) if len(self.words) > 1 else self.words[0]
        if self.kind == "text":
            return (
                f"text of {self.shortest} to {self.longest} characters"
                if self.shortest
                else f"text of at most {self.longest} characters"
            )
        return fixed[self.kind]


class Keys:
    """Every key of one kind of file, as its schema describes it.

    Parameters
    ----------
    model : type
        Schema.
    title : str
        What such a file is called in messages, with its article.
    sample : callable, optional
        Makes the object with every default; left out: defaults are those of the schema.
    """

    def __init__(self, model: type[BaseModel], title: str, sample: Callable[[], BaseModel] | None = None) -> None:
        self.model = model
        self.title = title
        self._sample = sample
        self._known: dict[Path, Spec | None] = {}

    @cached_property
    def raw_schema(self) -> Mapping[str, Any]:
        """JSON Schema as the model gives it."""
        schema: dict[str, Any] = self.model.model_json_schema()
        return schema

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """All defaults as plain data."""
        if self._sample is None:
            return {}
        plain: dict[str, Any] = self._sample().model_dump(mode="json", exclude={"name"})
        return plain

    def _deref(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema with `$ref` followed; own keywords (description, default) win."""
        if "$ref" in schema:
            target = self.raw_schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
            return {**self._deref(target), **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def _without_null(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
        options = schema.get("anyOf")
        if options is None:
            return schema, False
        rest = [option for option in options if option.get("type") != "null"]
        own = {k: v for k, v in schema.items() if k != "anyOf"}
        return {**self._deref(rest[0]), **own}, len(rest) < len(options)

    def _schema_at(self, path: Path) -> tuple[Mapping[str, Any], bool, bool] | None:
        """Schema of a path, whether it may be null, whether it is required."""
        schema, nullable, required = self.raw_schema, False, False
        for part in path:
            properties = schema.get("properties", {})
            if isinstance(part, str) and part in properties:
                required = part in schema.get("required", ())
                schema, nullable = self._without_null(self._deref(properties[part]))
            elif isinstance(part, str) and isinstance(schema.get("additionalProperties"), dict):
                schema, nullable = self._without_null(self._deref(schema["additionalProperties"]))
                required = False
            elif isinstance(part, int) or part == "[]":
                item = schema.get("items") or (schema.get("prefixItems") or [None])[0]
                if item is None:
                    return None
                required = "prefixItems" in schema
                schema, nullable = self._without_null(self._deref(item))
            else:
                return None
        return schema, nullable, required

    def _default_of(self, path: Path, schema: Mapping[str, Any]) -> Any:
        """Default of a key, as plain data; None when there is none."""
        here: Any = self.defaults
        for part in path:
            if not isinstance(part, str) or not isinstance(here, Mapping) or part not in here:
                return schema.get("default")
            here = here[part]
        return here

    def spec(self, path: Path) -> Spec | None:
        """Description of a key; None when there is no such key.

        Parameters
        ----------
        path : tuple
            Keys and list positions (a number or `[]`).
        """
        if path not in self._known:
            self._known[path] = self._spec(path)
        return self._known[path]

    def _spec(self, path: Path) -> Spec | None:
        found = self._schema_at(path)
        if found is None:
            return None
        schema, nullable, required = found
        kind = _kind_of(schema)
        words = tuple(str(word) for word in schema.get("enum", [schema["const"]] if "const" in schema else []))
        numeric = kind in ("whole", "number")
        low = schema.get("minimum", schema.get("exclusiveMinimum")) if numeric else None
        return Spec(
            key=dotted(path, bracket=True),
            kind=kind,
            meaning=" ".join(str(schema.get("description", "")).split()),
            unit=unit_of(path) if numeric or kind == "date" else "",
            low=low,
            high=schema.get("maximum") if numeric else None,
            above=numeric and "exclusiveMinimum" in schema,
            words=words,
            nullable=nullable,
            required=required,
            default=self._default_of(path, schema),
            longest=schema.get("maxLength", schema.get("maxItems")),
            shortest=schema.get("minLength", schema.get("minItems")),
            said=str(schema.get("x-expected", "")),
        )

    def children(self, path: Path) -> tuple[str, ...]:
        """Keys of a section (`[]` for a list of sections), in the order of the schema."""
        found = self._schema_at(path)
        if found is None:
            return ()
        schema = found[0]
        if schema.get("type") == "array" and "items" in schema:
            return ("[]",)
        return tuple(schema.get("properties", ()))

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, Spec]]:
        """Every key below a path, sections before their keys."""
        for name in self.children(path):
            below = (*path, name)
            about = self.spec(below)
            if about is not None:
                yield below, about
                yield from self.walk(below)


def _kind_of(schema: Mapping[str, Any]) -> str:
    if "x-kind" in schema:
        return str(schema["x-kind"])
    if "properties" in schema:
        return "section"
    if "enum" in schema or "const" in schema:
        return "word"
    kind = schema.get("type")
    if kind == "array":
        return "pair" if "prefixItems" in schema else "list"
    if kind == "string":
        return {"date": "date"}.get(schema.get("format", ""), "clock" if "pattern" in schema else "text")
    return {"object": "names", "integer": "whole", "number": "number", "boolean": "switch"}.get(str(kind), "any")


def unit_of(path: Path) -> str:
    """Unit of a key, from its name ("" when it has none)."""
    name = next((part for part in reversed(path) if isinstance(part, str) and part != "[]"), "")
    if name in _UNITS_OF:
        return _UNITS_OF[name]
    if path[:1] == ("prices",) and name.startswith("unsocial_"):
        return "share of pay"
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), "")


def dotted(path: Path, bracket: bool = False) -> str:
    """A path as text: `training.courses[2].name`, or with `[]` for any item."""
    out = ""
    for part in path:
        if isinstance(part, int) or part == "[]":
            out += "[]" if bracket else f"[{part}]"
        else:
            out += f".{part}" if out else part
    return out


SCENARIO = Keys(Scenario, "a scenario", lambda: Scenario(name="-"))
"""Keys of a scenario."""
spec, children, walk = SCENARIO.spec, SCENARIO.children, SCENARIO.walk
