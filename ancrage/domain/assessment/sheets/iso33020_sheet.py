"""Process attributes rated N P L F or in percent to capability levels (ASM-I1 to I5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ancrage.domain.assessment.methods.cmmi_areas import explain_level
from ancrage.domain.assessment.methods.iso33020 import (
    ALL_ATTRIBUTES,
    LEVEL_OF,
    RATINGS,
    REFINED,
    AttributeRating,
    aggregate,
    attribute_in,
    capability_level,
    plain,
    rate_percent,
)
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import Agreed, CellReader, one_of, percent_in
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.shared import level_record, why_record
from ancrage.domain.assessment.types import JUDGE, Blocker, CapabilityLevel, Reason, Standing
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import Message, say

RATING_HELP = say("N, P, L, F, P-, P+, L-, L+, a percentage from 0 to 100, NA, or empty")
ATTRIBUTE_HELP = say("one of {attributes}", attributes=", ".join(ALL_ATTRIBUTES))
_code_in = one_of(REFINED + RATINGS)


class _Attribute(NamedTuple):
    process: str
    attribute: str


def score_iso33020(sheet: Sheet, options: Mapping[str, str], _model: ReferenceModel | None, faults: Faults) -> Answer:
    """Rating of every attribute and capability level of every process."""
    reading = _Reading(sheet, faults)
    reading.gather()
    rated = {key: reading.rating(key, options) for key in reading.attributes()}
    by_process: dict[str, dict[str, AttributeRating]] = defaultdict(dict)
    for key, rating in rated.items():
        by_process[key.process][key.attribute] = rating
    return Answer(
        {
            "attributes": [reading.record(key, rating) for key, rating in rated.items()],
            "processes": [process_record(process, attributes) for process, attributes in by_process.items()],
        },
        reading.notes(),
    )


class _Reading:
    def __init__(self, sheet: Sheet, faults: Faults) -> None:
        self._sheet = sheet
        self._reader = CellReader(sheet, faults)
        self._ratings: dict[_Attribute, list[str | Standing]] = defaultdict(list)
        self._agreed: Agreed[str] = Agreed(self._reader, "agreed")
        self._decided_by: dict[_Attribute, str] = {}
        self._lines: dict[tuple[_Attribute, str], int] = {}
        self._percentages: list[Fraction] = []

    def gather(self) -> None:
        """Read every row."""
        for line, cells in self._sheet.pick("process", "attribute", "rating", "instance", "agreed", "decided_by"):
            self._take(line, *cells)

    def _take(self, line: int, process: str, name: str, cell: str, instance: str, agreed_cell: str, decided_by: str) -> None:
        attribute = self._reader.filled(line, "attribute", name, attribute_in, ATTRIBUTE_HELP)
        rating = self._reader.value(line, "rating", cell, self._rating_in, RATING_HELP)
        agreed = self._reader.optional(line, "agreed", agreed_cell, _code_in, RATING_HELP)
        if attribute is None:
            return
        key = _Attribute(process, attribute)
        if instance:
            first = self._lines.setdefault((key, instance), line)
            if first != line:
                self._reader.twice(line, say("instance {instance} of {practice}", instance=instance, practice=attribute), first)
        self._ratings[key].append(Standing.NOT_RATED if rating is None else rating)
        self._agreed.note(key, line, agreed)
        if agreed:
            self._decided_by[key] = decided_by

    def _rating_in(self, cell: str) -> str | None:
        code = _code_in(cell)
        if code is not None:
            return code
        percent = percent_in(cell)
        if percent is None or not 0 <= percent <= 100:
            return None
        self._percentages.append(percent)
        return rate_percent(percent)

    def attributes(self) -> list[_Attribute]:
        """Attributes in the file, in order."""
        return sorted(self._ratings, key=natural)

    def rating(self, key: _Attribute, options: Mapping[str, str]) -> AttributeRating:
        """The rating that counts for an attribute: what people agreed on, else the aggregate of what there is."""
        agreed = self._agreed.get(key)
        if agreed:
            return plain(agreed)
        given = self._ratings[key]
        rated = [rating for rating in given if not isinstance(rating, Standing)]
        if rated:
            result = aggregate(rated, options["aggregation"], rounding=options["rounding"], which=options["median"])
            return Standing.JUDGE if result == JUDGE else result
        return next(state for state in (Standing.NOT_RATED, Standing.NOT_APPLICABLE, Standing.NOT_ASSESSED) if state in given)

    def record(self, key: _Attribute, rating: AttributeRating) -> Record:
        """The answer's line of one attribute."""
        given = {value for value in self._ratings[key] if not isinstance(value, Standing)}
        refined = self._agreed.get(key) or (next(iter(given)) if len(given) == 1 else None)
        return {
            "process": key.process,
            "attribute": key.attribute,
            "level": LEVEL_OF[key.attribute],
            "rating": None if isinstance(rating, Standing) else rating,
            "refined": refined if refined in REFINED and not isinstance(rating, Standing) else None,
            "standing": rating if isinstance(rating, Standing) else Standing.RATED,
            "ratings": [_shown(value) for value in sorted(self._ratings[key], key=_by_scale)],
            "decided_by": self._decided_by.get(key, ""),
        }

    def notes(self) -> list[Message]:
        """Percentages that look like shares of 1."""
        if any(self._percentages) and max(self._percentages) <= 1:
            return [say("every percentage in the file is at most 1: were shares of 1 meant? 100 is full achievement")]
        return []


def process_record(process: str, attributes: Mapping[str, AttributeRating]) -> Record:
    """The answer's line of one process, with why it has its level (ASM-I3)."""
    level, blockers = capability_level(attributes)
    cells = [_blocker(name, attributes.get(name, Standing.NOT_ASSESSED)) for name in blockers]
    return {"process": process, **level_record(level, cells), "why": why_record(explain_process(level, cells))}


def explain_process(level: CapabilityLevel, blockers: list[Blocker]) -> list[Reason]:
    """Level and, below the top, what the next one needs."""
    lines = [Reason("ASM-I3", explain_level(level))]
    if blockers:
        names = ", ".join(f"{cell.practice} ({cell.value or cell.standing.value})" for cell in blockers)
        text = say("the next level needs its attributes at least L and every lower one F: {cells}", cells=names)
        lines.append(Reason("ASM-I3", text))
    return lines


def _blocker(name: str, rating: AttributeRating) -> Blocker:
    return Blocker(name, None, rating) if isinstance(rating, Standing) else Blocker(name, rating)


def _shown(value: str | Standing) -> str:
    return value.value if isinstance(value, Standing) else value


def _by_scale(value: str | Standing) -> tuple[int, str]:
    order = ("N", "P-", "P", "P+", "L-", "L", "L+", "F")
    return (len(order), value.value) if isinstance(value, Standing) else (order.index(value), value)
