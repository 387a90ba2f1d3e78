"""What the functions that make domain values share: the date they work for, the settings, and what they find on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ancrage.domain.finding import Finding
from ancrage.domain.working_time import Calendar, start_of_day


@dataclass(slots=True)
class Building:
    """State of one load. `settings` are the values of project.yaml; `declared` the items made so far, by section and id."""

    as_of: date
    settings: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    written_holidays: dict[str, Any] = field(default_factory=dict)
    """What each calendar says about holidays, as written: the part of a calendar that its fingerprint is made of."""

    @property
    def default_calendar(self) -> str:
        """Id of the calendar of whatever does not name its own; empty when the project does not say."""
        return str(self.settings.get("defaults", {}).get("calendar", ""))

    def items(self, section: str) -> Mapping[str, Any]:
        return self.declared.get(section, {})

    def start_of(self, moment: date | datetime) -> datetime:
        """The UTC instant of a declared moment: a date begins at midnight in the zone of the default calendar (UTC without one)."""
        if isinstance(moment, datetime):
            return moment.astimezone(UTC).replace(microsecond=0)
        calendar = self.items("calendars").get(self.default_calendar) or Calendar("", "UTC", ((),) * 7)
        return start_of_day(calendar, moment)
