"""Runs a command with the wheel installed, on the newest supported CPython of this machine.

`run_with_wheel.py [--requirements NAME] WHEEL COMMAND…` runs `python …` or `spinetail …` of an
environment that also holds what requirements/NAME.txt lists, and ends with its exit code.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from environments import clean_environment, environment_with_wheel
from interpreters import SUPPORTED, find_interpreters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requirements", metavar="NAME")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    interpreters = find_interpreters(SUPPORTED)
    if not interpreters:
        sys.exit("No CPython from 3.11 to 3.15 was found: install one to run Spinetail.")
    newest = interpreters[-1]
    python = environment_with_wheel(newest, options.wheel.resolve(), options.requirements)
    # As in an activated environment: programs of its folder come first.
    variables = clean_environment()
    variables["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    os.execvpe(options.command[0], options.command, variables)


if __name__ == "__main__":
    main()
