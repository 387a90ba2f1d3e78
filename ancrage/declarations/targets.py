"""What an id in a declaration can point at, and the words for one that nothing declares."""

from __future__ import annotations

from dataclasses import dataclass

from ancrage.language import Message, say


@dataclass(frozen=True, slots=True)
class Target:
    """`sections` are where it may be declared; `code`, `unknown` (filled with `name`) and `label` report one that is not."""

    sections: tuple[str, ...]
    code: str
    unknown: str
    label: Message

    def message(self, name: str) -> Message:
        return Message(self.unknown, {"name": name})


def _target(sections: str, code: str, unknown: Message, label: Message) -> Target:
    return Target(tuple(sections.split()), code, unknown.template, label)


CLAUSES = "clauses"
"""Not a section of its own: clause ids are unique in the programme, and live inside contracts."""

TARGETS = {
    "calendar": _target("calendars", "E-CAL-UNKNOWN", say('calendar "{name}" is not declared'), say("no such calendar")),
    "unit": _target("units", "E-UNIT-UNKNOWN", say('unit "{name}" is not declared'), say("no such unit")),
    "person": _target("people", "E-PERSON-UNKNOWN", say('person "{name}" is not declared'), say("no such person")),
    "fallback_person": _target("people", "E-NO-FALLBACK", say('the fallback person "{name}" is not declared'), say("no such person")),
    "role": _target("roles", "E-ROLE-UNKNOWN", say('role "{name}" is not declared'), say("no such role")),
    "objective": _target("objectives", "E-OBJECTIVE-UNKNOWN", say('objective "{name}" is not declared'), say("no such objective")),
    "tool": _target("tools", "E-TOOL-UNKNOWN", say('tool "{name}" is not declared'), say("no such tool")),
    "product": _target("products", "E-PRODUCT-UNKNOWN", say('product "{name}" is not declared'), say("no such product")),
    "process": _target("processes", "E-PROCESS-UNKNOWN", say('process "{name}" is not declared'), say("no such process")),
    "end_of_link": _target(
        "processes parties", "E-END-UNKNOWN", say('"{name}" is neither a process nor a party'), say("no such process or party")
    ),
    "policy": _target("policies", "E-POLICY-UNKNOWN", say('escalation policy "{name}" is not declared'), say("no such policy")),
    "contract": _target("contracts", "E-CONTRACT-UNKNOWN", say('contract "{name}" is not declared'), say("no such contract")),
    "clause": _target(CLAUSES, "E-CLAUSE-UNKNOWN", say('clause "{name}" is in no contract'), say("no such clause")),
    "indicator": _target("indicators", "E-INDICATOR-UNKNOWN", say('indicator "{name}" is not declared'), say("no such indicator")),
    "transformation": _target(
        "transformations", "E-TRANSFORMATION-UNKNOWN", say('transformation "{name}" is not declared'), say("no such transformation")
    ),
}  # fmt: skip
