"""What a filled workbook would change, and taking it: new, changed, same, older than a newer answer; each cell by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ancrage.errors import NotFound, ProblemsFound, Refused
from ancrage.project import Project
from ancrage.services.advance import advance
from ancrage.services.answer_workbooks import answer_workbook
from ancrage.services.campaigns import GivenRating, rate, submit
from ancrage.services.evidence import list_evidence
from ancrage.services.workbook_intake import (
    CellState,
    TakenWorkbook,
    WorkbookDifference,
    answers_taken,
    examine_workbook,
    take_workbook,
)
from ancrage.storage.campaigns import fetch_ratings
from ancrage.storage.engine import fetch_journal
from tests.support.story import CAMPAIGN, DUE, rows_of
from tests.support.workbooks import KEYS, edited, filled

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
WHO = "sofia"
"""Of her 14 questions, the first 6 are answered with PI: rows 6 to 11; rows 12 to 19 are open."""


def workbook(project: Project, person: str = WHO) -> bytes:
    with project.reading() as work:
        return answer_workbook(work, person, project.link_keys, NOW).content


def look(project: Project, content: bytes, person: str | None = None) -> WorkbookDifference:
    with project.reading() as work:
        return examine_workbook(work, content, "answers.xlsx", project.link_keys, person)


def take(project: Project, content: bytes, *, over: bool = False, at: datetime = NOW) -> TakenWorkbook:
    with project.units() as work:
        difference = examine_workbook(work, content, "answers.xlsx", project.link_keys)
        return take_workbook(work, difference, at, overwrite_newer=over)


def answer(project: Project, row: int, value: str, comment: str = "", at: datetime = NOW) -> None:
    """Answer the question of a row of the workbook on the page meanwhile."""
    cell = look(project, workbook(project)).sheets[0].cells[row - 6]
    with project.units() as work:
        rate(work, CAMPAIGN, WHO, [GivenRating(cell.process, cell.practice, value, comment)], at)


def states(difference: WorkbookDifference) -> dict[str, CellState]:
    return {cell.cell: cell.state for cell in difference.sheets[0].cells if cell.state not in (CellState.SAME, CellState.EMPTY)}


def codes(difference: WorkbookDifference) -> list[str]:
    return [problem.code for problem in difference.problems]


def values(project: Project) -> list[str]:
    with project.reading() as work:
        return [row.value for row in fetch_ratings(work, CAMPAIGN, WHO)]


def test_looking_changes_nothing_and_an_untouched_workbook_brings_nothing(embedded: Project) -> None:
    before = rows_of(embedded)
    difference = look(embedded, workbook(embedded))
    assert difference.sheets[0].counts == {"new": 0, "changed": 0, "same": 6, "newer": 0, "kept": 0, "empty": 8}
    assert (difference.problems, difference.would_change, difference.needs_correction()) == ((), False, False)
    assert take(embedded, workbook(embedded)) == TakenWorkbook(0, 0, 0)
    assert rows_of(embedded) == before


def test_new_and_changed_answers_are_taken_once_and_the_journal_knows_the_file(project: Project) -> None:
    content = filled(workbook(project), {"D6": "FI", "E7": "see the list", "D12": "LI", "D13": "NA"})
    difference = look(project, content)
    assert states(difference) == {
        "D6": CellState.CHANGED, "D7": CellState.CHANGED, "D12": CellState.NEW, "D13": CellState.NEW,
    }  # fmt: skip
    assert take(project, content) == TakenWorkbook(4, 0, 0)
    assert take(project, content) == TakenWorkbook(0, 0, 0)
    with project.reading() as work:
        (line,) = [line for line in fetch_journal(work, f"campaign:{CAMPAIGN}") if line.what == "workbook_taken"]
        assert answers_taken(work, WHO, difference.sha256) == 4
        assert answers_taken(work, "thomas", difference.sha256) == 0
    assert line.detail == {"file": "answers.xlsx", "sha256": difference.sha256, "bytes": len(content), "answers": 4, "over_newer": 0}


def test_bad_cells_are_listed_and_the_good_ones_taken(embedded: Project) -> None:
    content = filled(workbook(embedded), {"D12": "GOOD", "D13": "=D6", "D14": "FI", "D15": "LI", "F15": "the minutes"})
    difference = look(embedded, content)
    assert codes(difference) == ["E-RATING-VALUE", "E-CELL-FORMULA", "E-EVIDENCE-LINK"]
    assert [problem.place.path for problem in difference.problems if problem.place] == [
        "answers.xlsx: Réponses!D12", "answers.xlsx: Réponses!D13", "answers.xlsx: Réponses!F15",
    ]  # fmt: skip
    assert difference.needs_correction()
    assert take(embedded, content).changed == 1
    assert sorted(values(embedded)) == ["FI", *["PI"] * 6]


def test_an_answer_given_meanwhile_is_never_overwritten_in_silence(embedded: Project) -> None:
    content = filled(workbook(embedded), {"D6": "FI", "D12": "FI"})
    answer(embedded, 6, "NI")
    answer(embedded, 12, "LI", at=NOW + timedelta(hours=1))
    difference = look(embedded, content)
    assert states(difference) == {"D6": CellState.NEWER, "D12": CellState.NEWER}
    assert difference.needs_correction()
    assert not difference.needs_correction(overwrite_newer=True)
    assert take(embedded, content) == TakenWorkbook(0, 0, 0)
    assert take(embedded, content, over=True) == TakenWorkbook(2, 2, 0)


def test_an_answer_given_meanwhile_stays_where_the_file_was_not_touched(embedded: Project) -> None:
    content = workbook(embedded)
    answer(embedded, 6, "NI")
    difference = look(embedded, content)
    assert states(difference) == {"D6": CellState.KEPT}
    assert not difference.needs_correction()
    assert take(embedded, content, over=True).changed == 0


def test_the_same_answer_given_meanwhile_is_no_difference(embedded: Project) -> None:
    content = filled(workbook(embedded), {"D12": "FI"})
    answer(embedded, 12, "FI")
    assert states(look(embedded, content)) == {}


def test_an_answer_emptied_in_the_file_stays(embedded: Project) -> None:
    content = filled(workbook(embedded), {"D6": None})
    assert look(embedded, content).sheets[0].counts["empty"] == 9
    take(embedded, content)
    assert values(embedded) == ["PI"] * 6


def test_links_become_evidence_behind_their_cell_once_and_come_back_in_the_next_workbook(embedded: Project) -> None:
    links = "https://documents.example/a.pdf\nhttps://documents.example/b.pdf"
    content = filled(workbook(embedded), {"D12": "FI", "F12": links, "F6": links.splitlines()[0]})
    assert states(look(embedded, content)) == {"D6": CellState.CHANGED, "D12": CellState.NEW}
    assert take(embedded, content) == TakenWorkbook(1, 0, 3)
    assert take(embedded, content) == TakenWorkbook(0, 0, 0)
    with embedded.reading() as work:
        assert sorted((piece.address, len(piece.cells)) for piece in list_evidence(work)) == [
            ("https://documents.example/a.pdf", 2), ("https://documents.example/b.pdf", 1),
        ]  # fmt: skip
    assert look(embedded, workbook(embedded)).would_change is False


def test_questions_whose_rows_are_gone_are_counted_and_keep_their_answers(embedded: Project) -> None:
    difference = look(embedded, edited(workbook(embedded), lambda book: book.worksheets[1].delete_rows(6, 2)))
    assert codes(difference) == ["W-ROW-MISSING"]
    assert len(difference.sheets[0].missing) == 2
    assert not difference.needs_correction()


def test_a_question_that_is_no_longer_asked_is_named(embedded: Project) -> None:
    from models.campaigns import CampaignRequestRow

    content = filled(workbook(embedded), {"D6": "FI", "D12": "FI"})
    answer(embedded, 7, "NI", at=NOW - timedelta(days=1))
    with embedded.units() as work:
        row = work.session.get(CampaignRequestRow, (work.programme_id, CAMPAIGN, WHO))
        assert row is not None
        row.cells = row.cells[1:]
        work.session.add(row)
    difference = look(embedded, content)
    assert codes(difference) == ["E-CELL-UNKNOWN"]
    assert states(difference) == {"D12": CellState.NEW, "D7": CellState.CHANGED}  # what was asked changed: instants decide, to the second


def test_a_workbook_is_for_one_person_of_one_programme(embedded: Project) -> None:
    content = workbook(embedded)
    with pytest.raises(ProblemsFound) as refused:
        look(embedded, content, "thomas")
    assert [problem.code for problem in refused.value.problems] == ["E-WORKBOOK-PERSON"]
    with embedded.reading() as work:
        work.programme_id = "another"
        with pytest.raises(ProblemsFound) as other:
            examine_workbook(work, content, "answers.xlsx", embedded.link_keys)
    assert [problem.code for problem in other.value.problems] == ["E-WORKBOOK-PROGRAMME"]
    with embedded.reading() as work, pytest.raises(ProblemsFound):
        examine_workbook(work, content, "answers.xlsx", KEYS)


def test_a_request_handed_in_or_closed_takes_nothing_any_more(embedded: Project) -> None:
    content = workbook(embedded)
    everything = filled(content, {f"D{row}": "FI" for row in range(12, 20)})
    take(embedded, everything)
    with embedded.units() as work:
        submit(work, CAMPAIGN, WHO, NOW, ["file"])
    changed = filled(content, {"D6": "FI"})
    assert codes(look(embedded, changed)) == ["E-REQUEST-CLOSED"]
    with pytest.raises(Refused, match="handed in"):
        workbook(embedded)
    advance(embedded, DUE)
    before = values(embedded)
    assert codes(look(embedded, changed)) == ["E-REQUEST-CLOSED"]
    assert take(embedded, changed).changed == 0
    assert values(embedded) == before


def test_somebody_who_is_not_asked_has_no_workbook(embedded: Project) -> None:
    with pytest.raises(NotFound, match="is not asked anything"):
        workbook(embedded, "anne")
    with pytest.raises(NotFound, match="there is no person"):
        workbook(embedded, "nobody")


def test_a_workbook_for_a_campaign_that_is_not_here_is_named(embedded: Project) -> None:
    content = workbook(embedded)

    def forget(work: Any) -> None:
        from models.campaigns import CampaignRequestRow

        work.session.delete(work.session.get(CampaignRequestRow, (work.programme_id, CAMPAIGN, WHO)))

    with embedded.units() as work:
        forget(work)
    assert codes(look(embedded, content)) == ["E-CAMPAIGN-UNKNOWN"]
