"""The offline answer workbook: one person's questions as an Excel file, and the filled file read back, cell by cell.

`write_workbook` is handed everything it shows; `read_workbook` gives what people wrote with its places, and decides nothing: what is new,
changed or older than what is known is the business of the service that asks.
"""

from ancrage.exchange.answer_workbook.package import LARGEST_FILE, refuse_large
from ancrage.exchange.answer_workbook.reader import read_workbook
from ancrage.exchange.answer_workbook.shapes import AskedQuestion, AskedRequest, AskedWorkbook, FilledRow, FilledSheet, FilledWorkbook
from ancrage.exchange.answer_workbook.writer import write_workbook

__all__ = [
    "LARGEST_FILE",
    "AskedQuestion",
    "AskedRequest",
    "AskedWorkbook",
    "FilledRow",
    "FilledSheet",
    "FilledWorkbook",
    "read_workbook",
    "refuse_large",
    "write_workbook",
]
