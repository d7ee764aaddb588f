"""What the tests of frameworks share: their packages are listed in requirements/work.txt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture
def html() -> None:
    """For tests that need the report page."""
    from spinetail.renderers import HTMLRenderer

    try:
        HTMLRenderer()
    except NotImplementedError as reason:
        pytest.skip(str(reason))
