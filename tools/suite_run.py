"""One run of the test suite, on one interpreter."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, List, Mapping, Optional

from environments import ROOT, clean_environment, environment_with_wheel
from interpreters import Interpreter

# Many times what the suite takes: only for what hangs.
SECONDS_LIMIT = 900


@dataclass(frozen=True)
class SuiteRun:
    """How the suite went. The output is empty if it went straight to the terminal."""

    interpreter: Interpreter
    passed: bool
    seconds: float
    output: str

    @property
    def summary(self) -> str:
        """A line that names the interpreter, the result and the time."""
        words = f"{'passed' if self.passed else 'FAILED'} in {self.seconds:.0f} s"
        counts = re.findall(r"^(?:=+ )?(\d+ \w+.*) in [\d.]+s\b", self.output, re.MULTILINE)
        return f"Python {self.interpreter.name}: {words}" + (f" ({counts[-1]})" if counts else "")


def run_suite(
    interpreter: Interpreter,
    wheel: Path,
    arguments: List[str],
    to_terminal: bool,
    requirements: str = "test",
    variables: Optional[Mapping[str, str]] = None,
) -> SuiteRun:
    """Runs python/tests, or what the arguments name, against the installed wheel.

    The environment has what requirements/<requirements>.txt lists; the process also gets the
    variables.
    """
    start = time.monotonic()
    # A file and no pipe: a process that a test has left behind may keep it open.
    with tempfile.TemporaryFile() as collected:
        output = None if to_terminal else collected
        passed = _run(interpreter, wheel, requirements, arguments, variables or {}, output)
        collected.seek(0)
        text = collected.read().decode("utf-8", "replace")
    return SuiteRun(interpreter, passed, time.monotonic() - start, text)


def _run(
    interpreter: Interpreter,
    wheel: Path,
    requirements: str,
    arguments: List[str],
    variables: Mapping[str, str],
    output: Optional[IO[bytes]],
) -> bool:
    try:
        python = environment_with_wheel(interpreter, wheel, requirements, output)
        # What failed last time is remembered for each interpreter.
        cache = python.parent.parent / "pytest_cache"
        pytest = [str(python), "-m", "pytest", "-o", f"cache_dir={cache}"]
        done = subprocess.run(
            [*pytest, *(arguments or ["python/tests"])],
            cwd=str(ROOT),
            env={**clean_environment(), **variables},
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            check=False,
            timeout=SECONDS_LIMIT,
        )
    except subprocess.CalledProcessError as error:
        _say(f"no environment: {error}", output)
        return False
    except subprocess.TimeoutExpired:
        _say(f"stopped: it took more than {SECONDS_LIMIT} s", output)
        return False
    return done.returncode == 0


def _say(words: str, output: Optional[IO[bytes]]) -> None:
    if output is None:
        print(words, flush=True)
    else:
        output.seek(0, 2)
        output.write(f"{words}\n".encode())
