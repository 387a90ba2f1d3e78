"""What is foreseen is what the engine then does, because both call the same decisions."""

from __future__ import annotations

from datetime import timedelta

from ancrage.project import Project
from ancrage.services.advance import Stage, advance
from ancrage.services.foresight import foresee_messages, foresee_pass
from ancrage.storage.engine import fetch_journal
from ancrage.storage.notices import fetch_carried, fetch_messages
from tests.support.story import PASSED

QUIET = (Stage.COMMITMENTS, Stage.DELIVERY)
"""Stages in which nothing new comes from outside."""


def test_what_is_foreseen_is_sent_if_nobody_moves(embedded: Project) -> None:
    until = PASSED + timedelta(days=7)
    with embedded.reading() as work:
        foreseen = {(m.at, m.person_id, item[0], item[2], item[3]) for m in foresee_messages(work, PASSED, until) for item in m.items}
    at = PASSED
    while at < until:
        at += timedelta(minutes=30)
        advance(embedded, at, QUIET)
    with embedded.reading() as work:
        sent = {
            (message.send_at, message.person_id, notice.commitment_id, notice.step_id, notice.occurrence)
            for message in fetch_messages(work)
            if message.send_at > PASSED
            for notice in fetch_carried(work, message.id)
        }
    assert len(foreseen) >= 3
    assert foreseen == sent


def test_looking_ahead_changes_nothing(embedded: Project) -> None:
    with embedded.reading() as work:
        before = [row.digest for row in fetch_journal(work)]
        foresee_pass(work, PASSED + timedelta(days=10))
        foresee_messages(work, PASSED, PASSED + timedelta(days=10))
    with embedded.reading() as work:
        assert [row.digest for row in fetch_journal(work)] == before
