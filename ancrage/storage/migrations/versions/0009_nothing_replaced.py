"""SQLite also refuses INSERT OR REPLACE of a journal line (ESC-G5) and of a closed campaign (ASM-K2): it fires no trigger of DELETE

Revision: 0009, after 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL's ON CONFLICT DO UPDATE is an UPDATE to its triggers
    op.execute(
        "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS "
        "(SELECT 1 FROM journal j WHERE j.programme_id = NEW.programme_id AND j.number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only (ESC-G5)'); END"
    )
    op.execute(
        "CREATE TRIGGER campaign_frozen_replace BEFORE INSERT ON campaign WHEN EXISTS "
        "(SELECT 1 FROM campaign c WHERE c.programme_id = NEW.programme_id AND c.id = NEW.id AND c.status = 'closed') "
        "BEGIN SELECT RAISE(ABORT, 'a closed campaign never changes (ASM-K2)'); END"
    )


def downgrade() -> None:
    raise RuntimeError("the protection of the journal is not taken away; restore a backup instead")
