"""What the tests of frameworks share: their packages are listed in requirements/work.txt."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
