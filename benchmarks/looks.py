"""What a profiler saw of a program, in one form for all profilers, and how true it is."""

import threading
from collections import Counter
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence

from call_graph import CallGraph, Frame, Stack


class Look(NamedTuple):
    """One stack that was seen."""

    stack: Stack
    weight: float
    """What it counts for in shares: the time that the thread computed."""
    number: int = 1
    """How many looks that was."""
    is_certain: bool = True
    """Whether the profiler says that nothing could have moved."""


class Looks(NamedTuple):
    """One profiler's view of one thread in one run. A count is None where it doesn't say."""

    profiler: str
    looks: List[Look]
    root: Sequence[Frame]
    seconds: float
    thread: str = ""
    kept: Optional[float] = None  # the part of the thread's time that the looks add up to
    truncated: Optional[int] = None
    unfollowed: Optional[int] = None
    late: Optional[int] = None
    failed: Optional[int] = None

    @property
    def number(self) -> int:
        """How many looks there were."""
        return sum(look.number for look in self.looks)


class Verdict(NamedTuple):
    """How true the stacks of a run are."""

    impossible: int
    certain_impossible: int  # of those, the ones that the profiler was sure of
    faults: Dict[str, int]  # why, and how many, most first
    shares: Dict[str, float]  # of the functions asked for, in percent of their sum
    effective: float  # as many equal looks would scatter as much


def judge(looks: Looks, graph: CallGraph, functions: Iterable[str]) -> Verdict:
    """Checks every stack, and adds up the time of `functions`, which the program calls itself."""
    wanted = set(functions)
    faults: Counter[str] = Counter()
    certain = 0
    weights = dict.fromkeys(wanted, 0.0)
    squares = 0.0
    for look in looks.looks:
        # threading's own business, before and after the program's function, isn't judged.
        is_program = not looks.thread or any(frame.file == graph.file for frame in look.stack)
        stack = without_threading(look.stack, looks) if looks.thread else look.stack
        stack = stack if is_program else ()
        fault = graph.fault(stack, looks.root) if stack else None
        if fault is not None:
            faults[fault] += look.number
            certain += look.number if look.is_certain else 0
        position = len(looks.root) + 1
        if len(look.stack) > position and look.stack[position].name in wanted:
            weights[look.stack[position].name] += look.weight
            squares += look.weight**2 / max(look.number, 1)
    total = sum(weights.values())
    shares = {name: 100 * weight / (total or 1.0) for name, weight in weights.items()}
    effective = total**2 / squares if squares else 0.0
    return Verdict(sum(faults.values()), certain, dict(faults.most_common()), shares, effective)


def without_threading(stack: Stack, looks: Looks) -> Stack:
    """The part of a stack before threading's own functions, which aren't judged; nothing of a
    stack that is still, or already, outside of the program.
    """
    start = len(looks.root)
    for position, frame in enumerate(stack[start:], start):
        if frame.file == threading.__file__:
            return stack[:position]
    return stack if len(stack) > start else ()
