"""Saves a profile for each test, with its fixtures' time left out."""

import re
from pathlib import Path
from typing import Iterator

import pytest

from spinetail import Profiler

PROFILES = Path("profiles")


@pytest.fixture(autouse=True)
def save_profile(request: pytest.FixtureRequest) -> Iterator[None]:
    with Profiler() as profiler:
        yield
    PROFILES.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.\[\]-]+", "_", request.node.nodeid)
    profiler.last_session.save(PROFILES / f"{name}.spinetail")
