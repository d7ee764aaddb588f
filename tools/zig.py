"""Fetches zig, whose linker makes libraries for an older glibc or another processor, once."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from environments import REQUIREMENTS, ROOT, clean_environment

FOLDER = ROOT / ".zig"


class NoZig(Exception):
    """Why there is no zig here, in one line."""


def zig(folder: Path = FOLDER, pin: Path = REQUIREMENTS / "zig.txt") -> Path:
    """The pinned zig's program; fetches it by pip, which checks its hash, unless it is there.

    Raises NoZig.
    """
    # Named after the pin: another one is fetched beside it, and none is ever half there.
    home = folder / hashlib.sha256(pin.read_bytes()).hexdigest()[:16]
    program = home / "ziglang" / "zig"
    if not os.access(program, os.X_OK):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=str(folder)) as work:
            fresh = Path(work, "fresh")
            _install(pin, fresh)
            fresh.rename(home)
    if not os.access(program, os.X_OK):
        raise NoZig(f"{pin.name} brought none")
    return program


def _install(pin: Path, target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(target)]
    done = subprocess.run(
        [*pip, *options, "-r", str(pin)],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        errors = [line for line in words if line.startswith("ERROR:")]
        raise NoZig(f"pip failed: {(errors or words)[-1]}")
