"""Objective evidence behind ratings: added, shared between cycles, renewed before it expires."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePath
from urllib.parse import urlsplit

from ancrage.domain.assessment.carry_over import PastEvidence
from ancrage.domain.assessment.types import CellKey
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.organisation import PERSON_PREFIX
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import DueDate
from ancrage.errors import NotFound, Refused
from ancrage.language import Message, say
from ancrage.services.campaigns import open_campaign_row, pinned_model
from ancrage.services.commitments import ENGINE, NewCommitment, act_on_commitment, open_commitment
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitment_by_event
from ancrage.storage.evidence import fetch_all_evidence, fetch_evidence, fetch_evidence_uses, fetch_expiring
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind
from models.evidence import EvidenceKind, EvidenceRow, EvidenceUseRow

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one piece of evidence: it is looked at by people, not archived."""
NOTICE_DAYS = 30
"""Days before its expiry that evidence is asked to be renewed."""
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A piece of evidence to add: the bytes of a file, or an address. `name` is what people read, never a path."""

    name: str
    dated_on: date
    expires_on: date | None = None
    content: bytes | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A piece of evidence as people read it. `cells` are those it stands behind: (campaign, process, practice)."""

    id: str
    kind: str
    name: str
    address: str
    sha256: str
    size: int
    dated_on: date
    expires_on: date | None
    added_by: str
    added_at: datetime
    renewed_by: str | None
    withdrawn_at: datetime | None
    cells: tuple[tuple[str, str, str], ...]

    def is_expired(self, day: date) -> bool:
        return self.expires_on is not None and self.expires_on < day


def add_evidence(work: UnitOfWork, new: NewEvidence, by: str, at: datetime) -> str:
    """Record a piece of evidence; returns its id, which follows from its content: the same file or address is recorded once.

    The caller keeps a file's bytes under the SHA-256 that is recorded, before the unit of work ends. Refused, with the reason, for an
    empty or too large file, an address that is not http or https, an expiry before its date.
    """
    problem = _refusal(new)
    if problem is not None:
        raise problem
    digest = hashlib.sha256(new.content if new.content is not None else new.address.encode()).hexdigest()
    kind = EvidenceKind.LINK if new.content is None else EvidenceKind.FILE
    evidence_id = f"{kind.value}-{digest[:16]}-{new.dated_on:%Y%m%d}"
    if fetch_evidence(work, evidence_id) is not None:
        return evidence_id
    work.session.add(
        EvidenceRow(
            programme_id=work.programme_id, id=evidence_id, kind=kind, name=plain_name(new.name), address=new.address,
            sha256=digest if kind is EvidenceKind.FILE else "", size=len(new.content or b""), dated_on=new.dated_on,
            expires_on=new.expires_on, added_by=by, added_at=at,
        )
    )
    work.flush()
    work.record(at, by, "evidence_added", f"evidence:{evidence_id}", name=plain_name(new.name), sha256=digest, kind=kind.value)
    return evidence_id


def plain_name(name: str) -> str:
    """The last part of a name that somebody gave, without anything a path could be made of; never empty."""
    bare = PurePath(name.replace("\\", "/")).name
    kept = "".join(letter for letter in bare if letter.isprintable()).strip(" .")
    return kept[:200] or "evidence"


def refusal_of(new: NewEvidence) -> Message | None:
    """Why this piece could not be added; None when it could. For those who must know before they write."""
    problem = _refusal(new)
    return problem.message if problem is not None else None


def _refusal(new: NewEvidence) -> Refused | None:
    if new.content is None:
        parts = urlsplit(new.address)
        if parts.scheme not in ("http", "https") or not parts.netloc or len(new.address) > LONGEST_ADDRESS:
            return Refused("address", say("a link begins with http:// or https:// and names a host, found {found}", found=new.address[:80]))
        if parts.username or parts.password:
            return Refused("address", say("a link must not carry a user name or a password"))
    elif not new.content:
        return Refused("empty", say("{name} is empty: it shows nothing", name=new.name))
    elif len(new.content) > LARGEST_FILE:
        return Refused("size", say("{name} has {size} MB; at most {most} MB are kept, a link has no limit", name=new.name,
                                   size=len(new.content) // 1024**2, most=LARGEST_FILE // 1024**2))  # fmt: skip
    if new.expires_on is not None and new.expires_on < new.dated_on:
        return Refused("dates", say("evidence cannot expire on {expires}, before its own date {dated}",
                                    expires=new.expires_on, dated=new.dated_on))  # fmt: skip
    return None


def use_evidence(work: UnitOfWork, campaign_id: str, cell: CellKey, evidence_id: str, by: str, at: datetime) -> None:
    """Put a piece of evidence behind a cell of an open campaign; twice changes nothing. NotFound, Refused `withdrawn`, `closed`."""
    campaign = open_campaign_row(work, campaign_id)
    model = pinned_model(work, campaign)
    known = {practice.id for area in model.areas_for(cell.process) for practice in area.practices}
    if cell.process not in campaign.scope or cell.practice not in known:
        raise NotFound(say("campaign {campaign} does not ask about practice {practice} of process {process}",
                           campaign=campaign_id, practice=cell.practice, process=cell.process))  # fmt: skip
    row = existing_evidence(work, evidence_id)
    if row.withdrawn_at is not None:
        raise Refused("withdrawn", say("evidence {evidence} was withdrawn: {why}", evidence=evidence_id, why=row.withdrawn_why))
    key = (work.programme_id, campaign_id, cell.process, cell.practice, evidence_id)
    if work.session.get(EvidenceUseRow, key) is not None:
        return
    work.session.add(
        EvidenceUseRow(
            programme_id=work.programme_id, campaign_id=campaign_id, process_id=cell.process, practice_id=cell.practice,
            evidence_id=evidence_id, by=by, at=at,
        )
    )
    work.flush()
    work.record(at, by, "evidence_used", f"campaign:{campaign_id}", evidence=evidence_id, process=cell.process, practice=cell.practice)


def is_known(work: UnitOfWork, evidence_id: str) -> bool:
    """Whether there is a piece of evidence of this id."""
    return fetch_evidence(work, evidence_id) is not None


def existing_evidence(work: UnitOfWork, evidence_id: str) -> EvidenceRow:
    """One piece of evidence, or NotFound."""
    row = fetch_evidence(work, evidence_id)
    if row is None:
        raise NotFound(say("there is no evidence {evidence}; `ancrage campaign evidence list` names it", evidence=evidence_id))
    return row


def renew_evidence(work: UnitOfWork, evidence_id: str, new: NewEvidence, by: str, at: datetime, channels: Sequence[str]) -> str:
    """Put a newer piece in the place of one that expires, in every open campaign; closed cycles keep the old one. Returns its id."""
    old = existing_evidence(work, evidence_id)
    renewed = add_evidence(work, new, by, at)
    if renewed == evidence_id:
        raise Refused("same", say("this is the same piece with the same date: nothing was renewed"))
    for use in fetch_evidence_uses(work, evidence_id=evidence_id):
        try:
            use_evidence(work, use.campaign_id, CellKey(use.process_id, use.practice_id), renewed, by, at)
        except Refused as refusal:
            if refusal.code != "closed":
                raise
    old.renewed_by = renewed
    work.session.add(old)
    work.record(at, by, "evidence_renewed", f"evidence:{evidence_id}", renewed_by=renewed)
    _settle_renewal(work, evidence_id, ActionKind.FULFIL, by, at, channels)
    return renewed


def withdraw_evidence(work: UnitOfWork, evidence_id: str, why: str, by: str, at: datetime, channels: Sequence[str]) -> None:
    """Say that a piece shows nothing any more, and why. What closed cycles rested on stays as it was."""
    row = existing_evidence(work, evidence_id)
    if not why.strip():
        raise Refused("reason_missing", say("say why it is withdrawn: nothing was changed"))
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_why = at, why.strip()
    work.session.add(row)
    work.record(at, by, "evidence_withdrawn", f"evidence:{evidence_id}", why=why)
    _settle_renewal(work, evidence_id, ActionKind.CANCEL, by, at, channels)


def _settle_renewal(work: UnitOfWork, evidence_id: str, kind: ActionKind, by: str, at: datetime, channels: Sequence[str]) -> None:
    owed = fetch_commitment_by_event(work, _renewal_event(evidence_id))
    if owed is not None and owed.result is None:
        action = Action(id=f"evidence:{evidence_id}:{kind.value}", kind=kind, at=at, by=by, reason="evidence")
        act_on_commitment(work, current_programme(work), owed.id, action, channels)


def _renewal_event(evidence_id: str) -> str:
    return f"renew:{evidence_id}"


def ask_for_renewals(work: UnitOfWork, programme: Programme, today: date, at: datetime) -> int:
    """Ask whoever added it to renew evidence that expires within NOTICE_DAYS; each piece is asked for once. Returns how many."""
    defaults = programme.defaults
    asked = 0
    for row, expires_on in evidence_to_renew(work, today):
        responsible = f"{PERSON_PREFIX}{row.added_by}" if row.added_by in programme.organisation.people else programme.steward
        new = NewCommitment(
            id=f"evidence:{row.id}", kind=CommitmentKind.EVIDENCE, title=say("Renew the evidence “{name}”", name=row.name).label(),
            event_id=_renewal_event(row.id), responsible=responsible, calendar=defaults.calendar,
            budget=DueDate(max(expires_on, today)), policy=programme.policies[defaults.request], subject={"evidence": row.id},
        )
        asked += open_commitment(work, programme, new, at, ENGINE) is not None
    return asked


def evidence_to_renew(work: UnitOfWork, today: date) -> tuple[tuple[EvidenceRow, date], ...]:
    """Evidence that expires within NOTICE_DAYS and was not asked for yet, with its last day. Reads only."""
    expiring = ((row, row.expires_on) for row in fetch_expiring(work, today + timedelta(days=NOTICE_DAYS)))
    return tuple(
        (row, expires_on) for row, expires_on in expiring
        if expires_on is not None and fetch_commitment_by_event(work, _renewal_event(row.id)) is None
    )  # fmt: skip


def list_evidence(work: UnitOfWork, campaign_id: str | None = None) -> tuple[EvidenceView, ...]:
    """Every piece, oldest first; of one campaign only those behind its cells."""
    uses: dict[str, list[tuple[str, str, str]]] = {}
    for use in fetch_evidence_uses(work, campaign_id=campaign_id):
        uses.setdefault(use.evidence_id, []).append((use.campaign_id, use.process_id, use.practice_id))
    rows = fetch_all_evidence(work)
    return tuple(_view(row, tuple(uses.get(row.id, ()))) for row in rows if campaign_id is None or row.id in uses)


def _view(row: EvidenceRow, cells: tuple[tuple[str, str, str], ...]) -> EvidenceView:
    return EvidenceView(
        row.id, row.kind.value, row.name, row.address, row.sha256, row.size, row.dated_on, row.expires_on, row.added_by, row.added_at,
        row.renewed_by, row.withdrawn_at, cells,
    )  # fmt: skip


def evidence_behind(work: UnitOfWork, campaign_id: str) -> dict[CellKey, tuple[PastEvidence, ...]]:
    """The standing evidence behind each cell of a campaign; a renewed piece is replaced by the one that renewed it."""
    known = {row.id: row for row in fetch_all_evidence(work)}
    found: dict[CellKey, list[PastEvidence]] = {}
    for use in fetch_evidence_uses(work, campaign_id=campaign_id):
        row = known[use.evidence_id]
        while row.renewed_by is not None:
            row = known[row.renewed_by]
        piece = PastEvidence(row.id, row.dated_on, row.expires_on)
        cell = found.setdefault(CellKey(use.process_id, use.practice_id), [])
        if row.withdrawn_at is None and piece not in cell:
            cell.append(piece)
    return {cell: tuple(pieces) for cell, pieces in found.items()}
