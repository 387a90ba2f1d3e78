"""Every rule of the escalation note is shown by a scenario or named by a test."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

TESTS = Path(__file__).parents[2]
COUNTS = {"B": 7, "D": 6, "P": 4, "L": 8, "W": 7, "S": 8, "A": 12, "C": 6, "M": 4, "K": 2, "X": 3, "G": 5, "V": 1}
RULES = {f"{chapter}{number}" for chapter, count in COUNTS.items() for number in range(1, count + 1)} | {"F"}
QUOTED = re.compile(r"ESC-([A-Z]\d*(?:(?:, | and )[A-Z]\d+)*)")


def shown_by_scenarios() -> set[str]:
    found: set[str] = set()
    for path in sorted((TESTS / "scenarios").glob("*.yaml")):
        for scenario in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            found.update(scenario["rules"])
    return found


def named_by_tests() -> set[str]:
    """Rules quoted in test files, alone (`ESC-S4`) or in a list (`ESC-S4, S5 and G2`)."""
    found: set[str] = set()
    for path in sorted(TESTS.rglob("test_*.py")):
        for quoted in QUOTED.findall(path.read_text(encoding="utf-8")):
            found.update(re.split(", | and ", quoted))
    return found


def test_every_rule_is_shown_or_named() -> None:
    assert sorted(RULES - shown_by_scenarios() - named_by_tests()) == []


def test_the_rules_of_deadlines_and_ladders_are_shown_by_scenarios() -> None:
    """Those of delivery and of links (G, A12, C5), and refusals at load (V1), are other tests' business."""
    assert sorted(RULES - shown_by_scenarios() - {"A12", "C5"} - {rule for rule in RULES if rule[0] in "GV"}) == []


def test_no_scenario_names_a_rule_that_does_not_exist() -> None:
    assert sorted(shown_by_scenarios() - RULES) == []
