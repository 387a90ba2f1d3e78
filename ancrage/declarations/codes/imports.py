"""Codes of what others publish and `ancrage import` reads: JSON files, and sources that contradict themselves."""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_


def _words(code: str, title: str, why: str, wrong: str, right: str) -> CodePage:
    return CodePage(code, title, why, wrong, right, by_hand=True)


PAGES = (
    _words(
        "E-JSON-SYNTAX",
        N_("A file is not JSON"),
        N_("Reading stopped there, so nothing is known about the rest of the file. Comments and a last comma are not JSON either."),
        '[{"code": "A"},]',
        '[{"code": "A"}]',
    ),
    _words(
        "E-FLOW-ENDS",
        N_("A flow has ends it cannot have"),
        N_("A flow of an interface goes from one of its two processes to the other, and is listed by one of them."),
        "a flow from A to C in the interface of A and B",
        "the same flow in the interface of A and C",
    ),
    _words(
        "E-GROUP-MISMATCH",
        N_("A process and a group of requirements disagree"),
        N_("A process names the group that is asked of it, and the group its process. Asked of another process, it would move its level."),
        "process A names group PR1, which names process B",
        "process A names group PR1, which names process A",
    ),
    _words(
        "W-FLOW-ENDS",
        N_("The same flow stands with different ends"),
        N_("Two tables have a flow in the same words, and do not agree on who gives it, or who takes it. Both are taken."),
        "the table of C says that A gives it, the table of B that B does",
        "both tables say that B gives it",
    ),
    _words(
        "W-FLOW-WORDING",
        N_("Two sides word a flow differently"),
        N_("Each lists a flow that the other does not list: one flow in two wordings, or two flows. Both are taken."),
        "A gives B information on suppliers; B takes supplier data from A",
        "both tables say the same",
    ),
    _words(
        "W-LEFT-OUT",
        N_("Something of the source is not taken over"),
        N_("The importer does not know it. It may be new, or misspelt; the rest is imported without it."),
        '"colour": "blue" in a process',
        "the same process without it",
    ),
    _words(
        "W-ROW-TWICE",
        N_("A table of the source lists the same thing twice"),
        N_("It is taken once."),
        "the same flow twice in the table of A",
        "each flow once in each table",
    ),
    _words(
        "W-SOURCE-NOTE",
        N_("The source says something about itself"),
        N_("A note of whoever published the data. It is kept as a comment where it belongs."),
        "a note at an interface",
        "an interface without a note",
    ),
)
