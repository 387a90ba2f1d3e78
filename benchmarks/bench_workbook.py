"""Row K1 of performance.md: taking in an answer workbook of 2,000 processes x 100 practices, against the bare read of its cells.

The floor is calamine reading every sheet into Python lists. The subject is all that stands between a file and its difference: the archive
unpacked and checked, the seal opened, sheets looked over for formulas and far cells, the same read, each row checked against what was
asked and its answer found on the scale. Process CPU, medians of interleaved rounds, seed 7. What is stored then is row S1.
"""

from __future__ import annotations

import gc
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from ancrage.domain.reference_model import ScaleValue
from ancrage.exchange.answer_workbook import AskedQuestion, AskedRequest, AskedWorkbook, read_workbook, write_workbook
from ancrage.exchange.answer_workbook.words import AnswerWords
from ancrage.language import Label
from ancrage.notices.links import LinkKeys

SEED, ROUNDS, GOAL = 7, 5, 2.0
PRACTICES = 100
KEYS = LinkKeys(("a key for measuring, long enough to be taken",))
SCALE = tuple(ScaleValue(code, Label.same(f"{code} in words")) for code in ("FI", "LI", "PI", "NI", "NY"))


def workbook_of(processes: int) -> bytes:
    """A filled workbook: every question answered, every tenth with a comment."""
    dice = random.Random(SEED)
    questions = tuple(
        AskedQuestion(
            f"process_{process}", Label.same(f"Process {process}"), f"area.{practice}", Label.same(f"Practice {practice}"),
            Label.same(f"Is practice {practice} done as it is described, by everybody who should?"), SCALE,
            value=dice.choice(SCALE).code, comment="seen in the minutes" if practice % 10 == 0 else "", revision=1,
        )
        for process in range(processes)
        for practice in range(PRACTICES)
    )  # fmt: skip
    request = AskedRequest("bench", Label.same("Bench"), date(2026, 1, 30), Label.same("Model"), questions, "fingerprint")
    written = datetime(2026, 1, 5, tzinfo=UTC)
    return write_workbook(AskedWorkbook("bench", Label.same("Bench"), "ann", "Ann", "en", written, "UTC", (request,)), KEYS)


def read_barely(content: bytes) -> list[Any]:
    """The floor: every cell of every sheet."""
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def take_in(content: bytes, expected: int) -> int:
    """The subject: how many answers of the file have their code."""
    words = AnswerWords(SCALE)
    (sheet,) = read_workbook(content, "bench.xlsx", KEYS).sheets
    found = [words.code_of(row.answer) for row in sheet.rows]
    assert len(found) == expected
    assert not sheet.problems
    assert None not in found
    return len(found)


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of process CPU; memory is tidied before, not while."""
    gc.collect()
    start = time.process_time()
    kept = work()
    taken = time.process_time() - start
    del kept
    return taken


def bench(processes: int) -> float:
    """One size: seconds of the subject."""
    content = workbook_of(processes)
    rounds = [
        (cpu(partial(read_barely, content)), cpu(partial(take_in, content, processes * PRACTICES))) for _ in range(ROUNDS)
    ]
    floor = statistics.median(theirs for theirs, _ in rounds)
    subject = statistics.median(ours for _, ours in rounds)
    ratio = statistics.median(ours / theirs for theirs, ours in rounds)
    verdict = "" if ratio <= GOAL else "   MISSED"
    print(
        f"K1 {processes:5} x {PRACTICES} ({len(content) / 1e6:4.1f} MB)   floor {floor * 1000:8.1f} ms   subject {subject * 1000:8.1f} ms"
        f"   ratio {ratio:5.2f}   goal <= {GOAL}{verdict}",
        flush=True,
    )
    return subject


if __name__ == "__main__":
    shown = ", ".join(f"{name} {version(name)}" for name in ("python-calamine", "xlsxwriter"))
    print(f"{platform.python_implementation()} {platform.python_version()}, {shown}, seed {SEED}, {ROUNDS} rounds")
    small, large = bench(200), bench(2000)
    print(f"K1 growth 1x to 10x   {large / small:5.1f}   goal linear")
