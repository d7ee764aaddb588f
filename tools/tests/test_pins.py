"""The pinned versions agree with each other, and there is one for each tested Python."""

import re
from pathlib import Path
from typing import Dict, List, Set, Tuple

import pytest
from packaging.requirements import Requirement

from interpreters import SETTLED, TESTED


def pins(file: Path, minor: Tuple[int, int]) -> List[Requirement]:
    """What a file pins for one version of Python, without hashes."""
    version = {"python_version": "{}.{}".format(*minor)}
    lines = [line for line in file.read_text().splitlines() if line and line[0] not in "#-"]
    found = [Requirement(line.partition(" --")[0]) for line in lines]
    return [pin for pin in found if not pin.marker or pin.marker.evaluate(version)]


def pinned(file: Path, minor: Tuple[int, int]) -> List[str]:
    """The packages that a file pins for one version of Python."""
    return [pin.name for pin in pins(file, minor)]


# `make wheel` builds without isolation: its tools must be those that pyproject.toml names.


@pytest.mark.parametrize("package", ["hatchling", "pyelftools"])
def test_both_places_pin_the_same_version(package: str, root: Path) -> None:
    pin = re.compile(rf"\b{package}==([\d.]+)")
    (wanted,) = pin.findall((root / "requirements" / "dev.txt").read_text())
    assert wanted == pin.findall((root / "pyproject.toml").read_text())[0]


@pytest.mark.parametrize("minor", TESTED, ids=str)
def test_each_python_has_one_version_of_what_the_suite_needs(
    minor: Tuple[int, int], root: Path
) -> None:
    suite = pinned(root / "requirements" / "test.txt", minor)
    beside = ["gevent", "pyinstrument", "uvloop"] if (3, 11) <= minor <= (3, 13) else []
    assert sorted(suite) == sorted(["greenlet", "pytest", "trio", *beside])
    needed = pinned(root / "requirements" / "constraints.txt", minor)
    assert len(needed) == len(set(needed))


def test_what_stands_in_several_files_has_one_version(root: Path) -> None:
    """Where the real programs and the frameworks run; others are installed beside neither."""
    versions: Dict[str, Set[str]] = {}
    for file in (root / "requirements").glob("*.txt"):
        for pin in pins(file, SETTLED):
            versions.setdefault(pin.name.lower(), set()).add(str(pin.specifier))
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
    assert all(found.startswith("==") for (found,) in versions.values())
