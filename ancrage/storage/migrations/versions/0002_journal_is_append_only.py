"""the journal refuses UPDATE and DELETE (ESC-G5), and so do the rows of a closed campaign (ASM-K2)

Revision: 0002, after 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JOURNAL = "the journal is append-only (ESC-G5)"
FROZEN = "a closed campaign never changes (ASM-K2)"
CAMPAIGN_TABLES = ("rating", "agreed_rating", "determination", "capability_level", "campaign_request")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in sqlite_statements():
            op.execute(statement)
    else:
        for statement in postgresql_statements():
            op.execute(statement)


def sqlite_statements() -> list[str]:
    found = [
        f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal BEGIN SELECT RAISE(ABORT, '{JOURNAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    for table in CAMPAIGN_TABLES:
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            found.append(
                f"CREATE TRIGGER {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM campaign c WHERE c.programme_id = {row}.programme_id AND c.id = {row}.campaign_id "
                f"AND c.status = 'closed') BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
            )
    found += [
        f"CREATE TRIGGER campaign_frozen_{verb.lower()} BEFORE {verb} ON campaign WHEN OLD.status = 'closed' "
        f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    return found


def postgresql_statements() -> list[str]:
    found = [
        f"CREATE FUNCTION ancrage_journal_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{JOURNAL}'; END $$",
        "CREATE TRIGGER journal_frozen BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION ancrage_journal_frozen()",
        "CREATE TRIGGER journal_kept BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION ancrage_journal_frozen()",
        f"CREATE FUNCTION ancrage_campaign_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"DECLARE touched record; BEGIN "
        f"IF TG_OP = 'INSERT' THEN touched := NEW; ELSE touched := OLD; END IF; "
        f"IF EXISTS (SELECT 1 FROM campaign c WHERE c.programme_id = touched.programme_id AND c.id = touched.campaign_id "
        f"AND c.status = 'closed') THEN RAISE EXCEPTION '{FROZEN}'; END IF; "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        f"CREATE FUNCTION ancrage_campaign_row_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF OLD.status = 'closed' THEN RAISE EXCEPTION '{FROZEN}'; END IF; "
        f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER campaign_frozen BEFORE UPDATE OR DELETE ON campaign FOR EACH ROW "
        "EXECUTE FUNCTION ancrage_campaign_row_frozen()",
    ]
    found += [
        f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION ancrage_campaign_frozen()"
        for table in CAMPAIGN_TABLES
    ]
    return found


def downgrade() -> None:
    raise RuntimeError("the protection of the journal is not taken away; restore a backup instead")
