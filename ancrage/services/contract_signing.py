"""What the parties of a contract do with a version: sign it, refuse to sign it; and what is said and validated beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement_versions import ContractVersion, VersionState, state_of
from ancrage.domain.escalation.facts import Action, ActionKind, Status
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.services.commitments import act_on_commitment
from ancrage.services.contract_notices import COMMENTED, DECLINED, tell_steward
from ancrage.services.contract_versions import declared_contract, record_version, standing_of, text_of
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.contracts import fetch_remark, fetch_signature, fetch_version_row
from ancrage.storage.unit_of_work import UnitOfWork
from models.contracts import ContractRemarkRow, PerimeterValidationRow, RemarkKind, SignatureRow, StakeholderToldRow


@dataclass(frozen=True, slots=True)
class Signing:
    """Somebody signs, or declines to sign, as one party."""

    role: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewRemark:
    """Something said about a version. `id` makes it said once; `clause` None: about the whole."""

    id: str
    person: str
    at: datetime
    text: str
    clause: str | None = None


def request_id(version: ContractVersion, role_id: str) -> str:
    """The id of the commitment that asks a party to sign."""
    return f"sign:{version.contract}@{version.number}/{role_id}"


def version_to_sign(work: UnitOfWork, programme: Programme, contract_id: str, by: str, at: datetime) -> ContractVersion:
    """The version that waits for signatures; else the one in force, while it has the declared text; else that text, as a new version."""
    standing, contract = standing_of(work, contract_id), declared_contract(programme, contract_id)
    newest = standing.newest
    if standing.proposed is not None or (newest is not None and newest.fingerprint == contract.fingerprint):
        assert newest is not None, "one of the two was just found"
        return newest
    return record_version(work, contract, by, at)


def version_in_discussion(work: UnitOfWork, programme: Programme, contract_id: str) -> ContractVersion:
    """The version that waits for signatures, else the one in force. Refused `nothing_proposed` where there is neither."""
    contract, newest = declared_contract(programme, contract_id), standing_of(work, contract_id).newest
    if newest is None:
        raise Refused("nothing_proposed", say("no version of contract {contract} waits for signatures", contract=contract.name))
    return newest


def sign_version(work: UnitOfWork, programme: Programme, version: ContractVersion, signing: Signing, channels: Sequence[str]) -> bool:
    """Sign one version as one party; its request ends by the ordinary action, kept or late (ESC-A7). False: signed before.

    Refused: `not_a_party`, `not_the_holder`, or `version_closed` for a version that is withdrawn or superseded.
    """
    fetch_version_row(work, version.contract, version.number, lock=True)
    _require_party(work, programme, version, signing)
    if fetch_signature(work, version.contract, version.number, signing.role) is not None:
        return False
    version = _still_open(work, version)
    work.session.add(
        SignatureRow(
            programme_id=work.programme_id, contract_id=version.contract, version=version.number, role_id=signing.role,
            contract_fingerprint=version.fingerprint, person_id=signing.person, signed_at=signing.at,
        )
    )
    work.flush()
    subject = f"contract:{version.contract}"
    work.record(
        signing.at, signing.person, "contract_signed", subject, role=signing.role, version=version.number, fingerprint=version.fingerprint
    )
    _end_request(work, programme, request_id(version, signing.role), ActionKind.FULFIL, signing.person, signing.at, channels)
    if set(version.missing) == {signing.role}:
        work.record(signing.at, signing.person, "contract_in_force", subject, version=version.number)
    return True


def _require_party(work: UnitOfWork, programme: Programme, version: ContractVersion, signing: Signing) -> None:
    if signing.role not in version.parties:
        name = text_of(work, programme, version).name
        raise Refused("not_a_party", say("{role} is not a party of contract {contract}", role=signing.role, contract=name))
    if programme.organisation.holder(signing.role, signing.at) != signing.person:
        raise Refused("not_the_holder", say("{person} does not hold the role {role}", person=signing.person, role=signing.role))


def _still_open(work: UnitOfWork, version: ContractVersion) -> ContractVersion:
    """The version as it stands behind the lock, while it waits for signatures."""
    versions = standing_of(work, version.contract).versions
    now = next(known for known in versions if known.number == version.number)
    if state_of(now, versions) is not VersionState.PROPOSED:
        raise Refused("version_closed", say("version {version} does not wait for signatures any more", version=version.number))
    return now


def _end_request(
    work: UnitOfWork, programme: Programme, commitment_id: str, kind: ActionKind, by: str, at: datetime, channels: Sequence[str],
    reason: str = "",
) -> None:
    row = fetch_commitment(work, commitment_id)
    if row is not None and row.status is not Status.CLOSED:
        act_on_commitment(work, programme, commitment_id, Action(f"{kind.value}:{commitment_id}", kind, at, by, reason=reason), channels)


def cancel_requests(
    work: UnitOfWork, programme: Programme, version: ContractVersion, by: str, at: datetime, reason: str, channels: Sequence[str]
) -> None:
    """End what a version still asks of its parties (ESC-A8)."""
    for role in version.missing:
        _end_request(work, programme, request_id(version, role), ActionKind.CANCEL, by, at, channels, reason)


def decline_version(
    work: UnitOfWork, programme: Programme, version: ContractVersion, signing: Signing, remark: NewRemark, channels: Sequence[str]
) -> None:
    """A party declines to sign, with a reason. Its request stays open, and the steward is told.

    Refused: as for signing, `already_signed`, `reason_missing`. The same remark id again changes nothing.
    """
    _require_party(work, programme, version, signing)
    if fetch_signature(work, version.contract, version.number, signing.role) is not None:
        raise Refused("already_signed", say("version {version} is signed already: nothing was changed", version=version.number))
    _still_open(work, version)
    if _remark(work, programme, version, remark, RemarkKind.DECLINE, signing.role):
        tell_steward(work, programme, version, request_id(version, signing.role), DECLINED, signing.person, signing.at, channels)


def comment_on_version(
    work: UnitOfWork, programme: Programme, version: ContractVersion, remark: NewRemark, channels: Sequence[str]
) -> None:
    """Somebody of the organisation says what should change; the steward is told while a request to sign runs.

    NotFound for an unknown person or clause; Refused `reason_missing` without a word. The same remark id again changes nothing.
    """
    if _remark(work, programme, version, remark, RemarkKind.COMMENT, None):
        steward = text_of(work, programme, version).steward  # the steward's own request, while it runs, leads to what was said
        for role in sorted(version.missing, key=lambda role: role != steward)[:1]:
            tell_steward(work, programme, version, request_id(version, role), COMMENTED, remark.person, remark.at, channels)


def _remark(
    work: UnitOfWork, programme: Programme, version: ContractVersion, remark: NewRemark, kind: RemarkKind, role: str | None
) -> bool:
    if fetch_remark(work, remark.id) is not None:
        return False
    if remark.person not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=remark.person))
    if not remark.text:
        raise Refused("reason_missing", say("Say what should change, or why: nothing was changed."))
    text = text_of(work, programme, version)
    if remark.clause is not None and remark.clause not in {clause.id for clause in text.clauses}:
        known = ", ".join(clause.id for clause in text.clauses)
        raise NotFound(say("there is no clause {clause}; declared: {known}", clause=remark.clause, known=known))
    work.session.add(
        ContractRemarkRow(
            programme_id=work.programme_id, id=remark.id, contract_id=version.contract, version=version.number, kind=kind,
            clause_id=remark.clause, role_id=role, person_id=remark.person, said_at=remark.at, text=remark.text,
        )
    )
    work.flush()
    what = "contract_declined" if kind is RemarkKind.DECLINE else "contract_commented"
    work.record(
        remark.at, remark.person, what, f"contract:{version.contract}", version=version.number, role=role, clause=remark.clause,
        remark=remark.id, why=remark.text,
    )
    return True


def answer_remark(work: UnitOfWork, remark_id: str, by: str, answer: str, at: datetime) -> bool:
    """The steward answers a comment or a refusal, which closes it. False: answered before. NotFound for an unknown remark."""
    row = fetch_remark(work, remark_id)
    if row is None:
        raise NotFound(say("there is no comment {id}", id=remark_id))
    if row.answered_at is not None:
        return False
    row.answered_at, row.answered_by, row.answer = at, by, answer
    work.session.add(row)
    work.record(at, by, "contract_remark_answered", f"contract:{row.contract_id}", remark=remark_id, why=answer)
    return True


def validate_perimeter(
    work: UnitOfWork, programme: Programme, contract_id: str, person: str, at: datetime, number: int | None = None
) -> bool:
    """The sponsor validates the perimeter of a version (default: the one people talk about, else the declared text).

    False: validated before. Kept with the fingerprint of the perimeter: another perimeter is validated anew. Refused:
    `not_the_sponsor`, `perimeter_empty`.
    """
    standing, declared = standing_of(work, contract_id), declared_contract(programme, contract_id)
    version = standing.newest if number is None else standing.version(number)
    text = declared if version is None else text_of(work, programme, version)
    if programme.organisation.holder(text.sponsor, at) != person:
        raise Refused("not_the_sponsor", say("only the sponsor validates the perimeter of contract {contract}", contract=text.name))
    if not text.perimeter:
        raise Refused("perimeter_empty", say("contract {contract} covers no process: there is nothing to validate", contract=text.name))
    fingerprint = text.perimeter_fingerprint()
    if work.session.get(PerimeterValidationRow, (work.programme_id, contract_id, fingerprint)) is not None:
        return False
    work.session.add(
        PerimeterValidationRow(
            programme_id=work.programme_id, contract_id=contract_id, perimeter_fingerprint=fingerprint, perimeter=list(text.perimeter),
            person_id=person, validated_at=at,
        )
    )
    work.flush()
    work.record(at, person, "perimeter_validated", f"contract:{contract_id}", fingerprint=fingerprint, perimeter=list(text.perimeter))
    return True


def record_told(work: UnitOfWork, programme: Programme, contract_id: str, role_id: str, by: str, how: str, at: datetime) -> bool:
    """Record that the holder of a stakeholder's role was told about a contract. False: recorded before.

    Refused `not_a_stakeholder`, or `nobody` while nobody holds the role.
    """
    contract = declared_contract(programme, contract_id)
    if role_id not in contract.stakeholders:
        known = ", ".join(contract.stakeholders) or "-"
        raise Refused("not_a_stakeholder", say("{role} is no stakeholder of contract {contract}; stakeholders: {known}", role=role_id,
                                               contract=contract.name, known=known))  # fmt: skip
    person = programme.organisation.holder(role_id, at)
    if person is None:
        raise Refused("nobody", say("nobody holds the role {role}", role=role_id))
    if work.session.get(StakeholderToldRow, (work.programme_id, contract_id, role_id, person)) is not None:
        return False
    work.session.add(
        StakeholderToldRow(
            programme_id=work.programme_id, contract_id=contract_id, role_id=role_id, person_id=person, told_at=at, told_by=by, how=how
        )
    )
    work.flush()
    work.record(at, by, "stakeholder_told", f"contract:{contract_id}", role=role_id, person=person, how=how)
    return True
