"""The state of reading one file into values: its problems, and the names it uses that other files may declare.

A name is only collected here. Whether it is declared is known when all files are read; then, and only if something is missing,
the files are read once more with `unknown` set, so that each dangling name is reported where it stands. A clean project never
pays for positions of references.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from ancrage.declarations.strict_yaml import Document
from ancrage.declarations.yaml_nodes import MappingNode, Node, RefusedNode, ScalarNode, SequenceNode
from ancrage.declarations.yaml_problems import too_many_problems
from ancrage.errors import Problem
from ancrage.language import Message, say

MOST_PROBLEMS = 1000
"""Problems of one file that are kept; what follows them is more of the same."""


class Refused(Enum):
    """What reading a value gives when there is none to be had; the reason is already among the problems, or it was left empty."""

    REFUSED = "refused"


REFUSED: Final = Refused.REFUSED
Explain = Callable[["Reading", ScalarNode, str, str], Problem]


class Reading:
    """One pass over one document. `used` holds, per kind of target (`unit`, `role`, ...), every id named so far."""

    def __init__(
        self,
        document: Document,
        languages: tuple[str, ...] = (),
        used: dict[str, set[str]] | None = None,
        unknown: Mapping[str, frozenset[str]] | None = None,
        explain: Explain | None = None,
    ) -> None:
        self.document = document
        self.languages = languages
        self.problems: list[Problem] = []
        self.used: dict[str, set[str]] = defaultdict(set) if used is None else used
        self.unknown = unknown
        self.explain = explain
        self.dangling: list[Problem] = []

    def tell(self, problem: Problem) -> Refused:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append(too_many_problems(self.document.whole_file(), MOST_PROBLEMS))
        return REFUSED

    def refuse(self, node: Node, code: str, message: Message, label: Message | None = None, hint: Message | None = None) -> Refused:
        """Report a problem at a value."""
        return self.tell(Problem(code, message, self.document.place(node), label, hint))

    def refuse_key(self, node: Node, code: str, message: Message, label: Message | None = None, hint: Message | None = None) -> Refused:
        """Report a problem at the key of a value."""
        return self.tell(Problem(code, message, self.document.key_place(node), label, hint))

    def wrong_type(self, node: Node, expected: Message) -> Refused:
        """Report a value of the wrong form. What was left empty is judged by whoever asked for it, so it passes in silence."""
        if isinstance(node, RefusedNode) or (isinstance(node, ScalarNode) and node.is_null):
            return REFUSED
        message = say("{expected} is expected here, not {found}", expected=expected, found=form_of(node))
        return self.refuse(node, "E-TYPE", message, say("not {expected}", expected=expected), say("write {expected}", expected=expected))

    def dangle(self, node: ScalarNode, target: str, name: str) -> None:
        """In the second pass: report a name that nothing declares."""
        if self.explain is not None:
            self.dangling.append(self.explain(self, node, target, name))


def form_of(node: Node) -> Message:
    """What a value looks like, in words."""
    match node:
        case MappingNode():
            return say("a mapping")
        case SequenceNode():
            return say("a list")
        case ScalarNode() if not node.is_null:
            return say('the text "{text}"', text=node.text if len(node.text) < 40 else node.text[:37] + "...")
        case _:
            return say("nothing")


Read = Callable[[Node, Reading], Any]
"""Reads one value: the value, or REFUSED with the reason among the problems (or without one where it was left empty)."""
