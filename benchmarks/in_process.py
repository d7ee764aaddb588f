"""Runs a known program under Spinetail or pyinstrument, in this process."""

import sys
import threading
from typing import Dict, List

from call_graph import Frame, Stack
from known_programs import Program
from looks import Look, Looks

# Bits of a sample's state, as the native library gives them.
HELD_GIL = 1
UNFOLLOWED = 2
TRUNCATED = 4


def current_root() -> List[Frame]:
    """The caller's frames, outermost first. They don't move meanwhile, except for the caller's."""
    frame = sys._getframe(1)
    frames = [Frame(frame.f_code.co_name, frame.f_code.co_filename, 0)]
    outer = frame.f_back
    while outer is not None:
        frames.append(Frame(outer.f_code.co_name, outer.f_code.co_filename, outer.f_lineno))
        outer = outer.f_back
    return frames[::-1]


def thread_root() -> List[Frame]:
    """The frames with which a thread that threading has made begins."""
    functions = ("_bootstrap", "_bootstrap_inner", "run")
    return [Frame(name, threading.__file__, 0) for name in functions]


def look_with_spinetail(
    program: Program, seconds: float, interval: float, engine: str = "sampler"
) -> List[Looks]:
    """Spinetail's samples of a program, one thread after the other."""
    # The package has no public way to single samples.
    from spinetail import Profiler, _native

    threads = "all" if program.has_threads else "current"
    profiler = Profiler(interval=interval, engine=engine, threads=threads)
    root = current_root()
    profiler.start()
    program.run(seconds)
    session = profiler.stop()
    frames, stacks, tracks = _native.session_samples(session._handle)
    known: List[Stack] = [()]
    for parent, frame in stacks[1:]:
        name, _, file, _, line = frames[frame][:5]
        known.append((*known[parent], Frame(name, file, line)))
    counts: Dict[str, int] = session.statistics
    found: List[Looks] = []
    for number, (name, _, samples) in enumerate(tracks):
        looks = []
        truncated = unfollowed = 0
        for stack, wall, state, cpu in samples:
            # Beside other threads, the time that a thread waited for the GIL isn't its function's.
            weight = (cpu if state & HELD_GIL else 0) if program.has_threads else wall
            looks.append(Look(known[stack], weight, 1, not state & (UNFOLLOWED | TRUNCATED)))
            truncated += bool(state & TRUNCATED)
            unfollowed += bool(state & UNFOLLOWED)
        is_main = number == 0
        found.append(
            Looks(
                "spinetail" if engine == "sampler" else f"spinetail, {engine}",
                looks,
                root if is_main else thread_root(),
                session.duration if is_main else seconds,
                thread=name if program.has_threads else "",
                kept=sum(sample[1] for sample in samples)
                / 1e9
                / (session.duration if is_main else seconds),
                truncated=truncated,
                unfollowed=unfollowed,
                late=counts["late"] if is_main else None,
            )
        )
    return found


def look_with_pyinstrument(program: Program, seconds: float, interval: float) -> List[Looks]:
    """pyinstrument's samples of a program."""
    from pyinstrument import Profiler

    profiler = Profiler(interval=interval, async_mode="disabled")
    root = current_root()
    profiler.start()
    program.run(seconds)
    session = profiler.stop()
    looks: List[Look] = []
    total = 0.0
    for identifiers, weight in session.frame_records:
        frames = [_pyinstrument_frame(identifier) for identifier in identifiers]
        # It puts the thread above the outermost frame.
        stack = tuple(frame for frame in frames if frame.file != "<thread>")
        looks.append(Look(stack, weight))
        total += weight
    return [Looks("pyinstrument", looks, root, session.duration, kept=total / session.duration)]


def _pyinstrument_frame(identifier: str) -> Frame:
    """pyinstrument's "name NUL file NUL first line", then attributes, each after a \\x01."""
    place, *attributes = identifier.split("\x01")
    name, file, _ = place.split("\x00")
    lines = [int(attribute[1:]) for attribute in attributes if attribute.startswith("l")]
    return Frame(name, file, lines[0] if lines else 0)
