"""The list of what is wrong with a source. A defect is a problem whose hint says what was done about it; only errors are fatal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ancrage.errors import Place, Problem, ProblemsFound, Severity
from ancrage.language import Message, say

MOST_DEFECTS = 1000
MOST_PLACES = 500
UNDERLINED = 40


class Defects:
    """Collects defects in the order they are met; equal ones that repeat are one defect with several places."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._repeated: dict[tuple[object, ...], int] = {}

    def tell(self, code: str, message: Message, place: Place | None, done: Message, related: Sequence[Place] = ()) -> None:
        """Add one defect."""
        if len(self._found) < MOST_DEFECTS:
            self._found.append(Problem(code, message, _short(place), hint=done, related=tuple(related)))
        elif len(self._found) == MOST_DEFECTS:
            message = say("more than {count} defects; the others are not shown", count=MOST_DEFECTS)
            self._found.append(Problem("W-SOURCE-MANY", message, place, hint=say("everything that could be read was taken")))

    def repeat(self, code: str, message: Message, place: Place, done: Message) -> None:
        """Add a defect that a source has again and again: the same words at another place join the first one."""
        key = (code, message.template, tuple(sorted((name, str(value)) for name, value in message.values.items())))
        known = self._repeated.get(key)
        if known is None:
            self._repeated[key] = len(self._found)
            self.tell(code, message, place, done)
        elif known < len(self._found) and len(self._found[known].related) < MOST_PLACES:
            found, place = self._found[known], replace(place, length=min(place.length, UNDERLINED))
            if place != found.place and place not in found.related[-2:]:
                self._found[known] = replace(found, related=(*found.related, place))

    def take(self, problem: Problem) -> None:
        """Add a problem as another reader worded it."""
        if len(self._found) <= MOST_DEFECTS:
            self._found.append(problem)

    def all(self) -> tuple[Problem, ...]:
        """Every defect so far; each once."""
        return tuple(self._found)

    def refuse_errors(self, path: str) -> None:
        """ProblemsFound with everything when there is an error among the defects."""
        errors = sum(problem.severity is Severity.ERROR for problem in self._found)
        if errors:
            refusal = say("{path} cannot be imported: errors: {count}; nothing was written", path=path, count=errors)
            raise ProblemsFound(refusal, self._found)


def _short(place: Place | None) -> Place | None:
    return None if place is None else replace(place, length=min(place.length, UNDERLINED))


def nothing_found(path: str, wanted: Message) -> Problem:
    """The error about a source in which nothing could be used."""
    message = say("there is nothing in {path} that can be imported", path=path)
    return Problem("E-SOURCE-NOTHING", message, Place(path), hint=say("looked for: {wanted}", wanted=wanted))
