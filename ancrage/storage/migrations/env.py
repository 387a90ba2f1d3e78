"""Alembic environment: runs on the engine handed over by `storage.database`, never on an address of its own.

Column types are written into migrations as plain SQL types, so that an old migration never depends on today's classes.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import models.access
import models.actions
import models.campaigns
import models.collecting
import models.commitments
import models.contracts
import models.engagement
import models.engine
import models.evidence
import models.indicators
import models.measures
import models.notices
import models.programme  # noqa: F401
from models.columns import EnumText, UtcInstant


def render_item(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """The plain SQL type of one of our column types, or False to let alembic render it."""
    if kind != "type":
        return False
    if isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, EnumText):
        return "sa.String(length=40)"
    if isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    return False


engine: Engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=False, render_item=render_item
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
