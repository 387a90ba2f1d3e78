"""Where the readings of an indicator are collected from (anchoring.md, the metrics referential)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OwnFigure(StrEnum):
    """A figure made from Ancrage's own rows, one per period of the indicator's cadence."""

    TIME_TO_ANSWER = "time_to_answer"
    """Median working hours from the start of a commitment to its answer, over those answered in the period."""
    ANSWERED_IN_TIME = "answered_in_time"
    """Of the commitments due in the period, those fulfilled by their due date."""
    CAMPAIGN_PARTICIPATION = "campaign_participation"
    """Of the people asked by campaigns closed in the period, those who submitted."""
    ACTION_DELAY = "action_delay"
    """Median days between the due date of an action and its end, over those ended in the period; early ones count below 0."""


@dataclass(frozen=True, slots=True)
class DropSource:
    """Files put into the drop folder. `columns` pairs our name of a column with its name in the file; `decimal` is `.` or `,`, empty
    where either is meant; `zone` is the zone its times are written in, empty where they say so themselves."""

    pattern: str
    columns: tuple[tuple[str, str], ...] = ()
    decimal: str = ""
    zone: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SqlSource:
    """A query whose rows have `date` and `value`, or `date`, `numerator` and `denominator`."""

    connection: str
    query: str


@dataclass(frozen=True, slots=True)
class HttpSource:
    """A JSON answer. `rows` points to a list of readings (empty: the answer is one reading), the others into one of them; without
    `date` a reading is of the day it is collected."""

    connection: str
    path: str
    rows: str | None = None
    date: str | None = None
    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class OwnSource:
    """A figure of Ancrage itself; of one contract only where it is named."""

    figure: OwnFigure
    contract: str | None = None


CollectedFrom = DropSource | SqlSource | HttpSource | OwnSource
