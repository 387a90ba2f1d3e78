"""How the people of the example answer an assessment: when each of them does, and what they see."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from ancrage.domain.assessment.types import CellKey
from ancrage.domain.reference_model import Practice

SILENT = {("winter", "marc")}
"""Who never answers, by campaign."""

LATE = {("winter", "karim"): 3, ("winter", "claire"): 2, ("winter", "yann"): 4, ("summer", "julie"): 2, ("summer", "gaelle"): 1}
"""Who answers how many days after the date answers were due."""

IMPROVED = {
    ("development", "need"), ("development", "planning"), ("operations", "supplier"), ("configuration", "process"), ("incident", "process"),
    ("incident", "metrics"), ("problem", "process"), ("change", "decision"),
}  # fmt: skip
"""Where the half year has changed something: by the actions that were ended, or by the transformation itself."""

SCALE = ("NI", "PI", "LI", "FI")


def answer_day(campaign: str, person: str, opened: date, due: date) -> date | None:
    """The day this person answers; None for those who never do."""
    if (campaign, person) in SILENT:
        return None
    if (campaign, person) in LATE:
        return due + timedelta(days=LATE[campaign, person])
    width = max(1, (due - opened).days - 1)
    return opened + timedelta(days=1 + _number(campaign, person) % width)


def rating(campaign: str, person: str, cell: CellKey, practice: Practice) -> str:
    """What this person answers: low levels are mostly in place, high ones seldom; the summer sees what the half year changed."""
    base = (3, 2, 1)[min(practice.level, 3) - 1]
    shift = (-1, 0, 0, 0, 1)[_number(cell.process, cell.practice) % 5]
    if campaign == "summer" and (cell.process, cell.practice.partition(".")[0]) in IMPROVED:
        shift += 1 + _number(cell.practice) % 2
    if _number(person, cell.practice) % 17 == 0:  # people do not all see the same
        shift -= 1
    return SCALE[max(0, min(3, base + shift))]


def _number(*parts: str) -> int:
    """A number from a text, the same in every process."""
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:4], "big")
