"""What a profiler saw of a program, in one form for all profilers, and how true it is."""

from collections import Counter
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from call_graph import CallGraph, Frame, Stack


class Looks(NamedTuple):
    """One profiler's view of one run. A count is None where the profiler doesn't say."""

    profiler: str
    stacks: List[Tuple[Stack, float, int]]  # a stack, its weight, and how many looks that was
    root: Sequence[Frame]
    seconds: float
    truncated: Optional[int] = None
    unfollowed: Optional[int] = None
    late: Optional[int] = None
    failed: Optional[int] = None

    @property
    def number(self) -> int:
        """How many looks there were."""
        return sum(looks for _, _, looks in self.stacks)


class Verdict(NamedTuple):
    """How true the stacks of a run are."""

    impossible: int
    faults: Dict[str, int]  # why, and how many, most first
    shares: Dict[str, float]  # of the functions asked for, in percent of their sum


def judge(looks: Looks, graph: CallGraph, functions: Iterable[str]) -> Verdict:
    """Checks every stack, and adds up the time of `functions`, which the program calls itself."""
    wanted = set(functions)
    faults: Counter[str] = Counter()
    weights = dict.fromkeys(wanted, 0.0)
    for stack, weight, count in looks.stacks:
        fault = graph.fault(stack, looks.root)
        if fault is not None:
            faults[fault] += count
        position = len(looks.root) + 1
        if len(stack) > position and stack[position].name in wanted:
            weights[stack[position].name] += weight
    total = sum(weights.values()) or 1.0
    shares = {name: 100 * weight / total for name, weight in weights.items()}
    return Verdict(sum(faults.values()), dict(faults.most_common()), shares)
