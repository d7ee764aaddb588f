"""`make wheel` builds without isolation: its tools must be those that pyproject.toml names."""

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize("package", ["hatchling", "pyelftools"])
def test_both_places_pin_the_same_version(package: str, root: Path) -> None:
    pin = re.compile(rf"\b{package}==([\d.]+)")
    (wanted,) = pin.findall((root / "requirements" / "dev.txt").read_text())
    assert wanted == pin.findall((root / "pyproject.toml").read_text())[0]
