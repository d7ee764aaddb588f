"""What a build needs from the machine: found, or refused in one line that says what to do.

Runs on Python 3.7 too, so that an interpreter that is too old is told so instead of failing
somewhere.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import List, Tuple

OLDEST_PYTHON = (3, 10)
OLDEST_SWIFT = (6, 3)


class BuildProblem(Exception):
    """A build can't go on. The message is one line: what is wrong and what to do."""


@dataclass(frozen=True)
class Toolchain:
    """The programs and files of a machine that can build the library."""

    swift: Path
    static_libstdcxx: Path
    strip: Path

    @property
    def static_runtime(self) -> Path:
        """The folder of Swift's own static libraries."""
        return self.swift.resolve().parent.parent / "lib" / "swift_static" / "linux"

    @property
    def clang_resources(self) -> Path:
        """The folder of the headers that clang brings. Raises BuildProblem where there is none."""
        folders = sorted((self.swift.resolve().parent.parent / "lib" / "clang").glob("*/include"))
        if not folders:
            raise BuildProblem(
                f"There are no headers of clang beside {self.swift}: install all of Swift."
            )
        return folders[-1].parent


def require_toolchain() -> Toolchain:
    """Everything that a build needs here. Raises BuildProblem at the first thing missing."""
    check_platform(platform.system(), platform.machine())
    check_interpreter(sys.version_info[:2])
    swift = find_swift()
    compiler = find_compiler(swift)
    check_linker(compiler)
    check_zlib(compiler)
    return Toolchain(swift, find_static_libstdcxx(compiler), find_strip())


def check_platform(system: str, machine: str) -> None:
    """Raises BuildProblem unless this is Linux on x86-64, in the words of the module platform."""
    if (system, machine) != ("Linux", "x86_64"):
        raise BuildProblem(
            f"Spinetail runs on Linux x86-64 only, and this is {system} {machine}: "
            "build it on a Linux x86-64 machine or in such a container."
        )


def check_interpreter(version: Tuple[int, ...]) -> None:
    """Raises BuildProblem where the building interpreter is too old. The wheel fits older ones."""
    if version < OLDEST_PYTHON:
        raise BuildProblem(
            f"Building Spinetail needs Python {_dotted(OLDEST_PYTHON)} or newer, and this is "
            f"{_dotted(version)}: build a wheel with a newer one, then install that wheel here."
        )


def find_swift() -> Path:
    """The `swift` on PATH. Raises BuildProblem where it is missing, too old, or doesn't run."""
    found = shutil.which("swift")
    wanted = f"Swift {_dotted(OLDEST_SWIFT)} or newer"
    if found is None:
        raise BuildProblem(
            f"Building Spinetail needs {wanted}, and there is no `swift` on PATH: "
            "install it from https://www.swift.org/install and add its bin folder to PATH."
        )
    output = _output_of([found, "--version"])
    match = re.search(r"Swift version (\d+)\.(\d+)", output)
    if match is None:
        raise BuildProblem(
            f"Building Spinetail needs {wanted}, and `{found} --version` names no Swift version: "
            "repair that installation, or put another one first on PATH."
        )
    version = (int(match.group(1)), int(match.group(2)))
    if version < OLDEST_SWIFT:
        raise BuildProblem(
            f"Building Spinetail needs {wanted}, and {found} is Swift {_dotted(version)}: "
            "install a newer one from https://www.swift.org/install and put it first on PATH."
        )
    return Path(found)


def find_compiler(swift: Path) -> Path:
    """A C compiler, best the clang that came with Swift, because that one links the library."""
    for folder in (swift.parent, swift.resolve().parent):
        if os.access(folder / "clang", os.X_OK):
            return folder / "clang"
    for name in ("clang", "gcc", "cc"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise BuildProblem(
        "Building Spinetail needs a C compiler, and there is no clang, gcc or cc on PATH: "
        "install one (Debian, Ubuntu: apt-get install g++)."
    )


def check_linker(compiler: Path) -> None:
    """Raises BuildProblem where lld, which Package.swift names, isn't there. Swift brings it."""
    # The last line of the plan is the linker's command; without the linker it is an error.
    arguments = [str(compiler), "-###", "-fuse-ld=lld", "-shared", os.devnull]
    plan = _output_of(arguments).strip().splitlines()
    command = shlex.split(plan[-1]) if plan and "error:" not in plan[-1] else []
    if not command or shutil.which(command[0]) is None:
        raise BuildProblem(
            f"Building Spinetail needs the linker lld, and {compiler} finds none: "
            "install all of Swift's toolchain, or lld (Debian, Ubuntu: apt-get install lld)."
        )


def check_zlib(compiler: Path) -> None:
    """Raises BuildProblem where zlib's header or its library isn't there to build with."""
    header = [str(compiler), "-fsyntax-only", "-include", "zlib.h", "-x", "c", os.devnull]
    library = _output_of([str(compiler), "-print-file-name=libz.so"]).strip()
    try:
        found = subprocess.run(header, capture_output=True, check=False).returncode == 0
    except OSError:
        found = False
    if not (found and os.path.isabs(library)):
        raise BuildProblem(
            f"Building Spinetail needs zlib, and {compiler} finds no zlib.h and libz.so: "
            "install it (Debian, Ubuntu: apt-get install zlib1g-dev; Fedora: zlib-devel)."
        )


def find_static_libstdcxx(compiler: Path) -> Path:
    """The compiler's libstdc++.a: linked in, it frees wheels from the age of a machine's own."""
    answer = Path(_output_of([str(compiler), "-print-file-name=libstdc++.a"]).strip())
    if not (answer.is_absolute() and answer.is_file()):
        raise BuildProblem(
            f"Building Spinetail needs the static libstdc++, and {compiler} finds no libstdc++.a: "
            "install it (Debian, Ubuntu: apt-get install g++; Fedora: libstdc++-static)."
        )
    return answer.resolve()


def find_strip() -> Path:
    """A program that takes debug information out of a library; binutils' and LLVM's work alike."""
    for name in ("strip", "llvm-strip"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise BuildProblem(
        "Building Spinetail needs the program `strip`, and it isn't on PATH: "
        "install it (Debian, Ubuntu: apt-get install binutils)."
    )


def _output_of(command: List[str]) -> str:
    """What a command prints; empty where it can't be run."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError:
        return ""
    return done.stdout.decode(errors="replace")


def _dotted(version: Tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
