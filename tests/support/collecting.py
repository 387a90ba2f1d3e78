"""A small project whose indicators collect their readings, and what somebody drops into its folder."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ancrage.declarations.codes.page import BASE, SETTINGS
from ancrage.declarations.loading import load_programme
from ancrage.exchange.collecting.connections import Connection, Connections, DropFolder
from ancrage.project import Project, open_project
from ancrage.services.collecting import CollectionReport, collect
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.indicators import fetch_readings
from models.commitments import CommitmentKind

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)


def indicator(name: str, source: str, *, kind: str = "value", cadence: str = "week", owner: str = "lead") -> str:
    """One declaration below `indicators:`."""
    return (
        f"  {name}:\n    name: {name.title()}\n    objective: reliable\n    definition: What is counted\n    type: reactivity\n"
        f"    kind: {kind}\n    unit: tickets\n    direction: decrease\n    source: {source}\n    cadence: {cadence}\n"
        f"    owner: {owner}\n    reports_to: sponsor\n"
    )


@dataclass(frozen=True)
class CollectingProject(Project):
    """A project on whose wall it is `later` than the dates of its files."""

    later: timedelta = timedelta(minutes=10)

    def wall_now(self) -> datetime:
        return super().wall_now() + self.later

    def after(self, later: timedelta) -> CollectingProject:
        """The same project, looked at later on the wall."""
        return self._with(replace(self, later=later))

    def knowing(self, *connections: Connection) -> CollectingProject:
        """The same project with connections in its settings."""
        known = Connections(self.settings.connections.drop, {one.name: one for one in connections})
        return self._with(replace(self, settings=replace(self.settings, connections=known)))

    def _with(self, changed: CollectingProject) -> CollectingProject:
        changed.__dict__["database"] = self.database
        return changed

    @property
    def drop(self) -> Path:
        return self.settings.connections.drop.path

    def put(self, name: str, content: str | bytes) -> Path:
        """Drop a file."""
        path = self.drop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def collect(self, indicator_id: str | None = None, *, days: int = 0, dry_run: bool = False) -> CollectionReport:
        """One run, `days` after the first."""
        return collect(self, AT + timedelta(days=days), indicator_id, dry_run=dry_run)

    def readings(self, indicator_id: str) -> dict[date, float | tuple[float | None, float | None] | None]:
        """Figures by day."""
        with self.reading() as work:
            return {row.day: row.value if row.value is not None else (row.numerator, row.denominator)
                    for row in fetch_readings(work, indicator_id)}  # fmt: skip

    def asked(self) -> list[tuple[str, str]]:
        """Who is asked to repair what, while it is open."""
        with self.reading() as work:
            rows = fetch_commitments(work, only_open=True, kind=CommitmentKind.READING)
        return [(row.responsible, row.title_en) for row in rows]

    def files(self) -> list[str]:
        """Everything in the drop folder, without hashes."""
        found = [path.relative_to(self.drop) for path in self.drop.rglob("*") if path.is_file()]
        return sorted(str(path.parent / path.name.partition("_")[2]) if path.parts[0] in ("taken", "refused") else str(path)
                      for path in found)  # fmt: skip


_TEMPLATES: dict[str, Path] = {}


def make_project(folder: Path, declarations: Sequence[str]) -> CollectingProject:
    """An applied project with these indicators; made once, then copied."""
    text = "".join(declarations)
    if text not in _TEMPLATES:
        _TEMPLATES[text] = Path(tempfile.mkdtemp()) / "project"
        atexit.register(shutil.rmtree, _TEMPLATES[text].parent, ignore_errors=True)
        _apply(_TEMPLATES[text], declarations)
    shutil.copytree(_TEMPLATES[text], folder)
    return _opened(folder)


def _opened(folder: Path) -> CollectingProject:
    opened = open_project(folder)
    settings = replace(opened.settings, connections=Connections(DropFolder(folder / "drop")))
    return CollectingProject(opened.folder, opened.programme_id, settings, opened.clock)


def _apply(folder: Path, declarations: Sequence[str]) -> None:
    folder.mkdir(parents=True)
    (folder / "project.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "example.yaml").write_text("indicators:\n" + "".join(declarations), encoding="utf-8")
    project = _opened(folder)
    loaded = load_programme(folder, AT.date())
    assert loaded.errors == (), [str(problem.message) for problem in loaded.errors]
    with project.units() as work:
        apply_plan(work, plan_apply(work, loaded.require()), "ben", AT - timedelta(days=60))
    project.close()
