"""Weighted scores in nested sections, on one scale or several, and compliance shares (ASM-W1 to W4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ancrage.domain.assessment.methods.weighted import Scored, average_of_averages, compliance_share, share_of_range, weighted_average
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import CellReader, number_in, one_of, standing_in
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.shared import ModelPractices
from ancrage.domain.assessment.types import Standing
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import Message, say

NUMBER_HELP = say("a number, as in 12.5, NA, or empty")
WEIGHT_HELP = say("a number from 0")
COMPLIANCE = {"C": "C", "P": "P", "N": "N", "compliant": "C", "partial": "P", "non-compliant": "N", "non compliant": "N"}

DEEPEST = 12
"""Sections within sections."""

MOST_SCALES = 1_000

_Path = tuple[str, ...]


class _Item(NamedTuple):
    section: str
    item: str
    score: Fraction | None
    standing: Standing
    weight: Fraction
    range: tuple[Fraction, Fraction] | None
    target: Fraction | None
    compliance: str | None


def score_weighted(sheet: Sheet, options: Mapping[str, str], model: ReferenceModel | None, faults: Faults) -> Answer:
    """Averages of every section and of the whole."""
    if not (sheet.has("score") or sheet.has("compliance")):
        faults.add(1, "E-COLUMN-MISSING", say("there is neither a column score nor a column compliance"))
    items = _gather(sheet, faults, ModelPractices(model) if model else None)
    shares = _in_shares(items, options["scale"], faults)
    used = [_used(item, shares, options["na"] == "target") for item in items]
    sections = _section_records(items, used)
    return Answer(
        {
            "items": [_item_record(item, value) for item, value in zip(items, used, strict=True)],
            "sections": sections,
            "overall": [_overall_record(items, used, sections, shares)],
        },
        _notes(items, options, shares),
    )


def _gather(sheet: Sheet, faults: Faults, model: ModelPractices | None) -> list[_Item]:
    reader = CellReader(sheet, faults)
    lines: dict[tuple[str, str], int] = {}
    items: list[_Item] = []
    for line, cells in sheet.pick("section", "item", "score", "weight", "minimum", "maximum", "target", "compliance"):
        section, name = _section(reader, line, cells[0]), cells[1]
        default_weight = Fraction(1)
        found = model.find(reader, line, "item", name, section) if model else None
        if found:
            section, default_weight = found[0].id, Fraction(str(found[1].weight))
        item = _item(reader, line, section, default_weight, cells)
        first = lines.setdefault((section, name), line) if name else line
        if first != line:
            reader.twice(line, say("item {item}", item=name), first)
        items.append(item)
    if model:
        given = {item.item for item in items}
        items += [_missing(area.id, practice.id) for area, practice in model.of_process("") if practice.id not in given]
    return sorted(items, key=_order)


def _section(reader: CellReader, line: int, cell: str) -> str:
    parts = [part.strip() for part in cell.split("/")]
    if len(parts) > DEEPEST:
        reader.wrong(line, "section", cell, say("at most {count} sections within each other", count=DEEPEST))
    return "/".join(parts[:DEEPEST])


def _order(item: _Item) -> tuple[object, ...]:
    """By name; items without one by what they say, so that the order of rows never shows."""
    return (natural((item.section, item.item)), item.standing, item.score or 0, item.weight, item.compliance or "", item.target or 0)


def _missing(section: str, item: str) -> _Item:
    return _Item(section, item, None, Standing.NOT_ASSESSED, Fraction(1), None, None, None)


def _item(reader: CellReader, line: int, section: str, default_weight: Fraction, cells: Sequence[str]) -> _Item:
    _, name, score_cell, weight_cell, lowest_cell, highest_cell, target_cell, compliance_cell = cells
    score = reader.value(line, "score", score_cell, number_in, NUMBER_HELP)
    weight = reader.optional(line, "weight", weight_cell, _weight_in, WEIGHT_HELP)
    target = None if standing_in(target_cell) else reader.optional(line, "target", target_cell, number_in, NUMBER_HELP)
    compliance = reader.value(line, "compliance", compliance_cell, _compliance_in, say("C, P, N, NA, or empty"))
    bounds = _range(reader, line, lowest_cell, highest_cell, (("score", score), ("target", target)))
    standing = score if isinstance(score, Standing) else Standing.NOT_RATED if score is None else Standing.RATED
    if standing is Standing.NOT_RATED and compliance is not None and compliance is not Standing.NOT_RATED:
        standing = compliance if isinstance(compliance, Standing) else Standing.RATED
    return _Item(
        section, name, None if isinstance(score, Standing) else score, standing, default_weight if weight is None else weight, bounds,
        target, None if isinstance(compliance, Standing) else compliance,
    )  # fmt: skip


def _weight_in(cell: str) -> Fraction | None:
    number = number_in(cell)
    return number if number is not None and number >= 0 else None


_word_in = one_of(tuple(COMPLIANCE))


def _compliance_in(cell: str) -> str | None:
    word = _word_in(cell)
    return COMPLIANCE[word] if word else None


def _range(
    reader: CellReader, line: int, lowest_cell: str, highest_cell: str, values: Iterable[tuple[str, Fraction | Standing | None]]
) -> tuple[Fraction, Fraction] | None:
    lowest = reader.optional(line, "minimum", lowest_cell, number_in, NUMBER_HELP)
    highest = reader.optional(line, "maximum", highest_cell, number_in, NUMBER_HELP)
    if lowest is None and highest is None:
        return None
    lowest = Fraction(0) if lowest is None else lowest
    if highest is None or highest <= lowest:
        reader.wrong(line, "maximum", highest_cell, say("a number above the minimum"))
        return None
    for name, value in values:
        if isinstance(value, Fraction) and not lowest <= value <= highest:
            reader.wrong(line, name, _shown(value), say("from {lowest} to {highest}", lowest=_shown(lowest), highest=_shown(highest)))
    return lowest, highest


def _shown(number: Fraction) -> str:
    return f"{float(number):g}"


def _in_shares(items: Sequence[_Item], scale: str, faults: Faults) -> bool:
    """True when averages are of shares of each item's own range (ASM-W3)."""
    scored = [item for item in items if item.score is not None]
    ranges = {item.range for item in scored}
    shares = scale == "share" or (scale == "auto" and len(ranges) > 1)
    if shares and None in ranges:
        faults.add(0, "E-SCALE-UNKNOWN", say("scales differ, and some scored items have no minimum and maximum to make them shares of"))
    if len(ranges) > MOST_SCALES:
        faults.add(0, "E-SCALE-MANY", say("{count} different scales: at most {most} can be averaged", count=len(ranges), most=MOST_SCALES))
    return shares and None not in ranges and len(ranges) <= MOST_SCALES


def _used(item: _Item, shares: bool, anchor: bool) -> Fraction | None:
    value = item.target if anchor and item.standing is Standing.NOT_APPLICABLE else item.score
    if value is None:
        return None
    return share_of_range(value, *item.range) if shares and item.range else value


def _section_records(items: Sequence[_Item], used: Sequence[Fraction | None]) -> list[Record]:
    members: dict[_Path, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        path = tuple(item.section.split("/"))
        for depth in range(1, len(path) + 1):
            members[path[:depth]].append(index)
    nested = _nested_averages(members, items, used)
    return [
        {"section": "/".join(path), **_averages(items, used, members[path]), "average_of_averages": nested[path],
         **_counts([items[index] for index in members[path]])}
        for path in sorted(members, key=natural)
    ]  # fmt: skip


def _nested_averages(
    members: Mapping[_Path, Sequence[int]], items: Sequence[_Item], used: Sequence[Fraction | None]
) -> dict[_Path, Fraction | None]:
    """For each section the mean of the sections directly below, and of the items of its own as one more; deepest first."""
    nested: dict[_Path, Fraction | None] = {}
    below: dict[_Path, list[Fraction | None]] = defaultdict(list)
    for path in sorted(members, key=len, reverse=True):
        name = "/".join(path)
        own = [index for index in members[path] if items[index].section == name]
        nested[path] = average_of_averages([*below[path], _average(items, used, own)])
        below[path[:-1]].append(nested[path])
    return nested


def _average(items: Sequence[_Item], used: Sequence[Fraction | None], chosen: Iterable[int]) -> Fraction | None:
    return weighted_average(Scored(value, items[index].weight) for index in chosen if (value := used[index]) is not None)


def _averages(items: Sequence[_Item], used: Sequence[Fraction | None], chosen: Sequence[int]) -> Record:
    return {"average": _average(items, used, chosen)}


def _counts(items: Sequence[_Item]) -> Record:
    standings = [item.standing for item in items]
    judged = [item.compliance for item in items]
    return {
        **{state.value: standings.count(state) for state in Standing if state is not Standing.JUDGE},
        "compliance": compliance_share(judged.count("C"), judged.count("P"), judged.count("N")),
    }


def _item_record(item: _Item, used: Fraction | None) -> Record:
    return {
        "section": item.section, "item": item.item, "score": item.score, "weight": item.weight, "used": used,
        "standing": item.standing, "compliance": item.compliance,
    }  # fmt: skip


def _overall_record(items: Sequence[_Item], used: Sequence[Fraction | None], sections: Sequence[Record], shares: bool) -> Record:
    top = [section["average_of_averages"] for section in sections if "/" not in str(section["section"])]
    averages = {section["section"]: section["average"] for section in sections}
    known = {name: average for name, average in averages.items() if isinstance(average, Fraction)}
    worst = min(known.values(), default=None)
    return {
        **_averages(items, used, range(len(items))),
        "average_of_averages": average_of_averages([value for value in top if isinstance(value, Fraction)]),
        "unit": "share" if shares else "score",
        "worst_sections": [name for name, average in known.items() if average == worst],
        "worst_average": worst,
        **_counts(items),
    }


def _notes(items: Sequence[_Item], options: Mapping[str, str], shares: bool) -> list[Message]:
    notes = []
    inapplicable = [item for item in items if item.standing is Standing.NOT_APPLICABLE]
    unanchored = [item for item in inapplicable if item.target is None]
    if options["na"] == "target" and unanchored:
        notes.append(say("{count} items do not apply and have no target: they were left out", count=len(unanchored)))
    if shares:
        notes.append(say("averages are shares of each item's own range, 0 to 1 (ASM-W3)"))
    return notes
