"""What differs between two texts of a contract, clause by clause and field by field, as its parties compare them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ancrage.domain.engagement import Clause, Contract
from ancrage.domain.engagement_words import trigger_words
from ancrage.domain.working_time import format_budget
from ancrage.language import N_, Label, Message, say

Shown = Label | Message | str

CONTRACT_FIELDS = {
    "name": N_("name"), "sponsor": N_("sponsor"), "co_sponsor": N_("co-sponsor"), "steward": N_("steward"), "calendar": N_("calendar"),
    "transformation": N_("transformation"), "perimeter": N_("perimeter"), "outside": N_("outside"), "objectives": N_("objectives"),
    "stakeholders": N_("stakeholders"),
}  # fmt: skip
CLAUSE_FIELDS = {
    "promise": N_("promise"), "by": N_("promised by"), "trigger": N_("trigger"), "budget": N_("delay"), "policy": N_("ladder"),
    "cost_hours_per_month": N_("hours a month"), "waiver_role": N_("who may waive"), "negotiable": N_("negotiable"),
}  # fmt: skip
"""Fields by name, with the word a person reads; the order is that of the declarations."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """One difference. `clause` is None for the contract itself; `field` is empty where a whole clause came or went.

    `before` and `after` are empty strings where there was nothing. Values of a list that stayed are left out of both.
    """

    clause: str | None
    field: str
    before: Shown
    after: Shown

    @property
    def words(self) -> Message:
        """The difference as a sentence."""
        if not self.field:
            kept = say("clause {clause} is new: {promise}", clause=self.clause, promise=self.after)
            return kept if self.after else say("clause {clause} is gone: {promise}", clause=self.clause, promise=self.before)
        name = Message({**CONTRACT_FIELDS, **CLAUSE_FIELDS}[self.field])
        before, after = self.before or "-", self.after or "-"
        if self.clause is None:
            return say("{field}: {before} → {after}", field=name, before=before, after=after)
        return say("{clause}, {field}: {before} → {after}", clause=self.clause, field=name, before=before, after=after)


def compare_texts(before: Contract, after: Contract) -> tuple[TextChange, ...]:
    """Every difference, those of the contract first, then clause by clause in the order of `after`, clauses that went last."""
    old, new = ({clause.id: clause for clause in text.clauses} for text in (before, after))
    found = list(_differences(None, before, after, CONTRACT_FIELDS))
    for name, clause in new.items():
        if name in old:
            found += _differences(name, old[name], clause, CLAUSE_FIELDS)
        else:
            found.append(TextChange(name, "", "", clause.promise))
    found += [TextChange(name, "", clause.promise, "") for name, clause in old.items() if name not in new]
    return tuple(found)


def _differences(clause: str | None, old: Contract | Clause, new: Contract | Clause, fields: dict[str, str]) -> Iterator[TextChange]:
    for field in fields:
        before, after = getattr(old, field), getattr(new, field)
        if before == after:
            continue
        if isinstance(before, tuple):
            gone, came = [item for item in before if item not in after], [item for item in after if item not in before]
            before, after = (gone, came) if gone or came else (list(before), list(after))
        yield TextChange(clause, field, _shown(field, before), _shown(field, after))


def _shown(field: str, value: object) -> Shown:
    if field == "trigger":
        return trigger_words(value)  # type: ignore[arg-type] # the field says what it is
    if field == "budget":
        return format_budget(value) if value else ""  # type: ignore[arg-type]
    match value:
        case None:
            return ""
        case list() if all(isinstance(item, Label) for item in value):
            return Label("; ".join(item.text("fr") for item in value), "; ".join(item.text("en") for item in value)) if value else ""
        case list():
            return ", ".join(value)
        case Label():
            return value if value != Label() else ""
        case float() | int():
            return f"{value:g}"
        case _:
            return str(value)
