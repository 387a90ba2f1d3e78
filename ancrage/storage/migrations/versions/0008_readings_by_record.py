"""readings by when they were recorded: whether there is news costs the same with ten readings or millions

Revision: 0008, after 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_reading_recorded", "reading", ["programme_id", "recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_reading_recorded", table_name="reading")
