"""The source archive: what a build reads is in it, with the licence, and nothing that was built."""

import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Set

import pytest


@pytest.fixture(scope="module")
def names(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Set[str]:
    """The archive's files, relative to its one folder."""
    folder = tmp_path_factory.mktemp("sdist")
    build = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(root)], check=True)
    (archive,) = folder.glob("spinetail-*.tar.gz")
    with tarfile.open(archive) as tar:
        return {member.name.partition("/")[2] for member in tar if member.isfile()}


def test_the_licence_and_the_description(names: Set[str]) -> None:
    assert {"LICENSE", "README.md", "CHANGELOG.md", "PKG-INFO", "pyproject.toml"} <= names


@pytest.mark.parametrize("folder", ["Sources", "Tests", "tools", "python/spinetail"])
def test_all_that_a_build_reads(folder: str, names: Set[str], root: Path) -> None:
    there = {
        str(path.relative_to(root))
        for path in (root / folder).rglob("*")
        if path.is_file() and path.suffix not in (".so", ".pyc")
    }
    assert there <= names | {name for name in there if "__pycache__" in name}
    assert {"Package.swift", "hatch_build.py", "requirements/zig.txt"} <= names


def test_nothing_that_was_built(names: Set[str]) -> None:
    assert not [name for name in names if name.endswith((".so", ".o", ".pyc", ".whl"))]
    assert not [name for name in names if name.startswith(".") and name != ".gitignore"]
