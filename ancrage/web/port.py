"""What the pages need from a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from fastapi import Request

from ancrage.language import Label
from ancrage.notices.channels import Channel
from ancrage.notices.links import LinkKeys
from ancrage.notices.notice import MailSettings
from ancrage.settings import Settings
from ancrage.storage.unit_of_work import UnitOfWork


class ProjectLike(Protocol):
    """An opened project; `ancrage.project.Project` is the real one."""

    @property
    def settings(self) -> Settings: ...

    @property
    def link_keys(self) -> LinkKeys: ...

    @property
    def data_folder(self) -> Path:
        """Where files are kept that no page serves."""
        ...

    @property
    def first_channels(self) -> Sequence[str]: ...

    @property
    def channels(self) -> Mapping[str, Channel]: ...

    @property
    def personal_channels(self) -> Sequence[str]: ...

    def mail_settings(self, programme: Label) -> MailSettings: ...

    def now(self) -> datetime:
        """The instant at which a request is accepted (ESC-A1)."""
        ...

    def units(self) -> AbstractContextManager[UnitOfWork]: ...

    def reading(self) -> AbstractContextManager[UnitOfWork]: ...


def project_of(request: Request) -> ProjectLike:
    """The project this application serves."""
    project: ProjectLike = request.app.state.project
    return project
