"""The process map as a graph: who feeds whom, with which product, and what that means when something is missing or fails.

The graph is made when a question first needs it: importing networkx takes a quarter of a second, and `ancrage check` asks only
what the declared lists answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ancrage.domain.bulk import without_collector
from ancrage.domain.finding import Finding
from ancrage.domain.organisation import Organisation
from ancrage.domain.process_map import Link, Process
from ancrage.domain.programme import Programme
from ancrage.language import say

if TYPE_CHECKING:
    import networkx as nx

Loop = tuple[str, ...]
"""Process ids in the order the product passes them; the last one feeds the first."""


@dataclass(frozen=True, slots=True)
class Interface:
    """What passes from one unit to another. `answering` are the owner roles on both sides, giving side first, each once."""

    source_unit: str
    target_unit: str
    links: tuple[str, ...]
    answering: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a failure hits: `direct` processes lose something themselves, `further` ones (and parties) are fed by those."""

    direct: tuple[str, ...]
    further: tuple[str, ...]


class ProcessMap:
    """Processes and parties as nodes, links as edges keyed by link id: two flows between the same two processes stay two."""

    def __init__(self, programme: Programme) -> None:
        self.processes: Mapping[str, Process] = programme.processes
        self.links: Mapping[str, Link] = programme.links
        self.organisation: Organisation = programme.organisation
        self._order = {node: number for number, node in enumerate((*programme.processes, *programme.parties))}

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """Processes and parties in declared order, and an edge per link."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        with without_collector():
            graph.add_nodes_from(self._order)
            edges: list[Any] = [(link.source, link.target, link.id, {}) for link in self.links.values()]
            graph.add_edges_from(edge for edge in edges if edge[0] in self._order and edge[1] in self._order)
        return graph

    # --- what is missing ---

    def without_owner(self) -> tuple[str, ...]:
        """Ids of processes for which no role answers, in declared order."""
        return tuple(process.id for process in self.processes.values() if process.owner is None)

    def with_vacant_owner(self, at: datetime) -> tuple[str, ...]:
        """Ids of processes whose owner role nobody holds at `at`."""
        return tuple(
            process.id
            for process in self.processes.values()
            if process.owner is not None and self.organisation.holder(process.owner, at) is None
        )

    def unused_outputs(self) -> tuple[tuple[str, str], ...]:
        """(process, product) for each declared output that no link takes away, in declared order."""
        given = {(link.source, link.product) for link in self.links.values()}
        declared = ((process.id, product) for process in self.processes.values() for product in process.outputs)
        return tuple(pair for pair in declared if pair not in given)

    def unfed_inputs(self) -> tuple[tuple[str, str], ...]:
        """(process, product) for each declared input that no link brings, in declared order."""
        taken = {(link.target, link.product) for link in self.links.values()}
        declared = ((process.id, product) for process in self.processes.values() for product in process.inputs)
        return tuple(pair for pair in declared if pair not in taken)

    def one_sided_links(self) -> tuple[tuple[str, str], ...]:
        """(link, process) for each process that does not list a flow which its other end lists. Links that say nothing about who lists
        them are left out, and parties have no sheet to list anything on."""
        return tuple(
            (link.id, end)
            for link in self.links.values()
            if link.listed_by
            for end in dict.fromkeys((link.source, link.target))
            if end in self.processes and end not in link.listed_by
        )

    # --- shape ---

    def loops(self) -> tuple[Loop, ...]:
        """One shortest loop for each group of processes that feed one another, in the order of flow, starting at its first declared
        process; groups in declared order. Loops are normal in a process map."""
        import networkx as nx

        groups = [group for group in nx.strongly_connected_components(self.graph) if self._has_loop(group)]
        groups.sort(key=lambda group: min(map(self._rank, group)))
        return tuple(self._turned(shortest_loop(self.graph, sorted(group, key=self._rank))) for group in groups)

    def _has_loop(self, group: set[str]) -> bool:
        return len(group) > 1 or any(self.graph.has_edge(node, node) for node in group)

    def _rank(self, node: str) -> int:
        return self._order[node]

    def _turned(self, loop: Loop) -> Loop:
        start = min(range(len(loop)), key=lambda position: self._order[loop[position]])
        return loop[start:] + loop[:start]

    def interfaces(self) -> tuple[Interface, ...]:
        """What passes between processes of two different units, and who answers for it; by first link in declared order."""
        found: dict[tuple[str, str], list[Link]] = defaultdict(list)
        for link in self.links.values():
            source, target = self.processes.get(link.source), self.processes.get(link.target)
            if source and target and source.unit and target.unit and source.unit != target.unit:
                found[source.unit, target.unit].append(link)
        return tuple(
            Interface(source, target, tuple(link.id for link in links), self._answering(links)) for (source, target), links in found.items()
        )

    def _answering(self, links: Iterable[Link]) -> tuple[str, ...]:
        sides = [*(link.source for link in links), *(link.target for link in links)]
        return tuple(dict.fromkeys(owner for side in sides if (owner := self.processes[side].owner)))

    def owners(self, at: datetime) -> dict[str, tuple[str, ...]]:
        """Processes by the person who answers for them at `at`, most loaded person first."""
        found: dict[str, list[str]] = defaultdict(list)
        for process in self.processes.values():
            person = self.organisation.holder(process.owner, at) if process.owner else None
            if person:
                found[person].append(process.id)
        return {person: tuple(found[person]) for person in sorted(found, key=lambda person: (-len(found[person]), person))}

    # --- failure ---

    def impact_of_process(self, process: str) -> Impact:
        """What is hit when a process stops; KeyError when it is not declared."""
        return self._impact([self.processes[process].id])

    def impact_of_party(self, party: str) -> Impact:
        """What is hit when a party gives nothing any more; KeyError when it is not declared."""
        fed = dict.fromkeys(target for target in self.graph.successors(self._known(party)) if target != party)
        return self._impact(fed)

    def impact_of_tool(self, tool: str) -> Impact:
        """What is hit when a tool is down."""
        return self._impact(process.id for process in self.processes.values() if tool in process.tools)

    def impact_of_person(self, person: str, at: datetime) -> Impact:
        """What is hit when a person is not there: processes this person answers for or does the work of, at `at`."""
        held = set(self.organisation.roles_of(person, at)) | {f"person:{person}"}
        return self._impact(
            process.id for process in self.processes.values() if held.intersection((process.owner or "", *process.performers.responsible))
        )

    def _known(self, node: str) -> str:
        if node not in self._order:
            raise KeyError(node)
        return node

    def _impact(self, starts: Iterable[str]) -> Impact:
        import networkx as nx

        direct = sorted(dict.fromkeys(starts), key=self._rank)
        reached: set[str] = set()
        for start in direct:
            if start not in reached:
                reached |= nx.descendants(self.graph, start)
        return Impact(tuple(direct), tuple(sorted(reached.difference(direct), key=self._rank)))

    def reach(self) -> dict[str, int]:
        """How many others each process or party feeds, directly or through others. One pass over the whole graph, whatever its loops."""
        import networkx as nx

        groups = nx.condensation(self.graph)
        below: dict[int, int] = {}
        for group in reversed(list(nx.topological_sort(groups))):
            reached = 0
            for following in groups.successors(group):
                reached |= below[following]
            for node in groups.nodes[group]["members"]:
                reached |= 1 << self._order[node]
            below[group] = reached
        size = {group: bits.bit_count() - 1 for group, bits in below.items()}
        group_of: Mapping[str, int] = groups.graph["mapping"]
        return {node: size[group_of[node]] for node in self._order}


def shortest_loop(graph: nx.MultiDiGraph[str], group: list[str]) -> Loop:
    """A shortest loop inside a group of nodes that all reach each other; among equals the one found first in the order of `group`."""
    members = set(group)
    for node in group:
        if graph.has_edge(node, node):
            return (node,)
    for node in group:
        for following in graph.successors(node):
            if following in members and graph.has_edge(following, node):
                return (node, following)
    best: Loop = (*group, group[0])  # longer than any
    for node in group:
        found = _loop_through(graph, node, members, len(best) - 1)
        best = found or best
        if len(best) == 3:
            break
    return best


def _loop_through(graph: nx.MultiDiGraph[str], start: str, members: set[str], longest: int) -> Loop | None:
    """The shortest loop through `start` with at most `longest` nodes, breadth first."""
    came_from: dict[str, str] = {}
    frontier = [start]
    for _ in range(longest):
        reached = []
        for node in frontier:
            for following in graph.successors(node):
                if following == start:
                    return tuple(_way(came_from, start, node))
                if following in members and following not in came_from:
                    came_from[following] = node
                    reached.append(following)
        frontier = reached
    return None


def _way(came_from: Mapping[str, str], start: str, end: str) -> Iterator[str]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return reversed(way)


# --- warnings ---


def map_findings(process_map: ProcessMap, at: datetime) -> Iterator[Finding]:
    """What a reader of the map should know, as warnings at the declaration concerned: W-PROCESS-NO-OWNER, W-OUTPUT-UNUSED,
    W-INPUT-UNFED, W-LINK-ONE-SIDED. Loops are no warning."""
    yield from _ownerless(process_map, at)
    for process, product in process_map.unused_outputs():
        index = process_map.processes[process].outputs.index(product)
        message = say('nobody consumes "{product}", an output of "{process}"', product=product, process=process)
        hint = say("add a link from {process} with this product, or take the output away", process=process)
        yield Finding("W-OUTPUT-UNUSED", message, ("processes", process, "outputs", str(index)), say("no link takes it"), hint)
    for process, product in process_map.unfed_inputs():
        index = process_map.processes[process].inputs.index(product)
        message = say('nobody produces "{product}", an input of "{process}"', product=product, process=process)
        hint = say("add a link to {process} with this product, or take the input away", process=process)
        yield Finding("W-INPUT-UNFED", message, ("processes", process, "inputs", str(index)), say("no link brings it"), hint)
    yield from _one_sided(process_map)


def _ownerless(process_map: ProcessMap, at: datetime) -> Iterator[Finding]:
    for process in process_map.without_owner():
        message = say('nobody answers for process "{process}"', process=process)
        yield Finding("W-PROCESS-NO-OWNER", message, ("processes", process), say("no owner"), say("add owner: and a role"))
    for process in process_map.with_vacant_owner(at):
        role = process_map.processes[process].owner
        if role in process_map.organisation.roles:
            message = say('nobody holds "{role}", which answers for process "{process}"', role=role, process=process)
            hint = say("give the role a holder")
            yield Finding("W-PROCESS-NO-OWNER", message, ("processes", process, "owner"), say("vacant"), hint, (("roles", str(role)),))


def _one_sided(process_map: ProcessMap) -> Iterator[Finding]:
    for link_id, silent in process_map.one_sided_links():
        link = process_map.links[link_id]
        message = say(
            'flow "{link}" from "{source}" to "{target}" is not listed by "{silent}"',
            link=link_id, source=link.source, target=link.target, silent=silent,
        )  # fmt: skip
        hint = say("agree on it with who answers for {silent}, then add it to listed_by, or take the flow away", silent=silent)
        others = tuple(("processes", end) for end in (link.source, link.target) if end in process_map.processes)
        yield Finding("W-LINK-ONE-SIDED", message, ("links", link_id), say("listed by one side only"), hint, others)
