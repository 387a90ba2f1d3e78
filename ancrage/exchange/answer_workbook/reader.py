"""Reads a filled answer workbook: first where it comes from, then its rows; every row that cannot be understood is named by its cell."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ancrage.domain.bulk import without_collector
from ancrage.errors import Place, Problem
from ancrage.exchange.answer_workbook.package import Package, damaged, open_package, refuse
from ancrage.exchange.answer_workbook.rows import RowReader
from ancrage.exchange.answer_workbook.seal import Seal, SealedRequest, read_seal
from ancrage.exchange.answer_workbook.shapes import SEAL_FORMAT, SEAL_SHEET, FilledSheet, FilledWorkbook, place_of
from ancrage.exchange.answer_workbook.sheet_scan import formulas_of
from ancrage.exchange.answer_workbook.writer import guide_name
from ancrage.language import LANGUAGES, say
from ancrage.notices.links import LinkKeys

Grid = list[list[Any]]


def read_workbook(data: bytes, name: str, keys: LinkKeys) -> FilledWorkbook:
    """The rows of a workbook that was written with one of `keys`, in the order of its sheets. `name` is how problems call the file.

    ProblemsFound when the file as a whole cannot be taken: what `open_package` refuses, a workbook that was not made here
    (E-WORKBOOK-UNSIGNED), a signature that does not hold (E-WORKBOOK-FORGED). Nothing is run or computed: a formula in an answer is a
    problem of its cell.
    """
    package = open_package(data, name)
    try:
        with without_collector(), CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            seal = _seal(package, workbook, keys)
            sheets = tuple(_sheet(package, workbook, request) for request in seal.requests if request.sheet in package.sheets)
    except CalamineError as error:
        damaged(name, error)
    return FilledWorkbook(name, hashlib.sha256(data).hexdigest(), len(data), seal, sheets, tuple(_strange_sheets(package, seal)))


def _seal(package: Package, workbook: CalamineWorkbook, keys: LinkKeys) -> Seal:
    hint = say("send back the workbook that was written for you, or ask for a new one")
    if SEAL_SHEET not in package.sheets:
        refuse(package.name, "E-WORKBOOK-UNSIGNED", say("this workbook was not made here, or its hidden sheet is missing"), hint)
    cells = [str(row[0]) for row in _grid(package, workbook, SEAL_SHEET) if row]
    if not cells or cells[0] != SEAL_FORMAT:
        refuse(package.name, "E-WORKBOOK-UNSIGNED", say("this workbook was not made here, or its hidden sheet is missing"), hint)
    seal = read_seal(keys, "".join(cells[1:]))
    if seal is None:
        refuse(package.name, "E-WORKBOOK-FORGED", say("the signature of this workbook does not hold"), hint)
    return seal


def _grid(package: Package, workbook: CalamineWorkbook, sheet: str) -> Grid:
    formulas_of(package.xml_of(sheet), package.name, sheet)  # how far it reaches
    return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _sheet(package: Package, workbook: CalamineWorkbook, request: SealedRequest) -> FilledSheet:
    formulas = formulas_of(package.xml_of(request.sheet), package.name, request.sheet)
    grid = workbook.get_sheet_by_name(request.sheet).to_python(skip_empty_area=False)
    reader = RowReader(package.name, request.sheet, formulas)
    reader.read(grid)
    return FilledSheet(
        request.campaign, request.sheet, request.fingerprint, request.revisions, tuple(reader.rows), tuple(reader.problems),
        frozenset(reader.unreadable),
    )  # fmt: skip


def _strange_sheets(package: Package, seal: Seal) -> Sequence[Problem]:
    """Sheets that are missing, and sheets that were added: what stands there is not read."""
    known = {SEAL_SHEET, *(request.sheet for request in seal.requests), *(guide_name(language) for language in LANGUAGES)}
    found = [
        Problem(
            "E-SHEET-MISSING",
            say("sheet {sheet} is not there", sheet=request.sheet),
            Place(package.name),
            hint=say("give it its name back; there are: {known}", known=", ".join(package.sheets)[:300]),
        )
        for request in seal.requests
        if request.sheet not in package.sheets
    ]
    found += [
        Problem(
            "W-SHEET-UNKNOWN",
            say("sheet {sheet} was not there when the workbook was written: it is not read", sheet=name[:80]),
            Place(place_of(package.name, name[:80])),
        )
        for name in package.sheets
        if name not in known
    ]
    return found
