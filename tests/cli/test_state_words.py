"""Tables for people name states in words; every state that can be shown has one."""

from __future__ import annotations

import pytest

from ancrage.cli.state_words import STATES, state_word
from ancrage.domain.escalation.facts import NoticeStatus, Result, Status


@pytest.mark.parametrize("state", [*Status, *Result, *NoticeStatus], ids=str)
def test_every_state_and_every_end_has_a_word_without_underscores(state: Status | Result | NoticeStatus) -> None:
    assert state.value in STATES
    assert "_" not in state_word(state.value).text("en")


def test_a_state_nobody_has_worded_is_shown_as_it_is() -> None:
    assert state_word("elsewhere").text("fr") == "elsewhere"
