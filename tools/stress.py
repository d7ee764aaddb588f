"""Samples at 20 kHz what is hardest to sample, for minutes, and checks everything that it can.

`stress.py [--seconds N]` runs in an interpreter that has Spinetail and its sampler. Threads that
begin and end, generators, functions that are made and freed, garbage collections, and stacks that
grow and shrink are recorded again and again. It fails if a stack was recorded that can't exist, if
times don't add up, or if memory, threads or files are left behind; a crash shows the Python stack.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import gc
import inspect
import os
import platform
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import known_programs
import stress_programs
from call_graph import Frame, Stack
from spinetail import Profiler
from spinetail._library import native
from stress_findings import Findings, Sample

INTERVAL = 0.00005
ROUND_SECONDS = 1.0
RECURSION_LIMIT = 20_000
ALL_THREADS = "threads" in inspect.signature(Profiler.__init__).parameters


def samples_of(session: Any) -> Dict[str, List[Sample]]:
    """The samples of each thread, by its name and identifier; the main one's by name alone."""
    frames, stacks, threads = native.session_samples(session._handle)
    known: List[Stack] = [()]
    for parent, frame in stacks[1:]:
        name, _, file, _, line = frames[frame][:5]
        known.append((*known[parent], Frame(name, file, line)))
    found: Dict[str, List[Sample]] = {}
    for thread in threads:
        name, identifier, samples = thread[0], thread[1], thread[2]
        key = name if name == "MainThread" else f"{name} {identifier}"
        found.setdefault(key, []).extend(Sample(known[s[0]], s[1], s[-1]) for s in samples)
    return found


class Beside:
    """Threads that run programs beside the main one, and others that begin and end all the time."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self.churn),
            threading.Thread(target=self.sleep),
            threading.Thread(target=self.generate),
        ]

    def __enter__(self) -> None:
        for thread in self.threads:
            thread.start()

    def __exit__(self, *exception: Any) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def churn(self) -> None:
        while not self.is_over.is_set():
            programs = [known_programs.recurse, known_programs.alternate]
            threads = [threading.Thread(target=run, args=(0.002,)) for run in programs]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def sleep(self) -> None:
        while not self.is_over.wait(0.001):
            pass

    def generate(self) -> None:
        while not self.is_over.is_set():
            known_programs.generate(0.005)


def record(serial: int, seconds: float) -> Tuple[Any, int]:
    """One recording of everything; gives the session and the next free serial number."""
    part = seconds / 6
    options: Dict[str, Any] = {"threads": "all"} if ALL_THREADS else {}
    profiler = Profiler(INTERVAL, "disabled", engine="sampler", **options)
    with profiler:
        known_programs.alternate(part)
        with Beside():
            stress_programs.grow_and_shrink(part)
            serial = stress_programs.churn_code(part, serial)
            known_programs.generate(part)
        stress_programs.collect(part)
        known_programs.recurse(part)
    return profiler.last_session, serial


class MallocInfo(ctypes.Structure):
    """glibc's struct mallinfo2 (malloc.h): the heaps of all threads."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def used_bytes() -> int:
    """How much the process has allocated and not freed: about, and 0 before glibc 2.33."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        return 0
    mallinfo.restype = MallocInfo
    info = mallinfo()
    gc.collect()
    # Python's small objects are elsewhere, in blocks of up to 512 bytes.
    return int(info.uordblks + info.hblkhd) + 64 * sys.getallocatedblocks()


def resident_bytes() -> int:
    """How much of the process is in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def left_behind() -> Tuple[int, int]:
    """How many threads and open files there are."""
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))


def stress(seconds: float) -> Findings:
    """Records until the time is over."""
    findings = Findings()
    end = time.monotonic() + seconds
    said = time.monotonic()
    serial = 0
    while time.monotonic() < end:
        session, serial = record(serial, min(ROUND_SECONDS, seconds / 10))
        findings.add(samples_of(session), session.duration, session.statistics)
        del session
        for _ in range(20):
            with Profiler(INTERVAL, "disabled", engine="sampler"):
                known_programs.fib(5)
        findings.used.append(used_bytes())
        findings.resident.append(resident_bytes())
        if time.monotonic() - said > 60:
            said = time.monotonic()
            print(findings.summary(), file=sys.stderr, flush=True)
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", metavar="N", type=float, default=600.0)
    options = parser.parse_args()
    faulthandler.enable()
    faulthandler.dump_traceback_later(options.seconds + 300, exit=True)  # for what hangs
    sys.setrecursionlimit(RECURSION_LIMIT)
    before = left_behind()
    findings = stress(options.seconds)
    faulthandler.cancel_dump_traceback_later()
    problems = findings.problems()
    threads, files = left_behind()
    if threads > before[0] or files > before[1] + 3:
        problems.append(f"{threads} threads and {files} files are left, {before} were before")
    print(f"CPython {platform.python_version()}: {findings.summary()}")
    print("\n".join(problems) if problems else "Nothing wrong was found.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
