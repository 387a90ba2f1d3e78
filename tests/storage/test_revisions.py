"""The revisions of the schema are read from file names, without the library that carries them out."""

from __future__ import annotations

import subprocess
import sys

from alembic.script import ScriptDirectory

from ancrage.storage.database import MIGRATIONS, revisions


def test_file_names_say_what_the_migrations_say_and_in_their_order() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert revisions() == [script.revision for script in scripts.walk_revisions()][::-1]
    assert revisions()[-1] == scripts.get_current_head()


def test_opening_a_database_that_is_up_to_date_does_not_load_the_migrations(tmp_path: object) -> None:
    code = f"""
import sys
from ancrage.storage.database import connect
connect("sqlite:///{tmp_path}/a.sqlite").close()
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}print('alembic' in sys.modules)"], check=True, capture_output=True, text=True
    ).stdout
    assert loaded.strip() == "False"
