"""The drop folder: what lies in it, what is ready to be taken, and what a file says.

A file is taken when nobody writes it any more; it is then moved to `taken/`, or to `refused/` with a report beside it. Nothing is
ever deleted, and a name that begins with its content's hash never stands for something else.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import NoReturn

from ancrage.domain.assessment.sheets.base import Column, Sheet
from ancrage.domain.indicator_sources import DropSource
from ancrage.domain.indicators import ValueKind
from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.exchange.collecting.connections import DropFolder
from ancrage.exchange.collecting.found import (
    BadCell,
    Collected,
    FoundReading,
    Wanted,
    made_reading,
    read_day,
    read_number,
    refused,
    without_repeats,
)
from ancrage.exchange.ratings_csv import read_ratings_text
from ancrage.exchange.sources.workbook import Grid, read_grids
from ancrage.language import Message, say

TAKEN, REFUSED = "taken", "refused"
MOST_BYTES = 32 * 1024 * 1024
MOST_FILES = 10_000
UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".swp")
LOCK = "~$"
TEXTS, WORKBOOKS = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
COLUMNS = {
    "indicator": say("id of the indicator"), "date": say("a day of the period, as 2026-03-31"), "value": say("the figure"),
    "numerator": say("cases counted, of a proportion"), "denominator": say("cases looked at, of a proportion"),
    "note": say("anything to add"),
}  # fmt: skip
NOTHING = hashlib.sha256(b"").hexdigest()
FIGURES = ("value", "numerator", "denominator")


class Readiness(StrEnum):
    """Whether a file can be taken now."""

    READY = "ready"
    WRITING = "writing"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file of the drop folder: its name below it, and for how many seconds nobody has changed it."""

    path: Path
    name: str
    readiness: Readiness
    still_seconds: float

    @property
    def wanted_name(self) -> str:
        """The name it will have when it is finished: what patterns are compared with."""
        for ending in UNFINISHED:
            if self.name.casefold().endswith(ending):
                return self.name[: -len(ending)]
        return self.name


@dataclass(frozen=True, slots=True)
class Content:
    """What a file held when it was read, whole."""

    data: bytes
    digest: str


def list_dropped(folder: DropFolder, wall: float) -> tuple[Dropped, ...]:
    """Every file of the folder, by name; what was put away, hidden files and the locks of other programs are left out.

    `wall` is the clock that files are dated by, in seconds. A file without folder is no file.
    """
    found = sorted(_files(folder.path))[:MOST_FILES]
    locks = {name for name in found if PurePosixPath(name).name.startswith(LOCK)}
    dropped = [_dropped(folder, name, locks, wall) for name in found if name not in locks]
    return tuple(one for one in dropped if one is not None)


def _files(root: Path) -> Iterator[str]:
    for place, folders, names in os.walk(root):  # links to folders are not followed
        here = Path(place)
        folders[:] = [name for name in folders if not name.startswith(".") and not (here == root and name in (TAKEN, REFUSED))]
        for name in names:
            if not name.startswith(".") and (here / name).is_file() and not (here / name).is_symlink():
                yield (here / name).relative_to(root).as_posix()


def _dropped(folder: DropFolder, name: str, locks: set[str], wall: float) -> Dropped | None:
    path = folder.path / name
    try:
        found = path.stat()
    except OSError:  # somebody took it back
        return None
    # The change time cannot be set by whoever copies a file with its old date.
    still = wall - max(found.st_mtime, found.st_ctime)
    if _is_locked(name, locks):
        readiness = Readiness.LOCKED
    elif still < folder.quiet_seconds or name.casefold().endswith(UNFINISHED):
        readiness = Readiness.WRITING
    else:
        readiness = Readiness.READY
    return Dropped(path, name, readiness, still)


def _is_locked(name: str, locks: set[str]) -> bool:
    """Office programs put `~$name` beside what they hold; in a long name the first two letters give way to it."""
    path = PurePosixPath(name)
    return any((path.parent / held).as_posix() in locks for held in (LOCK + path.name, LOCK + path.name[2:]))


def read_content(file: Dropped) -> Content | Readiness:
    """The bytes of a file, or why they cannot be had now: it is held by a program, or changed while it was read."""
    try:
        before = file.path.stat()
        if before.st_size > MOST_BYTES:
            return Content(b"", _digest_of(file.path))
        data = file.path.read_bytes()
        after = file.path.stat()
    except PermissionError:
        return Readiness.LOCKED
    except OSError:
        return Readiness.WRITING
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
        return Readiness.WRITING
    return Content(data, hashlib.sha256(data).hexdigest())


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def matches(file: Dropped, source: DropSource) -> bool:
    """Whether a file is what an indicator waits for; capitals make no difference, and a star stays inside its folder."""
    name, pattern = PurePosixPath(file.wanted_name.casefold()), PurePosixPath(source.pattern.casefold())
    parts = zip(name.parts, pattern.parts, strict=False)
    return len(name.parts) == len(pattern.parts) and all(fnmatchcase(part, wanted) for part, wanted in parts)


def read_delivery(file: Dropped, content: Content, wanted: Sequence[tuple[Wanted, DropSource]]) -> Collected:
    """What a file says of the indicators that wait for it; with any problem nothing of it is taken.

    Where the file has a column of ids, its rows belong to the indicator they name, otherwise to each one that waits for it.
    """
    if not content.data:
        if content.digest != NOTHING:
            return refused("E-FILE-LARGE", say("the file has more than {count} bytes", count=MOST_BYTES), file.name)
        return refused("E-FILE-EMPTY", say("the file is empty"), file.name)
    found: list[tuple[FoundReading, Place]] = []
    problems: list[Problem] = []
    known = {one.indicator_id for one, _ in wanted}
    for one, source in wanted:
        try:
            _read_rows(file, content, one, source, known, found, problems)
        except ProblemsFound as unusable:
            problems += [problem for problem in unusable.problems if problem not in problems]
    collected = without_repeats(found)
    return Collected(collected.readings, (*problems, *collected.problems))


def _read_rows(
    file: Dropped, content: Content, wanted: Wanted, source: DropSource, known: set[str], found: list[tuple[FoundReading, Place]],
    problems: list[Problem],
) -> None:
    sheet, grid = _sheet(file, content, wanted, source)
    decimal = "." if grid else source.decimal  # a number of a workbook is a number, whatever its language shows
    called = dict(source.columns)
    for line, (name, day, *cells) in sheet.pick(*(called.get(column, column) for column in COLUMNS)):
        place = grid.place(line - 1, 0) if grid else Place(file.name, line, 1)
        try:
            if name and name not in known:
                raise BadCell(say("no indicator {indicator} waits for this file", indicator=name[:80]), code="E-COLLECT-UNKNOWN")
            if not name or name == wanted.indicator_id:
                figures = [read_number(cell, decimal) for cell in cells[:3]]
                found.append((made_reading(wanted, read_day(day, wanted, source.zone), figures, cells[3]), place))
        except BadCell as bad:
            problem = Problem(bad.code, bad.message, place, hint=bad.hint)
            if problem not in problems:
                problems.append(problem)


def _sheet(file: Dropped, content: Content, wanted: Wanted, source: DropSource) -> tuple[Sheet, Grid | None]:
    ending = PurePosixPath(file.name.casefold()).suffix
    columns = _columns(wanted, source)
    if ending in WORKBOOKS:
        grid = _grid(file, source)
        return read_ratings_text(_as_text(grid), file.name, columns).sheet, grid
    if ending not in TEXTS:
        _refuse(file, "E-COLLECT-KIND", say("a file of readings ends in one of: {endings}", endings=", ".join((*TEXTS, *WORKBOOKS))))
    if b"\0" in content.data:
        _refuse(file, "E-FILE-BINARY", say("this is not a text file"))
    read = read_ratings_text(_text_of(file, content.data), file.name, columns)
    if read.problems:
        raise ProblemsFound(say("{path} cannot be read", path=file.name), read.problems)
    return read.sheet, None


def _text_of(file: Dropped, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(file, "E-FILE-ENCODING", say("the file is not written in UTF-8"))


def _refuse(file: Dropped, code: str, message: Message) -> NoReturn:
    raise ProblemsFound(say("{path} cannot be read", path=file.name), [Problem(code, message, Place(file.name))])


def _columns(wanted: Wanted, source: DropSource) -> tuple[Column, ...]:
    """The columns as the file calls them. What is declared must be there; of what is not, the day and a figure of the right kind."""
    declared = dict(source.columns)
    needed = {"date", *declared}
    if not declared.keys() & set(FIGURES):
        needed |= {"numerator", "denominator"} if wanted.kind is ValueKind.PROPORTION else {"value"}
    return tuple(Column(declared.get(name, name), help, required=name in needed) for name, help in COLUMNS.items())


def _grid(file: Dropped, source: DropSource) -> Grid:
    grids = read_grids(file.path, (source.sheet,) if source.sheet else ())
    if source.sheet and source.sheet not in grids:
        _refuse(file, "E-COLUMN-MISSING", say("the workbook has no sheet {sheet}", sheet=source.sheet))
    if not grids:
        _refuse(file, "E-FILE-EMPTY", say("the workbook has no sheet"))
    grid = next(iter(grids.values()))
    return Grid(file.name, grid.sheet, grid.rows, grid.formulas)


def _as_text(grid: Grid) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([" ".join(cell.split()) for cell in row] for row in grid.rows)
    return text.getvalue()


def put_away(folder: DropFolder, file: Path, name: str, digest: str, into: str, report: str = "") -> Path | None:
    """Move a file to `taken/` or `refused/` under its hash and name, with a report beside it; None when somebody has taken it back.

    What has another content by now stays where it is: it is another delivery.
    """
    target = folder.path / into / f"{digest[:16]}_{PurePosixPath(name).name}"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if _digest_of(file) != digest:
            return None
        if report:
            target.with_name(f"{target.name}.report.txt").write_text(report, encoding="utf-8")
        file.replace(target)
    except OSError:
        return None
    return target


