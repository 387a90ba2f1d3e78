"""Explain commitments and the contracts they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ancrage.domain.engagement_versions import ContractVersion
from ancrage.domain.escalation.facts import NoticeStatus
from ancrage.domain.explain_time import explain_due
from ancrage.domain.programme import Programme
from ancrage.language import Label, say
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.contract_versions import standing_of
from ancrage.services.explanation.lines import ExplanationLine, journal_lines, missing, reading_behind
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.engine import fetch_gaps, fetch_journal
from ancrage.storage.indicators import fetch_alert
from ancrage.storage.notices import fetch_messages, fetch_notices
from ancrage.storage.programmes import fetch_signatures
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow


def explain_commitment(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """Who promised it, what opened it, how its deadline was computed, who was told when and by which rule, what they did."""
    row = fetch_commitment(work, identity)
    if row is None:
        raise missing("commitment", identity)
    happened = [*journal_lines(fetch_journal(work, f"commitment:{row.id}")), *_messages(work, programme, row), *_gaps(work, row)]
    happened.sort(key=lambda line: line.at or row.started_at)
    return title_of(row), [*_promise(programme, row), *_opening(work, row), *_deadline(programme, row), *happened, *_ending(row)]


def _promise(programme: Programme, row: CommitmentRow) -> Iterator[ExplanationLine]:
    if row.clause_id is None:
        if row.contract_version is not None:
            yield ExplanationLine(say("version {version} of the contract asks for this signature", version=row.contract_version),
                                  follow=f"contract:{row.contract_id}")  # fmt: skip
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
    if row.contract_version is not None:
        yield ExplanationLine(say("under version {version} of the contract, whose terms it keeps to its end", version=row.contract_version),
                              rule="ESC-K1")  # fmt: skip


def _opening(work: UnitOfWork, row: CommitmentRow) -> Iterator[ExplanationLine]:
    if "alert" in row.subject:
        alert = fetch_alert(work, str(row.subject["alert"]))
        if alert is not None:
            yield from reading_behind(work, alert)
            yield ExplanationLine(unpack_message(alert.detail["message"]), alert.raised_at, "ANC-ALERT", f"alert:{alert.id}")
    if "campaign" in row.subject:
        yield ExplanationLine(
            say("asked by campaign {campaign}", campaign=row.subject["campaign"]), follow=f"campaign:{row.subject['campaign']}"
        )
    yield ExplanationLine(say("the clock starts when the engine detects the event {event}", event=row.event_id), row.started_at, "ESC-C4")


def _deadline(programme: Programme, row: CommitmentRow) -> Iterator[ExplanationLine]:
    terms, state = terms_of(row), ladder_of(row)
    calendar = programme.organisation.calendars.get(terms.calendar)
    if calendar is None:
        yield ExplanationLine(say("due {due}; its calendar {calendar} is not declared any more", due=row.due_at, calendar=terms.calendar))
        return
    for line in explain_due(calendar, terms.started_at, terms.budget, state.pauses):
        yield ExplanationLine(line.message, rule=line.rule)


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


def explain_contract(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """The clauses with who promises them, who signed this version, and whether it is in force."""
    contract = programme.contracts.get(identity)
    if contract is None:
        raise missing("contract", identity)
    lines = [
        ExplanationLine(say("clause {clause}, promised by {role}: {promise}", clause=clause.id, role=clause.by, promise=clause.promise))
        for clause in contract.clauses
    ]
    standing = standing_of(work, identity)
    for version in standing.versions:
        lines += _version(work, version)
    if standing.in_force is None:
        unsigned = standing.proposed.missing if standing.proposed is not None else contract.parties()
        lines.append(ExplanationLine(say("not in force: {roles} have not signed this version", roles=", ".join(unsigned))))
    else:
        lines.append(ExplanationLine(say("in force: version {version}, signed by every party", version=standing.in_force.number)))
    if standing.newest is not None and not standing.knows(contract.fingerprint):
        lines.append(ExplanationLine(say("the declared text differs, and is not proposed: nothing is called in under it")))
    return contract.name, lines


def _version(work: UnitOfWork, version: ContractVersion) -> Iterator[ExplanationLine]:
    yield ExplanationLine(say("version {version} proposed by {by}", version=version.number, by=version.proposed_by), version.proposed_at)
    for row in fetch_signatures(work, version.contract):
        if row.version == version.number:
            yield ExplanationLine(say("signed by {person} as {role}", person=row.person_id, role=row.role_id), row.signed_at)
    if version.withdrawn_at is not None:
        what = say("version {version} withdrawn: {why}", version=version.number, why=version.withdrawn_why)
        yield ExplanationLine(what, version.withdrawn_at)
