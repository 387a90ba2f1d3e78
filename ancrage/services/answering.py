"""Answers given on a page: saved together, an earlier one confirmed, and an answer that was given meanwhile never overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ancrage.domain.assessment.types import CellKey
from ancrage.language import Label
from ancrage.services.campaigns import GivenRating, rate
from ancrage.services.evidence import use_evidence
from ancrage.services.request_views import EarlierAnswer, RequestView, requests_of
from ancrage.storage.campaigns import count_ratings, fetch_campaigns, fetch_rating_history, fetch_request
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import RatingRow
from models.commitments import CommitmentKind


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """One question as a page sent it. `value` is empty while nothing was chosen; `known`: the revision that the page had shown, 0: none."""

    cell: CellKey
    value: str
    comment: str
    known: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a page of answers. `meanwhile`: cells that somebody answered differently since the page was shown; what they hold
    stays. `without_value`: cells with a comment and no answer; nothing of them is kept."""

    changed: int
    meanwhile: tuple[CellKey, ...] = ()
    without_value: tuple[CellKey, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not (self.meanwhile or self.without_value)


def keep_answers(work: UnitOfWork, campaign_id: str, person_id: str, given: Sequence[PageAnswer], at: datetime) -> Kept:
    """Record what a page brought. What its reader did not touch stays as it is now, even where it changed since.

    Refused and ProblemsFound as for `rate`.
    """
    history = _Revisions(fetch_rating_history(work, campaign_id, person_id))
    touched = [answer for answer in given if (answer.value or answer.comment) and history.differs_from_shown(answer)]
    wanted = [answer for answer in touched if history.differs_from_current(answer)]
    without = tuple(answer.cell for answer in wanted if not answer.value)
    meanwhile = tuple(answer.cell for answer in wanted if answer.value and history.newest(answer.cell) != answer.known)
    ratings = [
        GivenRating(*answer.cell, answer.value, plain_lines(answer.comment)) for answer in wanted
        if answer.value and answer.cell not in meanwhile
    ]  # fmt: skip
    return Kept(rate(work, campaign_id, person_id, ratings, at), meanwhile, without)


@dataclass(slots=True)
class _Revisions:
    """Every answer one person has given in a campaign, by cell and revision."""

    rows: Sequence[RatingRow]
    by_cell: dict[CellKey, dict[int, RatingRow]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_cell = {}
        for row in self.rows:
            self.by_cell.setdefault(CellKey(row.process_id, row.practice_id), {})[row.revision] = row

    def newest(self, cell: CellKey) -> int:
        return max(self.by_cell.get(cell, {}), default=0)

    def differs_from_shown(self, answer: PageAnswer) -> bool:
        return not _says(self.by_cell.get(answer.cell, {}).get(answer.known), answer)

    def differs_from_current(self, answer: PageAnswer) -> bool:
        return not _says(self.by_cell.get(answer.cell, {}).get(self.newest(answer.cell)), answer)


def _says(row: RatingRow | None, answer: PageAnswer) -> bool:
    return row is not None and (row.value, plain_lines(row.comment)) == (answer.value, plain_lines(answer.comment))


def plain_lines(text: str) -> str:
    """A text as people compare it: a browser ends lines in a way of its own, and adds none at the end."""
    return text.replace("\r\n", "\n").strip()


def confirm_earlier(work: UnitOfWork, campaign_id: str, person_id: str, cell: CellKey, at: datetime) -> bool:
    """Answer as an earlier cycle agreed, and put its evidence that still stands behind it (ASM-K3). False: nothing earlier is known."""
    (request,) = requests_of(work, person_id, campaign_id)
    earlier = _earlier_of(request).get(cell)
    if earlier is None:
        return False
    comments = {CellKey(it.process, it.practice): it.comment for it in request.questions}
    rate(work, campaign_id, person_id, [GivenRating(*cell, earlier.value, comments[cell])], at)
    for evidence_id in earlier.evidence:
        use_evidence(work, campaign_id, cell, evidence_id, person_id, at)
    return True


def _earlier_of(request: RequestView) -> Mapping[CellKey, EarlierAnswer]:
    return {CellKey(it.process, it.practice): it.earlier for it in request.questions if it.earlier is not None}


@dataclass(frozen=True, slots=True)
class Asking:
    """An open campaign that asks a person: questions asked and answered so far, and when the answers were handed in."""

    campaign: str
    name: Label
    due_on: date
    asked: int
    answered: int
    submitted_at: datetime | None


def campaigns_asking(work: UnitOfWork, person_id: str) -> tuple[Asking, ...]:
    """The open campaigns that ask a person, oldest first; empty for somebody who is asked nothing."""
    found = []
    for row in fetch_campaigns(work, only_open=True):
        request = fetch_request(work, row.id, person_id)
        if request is not None:
            answered = count_ratings(work, row.id).get(person_id, 0)
            name = Label(row.name_fr, row.name_en)
            found.append(Asking(row.id, name, row.due_on, len(request.cells), answered, request.submitted_at))
    return tuple(found)


def campaign_of_request(work: UnitOfWork, commitment_id: str, person_id: str) -> str | None:
    """The campaign whose questions a commitment asks this person to answer; None for any other commitment, or person."""
    row = fetch_commitment(work, commitment_id)
    if row is None or row.kind is not CommitmentKind.REQUEST:
        return None
    campaign = str(row.subject.get("campaign", ""))
    return campaign if fetch_request(work, campaign, person_id) is not None else None
