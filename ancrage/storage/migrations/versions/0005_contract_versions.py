"""contracts have versions: the text that was proposed, its signatures, remarks, perimeters validated, stakeholders told

What was signed before becomes versions 1, 2, ... in the order of the first signatures, with the text of the declarations of that time.

Revision: 0005, after 0004
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _key() -> tuple[Any, Any]:
    return sa.Column("programme_id", sa.String(length=80), nullable=False), sa.Column("contract_id", sa.String(length=80), nullable=False)


def upgrade() -> None:
    versions = op.create_table(
        "contract_version",
        *_key(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("declaration_version", sa.Integer(), nullable=False),
        sa.Column("text", _json(), nullable=False),
        sa.Column("parties", _json(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "contract_id", "number"),
    )
    op.create_table(
        "contract_remark",
        sa.Column("programme_id", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("contract_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("clause_id", sa.String(length=80), nullable=True),
        sa.Column("role_id", sa.String(length=80), nullable=True),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "id"),
    )
    op.create_index("ix_contract_remark_contract", "contract_remark", ["programme_id", "contract_id"])
    op.create_table(
        "perimeter_validation",
        *_key(),
        sa.Column("perimeter_fingerprint", sa.String(length=80), nullable=False),
        sa.Column("perimeter", _json(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "contract_id", "perimeter_fingerprint"),
    )
    op.create_table(
        "stakeholder_told",
        *_key(),
        sa.Column("role_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=80), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "contract_id", "role_id", "person_id"),
    )
    op.add_column("commitment", sa.Column("contract_version", sa.Integer(), nullable=True))
    _number_what_was_signed(versions)


def _number_what_was_signed(versions: sa.Table) -> None:
    """Signatures lose the fingerprint from their key: a text that comes back is signed again."""
    connection = op.get_bind()
    op.rename_table("contract_signature", "contract_signature_old")
    signatures = op.create_table(
        "contract_signature",
        *_key(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.String(length=80), nullable=False),
        sa.Column("contract_fingerprint", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "contract_id", "version", "role_id", name="pk_contract_signature"),
    )
    columns = [column for column in signatures.columns if column.name != "version"]
    old = sa.table("contract_signature_old", *(sa.column(column.name, column.type) for column in columns))
    texts = _signed_texts(connection)
    by_contract: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(dict)
    for row in connection.execute(sa.select(old).order_by(old.c.signed_at, old.c.role_id)).mappings():
        by_contract[row["programme_id"], row["contract_id"]].setdefault(row["contract_fingerprint"], []).append(row)
    for contract, by_text in by_contract.items():
        known = [(texts[(*contract, fingerprint)], rows) for fingerprint, rows in by_text.items() if (*contract, fingerprint) in texts]
        for number, ((declared, text), rows) in enumerate(known, start=1):
            _insert_version(connection, versions, number, declared, text, rows[0])
            connection.execute(sa.insert(signatures), [{**row, "version": number} for row in rows])
        _number_commitments(connection, contract, known)
    op.drop_table("contract_signature_old")


def _insert_version(
    connection: sa.Connection, versions: sa.Table, number: int, declared: int, text: Mapping[str, Any], first: Mapping[str, Any]
) -> None:
    connection.execute(
        sa.insert(versions).values(
            programme_id=first["programme_id"], contract_id=first["contract_id"], number=number, fingerprint=first["contract_fingerprint"],
            declaration_version=declared, text=text, parties=_parties(text), proposed_at=first["signed_at"],
            proposed_by=first["person_id"], withdrawn_at=None, withdrawn_why="",
        )
    )


def _signed_texts(connection: sa.Connection) -> dict[tuple[str, str, str], tuple[int, Any]]:
    """The declared version and the text of every contract, by programme, id and fingerprint."""
    declared = sa.table(
        "declaration_version", sa.column("programme_id", sa.String()), sa.column("version", sa.Integer()), sa.column("snapshot", _json())
    )
    found: dict[tuple[str, str, str], tuple[int, Any]] = {}
    for programme, version, snapshot in connection.execute(sa.select(declared).order_by(declared.c.version)):
        for contract, text in snapshot["contracts"].items():
            found.setdefault((programme, contract, text["fingerprint"]), (version, text))
    return found


def _parties(text: Mapping[str, Any]) -> list[str]:
    return [text[role] for role in ("sponsor", "co_sponsor", "steward") if text.get(role)]


def _number_commitments(connection: sa.Connection, contract: tuple[str, str], known: Sequence[tuple[Any, Any]]) -> None:
    """A commitment that runs, or has ended, was promised by the version in force when it started; the first one where none was yet."""
    commitment = sa.table(
        "commitment", *(sa.column(name, sa.String()) for name in ("programme_id", "contract_id")), sa.column("contract_version"),
        sa.column("started_at", sa.DateTime(timezone=True)),
    )
    mine = (commitment.c.programme_id == contract[0]) & (commitment.c.contract_id == contract[1])
    for number, ((_, text), rows) in enumerate(known, start=1):
        signed = {row["role_id"]: row["signed_at"] for row in rows}
        if not set(_parties(text)) <= signed.keys():
            continue
        begun = commitment.c.started_at >= max(signed.values())
        connection.execute(sa.update(commitment).where(mine, begun | commitment.c.contract_version.is_(None)).values(contract_version=number))


def downgrade() -> None:
    raise RuntimeError("signatures of several versions of one text do not fit the older schema; restore a backup instead")
