"""What the pages need from a project."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from fastapi import Request

from ancrage.notices.links import LinkKeys
from ancrage.settings import Settings
from ancrage.storage.unit_of_work import UnitOfWork


class ProjectLike(Protocol):
    """An opened project; `ancrage.project.Project` is the real one."""

    @property
    def settings(self) -> Settings: ...

    @property
    def link_keys(self) -> LinkKeys: ...

    @property
    def first_channels(self) -> Sequence[str]: ...

    def now(self) -> datetime:
        """The instant at which a request is accepted (ESC-A1)."""
        ...

    def units(self) -> AbstractContextManager[UnitOfWork]: ...

    def reading(self) -> AbstractContextManager[UnitOfWork]: ...


def project_of(request: Request) -> ProjectLike:
    """The project this application serves."""
    project: ProjectLike = request.app.state.project
    return project
