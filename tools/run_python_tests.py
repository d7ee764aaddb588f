"""Tests one wheel on the machine's CPythons: `run_python_tests.py WHEEL [pytest's arguments]`.

The test suite runs on every supported one, on the newest with the real programs of
requirements/real-programs.txt; older ones only import the package. The last lines say which
interpreters took part. It fails when anything fails, and when no supported one is found.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import List

from environments import ROOT, clean_environment, environment_with_wheel
from interpreters import IMPORT_ONLY, SUPPORTED, Interpreter, find_interpreters


def run_suite(
    interpreter: Interpreter, wheel: Path, requirements: str, arguments: List[str]
) -> bool:
    """Runs python/tests against the installed wheel. True if all passed."""
    python = environment_with_wheel(interpreter, wheel, requirements)
    return _passes([str(python), "-m", "pytest", *(arguments or ["python/tests"])])


def run_import(interpreter: Interpreter, wheel: Path) -> bool:
    """Imports the installed wheel's package. True if that worked."""
    python = environment_with_wheel(interpreter, wheel)
    return _passes([str(python), str(ROOT / "tools" / "check_import.py")])


def main() -> int:
    wheel = Path(sys.argv[1]).resolve()
    arguments = sys.argv[2:]
    found = find_interpreters(SUPPORTED + IMPORT_ONLY)
    newest = max((i for i in found if i.minor in SUPPORTED), key=lambda i: i.version, default=None)
    tested: List[Interpreter] = []
    imported: List[Interpreter] = []
    failed: List[Interpreter] = []
    for interpreter in found:
        is_supported = interpreter.minor in SUPPORTED
        print(
            f"\n== Python {interpreter.name}{'' if is_supported else ' (import only)'}", flush=True
        )
        try:
            if is_supported:
                is_newest = interpreter == newest
                requirements = "real-programs" if is_newest else "test"
                passed = run_suite(interpreter, wheel, requirements, arguments)
            else:
                passed = run_import(interpreter, wheel)
        except subprocess.CalledProcessError as error:
            print(f"no environment: {error}", file=sys.stderr)
            passed = False
        (tested if is_supported else imported).append(interpreter)
        if not passed:
            failed.append(interpreter)

    minors = {interpreter.minor for interpreter in found}
    missing = [minor for minor in sorted(SUPPORTED + IMPORT_ONLY) if minor not in minors]
    print()
    print(f"Tested: {_names(tested)}. Imported: {_names(imported)}.")
    if missing:
        print("Not found: " + ", ".join("{}.{}".format(*minor) for minor in missing) + ".")
    if not tested:
        print("No CPython 3.11, 3.12 or 3.13 was found: install one to test Spinetail.")
        return 1
    print(f"Failed: {_names(failed)}." if failed else "All passed.")
    return 1 if failed else 0


def _passes(command: List[str]) -> bool:
    return subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False).returncode == 0


def _names(interpreters: List[Interpreter]) -> str:
    return ", ".join(interpreter.name for interpreter in interpreters) or "none"


if __name__ == "__main__":
    sys.exit(main())
