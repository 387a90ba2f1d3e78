"""Questions to the process map."""

from __future__ import annotations

import random
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.domain.map_graph import Interface, ProcessMap, map_findings
from ancrage.domain.programme import Programme
from tests.support.maps import AT, map_of, organisation

FLOWS = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")).map(">".join), min_size=1, max_size=18)


def codes(programme: Programme) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.code, finding.subject) for finding in map_findings(ProcessMap(programme), AT)]


OWNED = organisation({"owner": "ann"})


# --- shape ---


def test_two_flows_between_the_same_processes_stay_two() -> None:
    graph = ProcessMap(map_of(["a>b:order", "a>b:invoice"])).graph
    assert sorted(graph.edges(keys=True)) == [("a", "b", "l0"), ("a", "b", "l1")]


def test_a_loop_is_printed_in_the_order_of_flow_from_its_first_declared_process() -> None:
    assert ProcessMap(map_of(["x>c", "c>a", "a>b", "b>c"])).loops() == (("c", "a", "b"),)


def test_each_group_gives_its_shortest_loop_groups_in_declared_order() -> None:
    flows = ["a>b", "b>c", "c>d", "d>a", "c>b", "e>e", "f>g", "g>f", "d>e", "e>f"]
    assert ProcessMap(map_of(flows)).loops() == (("b", "c"), ("e",), ("f", "g"))


def test_a_map_without_loops_has_none() -> None:
    assert ProcessMap(map_of(["a>b", "a>c", "b>c"])).loops() == ()


def test_loops_may_pass_through_a_party() -> None:
    assert ProcessMap(map_of(["a>client", "client>a"], parties=["client"])).loops() == (("a", "client"),)


@given(FLOWS)
def test_every_loop_is_a_shortest_one_of_its_group(flows: list[str]) -> None:
    process_map = ProcessMap(map_of(flows))
    plain: nx.DiGraph[str] = nx.DiGraph(process_map.graph)
    cycles = list(nx.simple_cycles(plain))
    groups = [group for group in nx.strongly_connected_components(plain) if any(set(cycle) <= group for cycle in cycles)]
    loops = process_map.loops()
    assert len(loops) == len(groups)
    for loop in loops:
        assert all(plain.has_edge(*pair) for pair in zip(loop, (*loop[1:], loop[0]), strict=True))
        group = next(group for group in groups if loop[0] in group)
        assert len(loop) == min(len(cycle) for cycle in cycles if set(cycle) <= group)


@given(FLOWS, st.randoms(use_true_random=False))
def test_the_order_of_links_changes_no_loop_length(flows: list[str], shuffler: random.Random) -> None:
    shuffled = flows[:]
    shuffler.shuffle(shuffled)
    first, second = (sorted(map(len, ProcessMap(map_of(order)).loops())) for order in (flows, shuffled))
    assert first == second


def test_an_interface_names_who_answers_on_both_sides() -> None:
    programme = map_of(
        ["a>b:order", "c>b:plan", "a>c:note", "a>d:gift"],
        a={"unit": "x", "owner": "boss"}, b={"unit": "y"}, c={"unit": "x"}, d={"unit": None},
    )  # fmt: skip
    assert ProcessMap(programme).interfaces() == (Interface("x", "y", ("l0", "l1"), ("boss", "owner")),)


# --- what is missing ---


def test_a_process_without_owner_or_with_a_vacant_one_is_found() -> None:
    programme = map_of([], organisation({"owner": "ann", "empty": None}), a={"owner": None}, b={"owner": "empty"}, c={})
    assert codes(programme) == [("W-PROCESS-NO-OWNER", ("processes", "a")), ("W-PROCESS-NO-OWNER", ("processes", "b", "owner"))]


def test_an_output_that_no_link_takes_is_found_where_it_is_listed() -> None:
    programme = map_of(["a>b:order"], OWNED, a={"outputs": ("order", "waste")})
    assert codes(programme) == [("W-OUTPUT-UNUSED", ("processes", "a", "outputs", "1"))]


def test_a_link_of_the_same_product_from_another_process_does_not_use_it() -> None:
    programme = map_of(["c>b:order"], OWNED, a={"outputs": ("order",)})
    assert codes(programme) == [("W-OUTPUT-UNUSED", ("processes", "a", "outputs", "0"))]


def test_an_input_that_no_link_brings_is_found_where_it_is_listed() -> None:
    programme = map_of(["client>a:call"], OWNED, parties=["client"], a={"inputs": ("call", "plan")})
    assert codes(programme) == [("W-INPUT-UNFED", ("processes", "a", "inputs", "1"))]


@pytest.mark.parametrize(
    ("listed_by", "silent"), [((), []), (("a", "b"), []), (("a",), ["b"]), (("b",), ["a"]), (("c",), ["a", "b"]), (("c", "a", "b"), [])]
)
def test_a_flow_listed_by_one_side_only_names_both_ends(listed_by: tuple[str, ...], silent: list[str]) -> None:
    programme = map_of(["a>b", "b>c"], OWNED)
    link = replace(programme.links["l0"], listed_by=listed_by)
    programme = replace(programme, links={**programme.links, "l0": link})
    assert [process for _, process in ProcessMap(programme).one_sided_links()] == silent
    for finding in map_findings(ProcessMap(programme), AT):
        assert finding.code == "W-LINK-ONE-SIDED"
        assert '"a"' in str(finding.message)
        assert '"b"' in str(finding.message)
        assert finding.others == (("processes", "a"), ("processes", "b"))


def test_a_party_lists_nothing() -> None:
    programme = map_of(["client>a"], OWNED, parties=["client"])
    programme = replace(programme, links={"l0": replace(programme.links["l0"], listed_by=("a",))})
    assert ProcessMap(programme).one_sided_links() == ()


def test_links_to_nothing_declared_do_no_harm() -> None:
    programme = replace(map_of(["a>b"], OWNED), processes=map_of(["a>a"]).processes)
    assert list(ProcessMap(programme).graph.edges) == []
    assert codes(programme) == []


# --- failure ---


def test_a_failure_hits_what_it_feeds_directly_and_through_others() -> None:
    process_map = ProcessMap(map_of(["a>b", "b>c", "c>client", "d>a"], parties=["client"]))
    assert process_map.impact_of_process("a").direct == ("a",)
    assert set(process_map.impact_of_process("a").further) == {"b", "c", "client"}
    with pytest.raises(KeyError, match="z"):
        process_map.impact_of_process("z")


def test_a_party_that_fails_hits_those_it_feeds() -> None:
    impact = ProcessMap(map_of(["s>a", "s>b", "b>c"], parties=["s"])).impact_of_party("s")
    assert (impact.direct, impact.further) == (("a", "b"), ("c",))
    with pytest.raises(KeyError, match="z"):
        ProcessMap(map_of(["a>b"])).impact_of_party("z")


def test_a_tool_that_is_down_hits_its_processes() -> None:
    impact = ProcessMap(map_of(["a>b", "c>b"], a={"tools": ("itsm",)}, c={"tools": ("itsm", "other")})).impact_of_tool("itsm")
    assert (set(impact.direct), impact.further) == ({"a", "c"}, ("b",))


def test_a_person_who_is_away_hits_what_they_answer_for() -> None:
    people = organisation({"owner": "ann", "boss": "bob"})
    process_map = ProcessMap(map_of(["a>b", "b>c"], people, a={"owner": "boss"}, b={}, c={}))
    assert process_map.impact_of_person("bob", AT).direct == ("a",)
    assert process_map.impact_of_person("ann", AT).direct == ("b", "c")
    assert process_map.impact_of_person("eve", AT).direct == ()


def test_owners_are_listed_by_how_much_they_answer_for() -> None:
    people = organisation({"owner": "ann", "boss": "bob"})
    process_map = ProcessMap(map_of(["a>b"], people, a={"owner": "boss"}, b={}, c={}, d={"owner": None}))
    assert process_map.owners(AT) == {"ann": ("b", "c"), "bob": ("a",)}


@given(FLOWS)
def test_the_reach_of_every_node_is_the_number_of_its_descendants(flows: list[str]) -> None:
    process_map = ProcessMap(map_of(flows))
    assert process_map.reach() == {node: len(nx.descendants(process_map.graph, node)) for node in process_map.graph}
