"""Kinds of values that hold an amount of time: budgets, offsets of ladder steps, delays."""

from __future__ import annotations

from dataclasses import replace

from ancrage.declarations.composites import Field, Record
from ancrage.declarations.kinds import Choice, Kind, Schema
from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode
from ancrage.domain.policies import Offset
from ancrage.domain.working_time import Budget, CalendarSpan, DueDate, WorkingDays, WorkingTime, parse_budget
from ancrage.language import N_, Message, say

HOURS_OR_DAYS = (WorkingTime, WorkingDays)
AMOUNTS = (WorkingTime, WorkingDays, CalendarSpan)
_EXAMPLES = {
    WorkingTime: say("working hours as in PT4H"),
    WorkingDays: say("working days as in 3wd"),
    CalendarSpan: say("calendar days or months as in P10D, P1M"),
}


class Amount(Kind):
    """What budgets and offsets have in common: the forms that are allowed, and how the others are refused."""

    def __init__(self, *allowed: type) -> None:
        self.allowed = allowed or AMOUNTS

    def refuse(self, node: ScalarNode, reading: Reading) -> Refused:
        message = say('"{text}" is not an amount of time that is allowed here', text=node.text)
        return reading.refuse(node, "E-BUDGET", message, say("not an amount of time"), self.hint())

    def hint(self) -> Message:
        examples: list[Message] = [_EXAMPLES[kind] for kind in self.allowed if kind in _EXAMPLES]
        match examples:
            case [only]:
                return say("write {only}", only=only)
            case [first, second]:
                return say("write {first}, or {second}", first=first, second=second)
            case _:
                return say("write {first}, {second}, or {third}", first=examples[0], second=examples[1], third=examples[2])


class BudgetKind(Amount):
    """An amount of time in one of the allowed forms (ESC-D1 to D3)."""

    expected = say("an amount of time, as in 3wd or PT4H")

    def read(self, node: Node, reading: Reading) -> Budget | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        budget = parse_budget(node.text)
        return budget if budget is not None and isinstance(budget, self.allowed) else self.refuse(node, reading)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^(PT(\\d+H)?(\\d+M)?(\\d+S)?|\\d+wd|P(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?)$"}


class OffsetKind(Amount):
    """Where a step stands: `-1wd` before the due instant, `0` at it, `2wd` after the step before (ESC-L1)."""

    expected = say("an offset, as in -1wd, 0 or 2wd")

    def __init__(self) -> None:
        super().__init__(*HOURS_OR_DAYS)

    def read(self, node: Node, reading: Reading) -> Offset | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        if node.text == "0":
            return Offset()
        before = node.text.startswith("-")
        amount = parse_budget(node.text.removeprefix("-"))
        return Offset(amount, before) if isinstance(amount, HOURS_OR_DAYS) else self.refuse(node, reading)

    def schema(self) -> Schema:
        return {"anyOf": [{"const": 0}, {"type": "string", "pattern": "^(0|-?PT(\\d+H)?(\\d+M)?(\\d+S)?|-?\\d+wd)$"}]}


class DelayKind(Kind):
    """A budget, or a mapping that also says whether its last day rolls to a working day (ESC-D3)."""

    expected = BudgetKind.expected
    _budget = BudgetKind(WorkingTime, WorkingDays, CalendarSpan, DueDate)
    _mapping = Record(
        Field("budget", _budget, N_("The delay: working hours `PT4H`, working days `3wd`, calendar `P10D` or `P1M`."), required=True),
        Field("roll", Choice("next", "none"), N_("Whether a last day that is not worked moves to the next working day (`next`) or not.")),
    )

    def read(self, node: Node, reading: Reading) -> Budget | Refused:
        if not isinstance(node, MappingNode):
            return self._budget.read(node, reading)
        found = self._mapping.read(node, reading)
        if isinstance(found, Refused):
            return REFUSED
        budget: Budget = found["budget"]
        return replace(budget, roll=found.get("roll") != "none") if isinstance(budget, CalendarSpan) else budget

    def schema(self) -> Schema:
        return {"anyOf": [self._budget.schema(), self._mapping.schema()]}
