"""The story of the half year, told at its end from what the database knows."""

from __future__ import annotations

from dataclasses import dataclass

from ancrage.demonstration import script
from ancrage.domain.engagement_record import Record
from ancrage.project import Project
from ancrage.services.engagement import engagement_records
from ancrage.services.outbox import count_outbox
from ancrage.services.programme import current_programme
from ancrage.services.status import fetch_status
from ancrage.services.timeline import TimelineLine, fetch_timeline

SHOWN = ("incident", "causes_recorded", "campaign", "react_incident_alert", "winter", "summer", "engagement")
"""The thread of the story: what its subject must be about to be told on one screen."""


@dataclass(frozen=True, slots=True)
class Story:
    """`lines` are the thread of the story, `everything` all main events. `counts` are of the whole half year."""

    lines: tuple[TimelineLine, ...]
    everything: tuple[TimelineLine, ...]
    counts: dict[str, int]
    records: tuple[Record, ...]
    names: dict[str, str]

    def as_json(self) -> dict[str, object]:
        """The story as plain values; messages are put in the reader's language by whoever writes them out."""
        return {
            "story": [
                {"at": line.at, "what": line.what, "explain": line.subject, "tone": line.tone.value, "thread": line in self.lines}
                for line in self.everything
            ],
            "counts": self.counts,
            "records": [
                {"person": record.person, "kept": record.kept, "late": record.late, "missed": record.missed, "waived": record.waived}
                for record in self.records
            ],
        }


def tell(project: Project) -> Story:
    """The story as the database knows it at the last hour."""
    last = script.HOURS[-1]
    with project.reading() as work:
        programme = current_programme(work)
        everything = fetch_timeline(work)
        status = fetch_status(work, last)
        outbox = count_outbox(work)
        records = tuple(record for record in engagement_records(work, last) if record.clause is None and record.decided)
        names = {person.id: person.name for person in programme.organisation.people.values()}
    counts = {
        "messages_sent": outbox.messages_sent, "notices_sent": outbox.notices_sent,
        "open_commitments": len(status.open_commitments), "overdue": status.overdue, "open_alerts": len(status.alerts),
        "actions": len(status.actions),
    }  # fmt: skip
    lines = tuple(line for line in everything if any(word in line.subject for word in SHOWN))
    return Story(lines, everything, counts, records, names)
