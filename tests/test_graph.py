"""The graph's numbers against networkx, on any small graph."""

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import complexity_guard as cg

EDGES = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=40)
    )
)


def theirs_of(count, edges):
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from([edge for edge in edges if edge[0] != edge[1]])
    return graph


@given(EDGES)
def test_components_are_networkx_s(case):
    count, edges = case
    components = cg.Graph(count, edges).components()
    theirs = [group for group in networkx.strongly_connected_components(theirs_of(count, edges)) if len(group) > 1]
    assert sorted(map(sorted, theirs)) == sorted(sorted(component.nodes) for component in components)
    assert [len(component.nodes) for component in components] == sorted(map(len, theirs), reverse=True)


@given(EDGES)
def test_the_kernel_s_graph_is_ours(case):
    kernel, (count, edges) = cg.kernel_module() or pytest.skip("the kernel is not built"), case
    rows = [(*edge, "value", place) for place, edge in enumerate(edges)]
    assert kernel.graph(count, rows) == cg.plain_graph(count, rows)


@pytest.mark.parametrize("edges", [[(0, 3)], [(-1, 0)], [(0,)], [(0, 1 << 70)], [("a", "b")], [None], ((0, 1),)])
def test_the_kernel_takes_no_edge_of_what_is_no_node(edges):
    kernel = cg.kernel_module() or pytest.skip("the kernel is not built")
    with pytest.raises((ValueError, TypeError, OverflowError)):
        kernel.graph(3, edges)


@given(EDGES)
def test_load_and_reach_are_the_descendants_and_ancestors_of_networkx(case):
    count, edges = case
    ours, theirs = cg.Graph(count, edges), theirs_of(count, edges)
    assert ours.reached(ours.links) == [len(networkx.descendants(theirs, node)) for node in range(count)]
    assert ours.reached(ours.back) == [len(networkx.ancestors(theirs, node)) for node in range(count)]


def test_reach_is_counted_in_blocks(monkeypatch):
    edges = [(node, node + 1) for node in range(19)] + [(12, 3)]
    whole = cg.Graph(20, edges)
    expected = whole.reached(whole.links), whole.reached(whole.back)
    monkeypatch.setattr(cg, "REACH_BLOCK", 3)
    assert (whole.reached(whole.links), whole.reached(whole.back)) == expected
    assert expected[0][0] == 19 and expected[0][19] == 0 and expected[0][3] == expected[0][12] == 16


@given(EDGES)
def test_depth_is_the_longest_chain_of_the_condensed_graph(case):
    count, edges = case
    condensed = networkx.condensation(theirs_of(count, edges))
    longest = {}
    for group in reversed(list(networkx.topological_sort(condensed))):
        longest[group] = max((longest[other] + 1 for other in condensed.successors(group)), default=0)
    mapping = condensed.graph["mapping"]
    assert cg.Graph(count, edges).depths() == [longest[mapping[node]] for node in range(count)]


@given(EDGES)
def test_a_shortest_cycle_is_one_and_none_is_shorter(case):
    count, edges = case
    theirs = theirs_of(count, edges)
    for component in cg.Graph(count, edges).components():
        cycle = component.shortest
        assert all(theirs.has_edge(start, end) for start, end in zip(cycle, (*cycle[1:], cycle[0])))
        inner = theirs.subgraph(component.nodes)
        assert len(cycle) == min(map(len, networkx.simple_cycles(inner, length_bound=len(cycle))))


@given(EDGES)
def test_without_the_cut_there_is_no_cycle_and_with_any_edge_of_it_there_is(case):
    count, edges = case
    theirs = theirs_of(count, edges)
    cut = [edge for component in cg.Graph(count, edges).components() for edge in component.cut]
    theirs.remove_edges_from(cut)
    assert networkx.is_directed_acyclic_graph(theirs)
    for edge in cut:
        theirs.add_edge(*edge)
        assert not networkx.is_directed_acyclic_graph(theirs)
        theirs.remove_edge(*edge)


@given(EDGES, st.integers(0, 13), st.integers(0, 13))
def test_paths_are_shortest(case, start, end):
    count, edges = case
    start, end = start % count, end % count
    theirs = theirs_of(count, edges)
    path = cg.shortest_path(cg.Graph(count, edges).links, start, end)
    if networkx.has_path(theirs, start, end):
        assert (path[0], path[-1]) == (start, end)
        assert len(path) == networkx.shortest_path_length(theirs, start, end) + 1
        assert all(theirs.has_edge(*edge) for edge in zip(path, path[1:]))
    else:
        assert path == []


@pytest.mark.parametrize("count", [100_000])
def test_a_long_chain_needs_no_recursion(count):
    graph = cg.Graph(count, [(node, node + 1) for node in range(count - 1)])
    assert graph.depths()[0] == count - 1
