"""notes: what sponsors and stakeholders were told about what an engagement changed

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engagement_note",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=True),
        sa.Column("contract_id", sa.String(length=80), nullable=True),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("told_by", sa.String(length=80), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "id"),
    )
    op.create_index("ix_engagement_note_person_id", "engagement_note", ["person_id"])
    op.create_index("ix_engagement_note_contract_id", "engagement_note", ["contract_id"])


def downgrade() -> None:
    op.drop_table("engagement_note")
