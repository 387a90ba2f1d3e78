"""Readings in the rows of a query."""

from __future__ import annotations

from ancrage.domain.indicator_sources import SqlSource
from ancrage.errors import Place, Problem
from ancrage.exchange.collecting.connections import Connection
from ancrage.exchange.collecting.found import BadCell, Collected, Wanted, made_reading, read_day, read_number, refused, without_repeats
from ancrage.language import say
from ancrage.storage.source_query import Bounds, QueryFailed, run_source_query


def collect_sql(connection: Connection, source: SqlSource, wanted: Wanted) -> Collected:
    """Every reading of one query; with any problem none is taken."""
    bounds = Bounds(connection.timeout_seconds, connection.most_rows, connection.most_bytes)
    try:
        rows = run_source_query(connection.url, source.query, bounds)
    except QueryFailed as failed:
        return _failed(connection, failed)
    found, problems = [], []
    for number, (day, *figures, note) in enumerate(rows, 1):
        place = Place(connection.name, number, 1)
        try:
            cells = [read_number(cell, ".") for cell in figures]
            found.append((made_reading(wanted, read_day(day, wanted), cells, note), place))
        except BadCell as bad:
            problems.append(Problem(bad.code, bad.message, place, hint=bad.hint))
    collected = without_repeats(found)
    return Collected(collected.readings, (*problems, *collected.problems))


def _failed(connection: Connection, failed: QueryFailed) -> Collected:
    match failed.kind:
        case "time":
            message = say("the query did not end within {seconds} seconds", seconds=connection.timeout_seconds)
            return refused("E-COLLECT-TIME", message, connection.name)
        case "size":
            message = say("the query gives more than {rows} rows or {count} bytes", rows=connection.most_rows, count=connection.most_bytes)
            return refused("E-COLLECT-SIZE", message, connection.name)
        case "columns":
            message = say("a query gives date and value, or date, numerator and denominator; this one gives {found}", found=failed.detail)
            return refused("E-COLUMN-MISSING", message, connection.name)
        case "unsupported":
            message = say("[sources.{name}] is no address of SQLite or PostgreSQL", name=connection.name)
            return refused("E-COLLECT-CONNECTION", message, connection.name)
        case _:
            message = say("the database refuses: {reason}", reason=connection.redacted(failed.detail))
            return refused("E-COLLECT-ANSWER", message, connection.name)
