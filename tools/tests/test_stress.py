"""What the stress test takes for wrong, and what it doesn't."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import known_programs  # noqa: E402
import stress_programs  # noqa: E402
from call_graph import Frame, Stack  # noqa: E402
from stress_findings import Findings, Sample, made_fault, stack_fault  # noqa: E402

FILE = stress_programs.__file__
KNOWN = known_programs.__file__
OUTER = Frame("record", str(Path(FILE).with_name("stress.py")), 100)


def line_of(text: str, file: str = FILE) -> int:
    with open(file) as source:
        return next(number for number, line in enumerate(source, 1) if text in line)


def frame(name: str, text: str) -> Frame:
    return Frame(name, FILE, line_of(text))


CHURN = frame("churn_code", "function(100)")
MADE = (Frame("made_outer_7", "<made>", 2), Frame("made_inner_7", "<made>", 8))


@pytest.mark.parametrize(
    "stack",
    [
        (),
        (OUTER,),
        (OUTER, frame("grow_and_shrink", "grow(levels)\n")),
        (OUTER, CHURN, *MADE),
        (OUTER, frame("churn_code", "make_function(serial)\n"), frame("make_function", "exec(")),
        (
            OUTER,
            Frame(
                "recurse", str(known_programs.__file__), line_of("fib(18)", known_programs.__file__)
            ),
        ),
    ],
)
def test_what_can_be(stack: Stack) -> None:
    assert stack_fault(stack) is None


@pytest.mark.parametrize(
    "stack",
    [
        (Frame("elsewhere", "elsewhere.py", 1),),
        (OUTER, CHURN, frame("rest_at_the_top", "total = 0")),
        (OUTER, frame("grow", "return rest_at_the_top()"), frame("grow", "return grow(")),
        (OUTER, frame("collect", "gc.collect()"), *MADE),
        (OUTER, Frame("grow", FILE, 1)),
    ],
)
def test_what_can_t_be(stack: Stack) -> None:
    assert stack_fault(stack) is not None


def test_made_functions() -> None:
    assert made_fault(MADE) is None
    assert made_fault(MADE[:1]) is None
    assert made_fault([Frame("<module>", "<made>", 1)]) is None
    assert made_fault(MADE[1:]) is not None
    assert made_fault([MADE[0], MADE[1]._replace(name="made_inner_8")]) is not None
    assert made_fault([MADE[0], MADE[1]._replace(line=2)]) is not None
    assert made_fault([Frame("spin", "<made>", 1)]) is not None


def samples(
    stack: Stack, number: int, state: int = 1, nanoseconds: int = 1_000_000
) -> List[Sample]:
    return [Sample(stack, nanoseconds, state)] * number


def test_a_good_recording() -> None:
    findings = Findings()
    findings.add({"MainThread": samples((OUTER, CHURN), 1000)}, 1.0, {"beats": 1000})
    assert findings.problems() == []
    assert findings.summary().startswith("1 recordings; 1000 samples")


def test_times_that_don_t_add_up() -> None:
    findings = Findings()
    findings.add({"MainThread": samples((), 900)}, 1.0, {})
    findings.add({"MainThread": samples((), 1000), "worker 1": samples((), 1100)}, 1.0, {})
    assert len(findings.problems()) == 2


def test_impossible_stacks_are_forgiven_only_where_the_look_came_from_elsewhere() -> None:
    impossible = (OUTER, CHURN, frame("rest_at_the_top", "total = 0"))
    for state, count in ((1, 1), (3, 0)):
        findings = Findings()
        threads = {"worker 1": samples((), 9999, 1, 0) + samples(impossible, 1, state, 0)}
        findings.add(threads, 1.0, {})
        assert len(findings.problems()) == count
    findings.add({"worker 1": samples(impossible, 9, 3, 0)}, 1.0, {})
    assert len(findings.problems()) == 1


def test_made_functions_taken_for_others() -> None:
    wrong = (OUTER, CHURN, MADE[0], MADE[1]._replace(name="made_inner_8"))
    findings = Findings()
    findings.add({"worker 1": samples((OUTER, CHURN, *MADE), 5000) + samples(wrong, 5)}, 10.0, {})
    assert findings.problems() == []
    findings.add({"worker 1": samples(wrong, 1)}, 10.0, {})
    assert len(findings.problems()) == 1
    findings.add({"worker 1": samples((OUTER, CHURN), 60_000)}, 100.0, {})
    assert findings.problems() == []


def test_memory_that_grows() -> None:
    findings = Findings()
    findings.resident = [(50 + n) << 20 for n in range(12)]
    findings.used = [5 << 20] * 12
    assert findings.problems() == []
    findings.used = [(5 + n) << 20 for n in range(12)]
    assert len(findings.problems()) == 1
    findings.used = []
    findings.resident = [(50 + 30 * n) << 20 for n in range(12)]
    assert len(findings.problems()) == 1
