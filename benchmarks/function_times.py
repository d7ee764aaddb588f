"""Runs a program under the command and writes down each function's time.

`function_times.py OUTPUT ENGINE ARGUMENTS…` runs what `spinetail ARGUMENTS…` would run and writes
JSON: for each function the seconds that it was the innermost one of the main thread, and those that
it was on its stack at all. Time in which the program only waited for the system is left out, and so
are imports, in which the disk has a part. Functions of C count for their callers, as not every
engine shows them.
"""

import json
import sys
from typing import Any, Dict, Iterator, List, Set, Tuple

# Functions that wait: the name, and the end of the file.
WAITING = (
    ("select", "selectors.py"),
    ("wait", "threading.py"),
    ("communicate", "subprocess.py"),
)


def function_times(session: Any) -> Dict[str, Tuple[float, float]]:
    """For each function, "name file:first line", its seconds by itself and in all."""
    from spinetail._library import native

    frames, stacks, threads = native.session_samples(session._handle)
    functions: List[str] = []
    for name, _, file, first_line, *_ in frames:
        is_python = file and file != "<built-in>"
        functions.append(f"{name} {short(file)}:{first_line}" if is_python else "")
    times: Dict[str, Tuple[float, float]] = {}
    for stack, nanoseconds, *_ in threads[0][2] if threads else ():
        path = list(functions_of(stack, stacks, functions))
        if not path or is_waiting(path[0]) or any(is_import(function) for function in path):
            continue
        seen: Set[str] = set()
        for position, function in enumerate(path):
            alone, total = times.get(function, (0.0, 0.0))
            seconds = nanoseconds / 1e9
            alone += seconds if position == 0 else 0.0
            total += seconds if function not in seen else 0.0
            seen.add(function)
            times[function] = (alone, total)
    return times


def functions_of(stack: int, stacks: Any, functions: List[str]) -> Iterator[str]:
    """The Python functions on a stack, innermost first."""
    while stack:
        stack, frame = stacks[stack]
        if functions[frame]:
            yield functions[frame]


def is_waiting(function: str) -> bool:
    name, _, place = function.partition(" ")
    file = place.rpartition(":")[0]
    return any(name == known and file.endswith(ending) for known, ending in WAITING)


def is_import(function: str) -> bool:
    return function.startswith("_find_and_load <frozen importlib._bootstrap>")


def short(file: str) -> str:
    """The last two parts of a path."""
    return "/".join(file.rsplit("/", 2)[-2:])


def main() -> int:
    output, engine, *arguments = sys.argv[1:]
    from spinetail.command_line.options import parse_options
    from spinetail.command_line.profiled_run import ProfiledRun

    def write(self: ProfiledRun, session: Any) -> bool:
        with open(output, "w") as file:
            json.dump(function_times(session), file)
        return True

    ProfiledRun.write = write  # type: ignore[method-assign]
    options = parse_options(["--engine", engine, *arguments])
    return ProfiledRun(options, frozenset(sys.modules)).run()


if __name__ == "__main__":
    sys.exit(main())
