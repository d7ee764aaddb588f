"""Virtual environments with the wheel, one for each interpreter, kept between runs in .venvs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, Dict, List, Optional, Sequence

from interpreters import Interpreter, probe

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


def environment_with_wheel(
    interpreter: Interpreter,
    wheel: Path,
    requirements: Optional[str] = None,
    output: Optional[IO[bytes]] = None,
) -> Path:
    """The Python of an environment with the wheel and what requirements/<requirements>.txt lists.

    What is there already is used again. What pip and venv say goes to the output, if there is one.
    Raises subprocess.CalledProcessError where they fail.
    """
    suffix = f"-{requirements}" if requirements else ""
    folder = ROOT / ".venvs" / (interpreter.name + suffix)
    python = folder / "bin" / "python"
    known = probe(python)
    if known is None or known.version != interpreter.version:
        _create(interpreter, folder, output)
    if requirements is not None:
        files = [REQUIREMENTS / f"{requirements}.txt", REQUIREMENTS / "constraints.txt"]
        arguments = ["-r", str(files[0]), "-c", str(files[1])]
        _install(python, arguments, folder / "requirements", files, output)
    # Nothing to fetch: the wheel has no dependencies.
    local = ["--no-index", "--no-deps", "--force-reinstall", str(wheel)]
    _install(python, local, folder / "wheel", [wheel], output)
    return python


def clean_environment() -> Dict[str, str]:
    """The process's variables, without those that put other modules before an environment's."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _create(interpreter: Interpreter, folder: Path, output: Optional[IO[bytes]]) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    venv = [str(interpreter.executable), "-m", "venv", str(folder)]
    if (
        subprocess.run(venv, capture_output=True, env=clean_environment(), check=False).returncode
        == 0
    ):
        return
    # Debian's interpreters come without ensurepip unless asked for.
    shutil.rmtree(folder, ignore_errors=True)
    virtualenv = [sys.executable, "-m", "virtualenv", "-q", "-p", str(interpreter.executable)]
    _run([*virtualenv, str(folder)], output)


def _install(
    python: Path,
    arguments: List[str],
    stamp: Path,
    inputs: Sequence[Path],
    output: Optional[IO[bytes]],
) -> None:
    """Runs pip install, unless the stamp says that it was run with the same inputs."""
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _run([*pip, *arguments], output)
    stamp.write_text(digest.hexdigest())


def _run(command: List[str], output: Optional[IO[bytes]]) -> None:
    errors = subprocess.STDOUT if output else None
    subprocess.run(command, env=clean_environment(), stdout=output, stderr=errors, check=True)
