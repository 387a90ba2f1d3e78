"""Every state, refusal and journal line has words of its own."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from ancrage import services
from ancrage.domain.escalation import actions
from ancrage.domain.escalation.facts import ActionKind, NoticeStatus, Result
from ancrage.language import Message
from ancrage.services.journal_words import journal_words
from ancrage.web.words import DONE, REFUSALS, RESULTS

NOT_ON_A_PAGE = {"already_escalated", "already_paused", "not_paused"}
"""Codes of actions that no button offers."""


def recorded() -> set[str]:
    """What the services write into the journal, read from their code: the third argument of `record`."""
    assert services.__file__ is not None
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(services.__file__).parent.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    third = [call.args[2] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "record" and len(call.args) > 2]
    return {argument.value for argument in third if isinstance(argument, ast.Constant) and isinstance(argument.value, str)}


def test_every_line_the_services_write_has_words() -> None:
    codes = recorded() | {f"notice_{status}" for status in NoticeStatus} | {f"action_{kind}" for kind in ActionKind}
    codes |= {f"action_refused_{kind}" for kind in ActionKind}
    assert len(codes) > 30
    assert {code for code in codes if not isinstance(journal_words(code), Message)} == set()


def test_a_line_without_words_is_shown_by_its_code() -> None:
    assert journal_words("something_new") == "something_new"
    assert journal_words("action_refused_something") == "action_refused_something"


def test_every_result_and_every_button_has_words() -> None:
    assert set(RESULTS) == set(Result)
    assert set(DONE) == {ActionKind.FULFIL, ActionKind.ACK, ActionKind.SNOOZE, ActionKind.DELEGATE, ActionKind.WAIVE}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_is_one_that_the_rules_know(code: str) -> None:
    in_services = "".join(path.read_text(encoding="utf-8") for path in Path(str(services.__file__)).parent.glob("*.py"))
    assert f'"{code}"' in inspect.getsource(actions) + in_services


def test_every_refusal_of_a_button_has_words() -> None:
    tree = ast.parse(inspect.getsource(actions))
    pairs = [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
    codes = {
        str(second.value)
        for first, second in pairs
        if isinstance(first, ast.Constant) and str(first.value).startswith("ESC-") and isinstance(second, ast.Constant)
    }
    assert codes - NOT_ON_A_PAGE <= set(REFUSALS)
