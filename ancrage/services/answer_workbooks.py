"""Offline answers: the workbook of one person's requests, and what a filled one would change (interface.md, Excel)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import Practice, ReferenceModel
from ancrage.errors import NotFound, Refused
from ancrage.exchange.answer_workbook import AskedQuestion, AskedRequest, AskedWorkbook, write_workbook
from ancrage.language import Label, say
from ancrage.notices.links import LinkKeys
from ancrage.services.campaigns import open_campaign_row, pinned_model
from ancrage.services.desk import reader_of
from ancrage.services.programme import current_programme
from ancrage.services.workbook_evidence import evidence_lines
from ancrage.storage.campaigns import fetch_campaigns, fetch_ratings, fetch_request
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow, CampaignRow, RatingRow


@dataclass(frozen=True, slots=True)
class WrittenWorkbook:
    """A workbook for one person: its bytes, a file name, the campaigns it asks for, and how many questions have an answer."""

    content: bytes
    file: str
    person: str
    language: str
    campaigns: tuple[str, ...]
    questions: int
    answered: int


def answer_workbook(work: UnitOfWork, person_id: str, keys: LinkKeys, at: datetime, campaign_id: str | None = None) -> WrittenWorkbook:
    """The questions that a person still owes answers to, in one campaign or in every open one (ASM-K10), with the answers given so far.

    Reads only. NotFound for a person who is not asked; Refused `closed` or `submitted` when nothing more can be answered.
    """
    asked = _asked_workbook(work, person_id, at, campaign_id)
    questions = [question for request in asked.requests for question in request.questions]
    return WrittenWorkbook(
        content=write_workbook(asked, keys),
        file=f"{'-'.join(request.campaign for request in asked.requests)[:80]}-{person_id}.xlsx",
        person=person_id,
        language=asked.language,
        campaigns=tuple(request.campaign for request in asked.requests),
        questions=len(questions),
        answered=sum(question.value is not None for question in questions),
    )


def _asked_workbook(work: UnitOfWork, person_id: str, at: datetime, campaign_id: str | None) -> AskedWorkbook:
    programme = current_programme(work)
    if person_id not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=person_id))
    reader = reader_of(programme, person_id)
    return AskedWorkbook(
        programme=work.programme_id,
        programme_name=programme.name,
        person=person_id,
        person_name=reader.name,
        language=reader.language,
        written_at=at,
        zone=reader.zone,
        requests=tuple(_asked_request(work, programme, *found) for found in _open_requests(work, person_id, campaign_id)),
    )


def _open_requests(work: UnitOfWork, person_id: str, campaign_id: str | None) -> list[tuple[CampaignRow, CampaignRequestRow]]:
    rows: Sequence[CampaignRow] = [open_campaign_row(work, campaign_id)] if campaign_id else fetch_campaigns(work, only_open=True)
    found = [(row, request) for row in rows if (request := fetch_request(work, row.id, person_id)) is not None]
    waiting = [(row, request) for row, request in found if request.submitted_at is None]
    if waiting:
        return waiting
    if found:
        raise Refused("submitted", say("{person} has handed in: there is nothing left to answer", person=person_id))
    raise NotFound(say("{person} is not asked anything in an open campaign", person=person_id))


def _asked_request(work: UnitOfWork, programme: Programme, row: CampaignRow, request: CampaignRequestRow) -> AskedRequest:
    model = pinned_model(work, row)
    practices = {practice.id: practice for area in model.areas for practice in area.practices}
    given = {(rating.process_id, rating.practice_id): rating for rating in fetch_ratings(work, row.id, request.person_id)}
    pieces = evidence_lines(work, row.id)
    return AskedRequest(
        campaign=row.id,
        name=Label(row.name_fr, row.name_en),
        due_on=row.due_on,
        model=model.name,
        questions=tuple(
            _question(programme, model, practices[practice], process, given.get((process, practice)), pieces.get((process, practice), ()))
            for process, practice in request.cells
        ),
        fingerprint=fingerprint_of(model, request),
        attribution=model.attribution,
    )


def _question(
    programme: Programme, model: ReferenceModel, practice: Practice, process_id: str, rating: RatingRow | None, evidence: Sequence[str]
) -> AskedQuestion:
    process = programme.processes.get(process_id)
    return AskedQuestion(
        process_id,
        process.name if process else Label.same(process_id),
        practice.id,
        practice.name,
        practice.question,
        model.scale_of(practice),
        practice.guidance,
        rating.value if rating else None,
        rating.comment if rating else "",
        "\n".join(evidence),
        rating.revision if rating else 0,
    )


def fingerprint_of(model: ReferenceModel, request: CampaignRequestRow) -> str:
    """SHA-256 of what one person is asked: the reference model and its scale, and the cells in asking order."""
    asked = [model.id, model.version, model.fingerprint, [value.code for value in model.scale], request.cells]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()
