"""Links the library for an older glibc than this machine's, or for another processor, by zig.

zig knows which symbols each glibc has, so what is too new stays undefined without a version, and
the check of the library refuses that. No system library takes part: what the library needs of zlib
is known, and a stand-in with the name of the real one is enough to link with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List

from build_requirements import BuildProblem
from check_library import ZLIB, ZLIB_SYMBOLS
from targets import Target

# Package.swift's targets that the library is made of, with the folder of each one's sources.
MODULES = {
    "CPythonABI": "CPythonABI",
    "Profile": "Profile",
    "Sampling": "Sampling",
    "Reporting": "Reporting",
    "_native": "PythonModule",
}

# The driver would name these to the linker; not all of them are needed, and only what is gets in.
SWIFT_LIBRARIES = (
    "swiftCore",
    "swiftGlibc",
    "swift_Concurrency",
    "swift_StringProcessing",
    "swift_RegexParser",
    "swift_Builtin_float",
    "swiftSynchronization",
    "dispatch",
    "BlocksRuntime",
)


def link(
    root: Path, zig: Path, target: Target, built: Path, runtime: Path, libstdcxx: Path, output: Path
) -> None:
    """Links what SwiftPM compiled into the folder ``built`` to a stripped library at ``output``.

    ``runtime`` is the folder of Swift's static libraries for the target, ``libstdcxx`` the
    target's libstdc++.a. Raises BuildProblem.
    """
    work = output.parent
    start = runtime / target.machine / "swiftrt.o"
    compatibility = root / "tools" / "glibc_compatibility.c"
    exports = root / "Sources" / "PythonModule" / "exports.map"
    compile_and_link = [str(zig), "cc", "-O2", "-target", target.zig_triple, "-shared", "-s"]
    _make_zlib(compile_and_link, work, root)
    command = [*compile_and_link, "-o", str(output), str(start)]
    command += [str(file) for file in objects(root, built)]
    command += [str(compatibility), f"-L{runtime}", f"-L{work}", "-Wl,--start-group"]
    command += [f"-l{name}" for name in SWIFT_LIBRARIES]
    # zig's own unwinder: the system's is a library that not every machine has.
    command += ["-Wl,--end-group", str(libstdcxx), "-lunwind", "-lz", "-lm", "-lpthread", "-ldl"]
    command += [f"-Wl,--version-script={exports}", "-Wl,--gc-sections", "-Wl,-z,nodelete"]
    command += ["-Wl,-soname,_native.abi3.so"]
    _run(command, root, "zig couldn't link the library: its messages stand above.")


def objects(root: Path, built: Path) -> List[Path]:
    """The object files of the sources there are now; SwiftPM leaves those of removed ones.

    Raises BuildProblem if one is missing.
    """
    found = [
        built / f"{module}.build" / source.with_name(source.name + ".o")
        for module, folder in MODULES.items()
        for source in _sources(root / "Sources" / folder)
    ]
    missing = [file.name for file in found if not file.is_file()]
    if missing:
        raise BuildProblem(f"Swift compiled all but {', '.join(missing)}: clean .build and retry.")
    return found


def _sources(folder: Path) -> Iterator[Path]:
    """The compiled files in a folder, as SwiftPM names their objects: by the path in it, for C."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".swift":
            yield Path(path.name)
        elif path.suffix == ".c":
            yield path.relative_to(folder)


def _make_zlib(command: List[str], folder: Path, root: Path) -> None:
    """Makes a library with zlib's name and the symbols that we may use, and nothing in it."""
    source, library = folder / "zlib_symbols.c", folder / "libz.so"
    source.write_text("".join(f"void {name}(void) {{}}\n" for name in sorted(ZLIB_SYMBOLS)))
    # Its symbols would be the compiler's builtins or not; none of them is ever called.
    options = ["-nostdlib", "-w", f"-Wl,-soname,{ZLIB}", "-o", str(library), str(source)]
    _run([*command, *options], root, "zig couldn't link a stand-in for zlib: see above.")


def _run(command: List[str], root: Path, failure: str) -> None:
    """Runs zig, its output on our standard error. Raises BuildProblem if it fails."""
    caches: Dict[str, str] = {
        "ZIG_GLOBAL_CACHE_DIR": str(root / ".build" / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(root / ".build" / "zig"),
    }
    sys.stdout.flush()
    done = subprocess.run(
        command,
        env={**os.environ, **caches},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode != 0:
        raise BuildProblem(failure)
