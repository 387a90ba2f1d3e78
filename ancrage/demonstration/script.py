"""What happens by itself in the half year: contracts signed, tools delivered, campaigns, readings, decisions. Dates are Paris dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ancrage.language import Label
from ancrage.services.campaign_launch import CampaignPlan, Respondents

PARIS = ZoneInfo("Europe/Paris")
FIRST_DAY = date(2026, 1, 5)
LAST_DAY = date(2026, 7, 3)
HISTORY_FROM = date(2024, 9, 2)
MODEL = "pmo_competences"
LEAD = "chloe"


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    """That local time in Paris."""
    return datetime.combine(day, time(hour, minute), PARIS)


def _hours() -> tuple[datetime, ...]:
    found, day = [], FIRST_DAY
    while day <= LAST_DAY:
        hours = range(8, 23, 2) if day.weekday() < 5 else (10, 12) if day.weekday() == 5 else ()
        found += [paris(day, hour) for hour in hours]
        day += timedelta(days=1)
    return tuple(found)


HOURS = _hours()
"""One pass every two hours while anybody of the example works: 8 to 22 h in Paris from Monday to Friday (16 h 30 in Montréal is
22 h 30), 10 and 12 h on Saturday. Steps and messages keep their own instants (ESC-L4, S6); a pass only finds them a little later."""
RHYTHM = timedelta(hours=2)

SCOPE = (
    "portfolio", "performance", "risk", "demand", "project", "development", "acceptance", "architecture", "change", "operations",
    "configuration", "incident", "service_request", "problem", "major_incident", "procurement",
)


@dataclass(frozen=True, slots=True)
class PlannedCampaign:
    """A campaign of the half year, and the instant it is launched."""

    opened_at: datetime
    plan: CampaignPlan


CAMPAIGNS = (
    PlannedCampaign(
        paris(date(2026, 1, 12), 10),
        CampaignPlan(
            "winter", Label(fr="Évaluation d’hiver 2026", en="Winter assessment 2026"), MODEL, SCOPE, date(2026, 1, 30), date(2026, 2, 6),
            {"*": 2}, (Respondents.OWNER, Respondents.DEPUTY),
        ),
    ),
    PlannedCampaign(
        paris(date(2026, 6, 1), 10),
        CampaignPlan(
            "summer", Label(fr="Évaluation d’été 2026", en="Summer assessment 2026"), MODEL, SCOPE, date(2026, 6, 19), date(2026, 6, 26),
            {"*": 2}, (Respondents.OWNER, Respondents.DEPUTY),
        ),
    ),
)

CLOCKS = (
    ("change_board", "defined", date(2024, 10, 14)),
    ("change_board", "tool_delivered", date(2024, 12, 16)),
    ("change_board", "adopted", date(2025, 5, 5)),
    ("incident_triage", "defined", date(2026, 1, 23)),
    ("incident_triage", "tool_delivered", date(2026, 2, 16)),
)
"""(transformation, clock, the day it struck)."""

ANSWERING_HOURS = (10, 12, 14, 16)
COMMITTEE_HOURS = (10, 14)
ACCEPTED_ACTIONS = 6
"""How many of the ranked actions the steering committee takes, and how many days after the campaign."""
ACCEPTED_AFTER = timedelta(days=4)
ACTION_DAYS = (42, 56, 56, 70, 84, 98)
"""Days each taken action gets, in rank order."""
ACTION_LATE = {3: 9}
"""Actions that end late, by rank, and by how many days; the others end a few days early."""


@dataclass(frozen=True, slots=True)
class Call:
    """The steward calls a promise in: which clause, when, and why."""

    clause: str
    at: datetime
    why: str


CALLS = (
    Call("validate_incident_perimeter", paris(date(2026, 1, 19), 10), "périmètre au lancement du projet"),
    Call("speak_to_teams", paris(date(2026, 2, 12), 10), "l’outil est livré lundi"),
    Call("validate_incident_perimeter", paris(date(2026, 2, 25), 10), "les problèmes entrent dans le périmètre"),
    Call("speak_to_teams", paris(date(2026, 3, 9), 10), "premiers résultats du tri"),
    Call("validate_incident_perimeter", paris(date(2026, 3, 25), 10), "les incidents majeurs entrent dans le périmètre"),
    Call("speak_to_teams", paris(date(2026, 4, 7), 10), "le tri devient une habitude"),
    Call("validate_incident_perimeter", paris(date(2026, 4, 21), 10), "les demandes de service entrent dans le périmètre"),
    Call("speak_to_teams", paris(date(2026, 5, 5), 10), "la saisie des causes recule"),
)
"""Decisions and words asked of the sponsor along the project. The answers slow down from the end of March on."""

NOTES = (("anne", paris(date(2026, 4, 2), 14)), ("anne", paris(date(2026, 6, 26), 14)))
"""When the steward sends a sponsor what the answers changed: after the first quarter, and before the summer."""
PUBLICATIONS = (("incident_contract", paris(date(2026, 3, 27), 14)), ("incident_contract", paris(date(2026, 6, 26), 16)))
"""When the steward publishes the line of a contract to its stakeholders."""
