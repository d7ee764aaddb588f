"""Do both engines show the same of real programs, and how much slower does each make them?

Each program runs several times, in turn with and without profilers. A function's share is what part
of the time it was the innermost Python function ("self") or on the stack at all ("total"); the
table has the medians over the runs for the functions that have 5 % or more. Time in which a program
only waits is left out. The events engine's own work falls on calls, so that its shares are off
themselves where calls are many: it is the sampler's witness, not the truth.
"""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from machine import describe_load, describe_machine, say
from program_runs import PROGRAMS, RealProgram, prepare_folder
from tables import estimate_median, markdown_table

ENGINES = ("sampler", "setprofile")
FUNCTION_TIMES = Path(__file__).resolve().parent / "function_times.py"
LEAST_SHARE = 5.0
POINTS = 3.0
SECONDS_LIMIT = 600

PIP = RealProgram("pip", "pip", ("-m", "pip", "inspect", "--local"), lambda folder: None)
NAMES = ("sympy", "django", "pip", "black", "aiohttp")
CHOICE = {program.name: program for program in (*PROGRAMS, PIP) if program.name in NAMES}

# A function's self and total share, in percent.
Shares = Dict[str, Tuple[float, float]]


class Run(NamedTuple):
    """A program's run."""

    seconds: float
    output: str


def run(command: Sequence[str], program: RealProgram, folder: Path) -> Run:
    """Runs a command in the program's folder, made anew. Exits where it fails."""
    work, variables = prepare_folder(program, folder)
    start = time.perf_counter()
    done = subprocess.run(
        [*command, *program.arguments],
        cwd=work,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS_LIMIT,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args)} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return Run(seconds, done.stdout)


def shares_of(program: RealProgram, engine: str, folder: Path) -> Shares:
    """What one run under an engine shows."""
    output = folder / "times.json"
    run([sys.executable, str(FUNCTION_TIMES), str(output), engine], program, folder)
    times: Dict[str, Tuple[float, float]] = json.loads(output.read_text())
    whole = sum(alone for alone, _ in times.values()) or 1.0
    return {
        name: (100 * alone / whole, 100 * total / whole) for name, (alone, total) in times.items()
    }


def median_shares(runs: Sequence[Shares]) -> Shares:
    """Each function's shares over several runs; 0 where one doesn't show it."""
    names = {name for shares in runs for name in shares}
    return {
        name: (
            statistics.median(shares.get(name, (0.0, 0.0))[0] for shares in runs),
            statistics.median(shares.get(name, (0.0, 0.0))[1] for shares in runs),
        )
        for name in names
    }


class Comparison(NamedTuple):
    """The functions that have a share worth comparing."""

    functions: int
    largest: Tuple[float, float]  # differences of self and total shares, in points
    rows: List[List[str]]  # for the table: those that differ by more than `POINTS`


def compare_shares(program: str, sampler: Shares, events: Shares) -> Comparison:
    """Compares what the engines show of a program."""
    nothing = (0.0, 0.0)
    largest = [0.0, 0.0]
    rows: List[Tuple[float, List[str]]] = []
    compared = set()
    for name in sorted({*sampler, *events}):
        seen, known = sampler.get(name, nothing), events.get(name, nothing)
        for kind, title in enumerate(("self", "total")):
            if max(seen[kind], known[kind]) < LEAST_SHARE:
                continue
            compared.add(name)
            difference = seen[kind] - known[kind]
            largest[kind] = max(largest[kind], abs(difference), key=abs)
            if abs(difference) > POINTS:
                cells = [f"{seen[kind]:.1f}", f"{known[kind]:.1f}", f"{difference:+.1f}"]
                rows.append((abs(difference), [program, name, title, *cells]))
    rows.sort(key=lambda row: -row[0])
    return Comparison(len(compared), (largest[0], largest[1]), [row for _, row in rows])


def measure_shares(names: Sequence[str], rounds: int) -> None:
    """Prints where the engines differ."""
    summary: List[List[str]] = []
    differing: List[List[str]] = []
    for name in names:
        runs: Dict[str, List[Shares]] = {engine: [] for engine in ENGINES}
        for number in range(rounds):
            say(f"{name}: shares, round {number + 1} of {rounds}")
            for engine in ENGINES:
                with tempfile.TemporaryDirectory() as folder:
                    runs[engine].append(shares_of(CHOICE[name], engine, Path(folder)))
        medians = {engine: median_shares(runs[engine]) for engine in ENGINES}
        comparison = compare_shares(name, *(medians[engine] for engine in ENGINES))
        # How far the sampler's own runs are apart.
        own = compare_shares(name, runs["sampler"][0], runs["sampler"][-1]).largest
        summary.append(
            [
                name,
                str(comparison.functions),
                *(f"{points:.1f}" for points in comparison.largest),
                f"{max(own):.1f}",
                str(len(comparison.rows)),
            ]
        )
        differing.extend(comparison.rows)
    header = ("program", "functions", "largest self", "largest total", "sampler twice", "beyond")
    print(f"Shares of the functions with {LEAST_SHARE:g} % or more, sampler and setprofile:\n")
    print(markdown_table(header, summary))
    print(f"\nlargest, sampler twice: points of difference; beyond: how many by over {POINTS:g}\n")
    if differing:
        columns = ("program", "function", "share", "sampler", "setprofile", "points")
        print(markdown_table(columns, differing), end="\n\n")


def commands(report: Path) -> Dict[str, List[str]]:
    """The ways to run a program, plainly first and last: the second shows the noise."""
    spinetail = [sys.executable, "-m", "spinetail", "-o", str(report)]
    ways = {
        "plain": [sys.executable],
        "spinetail": spinetail,
        "spinetail, setprofile": [*spinetail, "--engine", "setprofile"],
        "plain again": [sys.executable],
    }
    if importlib.util.find_spec("pyinstrument") is not None:
        ways["pyinstrument"] = [sys.executable, "-m", "pyinstrument", "-o", str(report)]
    return ways


def measure_slowdown(names: Sequence[str], rounds: int) -> None:
    """Prints how long whole commands take."""
    rows: List[List[str]] = []
    for name in names:
        seconds: Dict[str, List[float]] = {}
        with tempfile.TemporaryDirectory() as folder:
            for number in range(rounds + 1):
                say(f"{name}: slowdown, round {number} of {rounds}")
                for way, command in commands(Path(folder) / "report.txt").items():
                    taken = run(command, CHOICE[name], Path(folder)).seconds
                    # The first round only warms up.
                    if number > 0:
                        seconds.setdefault(way, []).append(taken)
        plain = seconds.pop("plain")
        for way, taken_with in seconds.items():
            ratios = [a / b for a, b in zip(taken_with, plain)]
            more = statistics.median(a - b for a, b in zip(taken_with, plain))
            rows.append(
                [
                    name,
                    f"{statistics.median(plain):.2f}",
                    way,
                    str(estimate_median(ratios)),
                    f"{more:+.2f}",
                ]
            )
    print("Whole commands, interleaved; median and its 5 to 95 % interval:\n")
    print(markdown_table(("program", "plain, s", "under", "time / plain", "seconds more"), rows))


def names_of(text: Optional[str]) -> List[str]:
    """The programs to run; exits where one isn't known or can't be run."""
    names = [name.strip() for name in text.split(",")] if text else list(NAMES)
    for name in names:
        if name not in CHOICE:
            sys.exit(f"There is no program {name!r}: choose from {', '.join(NAMES)}.")
        if importlib.util.find_spec(CHOICE[name].package) is None:
            sys.exit(f"{name} isn't installed: use requirements/bench-real-programs.txt.")
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--programs", metavar="NAME,…", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--rounds", metavar="N", type=int, default=5, help="for shares")
    parser.add_argument("--pairs", metavar="N", type=int, default=20, help="for the slowdown")
    options = parser.parse_args()
    names = names_of(options.programs)
    print(describe_machine(), describe_load(), sep="\n", end="\n\n")
    if options.rounds > 0:
        measure_shares(names, options.rounds)
    if options.pairs > 0:
        measure_slowdown(names, options.pairs)


if __name__ == "__main__":
    main()
