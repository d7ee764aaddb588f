"""Profiles a program whose stacks are known, with each engine, in the interpreter that runs this.

`exercise.py [--sampler WORDS]`. Prints a line for each thing that was tried, and fails at the first
that isn't as it must be. Needs nothing but the interpreter and Spinetail, and reads on Python 3.7:
it is for places where a test suite can't run. With WORDS, the sampler must be there and say these
words of how it works, or nothing at all where they are "directly".
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import threading
import time
from typing import Dict, List, Tuple

import spinetail
from spinetail.session import Session

# Under emulation a beat may take long: what is asked for is a number of samples, up to a time.
INTERVAL = 0.002
ENOUGH_SAMPLES = 100
SECONDS = 20.0

# Each function, and what may call it.
CALLERS = {
    "work": {"<module>", "main", "run", "try_engine", "try_threads", "_bootstrap_inner"},
    "left": {"work"},
    "right": {"work"},
    "deep": {"left", "deep"},
    "wide": {"right"},
}

sink = 0


class Failure(Exception):
    """What isn't as it must be, in one line."""


def require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Failure(otherwise)


def deep(level: int) -> int:
    return level if level < 2 else deep(level - 1) + deep(level - 2)


def wide(level: int) -> int:
    global sink
    for value in range(level):
        sink += value
    return sink


def left() -> int:
    return deep(12)


def right() -> int:
    return wide(800)


def work(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        left()
        right()


def names_of(stack: List[str]) -> List[str]:
    """The functions of a recorded stack, outermost first, without those of threads and markers."""
    names = [frame.split("\x00")[0] for frame in stack]
    return [name for name in names if name and not name.startswith(("[", "<thread>"))]


def impossible(names: List[str]) -> bool:
    return any(
        callee in CALLERS and caller in CALLERS and caller not in CALLERS[callee]
        for caller, callee in zip(names, names[1:])
    )


def try_engine(engine: str) -> Session:
    """Profiles until there are enough samples, and checks each stack."""
    session = None
    start = time.perf_counter()
    while session is None or session.sample_count < ENOUGH_SAMPLES:
        require(time.perf_counter() - start < SECONDS, f"{engine}: too few samples in {SECONDS} s")
        profiler = spinetail.Profiler(INTERVAL, engine=engine)
        profiler.start()
        work(0.5)
        part = profiler.stop()
        session = part if session is None else Session.combine(session, part)
    require(session.engine == engine, f"{engine}: it was the engine {session.engine}")
    check_stacks(engine, session, least=0.8)
    return session


def check_stacks(what: str, session: Session, least: float) -> None:
    """Every stack is one that can be, and ``least`` of the time was in each half of the work."""
    times: Dict[str, float] = {"left": 0.0, "right": 0.0}
    total = inside = 0.0
    wrong: List[Tuple[str, ...]] = []
    for stack, seconds in session.frame_records:
        names = names_of(stack)
        total += seconds
        if impossible(names):
            wrong.append(tuple(names))
        if "work" in names:
            inside += seconds
        for name in times:
            times[name] += seconds * (name in names)
    require(not wrong, f"{what}: impossible stacks, such as {wrong[:1]}")
    require(inside >= least * total, f"{what}: only {inside:.3f} of {total:.3f} s were in work()")
    for name, seconds in times.items():
        share = seconds / total if total else 0.0
        require(share > 0.02, f"{what}: {name}() has a share of {share:.2f}")
    print(
        f"  {what}: {session.sample_count} samples, all possible; "
        f"left {times['left'] / total:.2f}, right {times['right'] / total:.2f}"
        + (f"; {session.engine_detail}" if session.engine_detail else "")
    )


def try_threads() -> None:
    """Another thread works while this one waits."""
    thread = threading.Thread(target=work, args=(1.0,))
    profiler = spinetail.Profiler(INTERVAL, engine="sampler", threads="all")
    with profiler:
        thread.start()
        thread.join()
    session = profiler.last_session
    require(session is not None and len(session.threads) >= 2, "threads: only one was seen")
    seen = any("work" in names_of(stack) for stack, _ in session.frame_records) if session else 0
    require(bool(seen), "threads: the other one's work wasn't seen")
    print("  threads: both seen")


def try_file(session: Session) -> None:
    """A session file is compressed by zlib, which is the system's."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "session.spinetail")
        session.save(path)
        loaded = Session.load(path)
    require(loaded.sample_count == session.sample_count, "file: another number of samples")
    # Times are rounded to a fraction of the interval.
    stacks, again = ([list(stack) for stack, _ in each.frame_records] for each in (session, loaded))
    require(stacks == again, "file: other stacks")
    print("  session file: written and read")


def run(sampler: str | None) -> None:
    session = try_engine("setprofile")
    if sampler is not None:
        session = try_engine("sampler")
        detail = session.engine_detail
        expected = detail == "" if sampler == "directly" else sampler in detail
        require(expected, f"sampler: {detail or 'nothing unusual'!r}, and not {sampler!r}")
        beats, followed = (session.statistics[name] for name in ("beats", "followed"))
        print(f"  sampler: {session.statistics}")
        require(followed >= 0.5 * beats, f"sampler: {followed} of {beats} looks from the right CPU")
        try_threads()
    try_file(session)
    profiler = spinetail.Profiler(INTERVAL)
    with profiler:
        work(0.3)
    text = profiler.output_text()
    require("work" in text, f"report: {text}")
    print("  report: printed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sampler", metavar="WORDS")
    options = parser.parse_args()
    libc = " ".join(platform.libc_ver())
    print(f"CPython {platform.python_version()} on {platform.machine()}, {libc}:", flush=True)
    try:
        run(options.sampler)
    except Failure as failure:
        print(f"  FAILED {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
