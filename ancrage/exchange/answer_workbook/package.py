"""Opens the zip that an Excel workbook is, with nothing trusted: type by content, sizes before and after unpacking, checksums.

The reader of the cells (Rust, fast) allocates the whole rectangle between the first cell and the last one, and follows whatever a file
says: so a file is looked at here before it is handed on.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import NoReturn
from xml.etree import ElementTree

from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.language import Message, say

LARGEST_FILE = 16 * 1024 * 1024
LARGEST_CONTENT = 256 * 1024 * 1024
"""Bytes of all parts together, unpacked."""
MOST_PARTS = 1000
PIECE = 1024 * 1024
UNUSABLE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
"""What the standard library says of an archive that is not whole, or not of a kind it knows."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_MARK = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_PART = "xl/workbook.xml"
RELATIONS_PART = "xl/_rels/workbook.xml.rels"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that was unpacked once and is what it says. `sheets` are the parts of the sheets by name, in the order of the workbook,
    `parts` their contents."""

    name: str
    sheets: Mapping[str, str]
    parts: Mapping[str, bytes]

    def xml_of(self, sheet: str) -> bytes:
        """The raw XML of one sheet."""
        part = self.sheets[sheet]
        if part not in self.parts:
            damaged(self.name, KeyError(part))
        return self.parts[part]


def open_package(data: bytes, name: str, content: int = LARGEST_CONTENT) -> Package:
    """The workbook in `data`, looked at but not read yet; `name` is how problems call it, `content` how many bytes it may unpack to.

    ProblemsFound for what is no Excel workbook (E-WORKBOOK-FORMAT), is protected by a password (E-WORKBOOK-LOCKED), damaged
    (E-WORKBOOK-DAMAGED), or too large as it is or unpacked (E-FILE-LARGE).
    """
    if len(data) > LARGEST_FILE:
        refuse_large(name, len(data))
    if data.startswith(OLE):
        _refuse_old(data, name)
    if not data.startswith(ZIP):
        refuse(name, "E-WORKBOOK-FORMAT", say("this is not an Excel workbook"), say("save it as .xlsx, the format it was written in"))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = _checked_parts(archive, name, content)
            return Package(name, _sheet_parts(parts, name), parts)
    except UNUSABLE as error:
        damaged(name, error)


def refuse(name: str, code: str, message: Message, hint: Message | None = None) -> NoReturn:
    """Refuse a workbook as a whole, with one problem."""
    raise ProblemsFound(say("{path} cannot be taken", path=name), [Problem(code, message, Place(name), hint=hint)])


def refuse_large(name: str, size: int) -> NoReturn:
    """Refuse a file for its size alone, which may be known before it is read."""
    what = say("the file has {size} bytes, and {count} are allowed", size=size, count=LARGEST_FILE)
    refuse(name, "E-FILE-LARGE", what, say("one workbook holds the answers of one person"))


def damaged(name: str, error: Exception) -> NoReturn:
    """Refuse a workbook that contradicts itself."""
    reason = str(error)[:200] or type(error).__name__
    hint = say("open it in your spreadsheet program, save it again as .xlsx, or ask for a new one")
    refuse(name, "E-WORKBOOK-DAMAGED", say("the workbook is damaged: {reason}", reason=reason), hint)


def _refuse_old(data: bytes, name: str) -> NoReturn:
    if LOCKED_MARK in data:
        hint = say("take the password off (File, Information, Protect) and save it again")
        refuse(name, "E-WORKBOOK-LOCKED", say("the workbook is protected by a password"), hint)
    hint = say("save it as .xlsx, the format it was written in")
    refuse(name, "E-WORKBOOK-FORMAT", say("this is a workbook of the old kind (.xls), or another kind of Office file"), hint)


def _checked_parts(archive: zipfile.ZipFile, name: str, content: int) -> dict[str, bytes]:
    """The sheets, and the two parts that say which there are; every part has been unpacked, and is what the directory says it is."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) < len(names):
        refuse(name, "E-WORKBOOK-DAMAGED", say("the workbook has {count} parts, or one of them twice", count=len(entries)))
    if any(entry.flag_bits & 0x1 for entry in entries):
        refuse(name, "E-WORKBOOK-LOCKED", say("the workbook is protected by a password"))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > content:
        found = {"size": unpacked, "count": content}
        refuse(name, "E-FILE-LARGE", say("the file unpacks to {size} bytes, and {count} are allowed", **found))
    if WORKBOOK_PART not in names or RELATIONS_PART not in names:
        other, none = say("this is an OpenDocument file, or another kind of archive"), say("this is not an Excel workbook")
        refuse(name, "E-WORKBOOK-FORMAT", other if "mimetype" in names else none, say("save it as .xlsx, the format it was written in"))
    kept = {entry.filename: archive.read(entry) for entry in entries if _is_kept(entry.filename)}
    for entry in entries:
        if entry.filename not in kept:
            _unpack(archive, entry)
    return kept


def _is_kept(part: str) -> bool:
    return part in (WORKBOOK_PART, RELATIONS_PART) or (part.startswith("xl/worksheets/") and part.endswith(".xml"))


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack and forget: sizes that the directory declares too small end in a wrong checksum here, not in a full memory later."""
    with archive.open(entry) as stream:
        while stream.read(PIECE):
            pass


def _sheet_parts(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    targets = {str(it.get("Id")): str(it.get("Target")) for it in tree_of(parts[RELATIONS_PART], name)}
    found: dict[str, str] = {}
    for sheet in (it for it in tree_of(parts[WORKBOOK_PART], name).iter() if it.tag in (f"{_MAIN}sheet", f"{_STRICT}sheet")):
        relation = next((sheet.get(key) for key in _RELATION_IDS if sheet.get(key)), "")
        target = targets.get(str(relation), "")
        found[str(sheet.get("name"))] = target.removeprefix("/") if target.startswith("/xl/") else f"xl/{target}"
    return found


def tree_of(content: bytes, name: str) -> ElementTree.Element:
    """A part as a tree, when it is plain XML in UTF-8 that declares nothing of its own."""
    plain(content, name)
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - `plain` has refused declarations, and with them every entity
    except ElementTree.ParseError as error:
        damaged(name, error)


def plain(content: bytes, name: str) -> None:
    """Refuse XML that is not UTF-8 or declares entities: no spreadsheet program writes it."""
    if b"\0" in content or (b"<!" in content and _DECLARES.search(content)):
        refuse(name, "E-WORKBOOK-DAMAGED", say("the workbook holds declarations that no spreadsheet program writes"))
