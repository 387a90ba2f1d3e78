"""Fingerprints of what is declared: equal for equal content, whatever the layout, the comments, the quotes and the files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any

from ancrage.domain.working_time import Calendar

_PART = 500
_readers: dict[type, Any] = {}


def fingerprint_of(*values: Any) -> str:
    """SHA-256 of the content of domain values, in hexadecimal. The order of a mapping and of a set does not count."""
    digest = hashlib.sha256()
    for value in values:
        for part in _parts(value):
            text = json.dumps(part, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            digest.update(text.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[Any]:
    """A mapping of equal things in parts of their fields, sorted: one text of a large map would take more memory than the map, and a
    call back for each thing more time."""
    kinds = set(map(type, value.values())) if isinstance(value, Mapping) else set()
    if len(kinds) != 1 or not is_dataclass(kind := kinds.pop()):
        yield value
        return
    names, read = sorted(value), _reader(kind)
    for start in range(0, len(names), _PART):
        yield [(name, read(value[name])) for name in names[start : start + _PART]]


def fingerprint_of_calendars(calendars: Mapping[str, Calendar], written_holidays: Mapping[str, Any]) -> str:
    """Calendars by what is declared, not by the dates a library makes of it: those move with its version and the year (ESC-B7)."""
    declared = [
        (name, calendar.zone, calendar.week, sorted(calendar.exceptions.items()), _sorted_dates(written_holidays.get(name, {})))
        for name, calendar in sorted(calendars.items())
    ]
    return fingerprint_of(declared)


def _sorted_dates(written: Mapping[str, Any]) -> dict[str, Any]:
    return {**written, "dates": sorted(written.get("dates", ()))}


def _plain(value: Any) -> Any:
    """One value that JSON does not know, in a form it does; called back for what is inside."""
    kind = type(value)
    if kind not in _readers:
        _readers[kind] = _reader(kind)
    return _readers[kind](value)


def _with_later(first: Any, later: Sequence[Field[Any]]) -> Any:
    """Fields that the language got later count only where they say something, so that what was declared before keeps its fingerprint."""

    def read(value: Any) -> Any:
        said = {field.name: found for field in later if (found := getattr(value, field.name)) != _default(field)}
        return (*first(value), said) if said else first(value)

    return read


def _default(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else None


def _reader(kind: type) -> Any:
    if is_dataclass(kind):
        names = [field.name for field in fields(kind) if not field.metadata.get("later")]
        values = attrgetter(*names)
        first = values if len(names) > 1 else lambda value: (values(value),)
        later = [field for field in fields(kind) if field.metadata.get("later")]
        return _with_later(first, later) if later else first
    if issubclass(kind, date | datetime | time):
        return lambda value: value.isoformat()
    if issubclass(kind, frozenset | set):
        return sorted
    if issubclass(kind, Mapping):
        return dict
    raise TypeError(f"no fingerprint of {kind.__name__}")
