"""Every table that leaves the project, described once: its rows as views, its columns by the fields of those views."""

from ancrage.services.table_exports.campaign_tables import comparison_table, findings_table, levels_table, ratings_table
from ancrage.services.table_exports.plan_tables import actions_table, commitments_table, journal_table, readings_table
from ancrage.services.table_exports.spec import SPECS, TableSpec

__all__ = [
    "SPECS",
    "TableSpec",
    "actions_table",
    "commitments_table",
    "comparison_table",
    "findings_table",
    "journal_table",
    "levels_table",
    "ratings_table",
    "readings_table",
]
