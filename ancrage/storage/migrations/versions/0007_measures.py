"""measures of supplier contracts (ESC-X); what a pass has seen, so that one without news costs little

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "measure",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("title_fr", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("terms", json(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("report", json(), nullable=True),
        sa.Column("commitment_id", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("programme_id", "id"),
    )
    op.create_table(
        "measure_series",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("measure_id", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("programme_id", "measure_id", "side"),
    )
    op.create_table(
        "measure_pause",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("measure_id", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "measure_id", "side", "since"),
    )
    op.create_table(
        "measure_holder",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("measure_id", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "measure_id", "since"),
    )
    with op.batch_alter_table("engine") as table:
        table.add_column(sa.Column("seen_line", sa.Integer(), nullable=True))
        table.add_column(sa.Column("look_again_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("engine") as table:
        table.drop_column("look_again_at")
        table.drop_column("seen_line")
    for name in ("measure_holder", "measure_pause", "measure_series", "measure"):
        op.drop_table(name)
