"""Puts the tools themselves on the path, as the build hook does."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return TOOLS.parent
