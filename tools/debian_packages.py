"""Fetches packages of Debian's archive, of any suite and architecture, without root.

apt-get resolves, checks against Debian's signature and downloads, with a state of its own in a
folder, and nothing is installed. The archive is one that apt is configured for, so a mirror or a
proxy stays in use.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Dict, List, Sequence

# What Debian's own keys lie in; apt's list of trusted keys holds them only in older releases.
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class NotToBeHad(Exception):
    """Why there is no such thing here, in one line."""


def download(
    names: Sequence[str], state: Path, suite: str, architecture: str = "amd64", alone: bool = False
) -> List[Path]:
    """Downloads the packages and all that they depend on, with apt's state in a new folder.

    Only the packages themselves if they are wanted alone. Raises NotToBeHad.
    """
    for subfolder in ("lists/partial", "archives/partial", "none"):
        (state / subfolder).mkdir(parents=True)
    # Nothing counts as installed, so that nothing comes from the system.
    (state / "status").touch()
    apt = ["apt-get", "-qq"]
    for name, value in apt_settings(state, architecture).items():
        apt += ["-o", f"{name}={value}"]
    _use_archive(apt, state / "sources.list", suite, architecture)
    if alone:
        # `download` puts what it fetches into the working folder.
        run([*apt, "download", *names], folder=state / "archives")
    else:
        run([*apt, "-y", "--no-install-recommends", "--download-only", "install", *names])
    return sorted((state / "archives").glob("*.deb"))


def unpack(package: Path, folder: Path) -> None:
    """Unpacks a package's files into a folder, as if that were the root. Raises NotToBeHad."""
    folder.mkdir(parents=True, exist_ok=True)
    run(["dpkg-deb", "-x", str(package), str(folder)])


def apt_settings(state: Path, architecture: str) -> Dict[str, object]:
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
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
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
    for line in run(["apt-get", "--print-uris", "update"]).splitlines():
        match = re.match(r"'([^']+)/dists/[^']+/InRelease'", line)
        if match and match.group(1) not in found:
            found.append(match.group(1))
    return found


def _use_archive(apt: List[str], sources: Path, suite: str, architecture: str) -> None:
    """Fetches the lists of the first archive that has the suite, signed by Debian."""
    reason = NotToBeHad("apt is configured for no archive")
    signed_by = f" signed-by={KEYRING}" if KEYRING.exists() else ""
    for archive in archives():
        sources.write_text(f"deb [arch={architecture}{signed_by}] {archive} {suite} main\n")
        try:
            run([*apt, "update"])
            return
        except NotToBeHad as error:
            reason = error
    raise reason


def run(command: List[str], folder: Path | None = None) -> str:
    """What a command prints. Raises NotToBeHad, with its last words, where it fails."""
    variables = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
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
