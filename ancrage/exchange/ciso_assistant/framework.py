"""From a framework to a reference model: the lowest headings are areas, what can be assessed below them is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ancrage.domain.reference_model import Attribution, Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.exchange.ciso_assistant.translated import label
from ancrage.exchange.sources.names import Names
from ancrage.exchange.sources.yaml_source import Item
from ancrage.language import Label, say

MOST_VALUES = 11
MOST_STEPS = 20
"""Headings within headings."""
KNOWN = ("urn", "ref_id", "name", "description", "translations", "assessable", "depth", "parent_urn")
FRAMEWORK = ("urn", "ref_id", "name", "description", "translations", "min_score", "max_score", "scores_definition", "requirement_nodes")


@dataclass(frozen=True, slots=True)
class _Node:
    """One requirement node with what leads to it."""

    item: Item
    urn: str
    parent: str
    assessable: bool

    def title(self) -> Label:
        name = label(self.item, "name")
        return name if name != Label() else Label.same(self.item.text("ref_id") or self.urn.rpartition(":")[2])


def framework_model(framework: Item, names: Names, attribution: Attribution, counts: dict[str, int]) -> ReferenceModel | None:
    """The reference model of a framework; None when nothing in it can be assessed."""
    nodes = _nodes(framework)
    ids = Names()
    areas: dict[str, tuple[_Node, list[Practice]]] = {}
    for node in nodes.values():
        if node.assessable:
            heading = _heading(node, nodes)
            areas.setdefault(heading.urn.casefold(), (heading, []))[1].append(_practice(node, ids))
    counts["requirement_nodes"] = counts.get("requirement_nodes", 0) + len(nodes)
    counts["requirements"] = counts.get("requirements", 0) + sum(len(practices) for _, practices in areas.values())
    framework.left_out(*FRAMEWORK)
    if not areas:
        framework.defects.tell("W-SOURCE-MISSING", say("nothing in the framework can be assessed"), framework.place(), say("left out"))
        return None
    area_ids = Names()
    return ReferenceModel(
        id=names.give(framework.text("ref_id") or "framework"),
        name=_or(label(framework, "name"), framework.text("ref_id") or "framework"),
        version=attribution.version, method="weighted", scale=_scale(framework), attribution=attribution,
        areas=tuple(
            PracticeArea(
                area_ids.give(heading.item.text("ref_id") or heading.urn.rpartition(":")[2]), heading.title(),
                Label() if heading.assessable else label(heading.item, "description"), tuple(practices), group=_top(heading, nodes),
            )
            for heading, practices in areas.values()
        ),
    )  # fmt: skip


def _or(found: Label, otherwise: str) -> Label:
    return found if found != Label() else Label.same(otherwise)


def _nodes(framework: Item) -> dict[str, _Node]:
    """Nodes by urn, whatever its capitals."""
    found: dict[str, _Node] = {}
    for item in framework.items("requirement_nodes"):
        urn = item.text("urn")
        if urn is None:
            item.defects.tell("W-SOURCE-MISSING", say("a requirement has no urn"), item.place(), say("left out"))
            continue
        node = _Node(item, urn, (item.text("parent_urn") or "").casefold(), item.truth("assessable") is True)
        first = found.setdefault(urn.casefold(), node)
        if first is not node:
            message = say("{urn} stands twice, or differs in capitals only", urn=urn[:100])
            item.defects.tell("W-SOURCE-TWICE", message, item.place("urn"), say("the first was taken"), [first.item.place("urn")])
        if not item.has("depth"):
            done = say("its parents say where it belongs")
            item.defects.repeat("W-SOURCE-MISSING", say("a requirement has no depth"), item.place(), done)
        item.left_out(*KNOWN)
    for node in found.values():
        if node.parent and node.parent not in found:
            message = say("the parent of {urn} is not there", urn=node.urn[:100])
            node.item.defects.tell("W-SOURCE-REFERENCE", message, node.item.place("parent_urn"), say("taken as a heading of its own"))
    return found


def _ancestors(node: _Node, nodes: Mapping[str, _Node]) -> list[_Node]:
    """The headings above a node, nearest first; a circle of parents ends where it closes."""
    found: list[_Node] = []
    seen = {node.urn.casefold()}
    above = nodes.get(node.parent)
    while above is not None and above.urn.casefold() not in seen and len(found) < MOST_STEPS:
        found.append(above)
        seen.add(above.urn.casefold())
        above = nodes.get(above.parent)
    if above is not None:
        message = say("the parents of {urn} go round in a circle, or are more than {count}", urn=node.urn[:100], count=MOST_STEPS)
        node.item.defects.tell("W-SOURCE-CYCLE", message, node.item.place("parent_urn"), say("those further up are left out"))
    return found


def _heading(node: _Node, nodes: Mapping[str, _Node]) -> _Node:
    """The nearest heading that is not itself assessed; the node where there is none."""
    return next((above for above in _ancestors(node, nodes) if not above.assessable), node)


def _top(heading: _Node, nodes: Mapping[str, _Node]) -> Label:
    above = _ancestors(heading, nodes)
    return above[-1].title() if above else Label()


def _practice(node: _Node, ids: Names) -> Practice:
    wanted = node.item.text("ref_id") or node.urn.rpartition(":")[2]
    given = ids.give(wanted)
    if given != wanted:
        message = say("{found} cannot be an id here, or is one already", found=wanted[:60])
        node.item.defects.tell("W-SOURCE-NAME", message, node.item.place("ref_id"), say("taken as {id}", id=given))
    return Practice(given, node.title(), label(node.item, "description"))


def _scale(framework: Item) -> tuple[ScaleValue, ...]:
    """The scores the framework defines, best first; every whole score of its range where it defines none."""
    found: dict[int, ScaleValue] = {}
    for score in framework.items("scores_definition"):
        number = score.whole("score", 0, 1000)
        score.left_out("score", "name", "translations")
        if number is None or number in found:
            message = say("a score of the framework is no whole number of its own")
            score.defects.tell("W-SOURCE-VALUE", message, score.place("score"), say("left out"))
            continue
        found[number] = ScaleValue(str(number), _or(label(score, "name"), str(number)), number)
    if len(found) > 1:
        return tuple(found[number] for number in sorted(found, reverse=True))
    least, most = framework.whole("min_score", 0, 1000), framework.whole("max_score", 0, 1000)
    low, high = least or 0, most if most is not None and most > (least or 0) else (least or 0) + 4
    step = max(1, (high - low) // (MOST_VALUES - 1))
    numbers = list(range(low, high + 1, step))
    message = say("the framework defines no scores")
    done = say("taken as {scores}", scores=", ".join(map(str, numbers)))
    framework.defects.tell("W-SOURCE-MISSING", message, framework.place("scores_definition"), done)
    return tuple(ScaleValue(str(number), Label.same(str(number)), number) for number in reversed(numbers))
