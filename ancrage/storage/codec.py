"""Domain values to JSON and back.

Dataclasses go through pydantic; messages keep their template, so that they can be shown in either language later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from pydantic import TypeAdapter

from ancrage.language import Label, Message

T = TypeVar("T")


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:  # building one costs milliseconds, using it microseconds
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump(value: Any) -> dict[str, Any]:
    """A frozen dataclass of the domain as a JSON object."""
    packed: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return packed


def load(kind: type[T], data: Mapping[str, Any]) -> T:
    """The value of type `kind` that `dump` wrote; pydantic's ValidationError when it does not fit."""
    loaded: T = _adapter(kind).validate_python(data)
    return loaded


def pack_message(message: Message) -> dict[str, Any]:
    """A message as a JSON object: template, and values with their type where JSON would lose it."""
    return {"template": message.template, "values": {name: _pack(value) for name, value in message.values.items()}}


def unpack_message(data: Mapping[str, Any]) -> Message:
    """The message that `pack_message` wrote."""
    return Message(data["template"], {name: _unpack(value) for name, value in data["values"].items()})


def pack_reasons(reasons: Iterable[Any]) -> list[dict[str, Any]]:
    """Reasons (anything with `rule` and `message`) for a journal line or a row."""
    return [{"rule": reason.rule, **pack_message(reason.message)} for reason in reasons]


def _pack(value: object) -> Any:
    match value:
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Label():
            return {"label": [value.fr, value.en]}
        case Message():
            return {"message": pack_message(value)}
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple() | set() | frozenset():
            return ", ".join(str(_pack(item)) for item in value)
        case _:
            return str(value)


def _unpack(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    match kind:
        case "instant":
            return datetime.fromisoformat(inner)
        case "day":
            return date.fromisoformat(inner)
        case "label":
            return Label(*inner)
        case _:
            return unpack_message(inner)
