"""Every sentence has its French, and the check that says so can fail."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages import Catalog

from ancrage.language import say

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return import_module("catalogue")


def test_the_french_is_complete_and_compiled() -> None:
    checked = subprocess.run([sys.executable, ROOT / "scripts" / "catalogue.py", "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_a_message_is_said_in_french() -> None:
    said = say("option {option} does not exist", option="--nope")
    assert said.text("fr") == "l’option --nope n’existe pas"
    assert said.text("en") == "option --nope does not exist"


@pytest.mark.parametrize(
    ("english", "french", "fault"),
    [
        ("unit {unit}", "unité {unite}", "other fields"),
        ("what now?", "et maintenant ?", "a space that may break"),
        ("the unit", "l'unité", "a straight apostrophe"),
    ],
)
def test_a_faulty_translation_is_named(catalogue: ModuleType, english: str, french: str, fault: str) -> None:
    faulty = Catalog(locale="fr")
    faulty.add(english, french)
    assert [found.startswith(fault) for found in catalogue.faults(faulty)] == [True]


def test_a_missing_and_a_doubtful_translation_are_named(catalogue: ModuleType) -> None:
    french = Catalog(locale="fr")
    french.add("one", "")
    french.add("two", "deux", flags=["fuzzy"])
    french.add("three", "trois")
    assert [message.id for message in catalogue.untranslated(french)] == ["one", "two"]
