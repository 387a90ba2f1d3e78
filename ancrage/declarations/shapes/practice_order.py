"""What comes before what in a reference model: prerequisites that are not there, and circles of them."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from ancrage.declarations.suggestions import did_you_mean
from ancrage.domain.finding import Finding, Subject
from ancrage.domain.reference_model import PracticeArea
from ancrage.language import say


def strange_prerequisites(model: str, areas: tuple[PracticeArea, ...]) -> Iterator[Finding]:
    """E-REQUIRES-UNKNOWN: a prerequisite that is no practice; E-REQUIRES-CYCLE: practices that wait for each other."""
    subjects = {practice.id: _subject(model, area.id, practice.id) for area in areas for practice in area.practices}
    edges = [(practice.id, needed) for area in areas for practice in area.practices for needed in practice.requires]
    for practice, needed in edges:
        if needed not in subjects:
            message = say('practice "{practice}" requires "{needed}", which is not in this reference model',
                          practice=practice, needed=needed)  # fmt: skip
            yield Finding("E-REQUIRES-UNKNOWN", message, subjects[practice], say("no such practice"), did_you_mean(needed, subjects))
    for circle in circles(edges):
        message = say("practices require each other: {path}", path=" > ".join((*circle, circle[0])))
        if circle[0] in subjects:
            yield Finding("E-REQUIRES-CYCLE", message, subjects[circle[0]], say("a circle"), say("take one of them away"))


def _subject(model: str, area: str, practice: str) -> Subject:
    return ("reference_models", model, "areas", area, "practices", practice, "requires")


def circles(edges: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    """One circle for each group of practices that wait for each other, in the order of its edges; empty when there is none."""
    graph = nx.DiGraph(edges)
    found = []
    for group in nx.strongly_connected_components(graph):
        first = min(group)
        if len(group) > 1 or graph.has_edge(first, first):
            found.append(tuple(start for start, _ in nx.find_cycle(graph.subgraph(group), first)))
    return sorted(found)
