"""Bad rows, collected: each with its line, all reported at once."""

from __future__ import annotations

from collections.abc import Iterable

from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.language import Message, say

MOST_SHOWN = 10_000
"""Beyond this many, problems are only counted: a file of another kind would fill the memory with its faults."""


class Faults:
    """Collects the problems of one file; a line may have several."""

    def __init__(self, path: str, problems: Iterable[Problem] = ()) -> None:
        self.path = path
        self._problems = list(problems)
        self._beyond = 0

    def add(self, line: int, code: str, message: Message, hint: Message | None = None) -> None:
        """Note a problem of the row at `line` (0: of the file as a whole)."""
        if len(self._problems) >= MOST_SHOWN:
            self._beyond += 1
        else:
            self._problems.append(Problem(code, message, Place(self.path, line, min(line, 1)), hint=hint))

    def __len__(self) -> int:
        return len(self._problems) + self._beyond

    def problems(self) -> tuple[Problem, ...]:
        """In the order of lines; a last one counts what was too much to list."""
        ordered = sorted(self._problems, key=lambda problem: problem.place.line if problem.place else 0)
        if self._beyond:
            more = say("{count} more problems are not listed", count=self._beyond)
            ordered.append(Problem("E-ROW-MORE", more, Place(self.path)))
        return tuple(ordered)

    def refuse(self) -> None:
        """Raise ProblemsFound with everything collected; nothing when there is nothing."""
        if self._problems:
            raise ProblemsFound(say("{path}: {count} problems; nothing was scored", path=self.path, count=len(self)), self.problems())
