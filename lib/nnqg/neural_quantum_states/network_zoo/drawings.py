"""The sixteen networks of slide ② 1/6 as graphs of units and lines, and one style to draw them.

A *unit* is a node with three attributes: its place in the unit square, its role, and whether it flips coins. The role is
``given`` (an input, or a pixel that is seen), ``hidden``, ``answer``, ``spiking`` (hidden, and it speaks in pulses) or
``memory``. A *line* is an edge; it says whether its weight is learned, and by how much it bends to pass other units.

Networks in layers are written as a line of tokens, one a layer: a letter for the role, a number of units, and before them
``~`` where a unit is linked to its neighbours in the layer before only, or ``?`` where the weights are given by chance or by
the data and never learned. A capital flips coins.
"""

import math
import re
from itertools import combinations, product

import networkx as nx
from matplotlib.axes import Axes

from nnqg import checks, plotting
from nnqg.boundary import checked

__all__ = ["NETWORKS", "diagram", "draw"]

NETWORKS = {
    "MC": "Markov chain",
    "HN": "Hopfield network",
    "BM": "Boltzmann machine",
    "RBM": "restricted Boltzmann machine",
    "DBN": "deep belief network",
    "DCN": "deep convolutional network",
    "DN": "deconvolutional network",
    "DCIGN": "deep convolutional inverse graphics network",
    "GAN": "generative adversarial network",
    "LSM": "liquid state machine",
    "ELM": "extreme learning machine",
    "ESN": "echo state network",
    "DRN": "deep residual network",
    "KN": "Kohonen network",
    "SVM": "support vector machine",
    "NTM": "neural Turing machine",
}
_ROLES = {"v": "given", "h": "hidden", "o": "answer", "s": "spiking", "m": "memory"}
_LAYERS = {
    "RBM": "V4 H3",
    "DBN": "V4 H3 H3 H2",
    "DCN": "v6 ~h4 ~h3 h4 o3",
    "DN": "v3 h3 ~h4 ~o6",
    "DCIGN": "v6 ~h4 h2 ~h4 ~o6",
    "GAN": "V2 h4 v4 h3 o1",
    "ELM": "v3 ?h6 o3",
    "DRN": "v3 h3 h3 h3 h3 o3",
    "SVM": "v3 ?h5 o1",
    "NTM": "v3 h4 o3",
}
_RINGS = {"MC": "HHHHHH", "HN": "vvvvvv", "BM": "VVVHHH"}
_RESERVOIRS = {"LSM": "s", "ESN": "h"}
_COLOURS = {"given": "blue", "hidden": "grey", "answer": "orange", "spiking": "grey", "memory": "green"}
_MARKS = {"spiking": "^", "memory": "s"}


@checked
def diagram(name: str) -> nx.Graph:
    """Return one of the `NETWORKS` as a graph.

    Its nodes have ``place`` (a pair of numbers from 0 to 1), ``role`` and ``random``, its edges ``learned`` and ``bend``.

    Examples
    --------
    >>> graph = diagram("RBM")
    >>> len(graph), graph.number_of_edges()
    (7, 12)
    """
    checks.option("name", name, NETWORKS)
    graph = nx.Graph()
    if name in _RINGS:
        _ring(graph, _RINGS[name])
    elif name in _RESERVOIRS:
        _reservoir(graph, _RESERVOIRS[name])
    elif name == "KN":
        _map(graph)
    else:
        _stack(graph, _LAYERS[name].split())
    if name == "DRN":
        for layer, row in product(range(1, 4), (0, 2)):
            _link(graph, (layer, row), (layer + 1, row), bend=0.16 if row else -0.16)
    if name == "NTM":
        for slot in range(5):
            _unit(graph, ("memory", slot), "m", (0.22 + 0.14 * slot, 1.0))
            for unit in range(4):
                _link(graph, (1, unit), ("memory", slot))
    return graph


@checked
def draw(ax: Axes, graph: nx.Graph) -> None:
    """Draw a `diagram`: a full circle computes, a ring flips coins, a triangle spikes, a square is memory; dashed lines are not learned.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> draw(plt.subplots()[1], diagram("NTM"))
    """
    for first, second, line in graph.edges(data=True):
        (x, y), (right, top) = (graph.nodes[end]["place"] for end in (first, second))
        steps = [k / 12 for k in range(13)]
        across = [x + (right - x) * t for t in steps]
        up = [y + (top - y) * t + 4 * line["bend"] * t * (1 - t) for t in steps]
        kind, width = ("-", 0.9) if line["learned"] else (":", 1.2)
        ax.plot(across, up, kind, lw=width, color=plotting.COLOURS["grey"], alpha=0.8, zorder=1)
    for unit in graph.nodes.values():
        colour = plotting.COLOURS[_COLOURS[unit["role"]]]
        inside = "white" if unit["random"] else colour
        ax.plot(*unit["place"], _MARKS.get(unit["role"], "o"), ms=7, mfc=inside, mec=colour, mew=1.8, zorder=3)
    ax.set(xlim=(-0.12, 1.12), ylim=(-0.12, 1.12), aspect="equal")
    ax.axis("off")


def _unit(graph: nx.Graph, key: tuple, letter: str, place: tuple[float, float]) -> None:
    graph.add_node(key, place=place, role=_ROLES[letter.lower()], random=letter.isupper())


def _link(graph: nx.Graph, first: tuple, second: tuple, learned: bool = True, bend: float = 0.0) -> None:
    graph.add_edge(first, second, learned=learned, bend=bend)


def _stack(graph: nx.Graph, tokens: list[str]) -> None:
    """Layers from left to right, each linked to the one before."""
    before: list[tuple] = []
    spacing = min(0.24, 0.95 / (max(int(token[-1]) for token in tokens) - 1))
    for layer, token in enumerate(tokens):
        mark, letter, count = re.fullmatch(r"([~?]?)(\w)(\d)", token).groups()  # type: ignore[union-attr]
        here = [(layer, row) for row in range(int(count))]
        for key in here:
            up = 0.5 + (key[1] - (len(here) - 1) / 2) * spacing
            _unit(graph, key, letter, (layer / (len(tokens) - 1), up))
        for first, second in product(before, here):
            apart = abs(graph.nodes[first]["place"][1] - graph.nodes[second]["place"][1])
            if mark != "~" or apart < 1.6 * spacing:
                _link(graph, first, second, learned=mark != "?")
        before = here


def _ring(graph: nx.Graph, letters: str) -> None:
    """Every unit linked to every other."""
    for key, letter in enumerate(letters):
        angle = 2 * math.pi * key / len(letters)
        _unit(graph, (0, key), letter, (0.5 + 0.48 * math.cos(angle), 0.5 + 0.48 * math.sin(angle)))
    for first, second in combinations(list(graph), 2):
        _link(graph, first, second)


def _reservoir(graph: nx.Graph, letter: str) -> None:
    """Inputs, two rings of units with links that are never learned, answers."""
    for row in range(3):
        _unit(graph, (0, row), "v", (0.0, 0.25 + 0.25 * row))
        _unit(graph, (2, row), "o", (1.0, 0.25 + 0.25 * row))
    for key in range(9):
        size, angle = (0.32 if key < 6 else 0.13), 2 * math.pi * key * (1 / 6 if key < 6 else 1 / 3)
        _unit(graph, (1, key), letter, (0.5 + size * math.cos(angle), 0.5 + 1.3 * size * math.sin(angle)))
    for key, step in product(range(9), (2, 4)):
        _link(graph, (1, key), (1, (key + step) % 9), learned=False)
    for row, key in product(range(3), (2, 3, 4)):
        _link(graph, (0, row), (1, key), learned=False)
    for row, key in product(range(3), (0, 1, 5)):
        _link(graph, (2, row), (1, key))


def _map(graph: nx.Graph) -> None:
    """Inputs, and a square of units that know their neighbours."""
    for row in range(2):
        _unit(graph, (0, row), "v", (0.0, 0.35 + 0.3 * row))
    for column, row in product(range(4), repeat=2):
        _unit(graph, (1, column, row), "h", (0.37 + 0.21 * column, 0.18 + 0.21 * row))
        for end in ((1, column - 1, row), (1, column, row - 1)):
            if end in graph:
                _link(graph, end, (1, column, row), learned=False)
    for given, row in product(range(2), range(4)):
        _link(graph, (0, given), (1, 0, row))
