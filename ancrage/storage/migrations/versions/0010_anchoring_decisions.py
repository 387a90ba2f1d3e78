"""what people decide about indicators: phases of a chart, accepted levels, lifetimes, the end of support

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchoring_decision",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "id"),
    )
    op.create_index("ix_anchoring_decision_subject", "anchoring_decision", ["programme_id", "subject_id", "decided_at"])


def downgrade() -> None:
    op.drop_index("ix_anchoring_decision_subject", table_name="anchoring_decision")
    op.drop_table("anchoring_decision")
