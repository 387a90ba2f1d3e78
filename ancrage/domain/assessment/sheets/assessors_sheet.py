"""Criteria rated by several people to proposed and agreed values, attributes and levels (ASM-N1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from ancrage.domain.assessment.methods.assessors import COMBINATIONS, VALUES, attribute_value, combine_values, rate_value, spread
from ancrage.domain.assessment.methods.iso33020 import AttributeRating, attribute_in, capability_level
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import Agreed, CellReader, number_in, one_of
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.iso33020_sheet import process_record
from ancrage.domain.assessment.types import Standing
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import say

RATING_HELP = say("N, P, L, F, a value from 0 to 1, NA, or empty")
AGREED_HELP = say("N, P, L, F, or a value from 0 to 1")


class _Criterion(NamedTuple):
    process: str
    attribute: str
    criterion: str


@dataclass(slots=True)
class _Rated:
    """What people said of one criterion: cell and value by assessor, then what they agreed on."""

    said: dict[str, tuple[str, Fraction | Standing]] = field(default_factory=dict)
    agreed: Fraction | None = None
    agreed_as: str | None = None
    decided_by: str = ""
    reason: str = ""

    def values(self) -> list[Fraction]:
        return [value for _, value in self.said.values() if not isinstance(value, Standing)]

    def outcome(self, how: str) -> Fraction | Standing:
        """The value that counts, or why there is none: people disputing applicability must decide."""
        if self.agreed is not None:
            return self.agreed
        standings = {value for _, value in self.said.values() if isinstance(value, Standing)}
        values = self.values()
        if values:
            return Standing.JUDGE if Standing.NOT_APPLICABLE in standings else combine_values(values, how)
        order = (Standing.NOT_APPLICABLE, Standing.NOT_RATED, Standing.NOT_ASSESSED)
        return next(standing for standing in order if standing in standings)

    def spread(self) -> Fraction:
        disputed = any(value is Standing.NOT_APPLICABLE for _, value in self.said.values())
        return Fraction(1) if disputed and self.values() else spread(self.values())


def score_assessors(sheet: Sheet, options: Mapping[str, str], _model: ReferenceModel | None, faults: Faults) -> Answer:
    """Criteria with their disagreements, attributes, and levels of processes whose attributes are 1.1 to 5.2."""
    rated = _gather(sheet, faults)
    how = options["combine"]
    ordered = sorted(rated, key=lambda key: (-rated[key].spread(), natural(key)))
    by_attribute: dict[tuple[str, str], list[_Rated]] = defaultdict(list)
    for key in sorted(rated, key=natural):
        by_attribute[key.process, key.attribute].append(rated[key])
    attributes = [_attribute_record(key, criteria, how) for key, criteria in by_attribute.items()]
    return Answer(
        {
            "criteria": [_criterion_record(key, rated[key], how) for key in ordered],
            "attributes": attributes,
            "processes": _process_records(by_attribute, how),
        },
        [say("the choice between min, mean and max changes ratings: people must agree")] if _choice_matters(attributes) else [],
    )


def _gather(sheet: Sheet, faults: Faults) -> dict[_Criterion, _Rated]:
    reader = CellReader(sheet, faults)
    agreements: Agreed[Fraction] = Agreed(reader, "agreed")
    lines: dict[tuple[_Criterion, str], int] = {}
    rated: dict[_Criterion, _Rated] = defaultdict(_Rated)
    names = ("process", "attribute", "criterion", "assessor", "rating", "agreed", "decided_by", "reason")
    for line, (process, attribute, criterion, assessor, cell, agreed_cell, decided_by, reason) in sheet.pick(*names):
        value = reader.value(line, "rating", cell, _value_in, RATING_HELP)
        agreed = reader.optional(line, "agreed", agreed_cell, _value_in, AGREED_HELP)
        named = [reader.required(line, name, held) for name, held in (("criterion", criterion), ("assessor", assessor))]
        if not all(named):
            continue
        key = _Criterion(process, attribute_in(attribute) or attribute, criterion)
        first = lines.setdefault((key, assessor), line)
        if first != line:
            reader.twice(line, say("assessor {assessor} on {criterion}", assessor=assessor, criterion=criterion), first)
        rated[key].said[assessor] = (cell, Standing.NOT_RATED if value is None else value)
        agreements.note(key, line, agreed)
        if agreed is not None:
            rated[key].agreed, rated[key].agreed_as = agreed, agreed_cell.upper()
            rated[key].decided_by, rated[key].reason = decided_by, reason
    return rated


_code_in = one_of(tuple(VALUES))


def _value_in(cell: str) -> Fraction | None:
    code = _code_in(cell)
    if code:
        return VALUES[code]
    number = number_in(cell)
    return number if number is not None and 0 <= number <= 1 else None


def _criterion_record(key: _Criterion, rated: _Rated, how: str) -> Record:
    outcome = rated.outcome(how)
    values = rated.values()
    return {
        **key._asdict(),
        "ratings": [f"{who}={_shown(*rated.said[who])}" for who in sorted(rated.said, key=lambda who: natural([who]))],
        "spread": rated.spread(),
        "proposed": combine_values(values, how) if values else None,
        "agreed": rated.agreed_as,
        "decided_by": rated.decided_by,
        "reason": rated.reason,
        "value": None if isinstance(outcome, Standing) else outcome,
        "standing": outcome if isinstance(outcome, Standing) else Standing.RATED,
    }


def _shown(cell: str, value: Fraction | Standing) -> str:
    return value.value if isinstance(value, Standing) else cell.upper()


def _attribute_outcome(criteria: Sequence[_Rated], how: str) -> Fraction | Standing:
    """Mean over the criteria that apply; one without a value leaves the attribute without one (not rated is not 0)."""
    outcomes = [rated.outcome(how) for rated in criteria]
    applicable = [outcome for outcome in outcomes if outcome is not Standing.NOT_APPLICABLE]
    if not applicable:
        return Standing.NOT_APPLICABLE
    waiting = {outcome for outcome in applicable if isinstance(outcome, Standing)}
    if waiting == {Standing.NOT_ASSESSED} and len(waiting) == len(set(applicable)):
        return Standing.NOT_ASSESSED
    if waiting:
        return Standing.JUDGE if waiting == {Standing.JUDGE} else Standing.NOT_RATED
    value = attribute_value([outcome for outcome in applicable if not isinstance(outcome, Standing)])
    assert value is not None
    return value


def _rating(outcome: Fraction | Standing) -> AttributeRating:
    return outcome if isinstance(outcome, Standing) else rate_value(outcome)


def _attribute_record(key: tuple[str, str], criteria: Sequence[_Rated], how: str) -> Record:
    outcome = _attribute_outcome(criteria, how)
    others = {name: _rating(_attribute_outcome(criteria, name)) for name in COMBINATIONS}
    return {
        "process": key[0],
        "attribute": key[1],
        "value": None if isinstance(outcome, Standing) else outcome,
        "rating": None if isinstance(outcome, Standing) else rate_value(outcome),
        "standing": outcome if isinstance(outcome, Standing) else Standing.RATED,
        **{f"by_{name}": None if isinstance(others[name], Standing) else others[name] for name in ("min", "mean", "max")},
    }


def _process_records(by_attribute: Mapping[tuple[str, str], Sequence[_Rated]], how: str) -> list[Record]:
    processes: dict[str, dict[str, Sequence[_Rated]]] = defaultdict(dict)
    for (process, attribute), criteria in by_attribute.items():
        if attribute_in(attribute):
            processes[process][attribute] = criteria
    return [_process_record(process, attributes, how) for process, attributes in processes.items()]


def _process_record(process: str, attributes: Mapping[str, Sequence[_Rated]], how: str) -> Record:
    by_choice = {
        name: {attribute: _rating(_attribute_outcome(criteria, name)) for attribute, criteria in attributes.items()}
        for name in COMBINATIONS
    }
    levels = {f"level_by_{name}": capability_level(by_choice[name])[0].value for name in ("min", "mean", "max")}
    return {**process_record(process, by_choice[how]), **levels}


def _choice_matters(attributes: Sequence[Record]) -> bool:
    return any(len({record[f"by_{name}"] for name in COMBINATIONS}) > 1 for record in attributes)
