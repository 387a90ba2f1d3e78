"""The drop folder: whatever is dropped, nothing is lost, nothing counts twice, and its owner is told once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from ancrage.storage.engine import fetch_journal
from tests.support.collecting import CollectingProject, indicator, make_project

HOUR = timedelta(hours=1)
GOOD = "Week;Open\n2026-02-23;12,5\n2026-03-02;11\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[CollectingProject]:
    made = make_project(tmp_path / "project", [
        indicator("backlog", '{drop: "tickets/*.*", columns: {date: Week, value: Open}, decimal: ",", zone: Europe/Paris}'),
        indicator("triaged", '{drop: "triage*.csv"}', kind="proportion", owner="deputy"),
        indicator("other", "manual"),
    ])  # fmt: skip
    yield made
    made.close()


def outcomes(project: CollectingProject, days: int = 0) -> list[tuple[str, str, list[str]]]:
    return [(it.name, it.outcome, [problem.code for problem in it.problems]) for it in project.collect(days=days).deliveries]


def workbook(path: Path, *rows: tuple[object, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_a_file_is_taken_whole_and_put_away_under_its_hash(project: CollectingProject) -> None:
    project.put("tickets/week.csv", GOOD)
    report = project.collect()
    assert report.counts == {"readings_recorded": 2, "files_taken": 1}
    assert project.readings("backlog") == {date(2026, 2, 23): 12.5, date(2026, 3, 2): 11.0}
    assert project.files() == ["taken/week.csv"]
    assert project.asked() == []


def test_a_repeated_run_changes_nothing(project: CollectingProject) -> None:
    project.put("tickets/week.csv", GOOD)
    project.put("tickets/bad.csv", "Week;Open\nyesterday;1\n")
    project.collect()
    before = (project.files(), project.asked(), project.readings("backlog"))
    with project.reading() as work:
        lines = len(fetch_journal(work, limit=1000))
    for _ in range(2):
        assert project.collect().counts == {}
    with project.reading() as work:
        assert len(fetch_journal(work, limit=1000)) == lines
    assert (project.files(), project.asked(), project.readings("backlog")) == before


def test_a_file_that_is_still_being_written_waits_and_is_told_only_after_a_while(project: CollectingProject) -> None:
    project.put("tickets/week.csv", "Week;Open\n2026-0")
    young = project.after(timedelta(seconds=1))
    assert outcomes(young) == [("tickets/week.csv", "waiting", ["E-COLLECT-WAITING"])]
    assert (young.asked(), young.files(), young.readings("backlog")) == ([], ["tickets/week.csv"], {})
    project.put("tickets/week.csv", GOOD)
    assert outcomes(project) == [("tickets/week.csv", "taken", [])]


def test_an_old_date_does_not_make_a_file_look_finished(project: CollectingProject) -> None:
    path = project.put("tickets/week.csv", GOOD)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert outcomes(project.after(timedelta(seconds=1)))[0][1] == "waiting"


def test_a_part_is_never_taken_and_its_owner_is_told_once_when_it_stays_one(project: CollectingProject) -> None:
    project.put("tickets/week.csv.part", GOOD)
    assert outcomes(project)[0][1] == "waiting"
    assert project.asked() == []
    late = project.after(2 * HOUR)
    for days in range(3):
        assert outcomes(late, days=days)[0][1] == "waiting"
    assert late.asked() == [("lead", "Repair the data of “Backlog”: the file is still being written")]
    (project.drop / "tickets/week.csv.part").rename(project.drop / "tickets/week.csv")
    late.collect(days=3)
    assert (late.asked(), late.files()) == ([], ["taken/week.csv"])


def test_a_locked_workbook_waits_and_its_owner_is_told_once(project: CollectingProject) -> None:
    workbook(project.drop / "tickets/week.xlsx", ("Week", "Open"), (date(2026, 3, 2), 11.5))
    lock = project.put("tickets/~$week.xlsx", b"\x05Ben")
    for days in range(2):
        assert outcomes(project.after(2 * HOUR), days=days) == [("tickets/week.xlsx", "waiting", ["E-COLLECT-WAITING"])]
    assert project.asked() == [("lead", "Repair the data of “Backlog”: the file is open in another program")]
    lock.unlink()
    assert outcomes(project.after(2 * HOUR), days=2) == [("tickets/week.xlsx", "taken", [])]
    assert project.readings("backlog") == {date(2026, 3, 2): 11.5}
    assert project.asked() == []


def test_a_file_that_the_system_does_not_let_us_read_waits(project: CollectingProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project.put("tickets/week.csv", GOOD)

    def held(_path: Path) -> bytes:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", held)
        assert outcomes(project) == [("tickets/week.csv", "waiting", ["E-COLLECT-WAITING"])]
    assert project.files() == ["tickets/week.csv"]


@pytest.mark.parametrize(("content", "code", "line"), [
    ("Woche;Open\n2026-03-02;11\n", "E-COLUMN-MISSING", 1),
    ("Week;Open\n2026-03-02;11.5\n", "E-CELL-VALUE", 2),
    ("Week;Open\n2026-03-02;1,5\n2026-03-02T23:30:00+09:00;2\n", "E-COLLECT-ZONE", 3),
    ("Week;Open\n2026-03-11;11\n", "E-CELL-VALUE", 2),
    ("Week;Open\n2026-03-02;11\n2026-03-02;12\n", "E-ROW-TWICE", 3),
    ("Week;Open\n2026-03-02\n", "E-ROW-CELLS", 2),
    ("Week;Open\n2026-03-02;\n", "E-CELL-VALUE", 2),
    ("", "E-FILE-EMPTY", 0),
    ("Week;Open\n", "E-FILE-EMPTY", 0),
    (b"\xff\xfeW\0e\0e\0k\0", "E-FILE-BINARY", 0),
    ("Week;Open\n2026-03-02;é1\n".encode("latin-1"), "E-FILE-ENCODING", 0),
], ids=["header", "decimal sign", "zone", "future", "twice", "short row", "no figure", "empty", "no row",
        "binary", "encoding"])  # fmt: skip
def test_a_bad_file_is_refused_whole_kept_with_a_report_and_told_once(
    project: CollectingProject, content: str | bytes, code: str, line: int
) -> None:
    for days in range(2):
        project.put("tickets/week.csv", content)
        (delivery,) = project.collect(days=0).deliveries
        place = delivery.problems[0].place
        assert (delivery.outcome, delivery.problems[0].code, place.line if place else None) == ("refused", code, line), days
    assert project.readings("backlog") == {}
    assert project.files() == ["refused/week.csv", "refused/week.csv.report.txt"]
    kept = next(path for path in (project.drop / "refused").iterdir() if path.suffix == ".csv")
    assert kept.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert code in kept.with_name(f"{kept.name}.report.txt").read_text(encoding="utf-8")
    ((owner, title),) = project.asked()
    assert (owner, title.startswith("Repair the data of “Backlog”: tickets/week.csv")) == ("lead", True)


def test_the_repaired_file_ends_what_was_asked(project: CollectingProject) -> None:
    project.put("tickets/week.csv", "Woche;Open\n2026-03-02;11\n")
    project.collect()
    project.put("tickets/week.csv", GOOD)
    assert outcomes(project, days=1) == [("tickets/week.csv", "taken", [])]
    assert (project.asked(), len(project.readings("backlog"))) == ([], 2)


def test_the_same_bad_file_is_read_again_when_it_comes_again(project: CollectingProject) -> None:
    name = "triage.csv"
    project.put(name, "indicator,date,numerator,denominator\nnothing,2026-03-02,4,5\n")
    assert outcomes(project) == [(name, "refused", ["E-COLLECT-UNKNOWN"])]
    project.put(name, "indicator,date,numerator,denominator\nnothing,2026-03-02,4,5\n")
    assert outcomes(project, days=1) == [(name, "refused", ["E-COLLECT-UNKNOWN"])]
    assert len(project.asked()) == 1


def test_a_duplicate_changes_nothing_and_is_told_once(project: CollectingProject) -> None:
    project.put("tickets/week.csv", GOOD)
    project.collect()
    for days in (1, 2):
        project.put("tickets/week.csv", GOOD)
        assert outcomes(project, days=days) == [("tickets/week.csv", "again", [])]
    assert len(project.readings("backlog")) == 2
    assert [owner for owner, _ in project.asked()] == ["lead"]
    assert project.files() == ["taken/week.csv"]


def test_the_same_content_under_two_names_counts_once(project: CollectingProject) -> None:
    project.put("tickets/a.csv", GOOD)
    project.put("tickets/b.csv", GOOD)
    assert [outcome for _, outcome, _ in outcomes(project)] == ["taken", "again"]
    assert project.files() == ["taken/a.csv", "taken/b.csv"]


def test_a_correction_supersedes_and_an_old_delivery_does_not_undo_it(project: CollectingProject) -> None:
    project.put("tickets/week.csv", GOOD)
    project.collect()
    project.put("tickets/week2.csv", GOOD.replace("11", "9"))
    project.collect(days=1)
    project.put("tickets/week.csv", GOOD)
    project.collect(days=2)
    assert project.readings("backlog")[date(2026, 3, 2)] == 9


def test_a_file_of_an_unknown_indicator_is_kept_and_the_steward_is_told(project: CollectingProject) -> None:
    project.put("sales.csv", "date,value\n2026-03-02,4\n")
    assert outcomes(project) == [("sales.csv", "refused", ["E-COLLECT-UNKNOWN"])]
    assert project.files() == ["refused/sales.csv", "refused/sales.csv.report.txt"]
    assert project.asked() == [("lead", "Repair data that no indicator waits for: sales.csv: no indicator waits for this file")]


def test_a_crash_after_the_commit_is_no_duplicate(project: CollectingProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project.put("tickets/week.csv", GOOD)
    with monkeypatch.context() as patched:
        patched.setattr("ancrage.services.collecting.put_files_away", _killed)
        with pytest.raises(KeyboardInterrupt):
            project.collect()
    assert (project.files(), len(project.readings("backlog"))) == (["tickets/week.csv"], 2)
    project.collect(days=1)
    assert (project.files(), project.asked()) == (["taken/week.csv"], [])


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_dry_run_says_what_would_be_recorded_and_moves_nothing(project: CollectingProject) -> None:
    project.put("tickets/week.csv", GOOD)
    (delivery,) = project.collect(dry_run=True).deliveries
    assert (delivery.outcome, delivery.recorded) == ("taken", 2)
    assert (project.files(), project.readings("backlog")) == (["tickets/week.csv"], {})


def test_times_are_days_of_the_programmes_zone(project: CollectingProject) -> None:
    project.put("tickets/week.csv", "Week;Open\n2026-03-02T23:30:00+01:00;11\n2026-03-08T00:15:00;12\n")
    project.collect()
    assert list(project.readings("backlog")) == [date(2026, 3, 2), date(2026, 3, 8)]
    project.put("triage.csv", "date,numerator,denominator\n2026-03-02T23:30:00Z,4,5\n")
    project.collect()
    assert project.readings("triaged") == {date(2026, 3, 3): (4, 5)}


def test_a_number_of_a_workbook_is_a_number_and_a_bad_cell_is_named(project: CollectingProject) -> None:
    workbook(project.drop / "tickets/week.xlsx", ("Week", "Open"), (date(2026, 3, 2), 11.5), (date(2026, 3, 9), "many"))
    (delivery,) = project.collect().deliveries
    assert str(delivery.problems[0].place).endswith("week.xlsx: Sheet!A3")


def test_links_and_hidden_files_are_left_alone(project: CollectingProject, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    project.put("tickets/.hidden.csv", GOOD)
    (project.drop / "tickets/link.csv").symlink_to(secret)
    assert outcomes(project) == []
    assert secret.read_text() == GOOD
