"""Tables that only the report of a campaign has: what is stalled around it, and who has answered."""

from __future__ import annotations

from dataclasses import replace

from ancrage.exchange.tables import Column, Kind, Table
from ancrage.language import say
from ancrage.services.campaign_reports import CampaignReport
from ancrage.services.table_exports.plan_tables import COMMITMENTS

RESPONDENTS = (
    Column("person", say("Person id")),
    Column("name", say("Person"), width=24),
    Column("asked", say("Questions"), Kind.NUMBER, 10),
    Column("rated", say("Answers given"), Kind.NUMBER, 10),
    Column("minutes", say("Minutes"), Kind.NUMBER, 10),
    Column("submitted_at", say("Handed in at"), Kind.INSTANT, 20),
)


def stalled_table(report: CampaignReport) -> Table:
    """What is open and overdue in the perimeter of the campaign, by deadline."""
    table = COMMITMENTS.table(report.stalled, report.detail.zone)
    return replace(table, name="stalled", title=say("Stalled promises"))


def respondents_table(report: CampaignReport) -> Table:
    """Everybody who is asked: questions, answers, minutes, when they handed in."""
    rows = [(it.person, it.name, it.asked, it.rated, it.minutes, it.submitted_at) for it in report.detail.respondents]
    return Table("respondents", say("Who has answered"), RESPONDENTS, rows, report.detail.zone)
