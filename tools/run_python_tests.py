"""Runs the test suite against one wheel, on each CPython that can be had.

`run_python_tests.py [--only 3.7,3.12] [--jobs N] WHEEL [pytest's arguments]` takes the machine's
interpreters, and from Debian those that the machine lacks. One suite more than there are processors
runs at a time, as tests also wait, and what each has printed comes as a whole. The last lines say
how each interpreter went. It fails when anything fails, and when no interpreter is found that can
be profiled.

Tests with the mark `any_version` run on three of them: the oldest, the newest, and the one that
also gets the real programs of requirements/real-programs.txt. Where versions or tests are asked
for, they run on each. The newest one also gets half a minute of tools/stress.py.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List, Sequence, Tuple

from debian_packages import NotToBeHad
from interpreters import SETTLED, SUPPORTED, TESTED, Interpreter, find_interpreters, newest
from suite_run import SuiteRun, run_suite
from unpack_debian_pythons import MINORS, debian_pythons

Minor = Tuple[int, int]

STRESS = {"SPINETAIL_STRESS_SECONDS": "30"}
WHAT_DEPENDS_ON_THE_VERSION = ["-m", "not any_version"]


def gather(minors: Sequence[Minor]) -> Tuple[List[Interpreter], List[str]]:
    """The interpreters of these minor versions, and in a line each why others are missing."""
    found = find_interpreters(minors)
    reasons = []
    lacking = _without(minors, found)
    if set(MINORS) & set(lacking):
        try:
            found = find_interpreters(minors, debian_pythons())
        except NotToBeHad as reason:
            names = _names(sorted(set(MINORS) & set(lacking)))
            reasons.append(f"Not tested: {names}, to be had from Debian sid, but {reason}.")
            lacking = [minor for minor in lacking if minor not in MINORS]
        lacking = _without(lacking, found)
    if lacking:
        reasons.append(f"Not tested: {_names(lacking)}, not found on this machine.")
    return found, reasons


def run_suites(
    found: Sequence[Interpreter], wheel: Path, arguments: List[str], jobs: int, all_tests: bool
) -> List[SuiteRun]:
    """Runs the suite on all of them, so many at a time, and prints what each has to say.

    Unless all tests are wanted, those that hold for any version run on three.
    """
    runs: List[SuiteRun] = []
    at_once = max(1, min(jobs, len(found)))
    stressed = newest(found)
    host = newest(found, SETTLED)
    whole = [*found[:1], host, *found[-1:]]
    with ThreadPoolExecutor(at_once) as pool:

        def run(interpreter: Interpreter) -> SuiteRun:
            if at_once == 1:
                print(f"\n== Python {interpreter.name}", flush=True)
            requirements = "real-programs" if interpreter is host else "test"
            variables = STRESS if interpreter is stressed else {}
            own = [] if all_tests or interpreter in whole else WHAT_DEPENDS_ON_THE_VERSION
            return run_suite(
                interpreter, wheel, [*own, *arguments], at_once == 1, requirements, variables
            )

        # What takes the longest begins, so that the others fill the time.
        order = sorted(reversed(found), key=lambda interpreter: interpreter not in whole)
        for done in pool.map(run, order):
            if done.output:
                print(f"\n== Python {done.interpreter.name}\n{done.output}", end="", flush=True)
            runs.append(done)
    return sorted(runs, key=lambda done: done.interpreter.version)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", metavar="3.N,…", type=_minors, help="these versions alone")
    parser.add_argument("--jobs", metavar="N", type=int, default=(os.cpu_count() or 1) + 1)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="pytest's")
    options = parser.parse_args()
    found, reasons = gather(options.only or TESTED)
    print(f"Tests run on {', '.join(interpreter.name for interpreter in found) or 'nothing'}.")
    all_tests = bool(options.only or options.arguments)
    runs = run_suites(found, options.wheel.resolve(), options.arguments, options.jobs, all_tests)
    print("", *(run.summary for run in runs), *reasons, sep="\n")
    if not options.only and not any(run.interpreter.minor in SUPPORTED for run in runs):
        print("No CPython from 3.11 to 3.15 was found: install one to test Spinetail.")
        return 1
    passed = bool(runs) and all(run.passed for run in runs)
    print("All passed." if passed else "Not all passed.")
    return 0 if passed else 1


def _minors(text: str) -> List[Minor]:
    """Versions as people write them: "3.7,3.12"."""
    minors = []
    for name in text.split(","):
        major, _, minor = name.strip().partition(".")
        minors.append((int(major), int(minor)))
    return minors


def _without(minors: Sequence[Minor], found: Sequence[Interpreter]) -> List[Minor]:
    known = {interpreter.minor for interpreter in found}
    return [minor for minor in minors if minor not in known]


def _names(minors: Sequence[Minor]) -> str:
    return ", ".join("{}.{}".format(*minor) for minor in minors)


if __name__ == "__main__":
    sys.exit(main())
