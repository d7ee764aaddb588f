"""Builds the native library: SwiftPM under a lock, then stripped and checked."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List

from build_requirements import BuildProblem, Toolchain
from check_library import problems

FILE_NAME = "_native.abi3.so"
BUILD_COMMAND = ["build", "-c", "release", "--static-swift-stdlib", "--product", "_native"]


def build(root: Path, toolchain: Toolchain) -> Path:
    """Builds the library of the project at ``root`` and gives its path, always the same one.

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
        swift = [str(toolchain.swift), *BUILD_COMMAND, "--package-path", str(root)]
        _run(swift, "Swift couldn't build the library: its messages stand above.")
        strip = [str(toolchain.strip), "-o", str(unchecked), str(built)]
        _run(strip, f"{toolchain.strip} couldn't strip {built}: its messages stand above.")
        found = problems(unchecked)
        if found:
            raise BuildProblem(
                "The built library isn't fit to be shipped: " + "; ".join(found) + "."
            )
        os.replace(unchecked, library)
    return library


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
