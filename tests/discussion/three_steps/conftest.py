"""Let the tests of this room use the stacks of the dictionary's tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "quantum_gravity" / "dictionary"))
