"""How true the profiles are, on programs of which everything is known.

Every stack is checked against the program's call graph (`call_graph.py`), and the time of its
functions is compared with what they take without any profiler (`calibration.py`).

With `--pythons` it runs itself under each of these interpreters and makes one table of all.
"""

import argparse
import contextlib
import importlib.util
import json
import math
import platform
import subprocess
import sys
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import known_programs
from calibration import Calibration, Truth
from call_graph import CallGraph
from in_process import look_with_pyinstrument, look_with_spinetail
from known_programs import PROGRAMS, THREADS, Program
from looks import Looks, judge
from machine import describe_load, describe_machine, say
from py_spy import find_py_spy, look_with_py_spy
from tables import markdown_table

HEADER = (
    "CPython",
    "rate",
    "beside",
    "program",
    "profiler",
    "looks/s",
    "time kept",
    "impossible",
    "of certain ones",
    "truncated",
    "unfollowed",
    "late",
    "failed",
    "largest share error",
    "calibration",
    "chance",
)
EXPLANATION = """\
- time kept: what the looks add up to, of the thread's time
- impossible: stacks that can't have been: a call that the program doesn't have, a caller on a line
  that doesn't make the call, a line outside of its function, or a wrong root; "of certain ones"
  leaves out looks that the profiler itself marks as uncertain
- truncated, unfollowed: looks of which only the outer part was kept, and looks from another core
  that were confirmed by a second one; late: beats that were skipped; failed: looks without a result
- largest share error: points by which a function's share of the time is off, for the functions
  whose true shares are known; calibration: points by which those may be off themselves; chance:
  points by which so many independent samples may be off (95 %)"""

# Runs a known program by its name under a profiler, for an interval in seconds.
Look = Callable[[str, float], Tuple[List[Looks], Calibration]]
# The workers of the program with threads; the others neither compute nor have known shares.
WORKERS = frozenset(name for name, job in THREADS if job is known_programs.alternate)


class Results:
    """The table's rows, and what is to be said below it."""

    def __init__(self) -> None:
        self.graph = CallGraph(known_programs.__file__)
        self.rows: List[List[str]] = []
        self.notes: List[str] = []

    def add(
        self, conditions: List[str], program: str, looks: Looks, truth: Optional[Truth]
    ) -> None:
        """Judges a run."""
        if looks.thread and looks.thread not in WORKERS:
            truth = None
        name = f"{program}: {looks.thread}" if looks.thread else program
        verdict = judge(looks, self.graph, truth.shares if truth else ())
        for fault, times in list(verdict.faults.items())[:3]:
            self.notes.append(f"{name}, {looks.profiler}: impossible: {times} × {fault}")
        number = looks.number
        error = calibration = chance = "–"
        if truth is not None:
            error = f"{max(abs(verdict.shares[n] - truth.shares[n]) for n in truth.shares):.1f}"
            calibration = f"± {truth.error:.1f}"
            variance = max(share * (100 - share) for share in truth.shares.values())
            chance = f"± {1.96 * math.sqrt(variance / max(verdict.effective, 1)):.1f}"
        self.rows.append(
            [
                *conditions,
                name,
                looks.profiler,
                f"{number / looks.seconds:.0f}",
                "–" if looks.kept is None else f"{100 * looks.kept:.1f} %",
                percent(verdict.impossible, number),
                percent(verdict.certain_impossible, number),
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


def find_profilers(options: argparse.Namespace, notes: List[str]) -> Dict[str, Look]:
    """The profilers to check; adds a note for each one that is missing."""

    def in_process(look: Callable[[Program, float, float], List[Looks]]) -> Look:
        def run(program: str, interval: float) -> Tuple[List[Looks], Calibration]:
            calibration = Calibration(PROGRAMS[program].shares)
            calibration.run()
            looks = look(PROGRAMS[program], options.seconds, interval)
            calibration.run()
            return looks, calibration

        return run

    def events(program: Program, seconds: float, interval: float) -> List[Looks]:
        return look_with_spinetail(program, seconds, interval, "setprofile")

    def from_outside(command: str, blocking: bool) -> Look:
        return lambda program, interval: look_with_py_spy(
            command, program, options.seconds, interval, blocking
        )

    profilers: Dict[str, Look] = {"spinetail": in_process(look_with_spinetail)}
    if options.events or options.peers:
        profilers["spinetail, setprofile"] = in_process(events)
    if options.peers:
        if importlib.util.find_spec("pyinstrument") is None:
            notes.append("pyinstrument isn't installed, so it isn't checked.")
        else:
            profilers["pyinstrument"] = in_process(look_with_pyinstrument)
        command = find_py_spy()
        if command is None:
            notes.append("py-spy isn't installed, so it isn't checked.")
        else:
            profilers["py-spy"] = from_outside(command, True)
            profilers["py-spy --nonblocking"] = from_outside(command, False)
    return profilers


# These see one thread only, so there is nothing to check.
SEES_ONE_THREAD = frozenset(["spinetail, setprofile", "pyinstrument"])


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
    parser.add_argument("--rates", default="1000", help="samples a second, comma-separated (1000)")
    parser.add_argument(
        "--beside", default="nothing", help="of nothing and hog, comma-separated (nothing)"
    )
    parser.add_argument("--events", action="store_true", help="also Spinetail's events engine")
    parser.add_argument("--peers", action="store_true", help="also that, pyinstrument and py-spy")
    parser.add_argument("--pythons", help="interpreters that have Spinetail, comma-separated")
    parser.add_argument("--json", action="store_true", help="print rows and notes as JSON")
    parser.add_argument(
        "--programs", default=",".join(PROGRAMS), help="comma-separated, of " + ", ".join(PROGRAMS)
    )
    options = parser.parse_args(arguments)
    for name in options.programs.split(","):
        if name not in PROGRAMS:
            parser.error(f"there is no program {name!r}: choose from {', '.join(PROGRAMS)}")
    for company in options.beside.split(","):
        if company not in ("nothing", "hog"):
            parser.error(f"--beside knows nothing and hog, not {company!r}")
    try:
        options.intervals = [1 / float(rate) for rate in options.rates.split(",")]
    except (ValueError, ZeroDivisionError):
        parser.error(f"--rates needs numbers, not {options.rates!r}")
    return options


def check_here(options: argparse.Namespace) -> Results:
    """Runs everything in this interpreter."""
    results = Results()
    profilers = find_profilers(options, results.notes)
    version = platform.python_version()
    for company in options.beside.split(","):
        with hog(company == "hog"):
            for interval in options.intervals:
                rate = f"{1 / interval:g} Hz"
                for program in options.programs.split(","):
                    for name, look in profilers.items():
                        if PROGRAMS[program].has_threads and name in SEES_ONE_THREAD:
                            continue
                        say(f"{version}, {rate}, beside {company}: {program}: {name}")
                        try:
                            found, calibration = look(program, interval)
                        except RuntimeError as problem:
                            results.notes.append(f"{program}: {name} can't look: {problem}")
                            continue
                        truth = calibration.truth() if calibration.functions else None
                        for looks in found:
                            results.add([version, rate, company], program, looks, truth)
    return results


def check_elsewhere(pythons: Sequence[str]) -> Tuple[List[List[str]], List[str]]:
    """Runs this script under each interpreter; gives all rows and notes."""
    rows: List[List[str]] = []
    notes: List[str] = []
    arguments = [word for word in sys.argv[1:] if not word.startswith("--pythons")]
    for python in pythons:
        done = subprocess.run(
            [python, __file__, *arguments, "--json"], stdout=subprocess.PIPE, text=True
        )
        if done.returncode != 0:
            notes.append(f"{python} ended with {done.returncode}.")
            continue
        found = json.loads(done.stdout)
        rows += found["rows"]
        notes += [f"{found['version']}: {note}" for note in found["notes"]]
    return rows, notes


def main() -> None:
    options = parse_arguments(sys.argv[1:])
    load = describe_load()
    if options.pythons:
        rows, notes = check_elsewhere(options.pythons.split(","))
    else:
        results = check_here(options)
        rows, notes = results.rows, results.notes
    if options.json:
        print(json.dumps({"version": platform.python_version(), "rows": rows, "notes": notes}))
        return
    print(f"{options.seconds:g} s a run.\n")
    print(markdown_table(HEADER, rows))
    print(f"\n{EXPLANATION}\n\n{describe_machine()}. {load}")
    for line in notes:
        print(line)


if __name__ == "__main__":
    main()
