"""What several calculators have in common: level fields, reasons, columns of the same meaning, and the model's own practices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ancrage.domain.assessment.sheets.base import Column, Field, Record
from ancrage.domain.assessment.sheets.cells import CellReader
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.types import Blocker, CapabilityLevel, Counts, Reason
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel
from ancrage.language import Message, say

PROCESS = Column("process", say("what is assessed; several may be in one file"), synonyms=("processus", "team", "équipe"))
AGREED = Column(
    "agreed", say("the value that people agreed on; it wins over what the tool proposes"), synonyms=("agreed_value", "consensus")
)
DECIDED_BY = Column("decided_by", say("who decided the agreed value"), synonyms=("decided", "by"))

LEVEL_FIELDS = (
    Field("capability_level", say("the level; null where none is determined")),
    Field("level_state", say("determined, not_determined, not_applicable or not_assessed")),
    Field("at_least", say("true: the next level only waits for answers, so the level may be higher")),
    Field("blockers", say("what stands between here and the next level, with its value or why it has none")),
)

COUNT_FIELDS = (
    Field("rated", say("how many have a value, 0 included")),
    Field("not_applicable", say("how many do not apply")),
    Field("not_rated", say("how many were asked and have no answer yet")),
    Field("not_assessed", say("how many nobody was asked about")),
)

WHY = Field("why", say("the rules that applied, one line each: rule and text"))


def level_record(level: CapabilityLevel, blockers: Iterable[Blocker]) -> Record:
    """The fields of LEVEL_FIELDS."""
    return {
        "capability_level": level.value,
        "level_state": level.state.value,
        "at_least": level.at_least,
        "blockers": [shown(cell) for cell in blockers],
    }


def count_record(counts: Counts) -> Record:
    """The fields of COUNT_FIELDS; a cell that people must judge was answered and has no value yet."""
    return {
        "rated": counts.rated,
        "not_applicable": counts.not_applicable,
        "not_rated": counts.not_rated + counts.judge,
        "not_assessed": counts.not_assessed,
    }


def shown(cell: Blocker) -> str:
    """A cell as people read it: `2.1 (P)`, `2.2 (not_rated)`."""
    return f"{cell.practice} ({cell.value or cell.standing.value})"


def why_record(reasons: Iterable[Reason]) -> list[Record]:
    """Reasons as records of rule and text."""
    return [{"rule": reason.rule, "text": reason.message} for reason in reasons]


MOST_CELLS = 500_000
"""Cells of a file completed by its model; a campaign of 2,000 processes and 100 practices has 200,000."""


class ModelPractices:
    """The practices of a reference model, for files that name practices only."""

    def __init__(self, model: ReferenceModel) -> None:
        self._model = model
        self.known: Mapping[str, tuple[PracticeArea, Practice]] = {
            practice.id: (area, practice) for area in model.areas for practice in area.practices
        }

    def find(self, reader: CellReader, line: int, column: str, practice: str, area: str = "") -> tuple[PracticeArea, Practice] | None:
        """Area and practice of an id; noted as a bad row when the model has none, or when the row names another `area`."""
        found = self.known.get(practice)
        if found is None:
            reader.faults.add(line, "E-PRACTICE-UNKNOWN", self._unknown(column, practice), self._extent())
        elif area and area != found[0].id:
            reader.faults.add(
                line,
                "E-ROW-MODEL",
                say("{practice} is in area {area} here and in area {known} of reference model {model}",
                    practice=practice, area=area, known=found[0].id, model=self._model.id),
            )  # fmt: skip
        return found

    def of_process(self, process: str) -> Iterable[tuple[PracticeArea, Practice]]:
        """Every practice that applies to a process, in declared order; all of them where the file names no process."""
        areas = self._model.areas_for(process) if process else self._model.areas
        return ((area, practice) for area in areas for practice in area.practices)

    def affordable(self, processes: int, faults: Faults) -> bool:
        """False, and noted, when filling in the whole model for every process of the file would be too much."""
        cells = processes * len(self.known)
        if cells > MOST_CELLS:
            faults.add(
                0,
                "E-FILE-LARGE",
                say("{processes} processes times {count} practices are too many", processes=processes, count=len(self.known)),
            )
        return cells <= MOST_CELLS

    def _unknown(self, column: str, practice: str) -> Message:
        return say("{column} {practice} is not in reference model {model}", column=column, practice=practice, model=self._model.id)

    def _extent(self) -> Message:
        ids = sorted(self.known)
        return say("the model has {count} practices, from {first} to {last}", count=len(ids), first=ids[0] if ids else "-",
                   last=ids[-1] if ids else "-")  # fmt: skip
