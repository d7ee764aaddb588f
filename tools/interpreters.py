"""Finds the CPythons of a machine, by running what looks like one."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

# Minor versions that can be profiled, and all that the tests run on.
SUPPORTED = tuple((3, minor) for minor in range(11, 16))
TESTED = tuple((3, minor) for minor in range(7, 16))

# The last version that all the programs and frameworks in requirements know.
SETTLED = (3, 13)

# Printed by the interpreter itself. The base executable leads out of a virtual environment.
PROBE = """
import json, sys, sysconfig
print(json.dumps({
    "implementation": sys.implementation.name,
    "version": sys.version_info[:3],
    "release": sys.version_info[3] == "final",
    "debug": hasattr(sys, "gettotalrefcount"),
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A CPython that runs."""

    version: Tuple[int, int, int]
    executable: Path

    @property
    def minor(self) -> Tuple[int, int]:
        """The version without its patch number."""
        return self.version[:2]

    @property
    def name(self) -> str:
        """The version as people write it."""
        return ".".join(str(part) for part in self.version)


def find_interpreters(
    minors: Sequence[Tuple[int, int]], others: Sequence[Path] = ()
) -> List[Interpreter]:
    """The machine's CPythons of these minor versions, one for each full version, oldest first.

    The other programs are looked at, too.
    """
    found: Dict[Tuple[int, int, int], Interpreter] = {}
    for candidate in itertools.chain(_candidates(minors), others):
        interpreter = probe(candidate)
        if interpreter is not None and interpreter.minor in minors:
            found.setdefault(interpreter.version, interpreter)
    return [found[version] for version in sorted(found)]


def newest(
    found: Sequence[Interpreter], up_to: Tuple[int, int] = SUPPORTED[-1]
) -> Optional[Interpreter]:
    """The newest of them that can be profiled."""
    eligible = [one for one in found if one.minor in SUPPORTED and one.minor <= up_to]
    return max(eligible, key=lambda one: one.version, default=None)


def probe(executable: Path, runner: Sequence[str] = ()) -> Optional[Interpreter]:
    """What a program is, or None unless it runs and is a release of CPython in its default build.

    A runner is a command before the program: an emulator. A version manager's stand-in that exists
    but leads nowhere is such a None.
    """
    try:
        done = subprocess.run(
            [*runner, str(executable), "-I", "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if answer["implementation"] != "cpython" or not answer["release"]:
        return None
    if answer["debug"] or answer["free_threaded"]:
        return None
    major, minor, patch = answer["version"]
    return Interpreter((major, minor, patch), Path(answer["executable"]))


def _candidates(minors: Sequence[Tuple[int, int]]) -> Iterator[Path]:
    """Files that may be interpreters: python3 and python3.N on PATH and in pyenv's folders."""
    names = ["python{}.{}".format(*minor) for minor in minors] + ["python3"]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    folders += sorted(pyenv.glob("versions/*/bin"))
    seen = set()
    for folder in folders:
        for name in names:
            candidate = folder / name
            # A version manager's stand-in goes by the name that it is called by, so links differ.
            identity = (candidate.resolve(), name)
            if os.access(candidate, os.X_OK) and identity not in seen:
                seen.add(identity)
                yield candidate
