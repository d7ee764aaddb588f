"""How fast, and in how much memory, sessions are loaded, saved and rendered, beside pyinstrument.

The first table is of a session as large as `big_session.py` makes it, which pyinstrument couldn't
hold. The second is of a smaller one, in pyinstrument's format, which both load. Each figure is the
median of some runs, each in a process of its own; rendering is timed without loading.
"""

import argparse
import importlib
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, List, NamedTuple, Optional

from machine import describe_load, describe_machine, say
from tables import markdown_table

HERE = Path(__file__).resolve().parent
RENDERERS = {
    "text": ("ConsoleRenderer", {}),
    "flat list": ("ConsoleRenderer", {"flat": True}),
    "json": ("JSONRenderer", {}),
    "speedscope": ("SpeedscopeRenderer", {}),
    "pstats": ("PstatsRenderer", {}),
}
SAVED = {"save .spinetail": "s.spinetail", "save .pyisession": "s.pyisession"}


class Measure(NamedTuple):
    """What one process took for one step."""

    seconds: float
    peak_megabytes: float
    output_bytes: int


def take_step(package: str, step: str, file: str) -> Measure:
    """Does a step in this process."""
    session_class = importlib.import_module(f"{package}.session").Session
    begin = time.perf_counter()
    session = session_class.load(file)
    seconds = time.perf_counter() - begin
    size = os.path.getsize(file)
    if step in SAVED:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, SAVED[step])
            begin = time.perf_counter()
            session.save(path)
            seconds = time.perf_counter() - begin
            size = os.path.getsize(path)
    elif step != "load":
        name, options = RENDERERS[step]
        renderers: Any = importlib.import_module(f"{package}.renderers")
        renderer = getattr(renderers, name)(**options)
        begin = time.perf_counter()
        report = renderer.render(session)
        seconds = time.perf_counter() - begin
        size = len(report.encode("utf-8", "surrogateescape"))
    return Measure(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size)


def measure(package: str, step: str, file: Path, runs: int) -> Optional[Measure]:
    """The medians of some processes. None if the package can't do the step."""
    found: List[Measure] = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, __file__, "--step", package, step, str(file)], capture_output=True
        )
        if done.returncode != 0:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            say(f"{package}, {step}: {''.join(reason)}")
            return None
        found.append(Measure(*json.loads(done.stdout)))
    return Measure(*(statistics.median(values) for values in zip(*found)))


def own_table(file: Path, runs: int) -> str:
    rows = []
    for step in ("load", "save .spinetail", *RENDERERS):
        say(f"spinetail: {step}")
        result = measure("spinetail", step, file, runs)
        if result is not None:
            rows.append(
                [
                    step,
                    f"{result.seconds:.3f} s",
                    f"{result.peak_megabytes:.0f} MB",
                    f"{result.output_bytes / 1e6:.2f} MB",
                ]
            )
    return markdown_table(["step", "time", "peak memory", "size"], rows)


def peer_table(file: Path, runs: int) -> str:
    rows = []
    for step in ("load", "save .pyisession", *RENDERERS):
        say(f"both: {step}")
        ours = measure("spinetail", step, file, runs)
        theirs = ours and measure("pyinstrument", step, file, runs)
        if ours is not None and theirs is not None:
            rows.append(
                [
                    step,
                    f"{ours.seconds:.3f} s",
                    f"{theirs.seconds:.3f} s",
                    f"{theirs.seconds / ours.seconds:.0f}×",
                    f"{ours.peak_megabytes:.0f} MB",
                    f"{theirs.peak_megabytes:.0f} MB",
                ]
            )
    return markdown_table(
        ["step", "spinetail", "pyinstrument", "ratio", "spinetail, memory", "pyinstrument, memory"],
        rows,
    )


def make_session(file: Path, samples: int, stacks: int) -> Path:
    """A file by the generator, in a process of its own: its memory isn't to be counted here."""
    say(f"making a session of {samples:,} samples")
    subprocess.run(
        [sys.executable, str(HERE / "big_session.py"), str(file), str(samples), str(stacks)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return file


def convert(file: Path, converted: Path) -> None:
    code = """
import sys
from spinetail.session import Session
Session.load(sys.argv[1]).save(sys.argv[2])
"""
    subprocess.run([sys.executable, "-c", code, str(file), str(converted)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time loading, saving and rendering of sessions.")
    parser.add_argument("--samples", type=int, default=1_000_000, help="samples (1,000,000)")
    parser.add_argument("--stacks", type=int, default=100_000, help="different stacks (100,000)")
    parser.add_argument(
        "--peer-samples", type=int, default=50_000, help="samples for both (50,000)"
    )
    parser.add_argument("--runs", type=int, default=3, help="processes for each figure (3)")
    parser.add_argument(
        "--step", nargs=3, metavar=("PACKAGE", "STEP", "FILE"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.step:
        print(json.dumps(take_step(*options.step)))
        return
    load = describe_load()
    with tempfile.TemporaryDirectory() as folder:
        file = make_session(Path(folder) / "big.spinetail", options.samples, options.stacks)
        print(
            f"{options.samples:,} samples of {options.stacks:,} stacks, mean depth 30, "
            f"at most 200; median of {options.runs} processes.\n"
        )
        print(own_table(file, options.runs))
        if importlib.util.find_spec("pyinstrument") is None:
            print("\npyinstrument isn't installed, so it isn't measured.")
        else:
            stacks = max(1, options.peer_samples // 10)
            file = make_session(Path(folder) / "peer.spinetail", options.peer_samples, stacks)
            converted = Path(folder) / "peer.pyisession"
            convert(file, converted)
            print(
                f"\n{options.peer_samples:,} samples of {stacks:,} stacks, in pyinstrument's "
                f"format ({converted.stat().st_size / 1e6:.0f} MB; as .spinetail "
                f"{file.stat().st_size / 1e6:.2f} MB).\n"
            )
            print(peer_table(converted, options.runs))
    print(f"\n{describe_machine()}. {load}")


if __name__ == "__main__":
    main()
