"""One pass, twice or by two engines at once: the same rows (ESC-C1, G4), on both databases."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ancrage.errors import EngineBusy
from ancrage.project import Project
from ancrage.services.advance import Stage, advance, advance_stage
from ancrage.services.outbox import count_outbox
from ancrage.services.programme import current_programme
from ancrage.services.status import view_commitments
from ancrage.storage.engine import fetch_gaps, fetch_journal
from tests.support.story import BEGUN, DUE, PASSED


def everything(project: Project) -> tuple[object, ...]:
    """What people could notice: every journal line, commitment and message file."""
    with project.reading() as work:
        journal = [(row.number, row.what, row.subject, row.digest) for row in fetch_journal(work)]
        commitments = view_commitments(work, current_programme(work), DUE)
        counts = count_outbox(work)
    return journal, commitments, counts, sorted(path.name for path in (project.data_folder / "outbox").glob("*"))


def test_a_pass_does_what_is_due_in_every_stage(project: Project) -> None:
    report = advance(project, DUE)
    assert report.count("campaigns_closed") == 1
    assert report.count("alerts_raised") >= 1
    assert report.count("commitments_opened") >= 1
    assert report.count("messages_sent") >= 1


def test_a_second_pass_for_the_same_instant_adds_nothing(project: Project) -> None:
    advance(project, DUE)
    once = everything(project)
    again = advance(project, DUE)
    assert everything(project) == once
    assert again.count("messages_sent") == again.count("commitments_looked_at") == 0


def test_a_second_engine_is_told_that_one_is_at_work(project: Project) -> None:
    with project.engine_lock(), pytest.raises(EngineBusy):
        advance_stage(project, Stage.COMMITMENTS, DUE)


def test_two_engines_at_once_leave_what_one_leaves(project: Project) -> None:
    code = "import sys; from ancrage.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "--project", str(project.folder), "advance", "--as-of", DUE.isoformat()]
    engines = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert {engine.wait(60) for engine in engines} <= {0, 1}  # 1: the other one was at work
    together = everything(project)
    advance(project, DUE)
    assert everything(project) == together
    journal = together[0]
    assert isinstance(journal, list)
    assert sum(what == "campaign_closed" for _, what, _, _ in journal) == 1


def test_a_stop_of_the_engine_is_recorded_once(project: Project) -> None:
    advance(project, DUE)
    advance(project, DUE)
    with project.reading() as work:
        assert [(gap.since, gap.until) for gap in fetch_gaps(work)] == [(BEGUN, PASSED), (PASSED, DUE)]
