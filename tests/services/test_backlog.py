"""A long backlog is worked off in parts: people are served in between, and nothing is done twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind, Status
from ancrage.project import Project, open_project
from ancrage.services.advance import BATCH, PEOPLE_TOGETHER, advance
from ancrage.services.commitments import act_on_commitment, ladder_of
from ancrage.services.outbox import count_outbox
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.engine import fetch_journal, find_broken_line
from ancrage.storage.notices import fetch_notices
from benchmarks.synthetic_commitments import OPENED, add_commitments, empty_project
from models.notices import OutboxRow
from tests.support.fortnight import Handed

DUE, ASLEEP, PEOPLE = 2 * BATCH + 50, 200, PEOPLE_TOGETHER + 5
RETURN = OPENED + timedelta(days=7, hours=1)


@pytest.fixture
def backlog(tmp_path: Path, database_url: str) -> Iterator[Project]:
    """Three batches of commitments with a step to fire, for more people than are served together."""
    with closing(empty_project(tmp_path / "project", database_url)) as project:
        project.__dict__["channels"] = {"file": Handed()}
        add_commitments(project, DUE + ASLEEP, DUE, seed=7, people=PEOPLE)
        yield project


def test_people_answer_while_the_engine_works_off_its_backlog(backlog: Project) -> None:
    engine = threading.Thread(target=lambda: advance(backlog, RETURN))
    answered_meanwhile = 0
    with closing(open_project(backlog.folder, settings=backlog.settings)) as pages:
        engine.start()
        for number in range(ASLEEP):
            with pages.units() as work:
                action = Action(f"a{number}", ActionKind.ACK, RETURN, "p0")
                decision = act_on_commitment(work, current_programme(work), f"owed{DUE + number:07}", action, ("file",))
            assert decision.refused is None
            answered_meanwhile += engine.is_alive()
            if not engine.is_alive():
                break
        engine.join()
    assert answered_meanwhile > 1
    with backlog.reading() as work:
        rows = fetch_commitments(work)
        fired = Counter(len(ladder_of(row).fired) for row in rows)
        acknowledged = sum(row.status is Status.ACKNOWLEDGED for row in rows)
        people = {notice.person_id for notice in fetch_notices(work)}
        counts = count_outbox(work)
        assert find_broken_line(work) is None
    assert fired == {1: DUE, 0: ASLEEP}
    assert acknowledged >= answered_meanwhile
    assert counts.notices_sent == DUE
    assert counts.messages_sent == len(people) > PEOPLE_TOGETHER


def test_a_pass_cut_short_between_its_parts_is_finished_by_the_next(backlog: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """ESC-C1: nobody is told twice, and nobody is forgotten."""
    parts = 0
    units = type(backlog).units

    def cut_short(project: Project) -> object:
        nonlocal parts
        parts += 1
        if parts == 6:
            raise KeyboardInterrupt
        return units(project)

    with monkeypatch.context() as patch:
        patch.setattr(type(backlog), "units", cut_short)
        with pytest.raises(KeyboardInterrupt):
            advance(backlog, RETURN)
    advance(backlog, RETURN + timedelta(minutes=1))
    with backlog.reading() as work:
        told = Counter((notice.commitment_id, notice.step_id, notice.person_id) for notice in fetch_notices(work))
        passes = Counter(line.subject for line in fetch_journal(work) if line.what == "pass")
        waiting = [notice for notice in fetch_notices(work) if _waits(notice)]
    assert len(told) == len(passes) == DUE
    assert set(told.values()) == set(passes.values()) == {1}
    assert waiting == []


def _waits(notice: OutboxRow) -> bool:
    return notice.settled_at is None
