"""A slider's output holds every frame with its words, and the first one for paper."""

import base64
import io
import json
import re
from html import unescape

import numpy as np
import pytest
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from PIL import Image

from nnqg import sliders
from nnqg.errors import InvalidArgument


def draw(value, width=3.0):
    figure, ax = plt.subplots(figsize=(width, 2.0))
    ax.plot([0, value])
    return figure


def words(value):
    return f"A line to {value},\n  drawn <thin>."


def shown(*arguments):
    with capture_output() as captured:
        sliders.show(*arguments)
    (output,) = captured.outputs
    return output.data


def test_outside_a_notebook_the_words_are_printed(capsys):
    sliders.show("slope", [0.5, 1.0], draw, words)
    assert capsys.readouterr().out.splitlines()[1] == "slope = 1: A line to 1.0, drawn <thin>."


@pytest.mark.usefixtures("shell")
def test_every_value_has_a_frame_and_one_is_visible_without_a_script():
    before = plt.get_fignums()
    data = shown("slope <m>", np.array([0.1234567, 1.0, 2.0]), draw, words, 1)
    images = re.findall(r"<img [^>]*>", data["text/html"])
    assert [re.search('data-value="([^"]*)"', image)[1] for image in images] == ["0.1235", "1", "2"]
    assert [" hidden " in image for image in images] == [True, False, True]
    assert 'alt="A line to 1.0, drawn &lt;thin&gt;."' in images[1] and "slope &lt;m&gt;" in data["text/html"]
    assert '= <span class="value">1</span>' in data["text/html"]
    assert plt.get_fignums() == before


@pytest.mark.usefixtures("shell")
def test_frames_have_two_pixels_for_one_and_the_picture_for_paper_is_the_first():
    data = shown("slope", ["low", "high"], lambda value: draw(len(value)), words)
    frames = [Image.open(io.BytesIO(base64.b64decode(code))) for code in re.findall('base64,([^"]*)', data["text/html"])]
    paper = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert [frame.size for frame in [*frames, paper]] == [(600, 400)] * 3
    pixels = [np.asarray(frame.convert("RGBA")).astype(int) for frame in [*frames, paper]]
    seen = [one * (one[..., 3:] > 0) for one in pixels]
    assert (seen[0] == seen[2]).all() and (seen[0] != seen[1]).any()


@pytest.mark.usefixtures("shell")
def test_a_stage_holds_a_picture_and_numbers_to_the_last_digit():
    with capture_output() as captured:
        sliders.stage("play", draw(0.1), "A <line>.", h=[0.1 + 0.2], names=['"'])
    (data,) = (output.data for output in captured.outputs)
    given = re.search('data-script="play" data-given="([^"]*)"', data["text/html"])[1]
    assert json.loads(unescape(given)) == {"h": [0.1 + 0.2], "names": ['"']}
    assert 'alt="A &lt;line&gt;."' in data["text/html"] and data["image/png"] in data["text/html"]


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("values", "drawn", "alt"),
    [
        ([1.0], draw, words),
        ([1.0, 2.0], draw, lambda value: " "),
        ([1.0, 2.0], lambda value: draw(value, width=2 + value), words),
        ([1.0, 2.0], lambda value: None, words),
    ],
)
def test_one_frame_no_words_two_sizes_or_no_figure_are_refused(values, drawn, alt):
    with pytest.raises(InvalidArgument):
        sliders.show("slope", values, drawn, alt)


@pytest.mark.bad_input
def test_too_many_bytes_are_refused_with_their_number(monkeypatch):
    monkeypatch.setattr(sliders, "LARGEST", 5000)
    with pytest.raises(InvalidArgument, match=r"at most 5000 bytes, with all frames, got \d+"):
        sliders.show("slope", [1.0, 2.0], draw, words)


@pytest.mark.bad_input
def test_a_first_frame_that_is_none_is_refused():
    with pytest.raises(InvalidArgument):
        sliders.show("slope", [1.0, 2.0], draw, words, 2)
