"""Runs a command with the wheel installed, on the newest supported CPython of this machine.

`run_with_wheel.py [--requirements NAME] [--settled] WHEEL COMMAND…` runs `python …` or
`spinetail …` of an environment that also holds what requirements/NAME.txt lists, and ends with its
exit code. With `--settled`, it is the newest CPython that all of these requirements know.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from environments import clean_environment, environment_with_wheel
from interpreters import SETTLED, SUPPORTED, find_interpreters, newest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requirements", metavar="NAME")
    parser.add_argument("--settled", action="store_true")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    last = SETTLED if options.settled else SUPPORTED[-1]
    interpreter = newest(find_interpreters(SUPPORTED), last)
    if interpreter is None:
        versions = "3.11 to {}.{}".format(*last)
        sys.exit(f"No CPython from {versions} was found: install one to run Spinetail.")
    python = environment_with_wheel(interpreter, options.wheel.resolve(), options.requirements)
    # As in an activated environment: programs of its folder come first.
    variables = clean_environment()
    variables["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    os.execvpe(options.command[0], options.command, variables)


if __name__ == "__main__":
    main()
