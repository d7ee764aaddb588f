"""Tries a wheel in interpreters that this machine has not: of an old glibc, or of aarch64.

`elsewhere.py PLACE WHEEL`, with PLACE one of "old-glibc" (Debian 11's, by its own loader),
"aarch64" (each process emulated) and "aarch64-vm" (a whole machine emulated). tools/exercise.py
runs in each interpreter. What it takes is fetched from Debian, once, into .pythons and .emulators;
where it can't be had, one line says so, and that is a failure.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import List, Sequence

from debian_packages import NotToBeHad
from emulators import process_emulator
from environments import ROOT, clean_environment
from interpreters import SUPPORTED
from unpack_debian_pythons import FOLDER, Origin, debian_pythons
from virtual_machine import run_in_virtual_machine

EXERCISE = ROOT / "tools" / "exercise.py"
OLD_GLIBC = Origin("bullseye")
OLD_GLIBC_MINORS = ((3, 9),)

# The suites that have these versions for aarch64. The first is there for its glibc, 2.31.
AARCH64_MINORS = {"bullseye": ((3, 9),), "bookworm": ((3, 11),), "sid": ((3, 13), (3, 14))}

# Emulators of processes lack process_vm_readv, and a virtual machine has it.
REFUSED, DIRECTLY = "as process_vm_readv is refused here", "directly"


def on_old_glibc(package: Path) -> bool:
    """Whether all is well by events: Debian 11's CPython is older than the sampler goes."""
    pythons = debian_pythons(FOLDER, OLD_GLIBC_MINORS, OLD_GLIBC)
    return all([exercise([str(python)], package) for python in pythons])


def on_aarch64(package: Path) -> bool:
    """Whether all is well where each process is emulated, the way of reading included."""
    emulator = process_emulator()
    return all(
        [
            exercise([str(emulator), str(python)], package, *sampler_options(python, REFUSED))
            for python in aarch64_pythons(emulator)
        ]
    )


def on_virtual_machine(package: Path) -> bool:
    """Whether all is well on a machine that is emulated, from its processor on."""
    pythons = aarch64_pythons(process_emulator())
    script = "".join(
        f"PYTHONPATH={package} {python} {EXERCISE} {' '.join(sampler_options(python, DIRECTLY))}"
        f" || echo FAILED {python}\n"
        for python in pythons
    )
    folders = [package, EXERCISE, *sorted({python.parent.parent.parent for python in pythons})]
    output = run_in_virtual_machine(folders, script)
    print(output, flush=True)
    return "FAILED" not in output and output.count("report: printed") == len(pythons)


def sampler_options(python: Path, words: str) -> List[str]:
    """The exercise's options, where the sampler knows the interpreter's memory."""
    known = any(python.name == "python{}.{}".format(*minor) for minor in SUPPORTED)
    return ["--sampler", words] if known else []


def aarch64_pythons(emulator: Path) -> List[Path]:
    found: List[Path] = []
    for suite, minors in AARCH64_MINORS.items():
        origin = Origin(
            suite, "arm64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1", (str(emulator),)
        )
        found += debian_pythons(FOLDER, minors, origin)
    return found


def exercise(command: Sequence[str], package: Path, *options: str) -> bool:
    """Runs the exercise in an interpreter that imports from the folder; true if all was well."""
    variables = {**clean_environment(), "PYTHONPATH": str(package)}
    done = subprocess.run(
        [*command, str(EXERCISE), *options],
        env=variables,
        stdin=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )
    if done.returncode < 0:
        print(f"  FAILED by signal {-done.returncode}", flush=True)
    return done.returncode == 0


PLACES = {
    "old-glibc": on_old_glibc,
    "aarch64": on_aarch64,
    "aarch64-vm": on_virtual_machine,
}


def main() -> int:
    place, wheel = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        try:
            return 0 if PLACES[place](Path(folder)) else 1
        except NotToBeHad as reason:
            print(f"Not tried: {place}, as {reason}.", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
