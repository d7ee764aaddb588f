"""How much slower a program runs under Spinetail's two engines, pyinstrument and cProfile.

Everything happens in one process. Short slices of the same work run with and without a profiler in
turn, so that whatever the machine does meanwhile falls on both. The figure is the median, over many
pairs, of (time with) / (time without), and the interval in which 90 % of such medians lie when the
pairs are drawn again (bootstrap). "off / off" is the same with no profiler on either side: how far
from 1 its interval reaches is what this run can't tell.
"""

import argparse
import gc
import importlib.metadata
import importlib.util
import sys
import time
from typing import Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from machine import describe_load, describe_machine, say
from tables import estimate_median, markdown_table
from workloads import WORKLOADS, Missing, Workload

# A profiler that was started: the function stops it, and says how many samples it took, if any.
Stop = Callable[[], Optional[int]]


class Tool(NamedTuple):
    """A way to run a slice."""

    name: str
    start: Callable[[], Stop]


class Measurement(NamedTuple):
    """All pairs of one tool on one workload."""

    ratios: List[float]
    samples: Optional[int]
    seconds: float


def find_tools(interval: float) -> Tuple[List[Tool], List[str]]:
    """The tools to measure, the control first, and a line for each one that is missing."""
    tools = [Tool("off / off", lambda: lambda: None)]
    missing = []
    for name, make in {"spinetail": spinetail, "pyinstrument": pyinstrument}.items():
        if importlib.util.find_spec(name) is None:
            missing.append(f"{name} isn't installed, so it isn't measured.")
            continue
        title = f"{name} {importlib.metadata.version(name)}" if _has_version(name) else name
        if name == "spinetail":
            refusal = sampler_refusal()
            if refusal is None:
                tools.append(Tool(title, make(interval)))
            else:
                missing.append(f"Spinetail's sampler isn't measured: {refusal}")
            tools.append(Tool(f"{title}, setprofile", spinetail(interval, "setprofile")))
        else:
            tools.append(Tool(title, make(interval)))
    tools.append(Tool("cProfile", start_cprofile))
    return tools, missing


def sampler_refusal() -> Optional[str]:
    """Why Spinetail's sampler doesn't work here; None if it does."""
    from spinetail import Profiler

    try:
        with Profiler(engine="sampler"):
            return None
    except RuntimeError as error:
        return str(error)


def spinetail(interval: float, engine: str = "sampler") -> Callable[[], Stop]:
    from spinetail import Profiler

    def start() -> Stop:
        profiler = Profiler(interval=interval, engine=engine, threads="all")
        profiler.start()
        return lambda: profiler.stop().sample_count

    return start


def pyinstrument(interval: float) -> Callable[[], Stop]:
    from pyinstrument import Profiler

    def start() -> Stop:
        profiler = Profiler(interval=interval)
        profiler.start()
        return lambda: len(profiler.stop().frame_records)

    return start


def start_cprofile() -> Stop:
    from cProfile import Profile

    profile = Profile()
    profile.enable()
    return profile.disable


def run_slice(
    work: Workload, repeats: int, start: Optional[Callable[[], Stop]]
) -> Tuple[float, int]:
    """The seconds that the work takes, and how many samples were taken.

    Each slice begins with empty garbage, and with one run that isn't timed: switching hooks on or
    off makes the interpreter forget what it had specialised.
    """
    gc.collect()
    stop = start() if start is not None else None
    work()
    begin = time.perf_counter()
    for _ in range(repeats):
        work()
    seconds = time.perf_counter() - begin
    samples = stop() if stop is not None else None
    return seconds, samples or 0


def repeats_for(work: Workload, seconds: float) -> int:
    """How often the work fits into a slice."""
    best = min(run_slice(work, 1, None)[0] for _ in range(5))
    return max(1, round(seconds / best))


def measure(
    tools: Sequence[Tool], work: Workload, repeats: int, pairs: int
) -> Dict[str, Measurement]:
    """Runs all tools' pairs in turn; who comes first, the tool and its side, changes each time."""
    ratios: Dict[str, List[float]] = {tool.name: [] for tool in tools}
    samples = dict.fromkeys(ratios, 0)
    seconds = dict.fromkeys(ratios, 0.0)
    for number in range(pairs):
        for position in range(len(tools)):
            index = (position + number) % len(tools)
            tool = tools[index]
            times = {}
            first_on = (number + index) % 2 == 0
            for on in (first_on, not first_on):
                times[on], taken = run_slice(work, repeats, tool.start if on else None)
                samples[tool.name] += taken
            ratios[tool.name].append(times[True] / times[False])
            seconds[tool.name] += times[True] * (repeats + 1) / repeats
    return {
        name: Measurement(ratios[name], samples[name] or None, seconds[name]) for name in ratios
    }


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how much profilers slow a program.")
    parser.add_argument("--pairs", type=int, default=60, help="slices with and without (60)")
    parser.add_argument("--interval", type=float, default=0.001, help="of samples, in s (0.001)")
    parser.add_argument("--slice", type=float, default=0.25, help="length of a slice, in s (0.25)")
    parser.add_argument("--alone", action="store_true", help="Spinetail's sampler only")
    parser.add_argument(
        "--workloads",
        default=",".join(WORKLOADS),
        help="comma-separated, of " + ", ".join(WORKLOADS),
    )
    parser.add_argument("--quick", action="store_true", help="8 pairs: to see that it runs")
    options = parser.parse_args(arguments)
    options.workloads = options.workloads.split(",")
    for name in options.workloads:
        if name not in WORKLOADS:
            parser.error(f"there is no workload {name!r}: choose from {', '.join(WORKLOADS)}")
    if options.quick:
        options.pairs = 8
    if options.pairs < 2:
        parser.error("it takes at least 2 pairs")
    return options


def main() -> None:
    options = parse_arguments(sys.argv[1:])
    tools, missing = find_tools(options.interval)
    if options.alone:
        tools = tools[:2]
    rows = []
    rates: Dict[str, List[float]] = {}
    load = describe_load()
    for name in options.workloads:
        try:
            work = WORKLOADS[name]()
        except Missing as problem:
            missing.append(f"{problem}, so the workload {name!r} isn't measured.")
            continue
        for tool in tools:  # whatever happens only the first time
            run_slice(work, 1, tool.start)
        repeats = repeats_for(work, options.slice)
        say(f"{name}: {options.pairs} pairs of slices of {repeats} runs, {len(tools)} tools")
        measured = measure(tools, work, repeats, options.pairs)
        rows.append([name, *(str(estimate_median(measured[t.name].ratios)) for t in tools)])
        for tool in tools:
            taken = measured[tool.name].samples
            if taken is not None:
                rates.setdefault(tool.name, []).append(taken / measured[tool.name].seconds)
    print(f"Time with / time without, median of {options.pairs} pairs [5 %, 95 %]; ", end="")
    print(f"samples every {options.interval * 1000:g} ms.\n")
    print(markdown_table(["workload", *(tool.name for tool in tools)], rows))
    print(f"\n{describe_machine()}. {load}")
    for tool_name, values in rates.items():
        print(f"{tool_name}: at least {min(values):.0f} samples a second.")
    for line in missing:
        print(line)


def _has_version(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    main()
