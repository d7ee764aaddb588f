"""The build as its users meet it, through a front end: what it says, what it packs, and at once."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Dict, List

import pytest

from check_library import problems


def start_build(root: Path, output: Path, variables: Dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    return subprocess.Popen(
        [*command, "--outdir", str(output), str(root)],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def spoken_lines(output: str) -> List[str]:
    """Our own lines among those of the front end."""
    assert "Traceback" not in output
    return [line for line in output.splitlines() if line.startswith("spinetail:")]


def test_an_empty_path_ends_in_one_line(root: Path, tmp_path: Path) -> None:
    build = start_build(root, tmp_path, {"PATH": ""})
    output, _ = build.communicate()
    assert build.returncode != 0
    (line,) = spoken_lines(output)
    assert "no `swift` on PATH" in line and "install it from" in line


def test_an_old_swift_ends_in_one_line(root: Path, tmp_path: Path) -> None:
    swift = tmp_path / "swift"
    swift.write_text("#!/bin/sh\necho 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'\n")
    swift.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    build = start_build(root, tmp_path, {"PATH": path})
    output, _ = build.communicate()
    assert build.returncode != 0
    (line,) = spoken_lines(output)
    assert "is Swift 6.1" in line


def test_another_platform_ends_in_one_line(root: Path, tmp_path: Path) -> None:
    # Read on the interpreter's start, before the hook asks the module platform.
    (tmp_path / "sitecustomize.py").write_text(
        "import platform\nplatform.machine = lambda: 'aarch64'\n"
    )
    build = start_build(root, tmp_path, {"PYTHONPATH": str(tmp_path)})
    output, _ = build.communicate()
    assert build.returncode != 0
    (line,) = spoken_lines(output)
    assert "Linux x86-64 only, and this is Linux aarch64" in line


@pytest.fixture(scope="module")
def wheels(root: Path, tmp_path_factory: pytest.TempPathFactory) -> List[Path]:
    """Two wheels of the same folder, built at the same time."""
    folders = [tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")]
    builds = [start_build(root, folder, {}) for folder in folders]
    for build in builds:
        output, _ = build.communicate()
        assert build.returncode == 0, output
    return [next(folder.glob("*.whl")) for folder in folders]


def test_builds_at_once_give_the_same_wheel(wheels: List[Path]) -> None:
    first, second = wheels
    assert first.read_bytes() == second.read_bytes()


def test_the_wheel_says_where_it_fits(wheels: List[Path]) -> None:
    assert wheels[0].name.endswith("-cp37-abi3-linux_x86_64.whl")
    with zipfile.ZipFile(wheels[0]) as wheel:
        (facts,) = (name for name in wheel.namelist() if name.endswith(".dist-info/WHEEL"))
        lines = wheel.read(facts).decode().splitlines()
    assert "Tag: cp37-abi3-linux_x86_64" in lines
    assert "Root-Is-Purelib: false" in lines


def test_the_wheel_holds_the_package_and_nothing_else(wheels: List[Path]) -> None:
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = wheel.namelist()
    assert {"spinetail/py.typed", "spinetail/_native.pyi", "spinetail/_native.abi3.so"} <= set(
        names
    )
    assert [name for name in names if name.endswith(".so")] == ["spinetail/_native.abi3.so"]
    assert all(name.startswith(("spinetail/", "spinetail-")) for name in names)
    assert not [name for name in names if "__pycache__" in name or "tests" in name]


def test_the_packed_library_is_fit_to_be_shipped(wheels: List[Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(wheels[0]) as wheel:
        library = Path(wheel.extract("spinetail/_native.abi3.so", tmp_path))
    assert problems(library) == []


def test_the_library_names_no_folder_of_this_machine(
    root: Path, wheels: List[Path], tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheels[0]) as wheel:
        library = Path(wheel.extract("spinetail/_native.abi3.so", tmp_path))
    assert str(root).encode() not in library.read_bytes()
