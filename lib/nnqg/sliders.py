"""A figure that the reader moves: frames drawn beforehand, one for each value of a parameter, with a slider below them.

It needs no server: the frames are small pictures inside the output. On paper, and where scripts are off, one frame stands with
its value; where HTML is not shown at all, it is an ordinary picture. `stage` hands a figure and numbers to a script of the book.
"""

import base64
import io
import json
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from nnqg import _display, checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["LARGEST", "show", "stage"]

LARGEST = 300_000  # bytes of a figure: what a reader on a slow line waits for
DPI = 200  # two pixels for one on the page
COLOURS = 32

HTML = """<div class="frames">
<style>.frames img{{max-width:100%;height:auto}}.frames label{{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center}}
.frames .value{{display:inline-block;min-width:3rem;text-align:left;font-variant-numeric:tabular-nums}}
.frames input{{flex:1 1 12rem;max-width:24rem}}
[data-jp-theme-light="false"] .frames img{{background:#fff}}@media print{{.frames input{{display:none}}}}</style>
{images}
<label><span>{parameter} = <span class="value">{shown}</span></span></label>
<script>(box => {{
  const images = [...box.querySelectorAll("img")], value = box.querySelector(".value"), range = document.createElement("input");
  Object.assign(range, {{ type: "range", max: images.length - 1, value: images.findIndex(image => !image.hidden) }});
  range.dataset.lmSuppressShortcuts = "";  // else JupyterLab takes the arrow keys
  const move = () => {{
    images.forEach((image, frame) => {{ image.hidden = frame !== Number(range.value); }});
    value.textContent = images[range.value].dataset.value;
    range.setAttribute("aria-valuetext", value.textContent);
  }};
  range.addEventListener("input", move);
  box.querySelector("label").append(range);
  move();
}})(document.currentScript.parentElement)</script>
</div>"""


@checked
def show(
    parameter: str,
    values: Sequence[str] | Sequence[float] | np.ndarray,
    draw: Callable[..., Figure],
    alt: Callable[..., str],
    first: int = 0,
) -> None:
    """Show the figure `draw(value)` of every value, one at a time, with a slider labelled by the parameter.

    Parameters
    ----------
    parameter : str
        What the reader moves; stands before the slider.
    values : sequence of numbers or texts
        At least two; numbers are shown with four significant digits.
    draw, alt : callable
        Return the figure of a value, of one size for all, and what it shows, for someone who cannot see it.
    first : int
        Which of them is seen at first, and on paper.

    Examples
    --------
    >>> def draw(k):
    ...     figure, ax = plt.subplots(figsize=(4.0, 3.0))
    ...     ax.plot([0, k])
    ...     return figure
    >>> show("slope", [1.0, 2.0], draw, lambda k: f"A line of slope {k}.")
    slope = 1: A line of slope 1.0.
    slope = 2: A line of slope 2.0.
    """
    checks.count("number of values", len(values), minimum=2)
    checks.count("first", first, minimum=0, maximum=len(values) - 1)
    shown = [value if isinstance(value, str) else f"{value:.4g}" for value in values]
    pictures = [_picture(draw(value)) for value in values]
    words = [" ".join(str(alt(value)).split()) for value in values]
    sizes = {picture.size for picture in pictures}
    if not all(words) or len(sizes) > 1:
        raise InvalidArgument("draw, alt", "figures of one size, and words for each", sizes, "a fixed figsize, no empty text")
    width, height = (side // 2 for side in sizes.pop())
    images = [
        f'<img width="{width}" height="{height}" {"hidden" if frame != first else ""} data-value="{escape(value)}"'
        f' alt="{escape(text)}" src="data:image/webp;base64,{_encoded(picture, "webp", lossless=True)}">'
        for frame, (picture, value, text) in enumerate(zip(pictures, shown, words, strict=True))
    ]
    html = HTML.format(images="\n".join(images), parameter=escape(parameter), shown=escape(shown[first]))
    text = "\n".join(f"{parameter} = {value}: {line}" for value, line in zip(shown, words, strict=True))
    _display.show(text, _not_too_large(html), {"image/png": _encoded(pictures[first], "png", optimize=True)})


@checked
def stage(script: str, figure: Figure, alt: str, **data: Any) -> None:
    """Show a figure in whose place the book's `script` puts something to play with; `data`, as JSON, travels with it.

    Examples
    --------
    >>> stage("be-the-network", plt.figure(figsize=(4.0, 3.0)), "Nothing yet.", h=[1.0, 2.0])
    Nothing yet.
    """
    picture = _picture(figure)
    png, (width, height) = _encoded(picture, "png", optimize=True), picture.size
    html = (
        f'<div class="stage" data-script="{escape(script)}" data-given="{escape(json.dumps(data))}"><img width="{width // 2}" '
        f'height="{height // 2}" style="max-width:100%;height:auto" alt="{escape(alt)}" src="data:image/png;base64,{png}"></div>'
    )
    _display.show(alt, _not_too_large(html), {"image/png": png})


def _not_too_large(html: str) -> str:
    if len(html) > LARGEST:
        remedy = "fewer frames, a smaller figure, fewer points and lines"
        raise InvalidArgument("figure", f"at most {LARGEST} bytes, with all frames", len(html), remedy)
    return html


def _picture(figure: Figure) -> Image.Image:
    """Return a figure in few colours, and close it."""
    if not isinstance(figure, Figure):
        raise InvalidArgument("draw", "a function that returns a figure of matplotlib", repr(figure), "end it with return figure")
    figure.set_dpi(DPI)
    figure.canvas.draw()
    pixels = Image.fromarray(np.asarray(figure.canvas.buffer_rgba()))  # type: ignore[attr-defined]  # the canvas is Agg's
    plt.close(figure)
    return pixels.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)


def _encoded(picture: Image.Image, kind: str, **options: bool) -> str:
    """Return a picture as a file in base64."""
    buffer = io.BytesIO()
    picture.convert("RGBA" if kind == "webp" else "P").save(buffer, kind, **options)
    return base64.b64encode(buffer.getvalue()).decode()
