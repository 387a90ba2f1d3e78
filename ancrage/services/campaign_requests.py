"""What happens to a request after it was asked: changes wanted, taken up again, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.organisation import PERSON_PREFIX
from ancrage.domain.working_time import WorkingDays
from ancrage.errors import Refused
from ancrage.language import Label, say
from ancrage.services.campaigns import add_request_event, asked_request, open_campaign_row
from ancrage.services.commitments import NewCommitment, open_commitment
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_request_events
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow, CampaignRow, RequestEventKind
from models.commitments import CommitmentKind

SECOND_BUDGET = WorkingDays(3)
"""Time to hand in again: the questions are known, only some answers change."""


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """One line of a request's history; `commitment` is what was opened by it, None where nothing was."""

    number: int
    what: str
    at: datetime
    by: str
    why: str
    commitment: str | None


def request_changes(work: UnitOfWork, campaign_id: str, person_id: str, by: str, why: str, at: datetime) -> str:
    """Give handed-in answers back with what should change; the person owes them again. Returns the commitment that asks.

    Refused `not_submitted` where nothing was handed in, `reason_missing` without words, `closed` after the campaign (ASM-K2).
    """
    if not why.strip():
        raise Refused("reason_missing", say("say what should change: nothing was given back"))
    return _ask_again(work, campaign_id, person_id, RequestEventKind.CHANGES_REQUESTED, by, why.strip(), at)


def reopen_request(work: UnitOfWork, campaign_id: str, person_id: str, by: str, at: datetime, why: str = "") -> str:
    """Take up answers again that were handed in; the person owes them again. Returns the commitment that asks. Refusals as above."""
    return _ask_again(work, campaign_id, person_id, RequestEventKind.REOPENED, by, why.strip(), at)


def _ask_again(
    work: UnitOfWork, campaign_id: str, person_id: str, what: RequestEventKind, by: str, why: str, at: datetime
) -> str:
    campaign = open_campaign_row(work, campaign_id)
    request = asked_request(work, campaign_id, person_id)
    if request.submitted_at is None:
        raise Refused("not_submitted", say("{person} has not handed in: the answers can still be changed", person=person_id))
    number = len(fetch_request_events(work, campaign_id, person_id)) + 1
    commitment_id = f"{campaign_id}/{person_id}#{number}"
    _open(work, campaign, request, commitment_id, what, by, why, at)
    request.submitted_at, request.commitment_id = None, commitment_id
    work.session.add(request)
    add_request_event(work, request, what, by, at, why, commitment_id)
    work.record(at, by, f"request_{what.value}", f"campaign:{campaign_id}", person=person_id, why=why, commitment=commitment_id)
    return commitment_id


def _open(
    work: UnitOfWork, campaign: CampaignRow, request: CampaignRequestRow, commitment_id: str, what: RequestEventKind, by: str, why: str,
    at: datetime,
) -> None:
    programme = current_programme(work)
    defaults = programme.defaults
    name = Label(campaign.name_fr, campaign.name_en)
    title = (
        say("Change your answers to the campaign “{name}”: {why}", name=name, why=why)
        if what is RequestEventKind.CHANGES_REQUESTED
        else say("Hand in your answers to the campaign “{name}” again", name=name)
    )
    open_commitment(
        work, programme,
        NewCommitment(
            id=commitment_id, kind=CommitmentKind.REQUEST, title=title.label(), event_id=f"campaign:{commitment_id}",
            responsible=f"{PERSON_PREFIX}{request.person_id}", calendar=defaults.calendar, budget=SECOND_BUDGET,
            policy=programme.policies[defaults.request], subject={"campaign": campaign.id, "cells": len(request.cells)},
        ),
        at, by,
    )  # fmt: skip


def history_of_request(work: UnitOfWork, campaign_id: str, person_id: str) -> tuple[RequestEvent, ...]:
    """What happened to a person's request, oldest first; empty while they have only been asked."""
    return tuple(
        RequestEvent(row.number, row.what.value, row.at, row.by, row.why, row.commitment_id)
        for row in fetch_request_events(work, campaign_id, person_id)
    )
