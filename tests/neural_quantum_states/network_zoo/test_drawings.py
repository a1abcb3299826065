"""What tells the sixteen networks apart is in their graphs."""

import networkx as nx
import pytest
from matplotlib import pyplot as plt

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.network_zoo.drawings import NETWORKS, diagram, draw


def count(graph, role):
    return sum(unit["role"] == role for unit in graph.nodes.values())


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_hangs_together_inside_the_square_without_units_that_touch(name):
    graph = diagram(name)
    assert nx.is_connected(graph)
    places = [unit["place"] for unit in graph.nodes.values()]
    assert all(-1e-9 <= number <= 1 + 1e-9 for place in places for number in place)
    assert min(abs(complex(*a) - complex(*b)) for a in places for b in places if a is not b) > 0.11


def test_there_are_sixteen_and_no_two_are_alike():
    seen = [
        (
            sorted(unit["role"] + str(unit["random"]) for unit in graph.nodes.values()),
            nx.weisfeiler_lehman_graph_hash(graph, node_attr="role"),
        )
        for graph in map(diagram, NETWORKS)
    ]
    assert len(NETWORKS) == 16
    assert all(one not in seen[:k] for k, one in enumerate(seen))


def test_restricted_means_no_line_inside_a_layer():
    assert nx.is_bipartite(diagram("RBM")) and not nx.is_bipartite(diagram("BM"))
    general = diagram("BM")
    assert general.number_of_edges() == len(general) * (len(general) - 1) / 2
    assert count(general, "given") == count(general, "hidden") == 3


@pytest.mark.parametrize("name", NETWORKS)
def test_machines_of_chance_have_rings_and_functions_have_none(name):
    random = {unit["random"] for unit in diagram(name).nodes.values()}
    expected = {True} if name in ("MC", "BM", "RBM", "DBN") else {True, False} if name == "GAN" else {False}
    assert random == expected


@pytest.mark.parametrize("name", ["ELM", "ESN", "LSM", "SVM"])
def test_feature_maps_learn_the_lines_to_the_answer_only(name):
    graph = diagram(name)
    for first, second, line in graph.edges(data=True):
        assert line["learned"] == ("answer" in (graph.nodes[first]["role"], graph.nodes[second]["role"]))


def test_a_residual_network_has_lines_that_bend_past_others():
    assert {line["bend"] for *_, line in diagram("DRN").edges(data=True)} == {0.0, 0.16, -0.16}


def test_only_the_turing_machine_has_memory():
    assert [name for name in NETWORKS if count(diagram(name), "memory")] == ["NTM"]


def test_a_drawing_has_a_mark_for_each_unit_and_a_curve_for_each_line():
    _, ax = plt.subplots()
    graph = diagram("GAN")
    draw(ax, graph)
    assert len(ax.lines) == len(graph) + graph.number_of_edges()
    plt.close()


@pytest.mark.bad_input
def test_an_unknown_network_is_refused():
    with pytest.raises(InvalidArgument, match="name"):
        diagram("CNN")
