"""A project in the middle of its life, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ancrage.project import Project, open_project
from tests.support.story import copy_of, project_in_the_middle


@pytest.fixture
def project(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Once on SQLite and once on PostgreSQL."""
    monkeypatch.setenv("ANCRAGE_DATABASE_URL", database_url)
    with closing(open_project(project_in_the_middle(tmp_path / "project"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in_the_middle(tmp_path_factory.mktemp("middle") / "project")


@pytest.fixture
def embedded(template: Path, tmp_path: Path) -> Iterator[Project]:
    """On the embedded database, copied: for tests whose subject is not the database."""
    with closing(open_project(copy_of(template, tmp_path / "project"))) as opened:
        yield opened
