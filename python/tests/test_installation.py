"""What the wheel brings with it, beside the modules."""

import subprocess
import sys
from pathlib import Path

import pytest

import spinetail
import spinetail._native
from spinetail._version import __version__

metadata = pytest.importorskip("importlib.metadata")  # 3.8 and newer
FOLDER = Path(spinetail.__file__).parent


def test_the_installed_package_is_tested_and_not_the_sources() -> None:
    assert Path(sys.prefix) in FOLDER.parents


def test_the_library_lies_in_the_package() -> None:
    assert Path(spinetail._native.__file__ or "") == FOLDER / "_native.abi3.so"


def test_type_checkers_are_told_that_there_are_types() -> None:
    assert (FOLDER / "py.typed").is_file()


def test_the_metadata_has_the_package_s_version() -> None:
    assert metadata.version("spinetail") == __version__


def test_nothing_else_is_needed_at_run_time() -> None:
    assert metadata.requires("spinetail") is None


def test_the_command_is_installed() -> None:
    entry_points = metadata.distribution("spinetail").entry_points
    (command,) = (e for e in entry_points if e.group == "console_scripts")
    assert command.value == "spinetail.__main__:main"


def test_importing_starts_nothing() -> None:
    code = "import spinetail, threading; print(threading.active_count())"
    output = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    assert output == "1\n"
