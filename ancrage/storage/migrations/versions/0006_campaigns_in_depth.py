"""campaigns in depth: history of requests, judgements, evidence, findings, recurrence

History, judgements and the use of evidence belong to their cycle and are frozen with it (ASM-K2); findings are worked on afterwards.

Revision: 0006, after 0005
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FROZEN = "a closed campaign never changes (ASM-K2)"
CAMPAIGN_TABLES = ("request_event", "judgement", "evidence_use")


def _text(name: str, length: int = 80, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=nullable)


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("campaign", sa.Column("recurrence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True))
    op.create_table(
        "request_event",
        _text("programme_id"), _text("campaign_id"), _text("person_id"), sa.Column("number", sa.Integer(), nullable=False),
        _text("what", 40), _instant("at"), _text("by"), _text("why", 0), _text("commitment_id", 200, nullable=True),
        sa.PrimaryKeyConstraint("programme_id", "campaign_id", "person_id", "number"),
    )
    op.create_table(
        "judgement",
        _text("programme_id"), _text("campaign_id"), _text("process_id"), _text("area_id"), sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("significant", sa.Boolean(), nullable=False), _text("decided_by"), _text("why", 0), _instant("decided_at"),
        sa.PrimaryKeyConstraint("programme_id", "campaign_id", "process_id", "area_id", "level"),
    )
    op.create_table(
        "finding",
        _text("programme_id"), _text("id", 240), _text("campaign_id"), _text("kind", 40), _text("severity", 20), _text("process_id"),
        _text("area_id"), _text("practice_id", 80, nullable=True), _text("value", 20, nullable=True), _text("cause", 0),
        _text("owner", 120, nullable=True), sa.Column("due_on", sa.Date(), nullable=True), _instant("found_at"), _instant("changed_at"),
        _text("changed_by"), sa.PrimaryKeyConstraint("programme_id", "id"),
    )
    op.create_index(op.f("ix_finding_campaign_id"), "finding", ["campaign_id"])
    _evidence()
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def _evidence() -> None:
    op.create_table(
        "evidence",
        _text("programme_id"), _text("id"), _text("kind", 40), _text("name", 0), _text("address", 0), _text("sha256", 64),
        sa.Column("size", sa.Integer(), nullable=False), sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True), _text("added_by"), _instant("added_at"), _text("renewed_by", 80, nullable=True),
        _instant("withdrawn_at", nullable=True), _text("withdrawn_why", 0), sa.PrimaryKeyConstraint("programme_id", "id"),
    )
    op.create_index(op.f("ix_evidence_expires_on"), "evidence", ["expires_on"])
    op.create_table(
        "evidence_use",
        _text("programme_id"), _text("campaign_id"), _text("process_id"), _text("practice_id"), _text("evidence_id"), _text("by"),
        _instant("at"), sa.PrimaryKeyConstraint("programme_id", "campaign_id", "process_id", "practice_id", "evidence_id"),
    )


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM campaign c WHERE c.programme_id = {row}.programme_id AND c.id = {row}.campaign_id "
        f"AND c.status = 'closed') BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        for table in CAMPAIGN_TABLES
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ]


def _postgresql() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION ancrage_campaign_frozen()"
        for table in CAMPAIGN_TABLES
    ]


def downgrade() -> None:
    raise RuntimeError("answers, judgements and evidence are not thrown away; restore a backup instead")
