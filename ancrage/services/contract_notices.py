"""Notices about contracts beside the ladder: a version to sign, a refusal or a comment for the steward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ancrage.domain.engagement_versions import ContractVersion
from ancrage.domain.escalation.facts import Notice, NoticeStatus
from ancrage.domain.escalation.firing import COMMENTED_STEP, DECLINED_STEP, PROPOSED_STEP
from ancrage.domain.escalation.recipients import RESPONSIBLE, recipients
from ancrage.domain.programme import Programme
from ancrage.language import Message, say
from ancrage.services.commitments import ladder_of, terms_of
from ancrage.storage.contracts import fetch_contract_text, fetch_contract_versions, fetch_remarks
from ancrage.storage.notices import fetch_notices
from ancrage.storage.programmes import fetch_programme
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.contracts import ContractRemarkRow, RemarkKind
from models.notices import OutboxRow

PROPOSED, DECLINED, COMMENTED = PROPOSED_STEP, DECLINED_STEP, COMMENTED_STEP
SAID = {DECLINED: RemarkKind.DECLINE, COMMENTED: RemarkKind.COMMENT}


def tell_party(work: UnitOfWork, programme: Programme, row: CommitmentRow, at: datetime, channels: Sequence[str]) -> None:
    """A version is proposed to a party: one notice at once, to whom the ladder would reach (ESC-W1 to W3, S)."""
    for found in recipients(terms_of(row), ladder_of(row), programme.organisation, (RESPONSIBLE,), at):
        _write(work, Notice(row.id, PROPOSED, 1, found.person, at, in_place_of=found.in_place_of), channels)


def tell_steward(
    work: UnitOfWork, programme: Programme, version: ContractVersion, commitment_id: str, step: str, author: str, at: datetime,
    channels: Sequence[str],
) -> None:
    """The steward of the contract hears what was said about it, unless it is the steward's own word."""
    steward = fetch_contract_text(work, version.contract, version.number).steward
    person = programme.organisation.holder(steward, at) or programme.organisation.fallback
    if person == author:
        return
    told = [row for row in fetch_notices(work, commitment_id=commitment_id, person_id=person) if row.step_id == step]
    occurrence = 1 + max((row.occurrence for row in told), default=0)
    _write(work, Notice(commitment_id, step, occurrence, person, at), channels)


def _write(work: UnitOfWork, notice: Notice, channels: Sequence[str]) -> None:
    for channel in channels:
        work.session.add(
            OutboxRow(
                programme_id=work.programme_id,
                id=f"{notice.commitment}/{notice.step}/{notice.occurrence}/{notice.person}/{channel}",
                commitment_id=notice.commitment, step_id=notice.step, occurrence=notice.occurrence, person_id=notice.person,
                channel=channel, urgent=notice.urgent, in_place_of=notice.in_place_of, fired_at=notice.fired_at, next_at=notice.fired_at,
                status=NoticeStatus.WAITING, reasons=[],
            )
        )
    work.flush()


def is_signing(row: CommitmentRow) -> bool:
    """Whether a commitment asks somebody to sign a contract."""
    return "party" in row.subject


def why_to_sign(work: UnitOfWork, row: CommitmentRow) -> Message | None:
    """Why a signature is asked for: who proposed which version, and which one holds meanwhile."""
    contract, number = str(row.contract_id), row.contract_version
    version = next((one for one in fetch_contract_versions(work, contract).get(contract, ()) if one.number == number), None)
    programme = fetch_programme(work)
    if version is None or programme is None:
        return None
    person = programme.organisation.people.get(version.proposed_by)
    who = person.name if person else version.proposed_by
    if version.number == 1:
        return say("{who} proposes this contract for signature", who=who)
    return say("{who} proposes version {version}; until every party has signed it, the version before stays in force", who=who,
               version=version.number)  # fmt: skip


def what_to_sign() -> Message:
    """What a request to sign asks of its reader."""
    return say("Read it, then sign it, say what should change, or decline with a reason.")


def remark_behind(work: UnitOfWork, row: CommitmentRow, notice: OutboxRow) -> ContractRemarkRow | None:
    """What was said about a contract that this notice tells the steward; None for other notices."""
    kind = SAID.get(notice.step_id)
    if kind is None:
        return None
    said = [one for one in fetch_remarks(work, row.contract_id) if one.kind is kind and one.said_at == notice.fired_at]
    return said[-1] if said else None
