"""Damages files at random: bytes, lines, values, truncation, and the inside of a zip. The same chance gives the same damage."""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO

WORDS = (
    "", "~", "null", "No", "yes", "0", "-1", "1e999", "99999999999999999999", "0.25", "20%", "D-SA-A-1", "é\u2028\u202e", "'", '"', "[]",
    "{}", "&a *a", "<<", "!!python/object:os.system x", "2026-13-45",
    "2026-01-01", "A" * 5000, "../../etc/passwd", "=1+1", "N/A", "\t", "#", "%",
)  # fmt: skip
BYTES = b"\x00\xff\xfe\n\r\t:-[]{},\"'&*!|>#%@` 0Aa\xc3\xe2\x80\xa8"
_VALUE = re.compile(rb"[^\s:,;\[\]{}\"']{1,40}")


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The same text with one to five damages, one after another."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        data = chance.choice((_bytes, _value, _value, _lines, _lines, _cut, _repeat, _nest))(data, chance)
    return data[: 4 * 1024 * 1024]


def _bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(3):
            case 0:
                found[at:at] = bytes([chance.choice(BYTES)])
            case 1:
                del found[at : at + chance.randint(1, 4)]
            case _:
                found[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(found)


def _value(data: bytes, chance: random.Random) -> bytes:
    places = [match.span() for match in _VALUE.finditer(data)]
    if not places:
        return data
    start, end = chance.choice(places)
    other = chance.choice(places)
    new = chance.choice((chance.choice(WORDS).encode(), data[slice(*other)], data[start:end].swapcase()))
    return data[:start] + new + data[end:]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[min(one, two) : min(one, two) + chance.randint(1, 6)]
        case 1:
            lines[one:one] = lines[two : two + chance.randint(1, 20)]
        case 2:
            lines[one], lines[two] = lines[two], lines[one]
        case 3:
            lines[one] = b" " * chance.randint(1, 9) + lines[one]
        case _:
            lines[one] = lines[one].lstrip()
    return b"".join(lines)


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] if chance.random() < 0.7 else data[at:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    piece = data[at : at + chance.choice((1, 10, 100, 1000))]
    return data[:at] + piece * min(chance.choice((2, 50, 2000)), 1 + 100_000 // max(1, len(piece))) + data[at:]


def _nest(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice((b"[", b"{", b"- ", b"? ", b'"', b"{a: ")) * chance.choice((3, 30, 3000)) + data[at:]


def mutate_zip(data: bytes, chance: random.Random) -> bytes:
    """A damaged archive: its bytes, its directory, or the text of one part, packed again."""
    match chance.randrange(6):
        case 0:
            return _bytes(data, chance)
        case 1:
            return _cut(data, chance)
        case 2:
            return _directory(data, chance)
        case _:
            return _part(data, chance)


def _directory(data: bytes, chance: random.Random) -> bytes:
    """Damage to the last thousand bytes, where sizes and offsets of the parts stand."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        found[len(found) - chance.randint(1, min(8000, len(found)))] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
    return bytes(found)


def _part(data: bytes, chance: random.Random) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        names = source.namelist()
        likely = [name for name in names if name.startswith(("xl/worksheets/sheet", "xl/shared", "xl/workbook", "xl/_rels"))]
        chosen = chance.choice(likely or names)
        for name in names:
            if name == chosen and chance.random() < 0.05:
                _blow_up(target, name, chance.choice((1, 100, 300)))
            else:
                content = source.read(name)
                target.writestr(name, mutate(content, chance) if name == chosen else content)
    return packed.getvalue()


def _blow_up(target: zipfile.ZipFile, name: str, megabytes: int) -> None:
    """A part that is small in the archive and large outside it."""
    with target.open(name, "w") as stream:
        for _ in range(megabytes):
            stream.write(b" " * 1_000_000)
