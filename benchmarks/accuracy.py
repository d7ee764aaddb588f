"""How true the profiles are, on programs of which everything is known.

Every stack is checked against the program's call graph (`call_graph.py`), and the time of its
functions is compared with what they take without any profiler (`calibration.py`).
"""

import argparse
import contextlib
import importlib.util
import math
import subprocess
import sys
from typing import Callable, Iterator, List, Optional, Sequence, Tuple

import known_programs
from calibration import Calibration, Truth
from call_graph import CallGraph
from in_process import look_with_pyinstrument, look_with_spinetail
from known_programs import PROGRAMS
from looks import Looks, judge
from machine import describe_load, describe_machine, say
from py_spy import find_py_spy, look_with_py_spy
from tables import markdown_table

HEADER = (
    "program",
    "profiler",
    "looks/s",
    "impossible",
    "truncated",
    "unfollowed",
    "late",
    "failed",
    "largest share error",
    "calibration",
    "chance",
)
EXPLANATION = """\
- impossible: stacks that can't have been: a call that the program doesn't have, a caller on a line
  that doesn't make the call, a line outside of its function, or a wrong root
- truncated, unfollowed: looks of which only the outer part was kept, and looks from another core
  that were confirmed by a second one; late: beats that were skipped; failed: looks without a result
- largest share error: points by which a function's share of the time is off, for the functions
  whose true shares are known; calibration: points by which those may be off themselves; chance:
  points by which so many independent samples may be off (95 %)"""

# Runs a known program by its name under a profiler.
Look = Callable[[str], Tuple[Looks, Calibration]]


class Results:
    """The table's rows, and what is to be said below it."""

    def __init__(self) -> None:
        self.graph = CallGraph(known_programs.__file__)
        self.rows: List[List[str]] = []
        self.notes: List[str] = []

    def add(self, program: str, looks: Looks, truth: Optional[Truth]) -> None:
        """Judges a run."""
        verdict = judge(looks, self.graph, truth.shares if truth else ())
        for fault, times in list(verdict.faults.items())[:3]:
            self.notes.append(f"{program}, {looks.profiler}: impossible: {times} × {fault}")
        number = looks.number
        error = calibration = chance = "–"
        if truth is not None:
            error = f"{max(abs(verdict.shares[n] - truth.shares[n]) for n in truth.shares):.1f}"
            calibration = f"± {truth.error:.1f}"
            variance = max(share * (100 - share) for share in truth.shares.values())
            chance = f"± {1.96 * math.sqrt(variance / max(number, 1)):.1f}"
        self.rows.append(
            [
                program,
                looks.profiler,
                f"{number / looks.seconds:.0f}",
                percent(verdict.impossible, number),
                percent(looks.truncated, number),
                percent(looks.unfollowed, number),
                percent(looks.late, number + (looks.late or 0)),
                percent(looks.failed, number + (looks.failed or 0)),
                error,
                calibration,
                chance,
            ]
        )


def percent(part: Optional[int], whole: int) -> str:
    return "–" if part is None else f"{100 * part / max(whole, 1):.2f} %"


def find_profilers(options: argparse.Namespace, notes: List[str]) -> List[Tuple[str, Look]]:
    """The profilers to check; adds a note for each one that is missing."""
    profilers: List[Tuple[str, Look]] = []

    def in_process(look: Callable[[Callable[[float], None], float, float], Looks]) -> Look:
        def run(program: str) -> Tuple[Looks, Calibration]:
            known = PROGRAMS[program]
            calibration = Calibration(known.shares)
            calibration.run()
            looks = look(known.run, options.seconds, options.interval)
            calibration.run()
            return looks, calibration

        return run

    def from_outside(command: str, blocking: bool) -> Look:
        return lambda program: look_with_py_spy(
            command, program, options.seconds, options.interval, blocking
        )

    candidates = {"spinetail": in_process(look_with_spinetail)}
    if options.peers:
        candidates["pyinstrument"] = in_process(look_with_pyinstrument)
    for name, look in candidates.items():
        if importlib.util.find_spec(name) is None:
            notes.append(f"{name} isn't installed, so it isn't checked.")
        else:
            profilers.append((name, look))
    if options.peers:
        command = find_py_spy()
        if command is None:
            notes.append("py-spy isn't installed, so it isn't checked.")
        else:
            profilers.append(("py-spy, blocking", from_outside(command, True)))
            profilers.append(("py-spy, nonblocking", from_outside(command, False)))
    return profilers


@contextlib.contextmanager
def hog(wanted: bool) -> Iterator[None]:
    """A process that takes all of a CPU that it can get."""
    if not wanted:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check profiles of programs that are known.")
    parser.add_argument("--seconds", type=float, default=4, help="length of a run (4)")
    parser.add_argument("--interval", type=float, default=0.001, help="of samples, in s (0.001)")
    parser.add_argument("--hog", action="store_true", help="let a process compete for the CPUs")
    parser.add_argument("--peers", action="store_true", help="also pyinstrument and py-spy")
    parser.add_argument(
        "--programs", default=",".join(PROGRAMS), help="comma-separated, of " + ", ".join(PROGRAMS)
    )
    options = parser.parse_args(arguments)
    options.programs = options.programs.split(",")
    for name in options.programs:
        if name not in PROGRAMS:
            parser.error(f"there is no program {name!r}: choose from {', '.join(PROGRAMS)}")
    return options


def main() -> None:
    options = parse_arguments(sys.argv[1:])
    results = Results()
    profilers = find_profilers(options, results.notes)
    load = describe_load()
    with hog(options.hog):
        for program in options.programs:
            for name, look in profilers:
                say(f"{program}: {name}")
                try:
                    looks, calibration = look(program)
                except RuntimeError as problem:
                    results.notes.append(f"{program}: {name} can't look: {problem}")
                    continue
                truth = calibration.truth() if calibration.functions else None
                results.add(program, looks, truth)
    print(f"{options.seconds:g} s a run, samples every {options.interval * 1000:g} ms", end="")
    print(", beside a process that takes all it can get.\n" if options.hog else ".\n")
    print(markdown_table(HEADER, results.rows))
    print(f"\n{EXPLANATION}\n\n{describe_machine()}. {load}")
    for line in results.notes:
        print(line)


if __name__ == "__main__":
    main()
