"""Who must do what next, why, and what happens if they do not: the read models of the first page, of `status` and of `commitments`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.engagement_record import Record
from ancrage.domain.escalation.facts import LadderState, Result, Status, Terms
from ancrage.domain.policies import Step
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import Label, Message, say
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.engagement import engagement_records
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import count_ratings, fetch_actions, fetch_campaigns, fetch_requests
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_commitment, fetch_commitments
from ancrage.storage.contracts import count_open_remarks
from ancrage.storage.engine import fetch_gaps, fetch_last_pass
from ancrage.storage.indicators import fetch_alerts, fetch_verdicts
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionStatus
from models.campaigns import CampaignRow
from models.commitments import CommitmentKind, CommitmentRow
from models.indicators import VerdictRow


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """One commitment as people read it. `person` is the name of who answers now; `next_*` what the ladder does if nobody moves."""

    id: str
    kind: CommitmentKind
    title: Label
    contract: Label | None
    clause_id: str | None
    person_id: str | None
    person: str
    started_at: datetime
    due_at: datetime
    status: Status
    result: Result | None
    closed_at: datetime | None
    overdue: bool
    held_until: datetime | None
    next_at: datetime | None
    steps_fired: int
    steps: int
    contract_version: int | None = None
    """The version of the contract it started under, whose terms it keeps."""


@dataclass(frozen=True, slots=True)
class CampaignView:
    """How far a campaign is: people who handed in, and answers given, of those asked."""

    id: str
    name: Label
    status: str
    due_on: date
    closes_on: date
    people: int
    submitted: int
    cells: int
    rated: int
    silent: tuple[str, ...]
    """Names of the people who have not given one answer."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert: what it says, of which indicator, since when; open while `closed_at` is None."""

    id: str
    indicator: Label
    message: Message
    raised_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The newest verdict on one indicator, and what would change it."""

    indicator_id: str
    indicator: Label
    state: str
    headline: Message
    target_met: bool | None
    since: datetime
    next_change: Message


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action of the plan, with its rank when it has been ranked."""

    id: str
    rank: int | None
    title: Label
    segment: str
    status: str
    owner: Label
    """Name of the role or person; empty where nobody owns it."""
    due_on: date | None
    value: float | None
    effort_days: float | None
    is_clear: bool
    """False: the next one in the ranking could as well come first."""


@dataclass(frozen=True, slots=True)
class GapView:
    """A time in which the engine did not run."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything the first page shows, as of one instant."""

    programme: Label
    as_of: datetime
    last_pass: datetime | None
    gaps: tuple[GapView, ...]
    open_commitments: tuple[CommitmentView, ...]
    campaigns: tuple[CampaignView, ...]
    alerts: tuple[AlertView, ...]
    verdicts: tuple[VerdictView, ...]
    actions: tuple[ActionView, ...]
    records: tuple[Record, ...]
    names: dict[str, str]
    """Person id to name, for the records."""
    zone: str
    """Zone of the programme's own calendar, in which instants are shown."""
    open_remarks: tuple[tuple[str, Label, int], ...] = ()
    """Contracts with comments that wait for an answer: id, name, how many."""

    @property
    def overdue(self) -> int:
        return sum(view.overdue for view in self.open_commitments)


def fetch_status(work: UnitOfWork, as_of: datetime) -> StatusView:
    """The state of the loop at `as_of`. Reads only."""
    programme = current_programme(work)
    return StatusView(
        programme=programme.name,
        as_of=as_of,
        last_pass=fetch_last_pass(work, "commitments"),
        gaps=tuple(GapView(row.since, row.until) for row in fetch_gaps(work)),
        open_commitments=view_commitments(work, programme, as_of, only_open=True),
        campaigns=tuple(view_campaign(work, programme, row) for row in fetch_campaigns(work)),
        alerts=view_alerts(work, programme, only_open=True),
        verdicts=view_verdicts(work, programme),
        actions=view_actions(work, programme),
        records=engagement_records(work, as_of),
        names={person.id: person.name for person in programme.organisation.people.values()},
        zone=zone_of_programme(programme),
        open_remarks=tuple(
            (contract, programme.contracts[contract].name if contract in programme.contracts else Label.same(contract), count)
            for contract, count in count_open_remarks(work).items()
        ),
    )


def zone_of_programme(programme: Programme) -> str:
    """The zone in which the programme's instants are shown: that of its own calendar."""
    return programme.organisation.calendars[programme.defaults.calendar].zone


def view_commitments(work: UnitOfWork, programme: Programme, as_of: datetime, *, only_open: bool = False) -> tuple[CommitmentView, ...]:
    """Commitments by due date, then id."""
    return tuple(view_commitment(programme, row, as_of) for row in fetch_commitments(work, only_open=only_open))


def find_commitment(work: UnitOfWork, programme: Programme, commitment_id: str, as_of: datetime) -> CommitmentView:
    """One commitment by its id. NotFound when there is none."""
    row = fetch_commitment(work, commitment_id)
    if row is None:
        raise NotFound(say("there is no commitment {commitment}", commitment=commitment_id))
    return view_commitment(programme, row, as_of)


def view_commitment(programme: Programme, row: CommitmentRow, as_of: datetime) -> CommitmentView:
    """One commitment as people read it at `as_of`."""
    terms, state = terms_of(row), ladder_of(row)
    person = answering_person(programme, terms, state, as_of)
    contract = programme.contracts.get(row.contract_id or "")
    return CommitmentView(
        id=row.id, kind=row.kind, title=title_of(row), contract=contract.name if contract else None, clause_id=row.clause_id,
        person_id=person, person=_name(programme, person), started_at=row.started_at, due_at=row.due_at, status=row.status,
        result=row.result, closed_at=row.closed_at, overdue=state.is_overdue(as_of),
        held_until=state.hold.until if state.hold else None, next_at=row.wake_at, steps_fired=len(state.fired),
        steps=len(terms.policy.steps), contract_version=row.contract_version,
    )


def answering_person(programme: Programme, terms: Terms, state: LadderState, at: datetime) -> str | None:
    """Who answers at `at`: the delegate while a delegation runs, otherwise the holder of the role (ESC-W2)."""
    delegation = state.delegation
    if delegation is not None and delegation.since <= at and (delegation.until is None or at < delegation.until):
        return delegation.person
    return programme.organisation.holder(terms.responsible, at)


def _name(programme: Programme, person_id: str | None) -> str:
    person = programme.organisation.people.get(person_id or "")
    return person.name if person else ""


def step_of(terms: Terms, step_id: str) -> Step | None:
    """The declared step of that id; None for the engine's own (`assigned`, `fallback`)."""
    return next((step for step in terms.policy.steps if step.id == step_id), None)


def view_campaign(work: UnitOfWork, programme: Programme, row: CampaignRow) -> CampaignView:
    """Coverage and silence of one campaign."""
    requests = fetch_requests(work, row.id)
    counts = count_ratings(work, row.id)
    return CampaignView(
        id=row.id, name=Label(row.name_fr, row.name_en), status=row.status.value, due_on=row.due_on, closes_on=row.closes_on,
        people=len(requests), submitted=sum(request.submitted_at is not None for request in requests),
        cells=sum(len(request.cells) for request in requests), rated=sum(counts.values()),
        silent=tuple(_name(programme, request.person_id) for request in requests if not counts.get(request.person_id)),
    )


def view_alerts(work: UnitOfWork, programme: Programme, *, only_open: bool = False) -> tuple[AlertView, ...]:
    """Alerts, oldest first."""
    return tuple(
        AlertView(
            row.id, _indicator_name(programme, row.indicator_id), unpack_message(row.detail["message"]), row.raised_at, row.closed_at
        )
        for row in fetch_alerts(work, only_open=only_open)
    )


def _indicator_name(programme: Programme, indicator_id: str) -> Label:
    indicator = programme.indicators.get(indicator_id)
    return indicator.name if indicator else Label.same(indicator_id)


def view_verdicts(work: UnitOfWork, programme: Programme) -> tuple[VerdictView, ...]:
    """The newest verdict of each indicator, in declared order; indicators never looked at are missing."""
    newest: dict[str, VerdictRow] = {row.indicator_id: row for row in fetch_verdicts(work)}
    return tuple(
        VerdictView(
            indicator_id, _indicator_name(programme, indicator_id), row.state, unpack_message(row.result["headline"]), row.target_met,
            row.as_of, unpack_message(row.result["next_change"]),
        )
        for indicator_id, row in ((key, newest[key]) for key in programme.indicators if key in newest)
    )


def view_actions(
    work: UnitOfWork, programme: Programme, *, campaign_id: str | None = None, segment: str | None = None,
    status: ActionStatus | None = None,
) -> tuple[ActionView, ...]:
    """The action plan in the order of the ranking of each campaign."""
    rows = fetch_actions(work, campaign_id=campaign_id, segment=segment, status=status)
    return tuple(
        ActionView(
            row.id, row.rank, Label(row.title_fr, row.title_en), row.segment, row.status.value,
            _owner_name(programme, row.owner), row.due_on, row.value, row.effort_days, bool(row.reasons.get("is_clear", True)),
        )
        for row in rows
    )


def _owner_name(programme: Programme, owner: str | None) -> Label:
    if owner is None:
        return Label()
    if owner.startswith("person:"):
        return Label.same(_name(programme, owner.removeprefix("person:")))
    role = programme.organisation.roles.get(owner)
    return role.name if role else Label.same(owner)


def people_with_work(views: Sequence[CommitmentView]) -> dict[str, tuple[CommitmentView, ...]]:
    """Open commitments by the person who answers, most pressing first."""
    found: dict[str, list[CommitmentView]] = {}
    for view in views:
        if view.person_id:
            found.setdefault(view.person_id, []).append(view)
    return {person: tuple(found[person]) for person in sorted(found)}
