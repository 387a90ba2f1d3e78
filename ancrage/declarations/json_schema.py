"""JSON Schemas of the language, for editors: completion, hovers, red lines while typing. Made from the same tables as the checks.

Two of them: `project.schema.json` for project.yaml, where settings are required, and `declarations.schema.json` for every other file.
A schema says less than `ancrage check`: it knows one file, and no other.
"""

from __future__ import annotations

from typing import Any

from ancrage.declarations.composites import ID_PATTERN
from ancrage.declarations.kinds import Schema
from ancrage.declarations.sections import EVERYWHERE, SECTIONS, SETTINGS
from ancrage.language import LANGUAGES

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What the YAML extensions of editors understand best."""
LABEL: Schema = {
    "description": "A text in French and English, or one text for both.",
    "anyOf": [
        {"type": ["string", "number"]},
        {
            "type": "object",
            "properties": {language: {"type": "string"} for language in LANGUAGES},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ],
}


def schemas() -> dict[str, Schema]:
    """The two schemas by file name."""
    return {
        "project.schema.json": _file("project.yaml of an Ancrage project", set(SETTINGS.fields), sorted({*SETTINGS.required, "fallback"})),
        "declarations.schema.json": _file("A file of declarations of an Ancrage project", set(EVERYWHERE), []),
    }


def _file(title: str, settings: set[str], required: list[str]) -> Schema:
    properties: dict[str, Any] = {
        name: {**field.kind.schema(), "description": field.meaning} for name, field in SETTINGS.fields.items() if name in settings
    }
    for section in SECTIONS.values():
        item = section.record.schema()
        things: Schema = {"type": "array", "items": item} if section.is_list else _by_id(item)
        properties[section.name] = {**things, "description": section.meaning}
    schema: Schema = {"$schema": DRAFT, "title": title, "type": "object", "properties": properties, "additionalProperties": False}
    whole: Schema = _with_empty_values({**schema, "required": required, "$defs": {"label": LABEL}})
    return whole


def _by_id(item: Schema) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": ID_PATTERN}, "additionalProperties": item}


def _with_empty_values(schema: Any) -> Any:
    """The same schema, where every optional key of an object may also be left empty, as the reader allows (`parent: null`)."""
    if isinstance(schema, list):
        return [_with_empty_values(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _with_empty_values(value) for key, value in schema.items()}
    properties = changed.get("properties")
    if isinstance(properties, dict):
        required = changed.get("required", ())
        changed["properties"] = {key: value if key in required else _or_nothing(value) for key, value in properties.items()}
    return changed


def _or_nothing(schema: Schema) -> Schema:
    """Also null; the description stays outside, where editors look for it."""
    inner = {key: value for key, value in schema.items() if key != "description"}
    told = {"description": schema["description"]} if "description" in schema else {}
    return {**told, "anyOf": [inner, {"type": "null"}]}
