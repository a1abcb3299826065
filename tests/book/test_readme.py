"""The README's figure is the executed page's, its commands exist, and it fits on two screens."""

import re

import matplotlib.image
import numpy as np

from book.pages import ROOT
from book.readme_figure import PATH, picture

README = (ROOT / "README.md").read_text()


def test_the_figure_is_that_of_the_page():
    committed, made = matplotlib.image.imread(PATH)[..., :3], picture()
    assert committed.shape == made.shape, "the page has changed: run `make figure`"
    assert np.abs(committed - made).mean() < 0.01, "the page has changed: run `make figure`"


def test_the_figure_is_shown_with_a_text():
    assert re.search(rf"!\[[^]]{{40,}}\]\({PATH.relative_to(ROOT)}\)", README)


def test_every_command_exists():
    targets = set(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text()))
    assert set(re.findall(r"(?m)(?:`|^    )make ([a-z]+)", README)) <= targets


def test_every_file_exists():
    named = re.findall(r"`((?:chapters|lib|tests|tools)/[\w./-]+|[A-Z-]+\.?\w*\.?\w*)`", README)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_two_screens():
    assert len(README.splitlines()) <= 80
