"""Wheels for other machines: made by zig, and with one line where that can't be had."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Dict, List, Tuple

import pytest

import build_wheel
import make_aarch64_sdk
from build_requirements import BuildProblem, require_toolchain
from check_library import problems
from debian_packages import NotToBeHad
from make_aarch64_sdk import aarch64_sdk
from portable_library import MODULES, objects
from targets import OLDEST_GLIBC, X86_64
from zig import NoZig, zig

Build = Tuple[List[str], Dict[str, str]]


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> List[Build]:
    """The front end's runs that were asked for, none of which happens."""
    asked: List[Build] = []

    def run(
        command: List[str], env: Dict[str, str], check: bool
    ) -> "subprocess.CompletedProcess[bytes]":
        asked.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.delenv("SPINETAIL_ZIG", raising=False)
    return asked


def no_zig() -> Path:
    raise NoZig("pip failed: no network")


def test_without_zig_the_wheel_is_for_machines_like_this_one(
    builds: List[Build], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build_wheel, "zig", no_zig)
    monkeypatch.setattr(sys, "argv", ["build_wheel.py"])
    assert build_wheel.main() == 0
    ((_, variables),) = builds
    assert "SPINETAIL_ZIG" not in variables
    (line,) = capsys.readouterr().err.splitlines()
    assert "this machine's glibc and newer" in line and line.endswith("pip failed: no network.")


def test_without_zig_there_is_no_wheel_for_another_processor(
    builds: List[Build], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_wheel, "zig", no_zig)
    monkeypatch.setattr(sys, "argv", ["build_wheel.py", "--aarch64"])
    with pytest.raises(SystemExit, match="No wheel for aarch64, as zig can't be fetched"):
        build_wheel.main()
    assert builds == []


def test_another_zig_than_the_pinned_one_is_refused(tmp_path: Path, root: Path) -> None:
    pin = tmp_path / "zig.txt"
    wanted = (root / "requirements" / "zig.txt").read_text()
    digest = wanted.rpartition("sha256:")[2].strip()
    pin.write_text(wanted.replace(digest, "0" * len(digest)))
    with pytest.raises(NoZig, match="^pip failed: "):
        zig(tmp_path / "zig", pin)
    assert list((tmp_path / "zig").iterdir()) == []


def test_objects_of_removed_sources_stay_out(tmp_path: Path) -> None:
    built = tmp_path / "built"
    for module, folder in MODULES.items():
        (tmp_path / "Sources" / folder / "Deeper").mkdir(parents=True)
        (tmp_path / "Sources" / folder / "Deeper" / "A.swift").touch()
        (built / f"{module}.build").mkdir(parents=True)
        for name in ("A.swift.o", "Removed.swift.o"):
            (built / f"{module}.build" / name).touch()
    found = objects(tmp_path, built)
    assert [file.name for file in found] == ["A.swift.o"] * len(MODULES)
    found[0].unlink()
    with pytest.raises(BuildProblem, match=r"all but A\.swift\.o"):
        objects(tmp_path, built)


def test_the_modules_are_those_of_the_package(root: Path) -> None:
    listed = {folder.name for folder in (root / "Sources").iterdir() if any(folder.rglob("*.c*"))}
    listed |= {folder.name for folder in (root / "Sources").iterdir() if any(folder.rglob("*.s*"))}
    assert set(MODULES.values()) == listed


def test_a_swift_package_of_another_hash_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(names: List[str], state: Path, *where: str, alone: bool) -> List[Path]:
        state.mkdir(parents=True)
        (state / "other.deb").write_text("something else")
        return [state / "other.deb"]

    monkeypatch.setattr(make_aarch64_sdk, "download", download)
    monkeypatch.setattr(make_aarch64_sdk, "unpack", lambda package, folder: None)
    with pytest.raises(
        NotToBeHad, match=r"^sid: other\.deb isn't the one .*; trixie: other\.deb isn't"
    ):
        aarch64_sdk(require_toolchain(), tmp_path / "sdk")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel by zig. Skipped where that can't be fetched."""
    try:
        variables = {**os.environ, "SPINETAIL_ZIG": str(zig())}
    except NoZig as reason:
        pytest.skip(f"no zig: {reason}")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(root)], env=variables, check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_says_which_glibc_it_needs(wheel: Path) -> None:
    assert wheel.name.endswith("-cp37-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl")


def test_the_library_is_fit_for_that_glibc_and_names_no_folder(
    root: Path, wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        library = Path(archive.extract("spinetail/_native.abi3.so", tmp_path))
    assert problems(library, X86_64, OLDEST_GLIBC) == []
    assert str(root).encode() not in library.read_bytes()
