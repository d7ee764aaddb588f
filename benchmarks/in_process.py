"""Runs a known program under Spinetail or pyinstrument, in this process."""

import sys
from typing import Callable, List, Tuple

from call_graph import Frame, Stack
from looks import Looks


def current_root() -> List[Frame]:
    """The caller's frames, outermost first. They don't move meanwhile, except for the caller's."""
    frame = sys._getframe(1)
    frames = [Frame(frame.f_code.co_name, frame.f_code.co_filename, 0)]
    outer = frame.f_back
    while outer is not None:
        frames.append(Frame(outer.f_code.co_name, outer.f_code.co_filename, outer.f_lineno))
        outer = outer.f_back
    return frames[::-1]


def look_with_spinetail(run: Callable[[float], None], seconds: float, interval: float) -> Looks:
    """Spinetail's samples of ``run(seconds)``."""
    # The package has no public way to single samples.
    from spinetail import Profiler, _native

    profiler = Profiler(interval=interval)
    root = current_root()
    profiler.start()
    run(seconds)
    session = profiler.stop()
    frames, stacks, threads = _native.session_samples(session._handle)
    known: List[Stack] = [()]
    for parent, frame in stacks[1:]:
        name, _, file, _, line = frames[frame]
        known.append((*known[parent], Frame(name, file, line)))
    samples = [sample for _, _, samples in threads for sample in samples]
    statistics = session.statistics
    return Looks(
        "spinetail",
        [(known[stack], float(nanoseconds), 1) for stack, nanoseconds, _ in samples],
        root,
        session.duration,
        truncated=statistics["truncated"],
        unfollowed=statistics["unfollowed"],
        late=statistics["late"],
    )


def look_with_pyinstrument(run: Callable[[float], None], seconds: float, interval: float) -> Looks:
    """pyinstrument's samples of ``run(seconds)``."""
    from pyinstrument import Profiler

    profiler = Profiler(interval=interval, async_mode="disabled")
    root = current_root()
    profiler.start()
    run(seconds)
    session = profiler.stop()
    stacks: List[Tuple[Stack, float, int]] = []
    for identifiers, weight in session.frame_records:
        frames = [_pyinstrument_frame(identifier) for identifier in identifiers]
        # It puts the thread above the outermost frame.
        stack = tuple(frame for frame in frames if frame.file != "<thread>")
        stacks.append((stack, weight, 1))
    return Looks("pyinstrument", stacks, root, session.duration)


def _pyinstrument_frame(identifier: str) -> Frame:
    """pyinstrument's "name NUL file NUL first line", then attributes, each after a \\x01."""
    place, *attributes = identifier.split("\x01")
    name, file, _ = place.split("\x00")
    lines = [int(attribute[1:]) for attribute in attributes if attribute.startswith("l")]
    return Frame(name, file, lines[0] if lines else 0)
