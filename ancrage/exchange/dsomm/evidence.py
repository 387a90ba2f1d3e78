"""Evidence of teams as a table; links are kept as text and opened by nobody here."""

from __future__ import annotations

from collections.abc import Sequence

from ancrage.exchange.dsomm.activities import Activities
from ancrage.exchange.dsomm.documents import Documents
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.outcome import csv_text
from ancrage.language import say

FIELDS = ("title", "evidenceRecorded", "reviewer", "description")
Row = tuple[str, ...]


def evidence_rows(documents: Documents, activities: Activities, defects: Defects) -> list[Row]:
    """Activity, teams, title, day, reviewer, description, links; one row for each piece of evidence."""
    rows: list[Row] = []
    for item in documents.evidence:
        evidence = item.mapping("evidence")
        for name in evidence.node.entries if evidence else ():
            assert evidence is not None
            activity = activities.find(name)
            if activity is None and activities:
                message = say("evidence of {name}, which is no activity of the model", name=name[:80])
                defects.tell("W-SOURCE-REFERENCE", message, evidence.place(name), say("left out"))
                continue
            for piece in evidence.items(name):
                links = [link for found in piece.items("attachment") if (link := found.text("externalLink"))]
                texts = [piece.text(key) or "" for key in FIELDS]
                rows.append((activity.id if activity else name, "; ".join(piece.texts("teams")), *texts, " ".join(links)))
                piece.left_out("id", "teams", "attachment", *FIELDS)
        item.left_out("evidence")
    return rows


def evidence_text(rows: Sequence[Row]) -> str:
    """The rows as CSV."""
    return csv_text(("activity", "teams", "title", "recorded", "reviewer", "description", "links"), rows)
