"""What a machine lacks is said in one line, with the remedy."""

import os
from pathlib import Path

import pytest

import build_requirements
from build_requirements import BuildProblem


def put_program(folder: Path, name: str, script: str) -> Path:
    """Writes a shell script that stands for a program."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def put_swift(folder: Path, version: str) -> Path:
    return put_program(folder, "swift", f"echo 'Swift version {version} (swift-{version}-RELEASE)'")


@pytest.mark.parametrize(
    ("system", "machine"), [("Darwin", "arm64"), ("Windows", "AMD64"), ("Linux", "aarch64")]
)
def test_other_platforms_are_named(system: str, machine: str) -> None:
    with pytest.raises(BuildProblem, match=f"{system} {machine}"):
        build_requirements.check_platform(system, machine)


def test_an_old_interpreter_is_named() -> None:
    with pytest.raises(BuildProblem, match=r"Python 3\.10 or newer, and this is 3\.9"):
        build_requirements.check_interpreter((3, 9))


def test_a_newer_major_version_is_new_enough() -> None:
    build_requirements.check_interpreter((4, 0))


def test_no_swift_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BuildProblem, match=r"Swift 6\.3 or newer, and there is no `swift` on PATH"):
        build_requirements.find_swift()


@pytest.mark.parametrize("version", ["5.10.1", "6.2", "6.2.3"])
def test_an_old_swift_is_named(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_swift(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildProblem, match=rf"swift is Swift {version[:3]}"):
        build_requirements.find_swift()


@pytest.mark.parametrize("version", ["6.3", "6.3.1", "6.10", "7.0"])
def test_a_new_swift_is_taken(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swift = put_swift(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build_requirements.find_swift() == swift


def test_a_swift_that_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_program(tmp_path, "swift", "echo 'error: no toolchain selected' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildProblem, match="names no Swift version"):
        build_requirements.find_swift()


def test_the_clang_beside_swift_comes_first(tmp_path: Path) -> None:
    clang = put_program(tmp_path, "clang", "")
    assert build_requirements.find_compiler(tmp_path / "swift") == clang


def test_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BuildProblem, match="needs a C compiler"):
        build_requirements.find_compiler(tmp_path / "swift")


def test_no_linker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = "clang: error: invalid linker name in argument '-fuse-ld=lld'"
    compiler = put_program(tmp_path, "clang", f'echo "{complaint}" >&2')
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildProblem, match="needs the linker lld"):
        build_requirements.check_linker(compiler)


def test_no_static_libstdcxx(tmp_path: Path) -> None:
    # A compiler repeats the bare name of a file that it doesn't find.
    compiler = put_program(tmp_path, "clang", "echo libstdc++.a")
    with pytest.raises(BuildProblem, match=r"finds no libstdc\+\+\.a"):
        build_requirements.find_static_libstdcxx(compiler)


def test_no_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BuildProblem, match="`strip`"):
        build_requirements.find_strip()


def test_this_machine_has_everything() -> None:
    toolchain = build_requirements.require_toolchain()
    assert os.access(toolchain.swift, os.X_OK)
    assert toolchain.static_libstdcxx.name == "libstdc++.a"


def test_zlib_that_is_there() -> None:
    swift = build_requirements.find_swift()
    build_requirements.check_zlib(build_requirements.find_compiler(swift))


@pytest.mark.parametrize(
    "script",
    [
        'case "$1" in -print*) echo /usr/lib/libz.so;; *) exit 1;; esac',
        'case "$1" in -print*) echo libz.so;; *) exit 0;; esac',
    ],
)
def test_no_zlib(script: str, tmp_path: Path) -> None:
    """Without the header, and without the library."""
    compiler = put_program(tmp_path, "clang", script)
    with pytest.raises(BuildProblem, match=r"finds no zlib\.h and libz\.so: .*zlib1g-dev"):
        build_requirements.check_zlib(compiler)
