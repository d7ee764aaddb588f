"""Builds the native library: SwiftPM under a lock, then stripped and checked."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List

import portable_library
from aarch64_sdk import SDK
from build_requirements import BuildProblem, Toolchain
from check_library import problems
from targets import AARCH64, OLDEST_GLIBC, X86_64, Target

FILE_NAME = "_native.abi3.so"
BUILD_COMMAND = ["build", "-c", "release", "--static-swift-stdlib"]


def build(root: Path, toolchain: Toolchain) -> Path:
    """Builds the library of the project at ``root`` and gives its path, always the same one.

    It is for machines like this one: linked with its glibc, so that older ones may not load it.

    Several processes may build the same project at once: they wait for each other, and the file
    at the path is replaced in one step, so that a reader sees the whole of one or the other build.
    Raises BuildProblem.
    """
    folder = root / ".build" / "native"
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / FILE_NAME
    unchecked = folder / "unchecked.so"
    with _locked(folder / "lock"):
        _link_static_libstdcxx(root, toolchain)
        built = root / ".build" / "release" / "lib_native.so"
        # Linked anew: a plain `swift build` may have linked it without the static libraries.
        built.unlink(missing_ok=True)
        _compile(root, toolchain, ["--product", "_native"])
        strip = [str(toolchain.strip), "-o", str(unchecked), str(built)]
        _run(strip, f"{toolchain.strip} couldn't strip {built}: its messages stand above.")
        _check(unchecked, X86_64, None)
        os.replace(unchecked, library)
    return library


def build_portable(root: Path, toolchain: Toolchain, zig: Path, sdk: SDK | None = None) -> Path:
    """Builds the library for every glibc since OLDEST_GLIBC, as ``build`` does.

    With an SDK it is for that one's processor. Raises BuildProblem.
    """
    target = AARCH64 if sdk else X86_64
    folder = root / ".build" / "native" / target.machine
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / FILE_NAME
    unchecked = folder / "unchecked.so"
    with _locked(folder.parent / "lock"):
        if sdk is None:
            scratch = root / ".build"
            runtime, libstdcxx = toolchain.static_runtime, toolchain.static_libstdcxx
            options = []
        else:
            scratch = root / ".build" / target.machine
            runtime, libstdcxx = sdk.runtime, sdk.libstdcxx
            # SwiftPM compiles C for executables where it cross-compiles.
            options = ["--scratch-path", str(scratch), "-Xcc", "-fPIC", *sdk.swift_options]
        _compile(root, toolchain, ["--target", "_native", *options])
        built = scratch / target.swift_triple / "release"
        portable_library.link(root, zig, target, built, runtime, libstdcxx, unchecked)
        _check(unchecked, target, OLDEST_GLIBC)
        os.replace(unchecked, library)
    return library


def _compile(root: Path, toolchain: Toolchain, arguments: List[str]) -> None:
    swift = [str(toolchain.swift), *BUILD_COMMAND, "--package-path", str(root), *arguments]
    _run(swift, "Swift couldn't build the library: its messages stand above.")


def _check(library: Path, target: Target, glibc: str | None) -> None:
    found = problems(library, target, glibc)
    if found:
        raise BuildProblem("The built library isn't fit to be shipped: " + "; ".join(found) + ".")


def _link_static_libstdcxx(root: Path, toolchain: Toolchain) -> None:
    """Makes the folder that Package.swift names to the linker, holding nothing but libstdc++.a.

    The driver asks for -lstdc++ by itself; where a folder has only the static one, it gets that.
    """
    folder = root / ".build" / "static-libraries"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "libstdc++.a"
    if link.is_symlink() and os.readlink(link) == str(toolchain.static_libstdcxx):
        return
    with contextlib.suppress(FileNotFoundError):
        link.unlink()
    link.symlink_to(toolchain.static_libstdcxx)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds the lock file once no other process does; the kernel frees it if we die."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: List[str], failure: str) -> None:
    """Runs a command, its output on our standard error. Raises BuildProblem if it fails."""
    sys.stdout.flush()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise BuildProblem(failure)
