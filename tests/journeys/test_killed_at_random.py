"""An engine that is killed at random ends where an undisturbed one ends (ESC-C1, G1 to G3)."""

from __future__ import annotations

import os
import random
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from ancrage.project import open_project
from ancrage.services.explanation import explain
from ancrage.services.timeline import fetch_timeline
from tests.support.half_year import copied, differences, end_state, play_and_kill, played_until

BEFORE = datetime.fromisoformat("2026-01-23T08:00+01:00")
UNTIL = datetime.fromisoformat("2026-01-30T20:00+01:00")
"""Eight days with everything in them: an alert answered, reminders, answers to a campaign, digests, months that turn."""
ROUNDS = int(os.environ.get("ANCRAGE_PROVE_ROUNDS", "3"))
SEED = 20260707


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played_until(tmp_path_factory.mktemp("start") / "project", BEFORE)


@pytest.fixture(scope="module")
def undisturbed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    return end_state(played_until(copied(start, tmp_path_factory.mktemp("calm") / "project"), UNTIL))


def test_the_stretch_has_notices_to_lose(undisturbed: dict[str, list[tuple[object, ...]]]) -> None:
    assert len(undisturbed["outbox"]) >= 10
    assert len(undisturbed["files"]) >= 10


def test_every_line_of_the_story_can_be_followed_to_stored_facts(start: Path) -> None:
    with closing(open_project(start)) as project, project.reading() as work:
        lines = fetch_timeline(work)
        explained = {line.subject: explain(work, line.subject) for line in lines}
    assert {subject.partition(":")[0] for subject in explained} >= {"contract", "campaign", "indicator"}
    assert [subject for subject, found in explained.items() if not found.lines] == []


@pytest.mark.prove
@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_killed_engine_ends_where_an_undisturbed_one_ends(
    number: int, start: Path, undisturbed: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    project = copied(start, tmp_path / "project")
    play_and_kill(project, UNTIL, random.Random(SEED + number), kills=1 if ROUNDS <= 3 else 2, longest_seconds=2.5)
    assert differences(undisturbed, end_state(project)) == {}
