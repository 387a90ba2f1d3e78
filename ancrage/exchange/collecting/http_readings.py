"""Readings in a JSON answer: pointers (RFC 6901) say where the day and the figures are."""

from __future__ import annotations

from typing import Any

from ancrage.domain.indicator_sources import HttpSource
from ancrage.errors import Place, Problem
from ancrage.exchange.collecting.connections import Connection
from ancrage.exchange.collecting.found import (
    BadCell,
    Collected,
    FoundReading,
    Wanted,
    made_reading,
    read_day,
    read_number,
    refused,
    without_repeats,
)
from ancrage.exchange.collecting.http_answer import AnswerRefused, fetch_json
from ancrage.language import say


class _Nowhere(Exception):
    """A pointer leaves the answer."""


def collect_http(connection: Connection, source: HttpSource, wanted: Wanted) -> Collected:
    """Every reading of one answer; with any problem none is taken."""
    origin = f"{connection.name}: {source.path.partition('?')[0]}"
    try:
        answer = fetch_json(connection, source.path)
    except AnswerRefused as bad:
        return refused(bad.code, bad.message, origin)
    return _readings(answer, connection, source, wanted, origin)


def _readings(answer: Any, connection: Connection, source: HttpSource, wanted: Wanted, origin: str) -> Collected:
    try:
        rows = [answer] if source.rows is None else point(answer, source.rows)
    except _Nowhere:
        rows = None
    if not isinstance(rows, list):
        return refused("E-COLLECT-ANSWER", say("there is no list at {pointer}", pointer=source.rows or "/"), origin)
    if len(rows) > connection.most_rows:
        return refused("E-COLLECT-SIZE", say("the source gives more than {count} readings", count=connection.most_rows), origin)
    found, problems = [], []
    for number, row in enumerate(rows):
        place = Place(f"{origin} {source.rows or ''}{f'/{number}' if source.rows is not None else ''}".rstrip())
        try:
            found.append((_reading(row, source, wanted), place))
        except BadCell as bad:
            problems.append(Problem(bad.code, bad.message, place, hint=bad.hint))
    collected = without_repeats(found)
    return Collected(collected.readings, (*problems, *collected.problems))


def _reading(row: Any, source: HttpSource, wanted: Wanted) -> FoundReading:
    day = wanted.today
    if source.date is not None:
        text = _at(row, source.date)
        day = read_day(text if isinstance(text, str) else str(text), wanted)
    figures = [_figure(row, pointer) for pointer in (source.value, source.numerator, source.denominator)]
    return made_reading(wanted, day, figures)


def _figure(row: Any, pointer: str | None) -> float | None:
    if pointer is None:
        return None
    found = _at(row, pointer)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        raise BadCell(say("there is no figure at {pointer}", pointer=pointer))
    return read_number(str(found)[:60], ".")


def _at(row: Any, pointer: str) -> Any:
    try:
        return point(row, pointer)
    except _Nowhere:
        raise BadCell(say("there is nothing at {pointer}", pointer=pointer)) from None


def point(value: Any, pointer: str) -> Any:
    """What a JSON pointer leads to; `_Nowhere` when it leads nowhere."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isascii() and name.isdigit() and int(name[:9]) < len(value):
            value = value[int(name)]
        else:
            raise _Nowhere
    return value
