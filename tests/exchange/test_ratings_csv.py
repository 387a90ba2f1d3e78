"""The bare file of ratings: what is read, what is refused, and where."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ancrage.domain.assessment.sheets.registry import CALCULATORS, calculator_spec, score_sheet
from ancrage.errors import ProblemsFound
from ancrage.exchange.ratings_csv import LONGEST_CELL, MOST_BYTES, RatingsFile, read_ratings_csv, read_ratings_text

FITSM = calculator_spec("fitsm6").columns


def read(text: str) -> RatingsFile:
    return read_ratings_text(text, "ratings.csv", FITSM)


def codes(refused: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, int]]:
    return [(problem.code, problem.place.line if problem.place else -1) for problem in refused.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        "requirement,score,goal\nPR1.1,3,2\n",
        "requirement;score;goal\r\nPR1.1;3;2\r\n",
        "requirement\tscore\tgoal\nPR1.1\t3\t2",
        "requirement|score|goal\nPR1.1|3|2",
        "\ufeff\n\nRequirement , SCORE,Goal\n\n PR1.1 , 3 ,2\n,,\n",
        "exigence;note;cible\nPR1.1;3;2",
        '"requirement","score","goal"\n"PR1.1","3","2"',
        "goal,other,score,requirement\n2,x,3,PR1.1",
        "requirement,score,goal\rPR1.1,3,2\r",
    ],
)
def test_the_same_rows_are_read_whatever_the_separator_the_order_and_the_names_of_columns(text: str) -> None:
    found = read(text.removeprefix("\ufeff"))
    (row,) = found.sheet.rows
    cells = dict(zip(found.sheet.columns, row.cells, strict=True))
    assert cells == {"requirement": "PR1.1", "score": "3", "goal": "2"}
    assert found.problems == ()


def test_lines_are_those_of_the_file_even_behind_blank_lines_and_cells_of_several_lines() -> None:
    found = read('\nrequirement,score\n\nPR1.1,3\n"PR1.2\nsecond line",2\nPR1.3,1\n')
    assert [row.line for row in found.sheet.rows] == [4, 5, 7]


def test_columns_nobody_knows_are_named_not_dropped_in_silence() -> None:
    assert read("requirement,score,comment,\nPR1.1,3,fine,").sheet.unused == ("comment",)


def test_a_columns_own_name_goes_before_its_synonyms() -> None:
    found = read("requirement,practice,score\nPR1.1,x,3")
    assert found.sheet.rows[0].cells == ("PR1.1", "3")
    assert found.sheet.unused == ("practice",)


def test_every_missing_and_doubled_column_is_reported_at_once_with_a_hint() -> None:
    with pytest.raises(ProblemsFound) as refused:
        read("requirment,goal,target,scope\nPR1.1,3,2,yes")
    assert codes(refused) == [("E-COLUMN-MISSING", 1), ("E-COLUMN-MISSING", 1)]
    assert str(refused.value.problems[0].hint) == "did you mean requirment? it may be called requirement, practice, req, exigence, id"
    with pytest.raises(ProblemsFound) as doubled:
        read("requirement,score,score\nPR1.1,3,2")
    assert codes(doubled) == [("E-COLUMN-TWICE", 1)]


def test_every_bad_row_is_reported_with_its_line_and_the_good_ones_are_read() -> None:
    found = read('requirement,score\nPR1.1,3\nPR1.2\nPR1.3,2,x\nPR1.4,"2"x\n' + f"PR1.5,{'9' * (LONGEST_CELL + 1)}\nPR1.6,4\n")
    assert [(problem.code, problem.place.line) for problem in found.problems if problem.place] == [
        ("E-ROW-CELLS", 3), ("E-ROW-CELLS", 4), ("E-ROW-CSV", 5), ("E-ROW-CELLS", 6),
    ]  # fmt: skip
    assert [row.cells[0] for row in found.sheet.rows] == ["PR1.1", "PR1.6"]


def test_trailing_optional_cells_may_be_left_out() -> None:
    assert read("requirement,score,goal,scope\nPR1.1,3\nPR1.2,2,2,no").sheet.rows[0].cells == ("PR1.1", "3", "", "")


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "E-COLUMN-MISSING", 1),
        (b"requirement,score\n", "E-FILE-EMPTY", 0),
        (b"requirement,score\n,\n", "E-FILE-EMPTY", 0),
        (b"PK\x03\x04\0\0\0", "E-FILE-BINARY", 0),
        ("requirement,score\nPR1.1,3\nPR1.2,é".encode("latin-1"), "E-FILE-ENCODING", 3),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(tmp_path: Path, content: bytes, code: str, line: int) -> None:
    path = tmp_path / "ratings.csv"
    path.write_bytes(content)
    with pytest.raises(ProblemsFound) as refused:
        read_ratings_csv(path, FITSM)
    assert codes(refused)[0] == (code, line)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    for path, code in ((tmp_path / "none.csv", "E-FILE-MISSING"), (tmp_path, "E-FILE-MISSING"), (huge, "E-FILE-LARGE")):
        with pytest.raises(ProblemsFound) as refused:
            read_ratings_csv(path, FITSM)
        assert codes(refused) == [(code, 0)]


def test_too_many_rows_are_refused_before_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ancrage.exchange.ratings_csv.MOST_ROWS", 3)
    with pytest.raises(ProblemsFound) as refused:
        read("requirement,score\n" + "PR1.1,3\n" * 4)
    assert codes(refused) == [("E-FILE-LARGE", 5)]


@pytest.mark.parametrize("method", CALCULATORS)
def test_a_mutated_file_is_scored_or_refused_and_never_breaks_the_reader(method: str) -> None:
    spec = calculator_spec(method)
    sound = "\n".join(",".join(row) for row in spec.example)
    chance = random.Random(7)
    outcomes = set()
    for _ in range(150):
        text = mutate(sound, chance)
        try:
            found = read_ratings_text(text, "ratings.csv", spec.columns)
            score_sheet(found.sheet, method, problems=found.problems)
            outcomes.add("scored")
        except ProblemsFound as refused:
            outcomes.add("refused" if refused.problems else "refused without a reason")
    assert outcomes == {"scored", "refused"}


def mutate(text: str, chance: random.Random) -> str:
    """One to four changes of the kind hands and programs make."""
    pieces = ['"', ",", "\n", ";", "NA", "-1", "1e9", "é", "/", "%", "=1+1", "9" * 30, "\r", "\t", " ", "0,25", "F", "FI", "٣", "\u2028"]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        if chance.random() < 0.4:
            text = text[:at] + text[at + chance.randint(1, 12) :]
        elif chance.random() < 0.5:
            text = text[:at] + chance.choice(pieces) + text[at:]
        else:
            lines = text.split("\n")
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
            text = "\n".join(lines)
    return text
