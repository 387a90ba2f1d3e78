"""What a party finds behind the link of a request to sign: the text of the version in words, and what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.engagement import Clause, Contract, TriggerKind
from ancrage.domain.engagement_changes import TextChange, compare_texts
from ancrage.domain.engagement_versions import ContractVersion, VersionState, state_of
from ancrage.domain.engagement_words import amount_words, ladder_words, trigger_words
from ancrage.domain.policies import Policy
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.services.contract_notices import is_signing
from ancrage.services.contract_signing import NewRemark, Signing, comment_on_version, decline_version, sign_version, validate_perimeter
from ancrage.services.contract_versions import standing_of, text_of
from ancrage.services.contract_views import PartyView, RemarkView, party_views, person_name, process_names, role_label, view_remarks
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.contracts import fetch_perimeter_validations
from ancrage.storage.programmes import fetch_programme
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ClauseSheet:
    """One promise in words: by whom, what calls it, in what time, at what cost, and what happens if it is not kept."""

    id: str
    promise: Label
    by: Label
    by_person: str
    trigger: Message
    delay: Message | None
    cost_hours_per_month: float
    ladder: tuple[Message, ...]
    waivers: tuple[Label, ...]
    negotiable: Label | None


@dataclass(frozen=True, slots=True)
class ContractSheet:
    """One version of a contract as one reader sees it. `role` is the party that the request asks; `validated_by` is empty while nobody has
    validated this perimeter."""

    id: str
    name: Label
    number: int
    state: VersionState
    proposed_at: datetime
    proposed_by: str
    in_force: int | None
    role: Label
    parties: tuple[PartyView, ...]
    objectives: tuple[Label, ...]
    perimeter: tuple[Label, ...]
    outside: tuple[Label, ...]
    stakeholders: tuple[Label, ...]
    clauses: tuple[ClauseSheet, ...]
    changes: tuple[TextChange, ...]
    """What this version changes of the one in force."""
    remarks: tuple[RemarkView, ...]
    may_sign: bool
    may_validate: bool
    validated_by: str
    validated_at: datetime | None

    @property
    def is_alive(self) -> bool:
        """It waits for signatures, or is in force: there is something to say about it."""
        return self.state in (VersionState.PROPOSED, VersionState.IN_FORCE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request to sign is about."""

    version: ContractVersion
    versions: tuple[ContractVersion, ...]
    text: Contract
    role: str

    @property
    def state(self) -> VersionState:
        return state_of(self.version, self.versions)


def _asked(work: UnitOfWork, programme: Programme, commitment_id: str) -> _Asked | None:
    row = fetch_commitment(work, commitment_id)
    if row is None or not is_signing(row):
        return None
    standing = standing_of(work, row.contract_id or "")
    version = standing.version(row.contract_version or 0)
    if version is None:
        return None
    return _Asked(version, standing.versions, text_of(work, programme, version), str(row.subject["party"]))


def fetch_contract_sheet(work: UnitOfWork, commitment_id: str, reader: str, as_of: datetime) -> ContractSheet | None:
    """The version a request asks to sign, for one reader; None for a commitment that asks for no signature. Reads only."""
    programme = current_programme(work)
    asked = _asked(work, programme, commitment_id)
    if asked is None:
        return None
    version, text, holder = asked.version, asked.text, programme.organisation.holder
    holds = standing_of(work, version.contract).in_force
    older = holds if holds is not None and holds.number < version.number else None
    validation = next(
        (row for row in fetch_perimeter_validations(work, text.id) if row.perimeter_fingerprint == text.perimeter_fingerprint()), None
    )
    waits = asked.state is VersionState.PROPOSED and asked.role not in version.signed
    return ContractSheet(
        id=text.id, name=text.name, number=version.number, state=asked.state, proposed_at=version.proposed_at,
        proposed_by=person_name(programme, version.proposed_by), in_force=holds.number if holds else None,
        role=role_label(programme, asked.role), parties=party_views(work, programme, text, version, as_of),
        objectives=tuple(programme.objectives[name].name for name in text.objectives if name in programme.objectives),
        perimeter=process_names(programme, text), outside=text.outside,
        stakeholders=tuple(role_label(programme, role) for role in text.stakeholders),
        clauses=tuple(_clause(work, programme, asked, clause, as_of) for clause in text.clauses),
        changes=compare_texts(text_of(work, programme, older), text) if older is not None else (),
        remarks=tuple(remark for remark in view_remarks(work, programme, text.id) if remark.version == version.number),
        may_sign=waits and holder(asked.role, as_of) == reader,
        may_validate=validation is None and bool(text.perimeter) and holder(text.sponsor, as_of) == reader,
        validated_by=person_name(programme, validation.person_id) if validation else "",
        validated_at=validation.validated_at if validation else None,
    )


def _clause(work: UnitOfWork, programme: Programme, asked: _Asked, clause: Clause, as_of: datetime) -> ClauseSheet:
    policy = _policy(work, programme, asked.version, clause)
    waivers = (policy.waiver_roles if policy else ()) or (clause.waiver_role or asked.text.steward,)
    return ClauseSheet(
        id=clause.id, promise=clause.promise, by=role_label(programme, clause.by),
        by_person=person_name(programme, programme.organisation.holder(clause.by, as_of)), trigger=_trigger(programme, clause),
        delay=amount_words(clause.budget) if clause.budget is not None else None, cost_hours_per_month=clause.cost_hours_per_month,
        ladder=ladder_words(policy, lambda role: role_label(programme, role)) if policy else (),
        waivers=tuple(role_label(programme, role) for role in waivers),
        negotiable=clause.negotiable if clause.negotiable != Label() else None,
    )


def _policy(work: UnitOfWork, programme: Programme, version: ContractVersion, clause: Clause) -> Policy | None:
    """The ladder as declared now (ESC-K1), or as it was declared with the version."""
    if clause.policy is None or clause.policy in programme.policies:
        return programme.policies.get(clause.policy or "")
    declared = fetch_programme(work, version.declaration_version)
    return declared.policies.get(clause.policy) if declared else None


def _trigger(programme: Programme, clause: Clause) -> Message:
    """What calls it in, with the names of indicators."""
    if clause.trigger is None or clause.trigger.kind is not TriggerKind.ALERT:
        return trigger_words(clause.trigger)
    known = programme.indicators
    names = [known[name].name if name in known else Label.same(name) for name in clause.trigger.indicators]
    both = Label(", ".join(name.text("fr") for name in names), ", ".join(name.text("en") for name in names))
    return say("an alert of {indicators}", indicators=both)


@dataclass(frozen=True, slots=True)
class ContractDeed:
    """What a button of the page asks. `id` makes it take effect once; `what` is sign, decline, comment or validate."""

    id: str
    what: str
    person: str
    at: datetime
    text: str = ""
    clause: str | None = None


def act_on_contract(work: UnitOfWork, commitment_id: str, deed: ContractDeed, channels: Sequence[str]) -> None:
    """Do once what a button asks. NotFound when the commitment asks for no signature.

    Refused: `version_closed` for a version that is withdrawn or superseded, and what each act refuses by itself.
    """
    programme = current_programme(work)
    fetch_commitment(work, commitment_id, lock=True)
    asked = _asked(work, programme, commitment_id)
    if asked is None:
        raise NotFound(say("This request does not exist any more."))
    if asked.state not in (VersionState.PROPOSED, VersionState.IN_FORCE):
        raise Refused("version_closed", say("version {version} does not wait for signatures any more", version=asked.version.number))
    signing = Signing(asked.role, deed.person, deed.at)
    remark = NewRemark(deed.id, deed.person, deed.at, deed.text, deed.clause)
    match deed.what:
        case "sign":
            sign_version(work, programme, asked.version, signing, channels)
        case "decline":
            decline_version(work, programme, asked.version, signing, remark, channels)
        case "comment":
            comment_on_version(work, programme, asked.version, remark, channels)
        case _:
            validate_perimeter(work, programme, asked.text.id, deed.person, deed.at, asked.version.number)
