"""Explain anything line by line from stored facts: which reading raised which alert, which clause it called, how a deadline was
computed, who was told when and by which rule, what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ancrage.domain.assessment.determination import explain as explain_area
from ancrage.domain.assessment.types import AreaKey
from ancrage.domain.escalation.facts import NoticeStatus
from ancrage.domain.explain_time import explain_due
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import Label, Message, say
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.determinations import recompute_determination, stored_determination
from ancrage.services.programme import current_programme, missing_signatures
from ancrage.storage.campaigns import fetch_action, fetch_campaign, fetch_levels
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.engine import fetch_gaps, fetch_journal
from ancrage.storage.indicators import fetch_alert, fetch_reading, fetch_verdicts
from ancrage.storage.notices import fetch_messages, fetch_notices
from ancrage.storage.programmes import fetch_clocks, fetch_signatures
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.engine import JournalRow
from models.indicators import AlertRow


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """One fact: when (None: it is a definition), the rule it follows from (empty: none), what; `follow` names where to go on."""

    what: Message
    at: datetime | None = None
    rule: str = ""
    follow: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to "why?" for one subject; instants are in the zone of the programme."""

    subject: str
    title: Label
    zone: str
    lines: tuple[ExplanationLine, ...]


Explainer = Callable[[UnitOfWork, Programme, str], tuple[Label, Sequence[ExplanationLine]]]


def explain(work: UnitOfWork, subject: str) -> Explanation:
    """Everything stored about `KIND:ID`, in the order in which one thing led to the next. NotFound says which kinds there are."""
    kind, _, identity = subject.partition(":")
    if kind not in EXPLAINERS or not identity:
        known = ", ".join(f"{name}:..." for name in EXPLAINERS)
        raise NotFound(say("{subject} names nothing to explain; there are {known}", subject=subject, known=known))
    programme = current_programme(work)
    title, lines = EXPLAINERS[kind](work, programme, identity)
    zone = programme.organisation.calendars[programme.defaults.calendar].zone
    reader = _Reader(programme, ZoneInfo(zone))
    return Explanation(subject, title, zone, tuple(reader.line(line) for line in lines))


@dataclass(frozen=True, slots=True)
class _Reader:
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


def _missing(kind: str, identity: str) -> NotFound:
    return NotFound(say("there is no {kind} {id}", kind=kind, id=identity))


def _commitment(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    row = fetch_commitment(work, identity)
    if row is None:
        raise _missing("commitment", identity)
    happened = [*_journal_lines(fetch_journal(work, f"commitment:{row.id}")), *_messages(work, programme, row), *_gaps(work, row)]
    happened.sort(key=lambda line: line.at or row.started_at)
    return title_of(row), [*_promise(programme, row), *_opening(work, row), *_deadline(programme, row), *happened, *_ending(row)]


def _promise(programme: Programme, row: CommitmentRow) -> Iterator[ExplanationLine]:
    if row.clause_id is None:
        return
    contract = programme.contracts.get(row.contract_id or "")
    if contract is None:
        yield ExplanationLine(say("promised by clause {clause}, which is not declared any more", clause=row.clause_id))
        return
    role = programme.organisation.roles.get(row.responsible)
    yield ExplanationLine(
        say("promised by clause {clause} of “{contract}”, by the {role}", clause=row.clause_id, contract=contract.name,
            role=role.name if role else row.responsible),
        follow=f"contract:{contract.id}",
    )  # fmt: skip


def _opening(work: UnitOfWork, row: CommitmentRow) -> Iterator[ExplanationLine]:
    if "alert" in row.subject:
        alert = fetch_alert(work, str(row.subject["alert"]))
        if alert is not None:
            yield from _reading_behind(work, alert)
            yield ExplanationLine(unpack_message(alert.detail["message"]), alert.raised_at, "ANC-ALERT", f"alert:{alert.id}")
    if "campaign" in row.subject:
        yield ExplanationLine(
            say("asked by campaign {campaign}", campaign=row.subject["campaign"]), follow=f"campaign:{row.subject['campaign']}"
        )
    yield ExplanationLine(say("the clock starts when the engine detects the event {event}", event=row.event_id), row.started_at, "ESC-C4")


def _reading_behind(work: UnitOfWork, alert: AlertRow) -> Iterator[ExplanationLine]:
    if alert.reading_day is None:
        return
    reading = fetch_reading(work, alert.indicator_id, alert.reading_day)
    if reading is not None:
        figure = reading.value if reading.value is not None else f"{reading.numerator:g} / {reading.denominator:g}"
        yield ExplanationLine(
            say("reading of {day}: {figure}, recorded by {by} (revision {revision})", day=reading.day, figure=figure, by=reading.recorded_by,
                revision=reading.revision),
            reading.recorded_at, follow=f"indicator:{reading.indicator_id}",
        )  # fmt: skip


def _deadline(programme: Programme, row: CommitmentRow) -> Iterator[ExplanationLine]:
    terms, state = terms_of(row), ladder_of(row)
    calendar = programme.organisation.calendars.get(terms.calendar)
    if calendar is None:
        yield ExplanationLine(say("due {due}; its calendar {calendar} is not declared any more", due=row.due_at, calendar=terms.calendar))
        return
    for line in explain_due(calendar, terms.started_at, terms.budget, state.pauses):
        yield ExplanationLine(line.message, rule=line.rule)


def _journal_lines(rows: Sequence[JournalRow]) -> Iterator[ExplanationLine]:
    """What passes and people did, each with the rules it went by."""
    for row in rows:
        reasons = row.detail.get("reasons") or []
        for reason in reasons:
            yield ExplanationLine(unpack_message(reason), row.at, reason["rule"])
        if not reasons and row.what not in ("commitment_opened",):
            yield ExplanationLine(_plain(row), row.at)


def _plain(row: JournalRow) -> Message:
    facts = ", ".join(f"{name}={_short(value)}" for name, value in row.detail.items() if value not in (None, "", []))
    return say("{what} by {by} ({facts})", what=row.what.replace("_", " "), by=row.actor, facts=facts or "-")


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 120 else text[:117] + "..."


def _messages(work: UnitOfWork, programme: Programme, row: CommitmentRow) -> Iterator[ExplanationLine]:
    notices = fetch_notices(work, commitment_id=row.id)
    messages = {message.id: message for message in fetch_messages(work, [notice.message_id for notice in notices if notice.message_id])}
    for notice in notices:
        person = programme.organisation.people.get(notice.person_id)
        name = person.name if person else notice.person_id
        message = messages.get(notice.message_id or "")
        if notice.status is NoticeStatus.SENT and message is not None:
            yield ExplanationLine(
                say("notice {step} #{occurrence} left for {name} by {channel}: “{subject}”", step=notice.step_id,
                    occurrence=notice.occurrence, name=name, channel=notice.channel, subject=message.subject),
                message.send_at, "ESC-S6",
            )  # fmt: skip
        else:
            yield ExplanationLine(
                say("notice {step} #{occurrence} for {name}: {status}", step=notice.step_id, occurrence=notice.occurrence, name=name,
                    status=notice.status.value),
                notice.settled_at or notice.next_at, "ESC-G2",
            )  # fmt: skip


def _gaps(work: UnitOfWork, row: CommitmentRow) -> Iterator[ExplanationLine]:
    for gap in fetch_gaps(work):
        if gap.until > row.started_at and (row.closed_at is None or gap.since < row.closed_at):
            yield ExplanationLine(
                say("the engine was stopped from {since} to {until}", since=gap.since, until=gap.until), gap.until, "ESC-C5"
            )


def _ending(row: CommitmentRow) -> Iterator[ExplanationLine]:
    if row.result is not None:
        return  # the action that closed it has said so
    if row.wake_at is not None:
        yield ExplanationLine(say("open; if nobody moves, the ladder goes on at {at}", at=row.wake_at), rule="ESC-L4")
    else:
        yield ExplanationLine(say("open; the ladder has come to its end and nothing more is sent"), rule="ESC-L7")


def _alert(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    alert = fetch_alert(work, identity)
    if alert is None:
        raise _missing("alert", identity)
    indicator = programme.indicators.get(alert.indicator_id)
    lines = list(_reading_behind(work, alert))
    if indicator is not None and indicator.thresholds.alert is not None:
        lines.append(
            ExplanationLine(
                say(
                    "alert limit {limit}, good direction: {direction}",
                    limit=f"{indicator.thresholds.alert:g}",
                    direction=indicator.direction.value,
                ),
                follow=f"indicator:{indicator.id}",
            )
        )
    lines += _journal_lines(fetch_journal(work, f"alert:{identity}"))
    for _, clause in programme.clauses():
        commitment = fetch_commitment(work, f"{clause.id}@alert:{identity}")
        if commitment is not None:
            lines.append(
                ExplanationLine(
                    say("opened what clause {clause} promises", clause=clause.id),
                    commitment.started_at,
                    "ESC-C4",
                    f"commitment:{commitment.id}",
                )
            )
    return (indicator.name if indicator else Label.same(alert.indicator_id)), lines


def _contract(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    contract = programme.contracts.get(identity)
    if contract is None:
        raise _missing("contract", identity)
    lines = [
        ExplanationLine(say("clause {clause}, promised by {role}: {promise}", clause=clause.id, role=clause.by, promise=clause.promise))
        for clause in contract.clauses
    ]
    lines += [
        ExplanationLine(say("signed by {person} as {role}", person=row.person_id, role=row.role_id), row.signed_at)
        for row in fetch_signatures(work, identity)
    ]
    missing = missing_signatures(work, contract)
    lines.append(
        ExplanationLine(say("not in force: {roles} have not signed this version", roles=", ".join(missing)))
        if missing else ExplanationLine(say("in force: every party has signed this version"))
    )  # fmt: skip
    return contract.name, lines


def _campaign(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    del programme
    row = fetch_campaign(work, identity)
    if row is None:
        raise _missing("campaign", identity)
    pins = ", ".join(f"{name} {str(value)[:12]}" for name, value in row.pins.items())
    lines = [ExplanationLine(say("pinned at launch: {pins}", pins=pins), row.opened_at, "ASM-K1")]
    lines += _journal_lines(fetch_journal(work, f"campaign:{identity}"))
    levels = fetch_levels(work, identity)
    if levels:
        same = recompute_determination(work, identity).results == stored_determination(work, identity).results
        lines.append(
            ExplanationLine(say("recomputed from the stored answers: equal"), rule="ASM-K2") if same
            else ExplanationLine(say("recomputed from the stored answers: DIFFERENT"), rule="ASM-K2")
        )  # fmt: skip
    for level in levels:
        what = say(
            "{area} in {process}: level {level}, target {target}",
            area=level.area_id,
            process=level.process_id,
            level="-" if level.value is None else level.value,
            target="-" if level.target is None else level.target,
        )
        lines.append(ExplanationLine(what, follow=f"level:{identity}/{level.process_id}/{level.area_id}"))
    return Label(row.name_fr, row.name_en), lines


def _level(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    campaign_id, process, area = [*identity.split("/"), "", ""][:3]
    determination = stored_determination(work, campaign_id)
    if AreaKey(process, area) not in determination.results:
        raise _missing("level", identity)
    known = programme.processes.get(process)
    lines = [
        ExplanationLine(say("method {method} {version}, reference model {model} {model_version}", method=determination.method.name,
                            version=determination.method.version, model=determination.model.id, model_version=determination.model.version),
                        follow=f"campaign:{campaign_id}")
    ]  # fmt: skip
    lines += [ExplanationLine(reason.message, rule=reason.rule) for reason in explain_area(determination, process, area)]
    return (known.name if known else Label.same(process)), lines


def _indicator(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    indicator = programme.indicators.get(identity)
    if indicator is None:
        raise _missing("indicator", identity)
    lines = []
    for row in fetch_verdicts(work, identity):
        lines.append(ExplanationLine(say("verdict: {headline}", headline=unpack_message(row.result["headline"])), row.as_of))
        lines += [ExplanationLine(unpack_message(reason), row.as_of, reason["rule"]) for reason in row.result["reasons"]]
        lines.append(ExplanationLine(say("next: {next}", next=unpack_message(row.result["next_change"])), row.as_of))
    return indicator.name, lines


def _transformation(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    transformation = programme.transformations.get(identity)
    if transformation is None:
        raise _missing("transformation", identity)
    lines = [
        ExplanationLine(
            say("clock {clock}: {day}, recorded by {by}", clock=row.clock, day=row.actual_on, by=row.recorded_by), row.recorded_at
        )
        for row in fetch_clocks(work)
        if row.transformation_id == identity
    ]
    followed = (*transformation.adoption_indicators, *transformation.effect_indicators)
    lines += [ExplanationLine(say("followed by indicator {indicator}", indicator=key), follow=f"indicator:{key}") for key in followed]
    return transformation.name, lines


def _action(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    del programme
    row = fetch_action(work, identity)
    if row is None:
        raise _missing("action", identity)
    lines = [
        ExplanationLine(
            say("{term}: weight {weight} x score {score} = {part}", term=term, weight=f"{weight:g}", score=score, part=f"{part:g}"),
            rule="PRI-VALUE",
        )
        for term, weight, score, part in row.reasons.get("terms", [])
    ]
    if row.value is not None and row.effort_days:
        lines.append(
            ExplanationLine(
                say("value {value} for {days} days: rank {rank}", value=f"{row.value:g}", days=f"{row.effort_days:g}", rank=row.rank)
            )
        )
    if row.reasons.get("margin") is not None:
        clear = say("a clear order") if row.reasons.get("is_clear") else say("no clear order")
        lines.append(
            ExplanationLine(say("margin to the next one: {share} % ({clear})", share=f"{100 * row.reasons['margin']:.0f}", clear=clear))
        )
    lines += _journal_lines(fetch_journal(work, f"action:{identity}"))
    follow = f"commitment:{row.commitment_id}" if row.commitment_id else ""
    lines.append(ExplanationLine(say("the action is {status}", status=row.status.value), row.changed_at, follow=follow))
    return Label(row.title_fr, row.title_en), lines


EXPLAINERS: Mapping[str, Explainer] = {
    "commitment": _commitment,
    "alert": _alert,
    "contract": _contract,
    "campaign": _campaign,
    "level": _level,
    "indicator": _indicator,
    "transformation": _transformation,
    "action": _action,
}
