"""Runs CPython's own tests with and without Spinetail: do they end the same?

`cpython_tests.py [--only 3.11,3.12] [--tests NAME,…] [--engines NAME,…] WHEEL` runs each test
module by itself: plainly, then under the command with each engine. A test that fails without
Spinetail as well doesn't count, and neither does one that passes when it is tried again. Prints a
table, and fails if an outcome differs. Interpreters that come without the tests are named.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, FrozenSet, List, Sequence, Tuple

from environments import ROOT, clean_environment, environment_with_wheel
from interpreters import Interpreter, find_interpreters

sys.path.insert(0, str(ROOT / "benchmarks"))

from tables import markdown_table

MINORS = ((3, 11), (3, 12), (3, 13))
MODULES = (
    "test_generators",
    "test_threading",
    "test_asyncio",
    "test_gc",
    "test_fork1",
    "test_signal",
)
ENGINES = ("sampler", "setprofile")
# How often a module is run until its outcome is the same as without Spinetail.
ATTEMPTS = 3
# Many times what the slowest module takes.
SECONDS_LIMIT = 1200

# A line of unittest about one test, and one of regrtest about a module that it couldn't finish.
FAILED_TEST = re.compile(r"^(?:FAIL|ERROR): (\S+ \([^)]*\)|\S+)", re.MULTILINE)
ENDING = "the whole module"


@dataclass(frozen=True)
class Outcome:
    """How a module's run ended."""

    status: int
    failed: FrozenSet[str]
    output: str

    @property
    def words(self) -> str:
        """For the table."""
        if self.status == 0:
            return "passed"
        return f"{len(self.failed)} failed" if self.failed else f"status {self.status}"


@dataclass(frozen=True)
class Runner:
    """Runs test modules with one interpreter, in a folder of their own."""

    python: Path
    folder: Path

    def has_tests(self) -> bool:
        """Whether the interpreter comes with CPython's tests."""
        code = "import test.support, test.test_generators"
        command = [str(self.python), "-c", code]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def run(self, module: str, engine: str = "") -> Outcome:
        """Runs a module, under the command if an engine is given."""
        arguments = ["-m", "test", "-v", module]
        command = [str(self.python), *arguments]
        if engine:
            report = str(self.folder / "report.txt")
            spinetail = str(self.python.parent / "spinetail")
            command = [spinetail, "--engine", engine, "-o", report, *arguments]
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command,
                cwd=str(self.folder),
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = process.wait(timeout=SECONDS_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # with the processes of its tests
                status = process.wait()
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        return Outcome(status, failed_tests(text, status), text)


def failed_tests(output: str, status: int) -> FrozenSet[str]:
    """The names of the tests that have failed by the words of a run."""
    failed = frozenset(FAILED_TEST.findall(output))
    return failed or (frozenset([ENDING]) if status else frozenset())


@dataclass
class Comparison:
    """A module's outcomes, with and without."""

    plain: Outcome
    profiled: Dict[str, Outcome]
    differences: Dict[str, FrozenSet[str]]  # what fails under an engine alone


def compare(runner: Runner, module: str, engines: Sequence[str]) -> Comparison:
    """Runs a module plainly and with each engine, again where something differs by chance."""
    plain = runner.run(module)
    comparison = Comparison(plain, {}, {})
    fails_anyway = set(plain.failed)
    for engine in engines:
        outcome = runner.run(module, engine)
        alone = set(outcome.failed)
        for _ in range(ATTEMPTS - 1):
            if not alone - fails_anyway:
                break
            fails_anyway |= runner.run(module).failed
            outcome = runner.run(module, engine)
            alone &= outcome.failed
        comparison.profiled[engine] = outcome
        comparison.differences[engine] = frozenset(alone - fails_anyway)
    return comparison


def rows_of(name: str, module: str, comparison: Comparison) -> List[str]:
    """The table's row of a module."""
    cells = [name, module, comparison.plain.words]
    for engine, outcome in comparison.profiled.items():
        differs = comparison.differences[engine]
        cells.append(f"DIFFERS: {outcome.words}" if differs else outcome.words)
    return cells


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", metavar="3.N,…", type=_minors, default=MINORS)
    parser.add_argument("--tests", metavar="NAME,…", type=_names, default=MODULES)
    parser.add_argument("--engines", metavar="NAME,…", type=_names, default=ENGINES)
    parser.add_argument("wheel", type=Path)
    options = parser.parse_args()
    # Where it is ignored, as in what a shell runs in the background, tests of Ctrl-C hang.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rows: List[List[str]] = []
    notes: List[str] = []
    found = find_interpreters(options.only)
    for interpreter in found:
        python = environment_with_wheel(interpreter, options.wheel.resolve())
        _add(interpreter, python, options, rows, notes)
    for minor in options.only:
        if minor not in {interpreter.minor for interpreter in found}:
            notes.append("CPython {}.{}: not found on this machine.".format(*minor))
    if rows:
        print(markdown_table(["CPython", "tests", "without", *options.engines], rows))
    print("", *notes, sep="\n")
    return 1 if any("DIFFERS" in cell for row in rows for cell in row) else 0


def _add(
    interpreter: Interpreter,
    python: Path,
    options: argparse.Namespace,
    rows: List[List[str]],
    notes: List[str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(python, Path(folder))
        if not runner.has_tests():
            notes.append(f"CPython {interpreter.name}: skipped, it has no test package.")
            return
        for module in options.tests:
            print(f"CPython {interpreter.name}: {module}", file=sys.stderr, flush=True)
            comparison = compare(runner, module, options.engines)
            rows.append(rows_of(interpreter.name, module, comparison))
            for engine, names in comparison.differences.items():
                for name in sorted(names):
                    notes.append(f"CPython {interpreter.name}, {module}, {engine}: {name}")
                if names:
                    notes.append(_last_words(comparison.profiled[engine]))


def _last_words(outcome: Outcome) -> str:
    """What a run that differs said of its failures, or its end."""
    start = outcome.output.find("\n======")
    text = outcome.output[start:] if start >= 0 else outcome.output[-3000:]
    return text[:6000]


def _minors(text: str) -> Tuple[Tuple[int, int], ...]:
    minors = []
    for name in text.split(","):
        major, _, minor = name.strip().partition(".")
        minors.append((int(major), int(minor)))
    return tuple(minors)


def _names(text: str) -> Tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


if __name__ == "__main__":
    sys.exit(main())
