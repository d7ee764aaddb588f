"""Lets the tests of the documentation import what they share."""

import sys
from pathlib import Path

collect_ignore = ["files"]  # what pages work with; it has tests of its own

sys.path.insert(0, str(Path(__file__).resolve().parent))
