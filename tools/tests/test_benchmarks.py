"""The benchmarks' judgement: what is possible is never called impossible, and the reverse."""

import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any, List, Optional, Set

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import known_programs  # noqa: E402
from calibration import Calibration  # noqa: E402
from call_graph import CallGraph, Frame, Stack  # noqa: E402
from known_programs import PROGRAMS  # noqa: E402
from looks import Look, Looks, judge  # noqa: E402
from tables import estimate_median, markdown_table  # noqa: E402

FILE = known_programs.__file__
ROOT = [Frame("<module>", "main.py", 3), Frame("main", "main.py", 0)]


def traced_stacks(program: str) -> Set[Stack]:
    """All stacks of a program, line by line, as the interpreter itself tells."""
    stacks: Set[Stack] = set()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        frames: List[Frame] = []
        inner: Optional[FrameType] = frame
        while inner is not None and inner.f_code.co_filename == FILE:
            line = inner.f_lineno if isinstance(inner.f_lineno, int) else 0
            frames.append(Frame(inner.f_code.co_name, FILE, line))
            inner = inner.f_back
        if event in ("line", "return"):
            stacks.add((*ROOT, *frames[::-1]))
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        PROGRAMS[program].run(0.05)
    finally:
        sys.settrace(previous)
    return {stack for stack in stacks if len(stack) > len(ROOT)}


@pytest.fixture(scope="module")
def graph() -> CallGraph:
    return CallGraph(FILE)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="lines are told differently")
@pytest.mark.parametrize("program", PROGRAMS)
def test_whatever_the_interpreter_tells_is_possible(program: str, graph: CallGraph) -> None:
    stacks = traced_stacks(program)
    assert len(stacks) >= 5
    assert {graph.fault(stack, ROOT) for stack in stacks} == {None}


def line_of(text: str) -> int:
    """The number of the only line with this text."""
    lines = Path(FILE).read_text().splitlines()
    (number,) = (number for number, line in enumerate(lines, 1) if text in line)
    return number


def stack(*frames: Frame) -> Stack:
    return (*ROOT, *frames)


RECURSE = Frame("recurse", FILE, line_of("fib(18)"))
FIB = Frame("fib", FILE, line_of("return fib(n - 1)"))
RETURN_N = Frame("fib", FILE, FIB.line - 1)


def test_a_true_stack_is_possible(graph: CallGraph) -> None:
    assert graph.fault(stack(RECURSE, FIB, FIB, RETURN_N), ROOT) is None


@pytest.mark.parametrize(
    "wrong, why",
    [
        ((RECURSE, FIB), "wrong root"),
        ((ROOT[1], RECURSE, FIB), "wrong root"),
        ((Frame("<module>", "main.py", 4), ROOT[1], RECURSE), "wrong root"),
        ((*ROOT, RECURSE, Frame("fob", FILE, FIB.line)), "unknown function"),
        ((*ROOT, RECURSE, Frame("fib", "other.py", FIB.line)), "unknown function"),
        ((*ROOT, RECURSE, Frame("fib", FILE, RECURSE.line)), "line outside"),
        ((*ROOT, RECURSE, Frame("fib", FILE, 0)), "line outside"),
        ((*ROOT, FIB, RECURSE), "no such call"),
        ((*ROOT, RECURSE, Frame("leaf", FILE, line_of("return number + 1"))), "no such call"),
        ((*ROOT, RECURSE, RETURN_N, FIB), "not a line that calls"),
        ((*ROOT, Frame("recurse", FILE, RECURSE.line - 1), FIB), "not a line that calls"),
    ],
)
def test_a_wrong_stack_is_impossible(wrong: Stack, why: str, graph: CallGraph) -> None:
    assert (graph.fault(wrong, ROOT) or "").startswith(why)


def test_a_call_of_a_class_enters_its_initialiser(graph: CallGraph) -> None:
    make = Frame("make", FILE, line_of("return Box(count).hold()"))
    inside = Frame("__init__", FILE, line_of("self.count = doubled(count)"))
    alternate = Frame("alternate", FILE, graph_line(graph, "alternate", "methods"))
    methods = Frame("methods", FILE, line_of("return Box.make(3)"))
    assert graph.fault(stack(alternate, methods, make, inside), ROOT) is None
    shim = Frame("__init__", "__init__", 0)
    assert graph.fault(stack(alternate, methods, make, shim, inside), ROOT) is not None


def graph_line(graph: CallGraph, caller: str, callee: str) -> int:
    return min(graph.calls[caller, callee])


def test_times_are_shared_among_the_functions_asked_for() -> None:
    graph = CallGraph(FILE)
    alternate = [
        (Frame("alternate", FILE, graph_line(graph, "alternate", name)), name)
        for name in ("methods", "generator")
    ]
    stacks = [
        Look(stack(caller, Frame(name, FILE, graph.lines[name][1])), weight)
        for (caller, name), weight in zip(alternate, (3.0, 1.0))
    ]
    stacks.append(Look(stack(alternate[0][0]), 9.0))  # the program's own time
    verdict = judge(Looks("some", stacks, ROOT, 1.0), graph, ["methods", "generator"])
    assert verdict.shares == {"methods": 75, "generator": 25}
    assert verdict.impossible == 0


def test_impossible_stacks_are_counted_by_their_looks() -> None:
    graph = CallGraph(FILE)
    stacks = [Look(stack(RECURSE, FIB), 1.0, 5), Look(stack(FIB, RECURSE), 1.0, 2)]
    stacks.append(Look(stack(FIB, RECURSE), 1.0, 1, is_certain=False))
    verdict = judge(Looks("some", stacks, ROOT, 1.0), graph, [])
    assert verdict.impossible == 3
    assert verdict.certain_impossible == 2
    assert list(verdict.faults.values()) == [3]


def test_a_calibration_shares_the_whole() -> None:
    calibration = Calibration(PROGRAMS["alternate"].shares)
    for _ in range(2):
        calibration.run(rounds=20, count=20)
    truth = calibration.truth()
    assert set(truth.shares) == set(PROGRAMS["alternate"].shares)
    assert sum(truth.shares.values()) == pytest.approx(100)
    assert truth.error > 0


def test_a_median_lies_in_its_interval() -> None:
    estimate = estimate_median([1.0, 1.01, 0.99, 1.02, 5.0])
    assert estimate.median == 1.01
    assert 0.99 <= estimate.low <= 1.01 <= estimate.high <= 5.0


def test_tables_are_markdown() -> None:
    assert markdown_table(["a", "b"], [["1", "long"]]) == (
        "| a | b    |\n|---|------|\n| 1 | long |"
    )


def test_overhead_says_what_is_missing() -> None:
    arguments = ["--pairs", "2", "--slice", "0.001", "--workloads", "calls"]
    command = [sys.executable, "-S", str(BENCHMARKS / "overhead.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "| calls " in done.stdout
    assert "cProfile" in done.stdout
    assert "pyinstrument isn't installed" in done.stdout
