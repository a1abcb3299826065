"""The book's one figure style, and a few helpers that draw on given axes.

Figures have a transparent background and dark lines; the book's dark theme inverts their lightness and keeps their hue.
The colours follow Okabe and Ito, which stay apart for colour-blind readers; the light ones are darkened to stand out on white.
Helpers draw on the axes they are given, in a colour named as in `COLOURS`, and return what they drew.
"""

import sys
from importlib.resources import files
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["COLOURS", "depth_axis", "draw_data", "draw_ensemble", "draw_singular_values", "use_style"]

COLOURS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#009E73",
    "purple": "#A65A8C",
    "brown": "#8A5A00",
    "red": "#B2182B",
    "grey": "#595959",
    "black": "#111111",
}


@checked
def use_style() -> None:
    """Switch matplotlib to the book's style, and notebooks to sharp PNG figures.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["savefig.transparent"]
    True
    """
    plt.style.use(str(files("nnqg") / "nnqg.mplstyle"))
    interactive = sys.modules.get("IPython")
    if interactive is None or interactive.get_ipython() is None:  # plain Python; the next call would start a shell
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    set_matplotlib_formats("retina")


@checked
def depth_axis(ax: Axes, boundary: float, horizon: float, ends: tuple[str, str] = ("boundary", "horizon")) -> None:
    """Let the depth run from the boundary, on the left, to the horizon, on the right, and name both ends above the axes.

    Parameters
    ----------
    boundary, horizon : float
        Where the axis ends, in the page's variable; for the distance from the horizon the boundary is the larger one.
    ends : pair of str
        What stands above the left and the right end.

    Examples
    --------
    >>> _, ax = plt.subplots()
    >>> depth_axis(ax, boundary=1.0, horizon=0.0)
    >>> bool(ax.xaxis_inverted())
    True
    """
    limits = [checks.number(name, value) for name, value in (("boundary", boundary), ("horizon", horizon))]
    if limits[0] == limits[1]:
        raise InvalidArgument("horizon", "another depth than the boundary's", horizon, "say where the axis begins and ends")
    ax.set_xlim(*limits)
    for place, end, side in zip((0.0, 1.0), ends, ("left", "right"), strict=True):
        ax.annotate(end, (place, 1.0), (0, 3), xycoords="axes fraction", textcoords="offset points", ha=side, color=COLOURS["grey"])


@checked
def draw_data(
    ax: Axes,
    x: Float[np.ndarray, " data"],
    y: Float[np.ndarray, " data"],
    yerr: Float[np.ndarray, " data"] | None = None,
    label: str | None = None,
    colour: str = "black",
) -> ErrorbarContainer:
    """Draw measured points with their standard errors.

    Examples
    --------
    >>> _, ax = plt.subplots()
    >>> points = draw_data(ax, np.array([0.0, 1.0]), np.array([1.0, 2.0]), yerr=np.array([0.1, 0.1]))
    """
    checks.array("x", x, shape=("data",))
    checks.array("y", y, shape=x.shape)
    if yerr is not None:
        checks.array("yerr", yerr, shape=x.shape, minimum=0.0)
    return ax.errorbar(x, y, yerr=yerr, fmt="o", label=label, color=_colour(colour), capsize=3, zorder=3)


@checked
def draw_ensemble(
    ax: Axes,
    x: Float[np.ndarray, " x"],
    curves: Float[np.ndarray, "seed x"],
    label: str | None = None,
    colour: str = "blue",
) -> Line2D:
    """Draw every curve of an ensemble thinly, the band from its 16 % to its 84 % quantile, and its median.

    The number of curves is added to the label. What comes back is the line of the median.

    Examples
    --------
    >>> _, ax = plt.subplots()
    >>> draw_ensemble(ax, np.linspace(0, 1, 3), np.ones((4, 3)), label="constant").get_label()
    'constant (median of 4)'
    """
    checks.array("x", x, shape=("x",))
    checks.array("curves", curves, shape=(None, len(x)))
    tint = _colour(colour)
    lower, median, upper = np.quantile(curves, [0.16, 0.5, 0.84], axis=0)
    ax.plot(x, curves.T, color=tint, linewidth=0.6, alpha=0.35)
    ax.fill_between(x, lower, upper, color=tint, alpha=0.2, linewidth=0)
    named = None if label is None else f"{label} (median of {len(curves)})"
    return ax.plot(x, median, color=tint, linewidth=2, label=named)[0]


@checked
def draw_singular_values(
    ax: Axes,
    values: Float[np.ndarray, " k"],
    threshold: float | None = None,
    label: str | None = None,
    colour: str = "blue",
) -> Line2D:
    """Draw singular values on a logarithmic axis, with the line below which the data say nothing.

    The largest comes first; zeros are drawn at the bottom of the axis.

    Examples
    --------
    >>> _, ax = plt.subplots()
    >>> points = draw_singular_values(ax, np.array([1.0, 0.01]), threshold=0.1)
    """
    checks.array("values", values, shape=("k",), minimum=0.0)
    index = np.arange(1, len(values) + 1)
    points = ax.semilogy(index, np.maximum(values, 1e-17 * values.max()), "o-", color=_colour(colour), label=label)[0]
    if threshold is not None:
        checks.number("threshold", threshold, above=0)
        ax.axhline(threshold, color=COLOURS["grey"], linestyle="--", linewidth=1)
        note: dict[str, Any] = {"ha": "left", "va": "top", "color": COLOURS["grey"], "textcoords": "offset points"}
        ax.annotate("below: not determined", (0.02, threshold), (0, -4), xycoords=ax.get_yaxis_transform(), **note)
    ax.set(xlabel="direction in weight space", ylabel="singular value", xticks=index)
    return points


def _colour(name: str) -> str:
    return COLOURS[checks.option("colour", name, COLOURS)]
