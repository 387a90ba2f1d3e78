"""What a person finds behind a link, and what the buttons there do: one read and one write, both through the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ancrage.domain.escalation.facts import Action, ActionKind, LadderState, Status, Terms
from ancrage.domain.escalation.recipients import recipients
from ancrage.domain.escalation.rungs import next_rung
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.notices.notice import Addressee, Gap, HistoryLine
from ancrage.services.commitments import act_on_commitment, ladder_of, terms_of, title_of, waiver_roles
from ancrage.services.message_items import addressee_of, history_of, why_opened
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView, view_commitment
from ancrage.services.waivers import fetch_waiver_requests
from ancrage.storage.commitments import fetch_action_taken, fetch_commitment
from ancrage.storage.engine import fetch_gaps
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as a choice in a form."""

    id: str
    name: str
    email: str
    away: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the ladder does if nobody moves: whom it tells, not before when. No name: nobody can be reached."""

    at: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaiverAsked:
    """Somebody asked for a waiver, and why; names are names. `refused_by` is empty while it waits for its answer."""

    number: int
    at: datetime
    by: str
    reason: str
    refused_at: datetime | None = None
    refused_by: str = ""
    refusal: str = ""
    mine: bool = False
    """Asked by the reader."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action of this reader: its kind, and the code of its refusal if it was refused."""

    kind: ActionKind
    refused: str | None
    counted_for: str | None = None
    """The other month for which the answer counts (ESC-M3)."""


@dataclass(frozen=True, slots=True)
class CommitmentSheet:
    """Everything the page behind a link shows to one reader."""

    reader: Addressee
    programme: Label
    view: CommitmentView
    promised: Label
    why: Message | None
    gaps: tuple[Gap, ...]
    history: tuple[HistoryLine, ...]
    next_step: NextStep | None
    snoozes_left: int
    colleagues: tuple[Colleague, ...]
    waivers: tuple[Colleague, ...]
    """Those who may waive it, in the order of their roles."""
    waivers_asked: tuple[WaiverAsked, ...]
    may_waive: bool
    is_backup: bool
    """The reader stands in for the responsible role (ESC-W3, M2)."""
    outcome: Outcome | None

    @property
    def waivers_waiting(self) -> tuple[WaiverAsked, ...]:
        """Requests that nobody has answered yet."""
        return tuple(one for one in self.waivers_asked if one.refused_at is None)

    @property
    def is_open(self) -> bool:
        return self.view.status is not Status.CLOSED


def reader_of(programme: Programme, person_id: str) -> Addressee:
    """The person a link was made for. NotFound when the organisation knows them no more."""
    if person_id not in programme.organisation.people:
        raise NotFound(say("The person this link was made for is no longer in the organisation."))
    return addressee_of(programme, person_id)


def fetch_sheet(work: UnitOfWork, commitment_id: str, person_id: str, as_of: datetime, action_id: str | None = None) -> CommitmentSheet:
    """The commitment as `person_id` sees it at `as_of`, with what became of their action `action_id`. Reads only."""
    programme = current_programme(work)
    reader = reader_of(programme, person_id)
    row = fetch_commitment(work, commitment_id)
    if row is None:
        raise NotFound(say("This request does not exist any more."))
    terms, state, view = terms_of(row), ladder_of(row), view_commitment(programme, row, as_of)
    waivers = _waivers(programme, terms, view, as_of)
    return CommitmentSheet(
        reader=reader,
        programme=programme.name,
        view=view,
        promised=title_of(row),
        why=why_opened(work, row),
        gaps=_gaps(work, view),
        history=history_of(work, programme, row, before=datetime.max.replace(tzinfo=as_of.tzinfo)),
        next_step=_next_step(programme, terms, state),
        snoozes_left=max(0, terms.policy.max_snoozes - state.snoozes),
        colleagues=_colleagues(programme, [person for person in programme.organisation.people if person != view.person_id], as_of),
        waivers=waivers,
        waivers_asked=_waivers_asked(work, programme, commitment_id, person_id),
        may_waive=any(waiver.id == person_id for waiver in waivers),
        is_backup=_is_backup(programme, terms, person_id, as_of),
        outcome=_outcome(work, commitment_id, person_id, action_id) if action_id else None,
    )


def _gaps(work: UnitOfWork, view: CommitmentView) -> tuple[Gap, ...]:
    """The stops of the engine that this commitment lived through (ESC-C5)."""
    gaps = [Gap(row.since, row.until) for row in fetch_gaps(work)]
    return tuple(gap for gap in gaps if gap.until > view.started_at and (view.closed_at is None or gap.since < view.closed_at))


def _next_step(programme: Programme, terms: Terms, state: LadderState) -> NextStep | None:
    if state.status in (Status.CLOSED, Status.PAUSED):
        return None
    organisation = programme.organisation
    rung = next_rung(terms, state, organisation.calendars[terms.calendar])
    if rung is None:
        return None
    at = max(rung.planned_at, state.hold.until) if state.hold else rung.planned_at
    told = recipients(terms, state, organisation, rung.step.to, at)
    return NextStep(at, tuple(organisation.people[recipient.person].name for recipient in told))


def _colleagues(programme: Programme, ids: Sequence[str], as_of: datetime) -> tuple[Colleague, ...]:
    people = (programme.organisation.people[person] for person in dict.fromkeys(ids))
    return tuple(Colleague(who.id, who.name, who.email, programme.organisation.is_absent(who.id, as_of)) for who in people)


def _waivers(programme: Programme, terms: Terms, view: CommitmentView, as_of: datetime) -> tuple[Colleague, ...]:
    """Who holds the roles that may waive (ESC-A8)."""
    roles = waiver_roles(programme, terms, view.clause_id)
    holders = (programme.organisation.holder(role, as_of) for role in roles)
    return _colleagues(programme, [holder for holder in holders if holder is not None], as_of)


def _is_backup(programme: Programme, terms: Terms, person_id: str, as_of: datetime) -> bool:
    role = programme.organisation.backup_role(terms.responsible)
    return role is not None and programme.organisation.holder(role, as_of) == person_id


def _waivers_asked(work: UnitOfWork, programme: Programme, commitment_id: str, reader: str) -> tuple[WaiverAsked, ...]:
    def name(person: str) -> str:
        return programme.organisation.people[person].name if person in programme.organisation.people else person

    return tuple(
        WaiverAsked(
            one.number, one.at, name(one.by), one.reason, one.refused.at if one.refused else None,
            name(one.refused.by) if one.refused else "", one.refused.reason if one.refused else "", one.by == reader,
        )
        for one in fetch_waiver_requests(work, commitment_id)
    )


def _outcome(work: UnitOfWork, commitment_id: str, person_id: str, action_id: str) -> Outcome | None:
    taken = fetch_action_taken(work, action_id)
    if taken is None or taken.by != person_id or _clause_of(taken.commitment_id) != _clause_of(commitment_id):
        return None
    return Outcome(taken.kind, taken.refused, None if taken.commitment_id == commitment_id else taken.commitment_id)


def _clause_of(commitment_id: str) -> str:
    """What the months of one promise have in common (ESC-M1: `clause@YYYY-MM`)."""
    return commitment_id.partition("@")[0]


def act_by_link(work: UnitOfWork, commitment_id: str, channels: Sequence[str], action: Action) -> None:
    """Do once what a button asks (ESC-A11); what became of it is read back by its id.

    Refused (`not_allowed`) for a waiver by somebody whom neither policy nor contract names (ESC-A8). NotFound for a person or a
    commitment that is not there.
    """
    programme = current_programme(work)
    sheet = fetch_sheet(work, commitment_id, action.by, action.at)
    if action.kind is ActionKind.WAIVE and sheet.is_open and not sheet.may_waive:
        raise Refused("not_allowed", say("Only the persons whom the contract names may waive it: nothing was changed."))
    by_backup = sheet.is_backup and action.by != sheet.view.person_id
    act_on_commitment(work, programme, commitment_id, replace(action, by_backup=by_backup), channels)
