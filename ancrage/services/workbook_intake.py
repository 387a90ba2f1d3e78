"""A filled answer workbook: the difference it would make, cell by cell, and taking what is good of it.

Looking and taking are the same function of the file and the database; taking then writes, in the same unit of work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import Place, Problem, ProblemsFound, Severity
from ancrage.exchange.answer_workbook import FilledRow, FilledSheet, FilledWorkbook, read_workbook
from ancrage.exchange.answer_workbook.rows import text_of
from ancrage.exchange.answer_workbook.seal import Seal
from ancrage.exchange.answer_workbook.shapes import ANSWER, EVIDENCE, place_of
from ancrage.exchange.answer_workbook.words import AnswerWords
from ancrage.language import Label, Message, say
from ancrage.notices.links import LinkKeys
from ancrage.services.answer_workbooks import fingerprint_of
from ancrage.services.campaigns import GivenRating, pinned_model, rate
from ancrage.services.programme import current_programme
from ancrage.services.workbook_evidence import attach_links, evidence_lines, lines_of, link_fault
from ancrage.storage.campaigns import fetch_campaign, fetch_campaigns, fetch_rating_history, fetch_request
from ancrage.storage.engine import fetch_journal
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow, CampaignRow, CampaignStatus, RatingRow

Key = tuple[str, str]


class CellState(StrEnum):
    """What an answer of the file is beside what is known."""

    NEW = "new"  # nothing is known yet
    CHANGED = "changed"  # another answer is known, and was known when the workbook was written
    SAME = "same"  # it is known already
    NEWER = "newer"  # another answer was given since; this one is not taken unless somebody says so
    KEPT = "kept"  # another answer was given since, and this one is untouched: the newer one stays
    EMPTY = "empty"  # no answer in the file; what is known stays


TAKEN_LINE = "workbook_taken"
TAKEN = frozenset({CellState.NEW, CellState.CHANGED})


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One question of the file. `known` is (value, comment) in the database, None without; `found` the same in the file.

    `links` are addresses in the column of evidence that do not stand behind the cell yet.
    """

    cell: str
    row: int
    process: str
    practice: str
    state: CellState
    known: tuple[str, str] | None
    found: tuple[str, str] | None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetDifference:
    """One request of the file. `cells` stand in the order of the sheet; `missing` are questions whose rows are gone."""

    campaign: str
    name: Label
    sheet: str
    cells: tuple[CellDifference, ...]
    missing: tuple[Key, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Cells by state, every state named."""
        found = Counter(cell.state for cell in self.cells)
        return {state.value: found[state] for state in CellState}


@dataclass(frozen=True, slots=True)
class WorkbookDifference:
    """What a file would change. Sheets that cannot be taken at all are missing from `sheets` and stand in `problems`."""

    file: str
    sha256: str
    size: int
    person: str
    written_at: datetime
    sheets: tuple[SheetDifference, ...]
    problems: tuple[Problem, ...]

    def count(self, *states: CellState) -> int:
        """How many cells of the file are in one of these states."""
        return sum(cell.state in states for sheet in self.sheets for cell in sheet.cells)

    @property
    def would_change(self) -> bool:
        """Whether something could be taken, be it over a newer answer."""
        return self.count(CellState.NEW, CellState.CHANGED, CellState.NEWER) > 0

    def needs_correction(self, *, overwrite_newer: bool = False) -> bool:
        """Whether something in the file was left out that its author meant: a bad cell, or an answer that a newer one stands against."""
        bad = any(problem.severity is Severity.ERROR for problem in self.problems)
        return bad or (self.count(CellState.NEWER) > 0 and not overwrite_newer)


@dataclass(frozen=True, slots=True)
class TakenWorkbook:
    """What was written: new or changed answers, how many of them went over a newer one, and links put behind their cells."""

    changed: int
    overwritten: int
    links: int


def examine_workbook(
    work: UnitOfWork, data: bytes, file: str, keys: LinkKeys, person_id: str | None = None
) -> WorkbookDifference:
    """What a filled workbook would change, and every problem of it by its cell. Reads only.

    ProblemsFound when the file as a whole cannot be taken: see `read_workbook`; made for another programme (E-WORKBOOK-PROGRAMME), or for
    somebody else than `person_id` (E-WORKBOOK-PERSON).
    """
    filled = read_workbook(data, file, keys)
    _refuse_foreign(work, filled, person_id)
    problems, sheets = list(filled.problems), []
    for sheet in filled.sheets:
        looked = _look(work, filled, sheet, problems)
        if looked is not None:
            sheets.append(looked)
    return WorkbookDifference(
        filled.file, filled.sha256, filled.size, filled.seal.person, filled.seal.written_at, tuple(sheets), tuple(problems)
    )


def take_workbook(
    work: UnitOfWork, difference: WorkbookDifference, at: datetime, *, overwrite_newer: bool = False
) -> TakenWorkbook:
    """Write the answers of a difference found in the same unit of work; taking the same file again changes nothing.

    New and changed answers are taken; answers older than the known ones only with `overwrite_newer`. The journal keeps the file's name,
    size and SHA-256.
    """
    wanted = TAKEN | {CellState.NEWER} if overwrite_newer else TAKEN
    changed = overwritten = links = 0
    for sheet in difference.sheets:
        cells = [cell for cell in sheet.cells if cell.state in wanted]
        if not cells:
            continue
        given = [GivenRating(it.process, it.practice, *it.found, Place(place_of(difference.file, sheet.sheet, it.cell)))
                 for it in cells if it.found is not None]  # fmt: skip
        over = sum(cell.state is CellState.NEWER for cell in cells)
        changed += rate(work, sheet.campaign, difference.person, given, at)
        added = {(it.process, it.practice): it.links for it in cells if it.links}
        links += attach_links(work, sheet.campaign, added, difference.person, at)
        overwritten += over
        work.record(
            at, difference.person, TAKEN_LINE, f"campaign:{sheet.campaign}", file=difference.file, sha256=difference.sha256,
            bytes=difference.size, answers=len(given), over_newer=over,
        )  # fmt: skip
    return TakenWorkbook(changed, overwritten, links)


def answers_taken(work: UnitOfWork, person_id: str, sha256: str) -> int:
    """How many answers of the file of this digest the journal says were taken, in the campaigns that are open."""
    lines = (line for row in fetch_campaigns(work, only_open=True) for line in fetch_journal(work, f"campaign:{row.id}"))
    return sum(
        int(line.detail["answers"])
        for line in lines
        if line.what == TAKEN_LINE and line.actor == person_id and line.detail.get("sha256") == sha256
    )


def _refuse_foreign(work: UnitOfWork, filled: FilledWorkbook, person_id: str | None) -> None:
    seal, found = filled.seal, None
    if seal.programme != work.programme_id:
        found = Problem(
            "E-WORKBOOK-PROGRAMME",
            say("the workbook was written for programme {found}; this is {programme}", found=seal.programme, programme=work.programme_id),
            Place(filled.file),
        )
    elif person_id is not None and seal.person != person_id:
        what = say("the workbook was written for {found}, not for {person}", found=seal.person, person=person_id)
        found = Problem("E-WORKBOOK-PERSON", what, Place(filled.file), hint=say("everybody answers in a workbook of their own"))
    elif seal.person not in current_programme(work).organisation.people:
        what = say("the workbook was written for {found}, who is no longer declared", found=seal.person)
        found = Problem("E-WORKBOOK-PERSON", what, Place(filled.file))
    if found is not None:
        raise ProblemsFound(say("{path} cannot be taken", path=filled.file), [found])


def _look(work: UnitOfWork, filled: FilledWorkbook, sheet: FilledSheet, problems: list[Problem]) -> SheetDifference | None:
    """The difference of one sheet; None, with the problem noted, when its request takes no answers."""
    campaign = fetch_campaign(work, sheet.campaign)
    request = fetch_request(work, sheet.campaign, filled.seal.person)
    refused = _refusal(campaign, request, sheet.campaign)
    if refused is not None or campaign is None or request is None:
        problems += [replace(refused, place=Place(place_of(filled.file, sheet.name)))] if refused else []
        return None
    model = pinned_model(work, campaign)
    history = fetch_rating_history(work, campaign.id, request.person_id)
    known = _Known.of(history, evidence_lines(work, campaign.id), request, sheet, filled.seal, model)
    found = [*sheet.problems]
    cells = tuple(_cells(sheet, filled.file, _words_of(model), {(cell[0], cell[1]) for cell in request.cells}, known, found))
    there = {(row.process, row.practice) for row in sheet.rows} | sheet.unreadable
    missing = tuple((process, practice) for process, practice in request.cells if (process, practice) not in there)
    problems += [*sorted(found, key=_row_of), *_missing(filled.file, sheet.name, missing)]
    return SheetDifference(campaign.id, Label(campaign.name_fr, campaign.name_en), sheet.name, cells, missing)


def _refusal(campaign: CampaignRow | None, request: CampaignRequestRow | None, campaign_id: str) -> Problem | None:
    if campaign is None:
        return Problem("E-CAMPAIGN-UNKNOWN", say("there is no campaign {campaign}", campaign=campaign_id))
    if campaign.status is CampaignStatus.CLOSED:
        return Problem("E-REQUEST-CLOSED", say("campaign {campaign} is closed and never changes (ASM-K2)", campaign=campaign_id))
    if request is None:
        return Problem("E-CAMPAIGN-UNKNOWN", say("this person is no longer asked in campaign {campaign}", campaign=campaign_id))
    if request.submitted_at is not None:
        hint = say("ask for the request to be reopened, or leave it as it was handed in")
        return Problem("E-REQUEST-CLOSED", say("the answers to campaign {campaign} were handed in", campaign=campaign_id), hint=hint)
    return None


@dataclass(frozen=True, slots=True)
class _Known:
    """The answers of the database: the current one, and the one that stood in the workbook when it was written."""

    current: Mapping[Key, RatingRow]
    written: Mapping[Key, RatingRow]
    evidence: Mapping[Key, Sequence[str]]

    @classmethod
    def of(
        cls, history: Sequence[RatingRow], evidence: Mapping[Key, Sequence[str]], request: CampaignRequestRow, sheet: FilledSheet,
        seal: Seal, model: ReferenceModel,
    ) -> _Known:
        """By the revisions of the seal; by its instant, to the second, when the questions have changed since."""
        if sheet.fingerprint == fingerprint_of(model, request) and len(sheet.revisions) == len(request.cells):
            then = {(cell[0], cell[1]): revision for cell, revision in zip(request.cells, sheet.revisions, strict=True)}
            written = {_key(row): row for row in history if row.revision == then.get(_key(row))}
        else:
            written = {_key(row): row for row in history if row.rated_at <= seal.written_at}  # oldest first: the last one stays
        return cls({_key(row): row for row in history if row.current}, written, evidence)


def _key(row: RatingRow) -> Key:
    return row.process_id, row.practice_id


NO_WORDS = AnswerWords(())


def _words_of(model: ReferenceModel) -> dict[str, AnswerWords]:
    """By practice, what its answers may be called."""
    practices = [practice for area in model.areas for practice in area.practices]
    known = {scale: AnswerWords(scale) for scale in {model.scale_of(practice) for practice in practices}}
    return {practice.id: known[model.scale_of(practice)] for practice in practices}


def _cells(
    sheet: FilledSheet, file: str, words_of: Mapping[str, AnswerWords], asked: set[Key], known: _Known, problems: list[Problem]
) -> Iterator[CellDifference]:
    for row in sheet.rows:
        key = (row.process, row.practice)
        words = words_of.get(row.practice, NO_WORDS)
        code = words.code_of(row.answer) if row.answer else None
        if key not in asked:
            what = say("practice {practice} of process {process} is not asked, or no longer", practice=row.practice, process=row.process)
            problems.append(_problem("E-CELL-UNKNOWN", what, file, sheet, row))
        elif row.answer and code is None:
            what = say("{value} is not on the scale", value=repr(row.answer[:60]))
            hint = say("allowed: {codes}", codes=", ".join(words.codes))
            problems.append(_problem("E-RATING-VALUE", what, file, sheet, row, hint))
        else:
            links = tuple(line for line in lines_of(row.evidence) if line not in known.evidence.get(key, ()))
            faults = [fault for fault in map(link_fault, links) if fault is not None]
            problems += [_problem("E-EVIDENCE-LINK", fault, file, sheet, row, letter=EVIDENCE) for fault in faults]
            if not faults:
                yield _difference(row, code, links, _answer(known.current.get(key)), _answer(known.written.get(key)))


def _answer(row: RatingRow | None) -> tuple[str, str] | None:
    """Value and comment as a workbook would give them back, so that blanks alone are no difference."""
    return (row.value, text_of(row.comment)) if row else None


def _difference(
    row: FilledRow, code: str | None, links: tuple[str, ...], known: tuple[str, str] | None, then: tuple[str, str] | None
) -> CellDifference:
    found = (code, row.comment) if code is not None else None
    state = _state(found, known, then, more=bool(links))
    return CellDifference(f"{ANSWER}{row.row}", row.row, row.process, row.practice, state, known, found, links)


def _state(found: tuple[str, str] | None, known: tuple[str, str] | None, then: tuple[str, str] | None, *, more: bool) -> CellState:
    """`more`: there is new evidence, so that the row was touched even if its answer was not."""
    if found is None:
        return CellState.EMPTY
    if found == known:
        return CellState.CHANGED if more else CellState.SAME
    if known is None:
        return CellState.NEW
    if known == then:
        return CellState.CHANGED
    return CellState.KEPT if found == then and not more else CellState.NEWER


def _missing(file: str, sheet: str, missing: Sequence[Key]) -> Iterator[Problem]:
    if missing:
        what = say("{count} questions are missing; the first is {practice} of {process}", count=len(missing), practice=missing[0][1],
                   process=missing[0][0])  # fmt: skip
        yield Problem("W-ROW-MISSING", what, Place(place_of(file, sheet)), hint=say("what was answered before stays"))


def _problem(
    code: str, what: Message, file: str, sheet: FilledSheet, row: FilledRow, hint: Message | None = None, letter: str = ANSWER
) -> Problem:
    return Problem(code, what, Place(place_of(file, sheet.name, f"{letter}{row.row}")), hint=hint)


def _row_of(problem: Problem) -> int:
    cell = problem.place.path.rpartition("!")[2] if problem.place else ""
    return int("".join(filter(str.isdecimal, cell)) or 0)
