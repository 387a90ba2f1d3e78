"""Explain anything line by line from stored facts: which reading raised which alert, which clause it called, how a deadline was
computed, who was told when and by which rule, what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import Label, Message, say
from ancrage.services.explanation.anchoring import explain_alert, explain_indicator, explain_transformation
from ancrage.services.explanation.assessment import explain_action, explain_campaign, explain_level
from ancrage.services.explanation.commitments import explain_commitment, explain_contract
from ancrage.services.explanation.engagement import explain_engagement
from ancrage.services.explanation.lines import ExplanationLine
from ancrage.services.programme import current_programme
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "why?" for one subject; instants are in the zone of the programme."""

    subject: str
    title: Label
    zone: str
    lines: tuple[ExplanationLine, ...]


Explainer = Callable[[UnitOfWork, Programme, str], tuple[Label, Sequence[ExplanationLine]]]
EXPLAINERS: Mapping[str, Explainer] = {
    "commitment": explain_commitment,
    "alert": explain_alert,
    "contract": explain_contract,
    "campaign": explain_campaign,
    "level": explain_level,
    "indicator": explain_indicator,
    "transformation": explain_transformation,
    "action": explain_action,
    "engagement": explain_engagement,
}


def explain(work: UnitOfWork, subject: str) -> Explanation:
    """Everything stored about `KIND:ID`, in the order in which one thing led to the next. NotFound says which kinds there are."""
    kind, _, identity = subject.partition(":")
    if kind not in EXPLAINERS or not identity:
        known = ", ".join(f"{name}:..." for name in EXPLAINERS)
        raise NotFound(say("{subject} names nothing to explain; there are {known}", subject=subject, known=known))
    programme = current_programme(work)
    title, lines = EXPLAINERS[kind](work, programme, identity)
    zone = programme.organisation.calendars[programme.defaults.calendar].zone
    reader = LocalWords(programme, ZoneInfo(zone))
    return Explanation(subject, title, zone, tuple(reader.line(line) for line in lines))


@dataclass(frozen=True, slots=True)
class LocalWords:
    """Puts values of lines in the words of people: local instants, names instead of ids."""

    programme: Programme
    zone: ZoneInfo

    def line(self, line: ExplanationLine) -> ExplanationLine:
        at = line.at.astimezone(self.zone) if line.at else None
        return ExplanationLine(self.message(line.what), at, line.rule, line.follow)

    def message(self, message: Message) -> Message:
        return Message(message.template, {name: self.value(name, value) for name, value in message.values.items()})

    def value(self, name: str, value: object) -> object:
        match value:
            case datetime():
                return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")
            case date():
                return value.isoformat()
            case Message():
                return self.message(value)
            case str() if name in ("person", "by", "in_place_of", "absent"):
                person = self.programme.organisation.people.get(value)
                return person.name if person else value
            case _:
                return value
