"""What of CPython's tests counts as a difference."""

from __future__ import annotations

from typing import Dict, FrozenSet, List

import cpython_tests
from cpython_tests import Outcome, Runner, compare, failed_tests, rows_of

OUTPUT = """\
test_a (test.test_signal.Tests.test_a) ... FAIL
======================================================================
FAIL: test_a (test.test_signal.Tests.test_a)
----------------------------------------------------------------------
Traceback (most recent call last):
ERROR: tearDownClass (test.test_signal.Tests)
FAILED (failures=1, errors=1)
"""


def test_failed_tests() -> None:
    assert failed_tests(OUTPUT, 2) == {
        "test_a (test.test_signal.Tests.test_a)",
        "tearDownClass (test.test_signal.Tests)",
    }
    assert failed_tests("OK", 0) == frozenset()
    assert failed_tests("Fatal Python error", -11) == {cpython_tests.ENDING}


class Scripted(Runner):
    """Gives outcomes from lists, by engine; the last one again and again."""

    def __init__(self, outcomes: Dict[str, List[FrozenSet[str]]]) -> None:
        object.__setattr__(self, "outcomes", outcomes)

    def run(self, module: str, engine: str = "") -> Outcome:
        left: List[FrozenSet[str]] = self.__dict__["outcomes"][engine]
        failed = left.pop(0) if len(left) > 1 else left[0]
        return Outcome(2 if failed else 0, failed, "")


GOOD: FrozenSet[str] = frozenset()
BAD = frozenset(["test_a"])


def test_the_same_failures_are_no_difference() -> None:
    comparison = compare(Scripted({"": [BAD], "sampler": [BAD]}), "test_x", ["sampler"])
    assert comparison.differences == {"sampler": GOOD}
    assert rows_of("3.12.1", "test_x", comparison) == ["3.12.1", "test_x", "1 failed", "1 failed"]


def test_chance_is_no_difference() -> None:
    outcomes = {"": [GOOD], "sampler": [BAD, GOOD]}
    assert compare(Scripted(outcomes), "test_x", ["sampler"]).differences == {"sampler": GOOD}
    outcomes = {"": [GOOD, BAD], "sampler": [BAD]}
    assert compare(Scripted(outcomes), "test_x", ["sampler"]).differences == {"sampler": GOOD}


def test_a_failure_that_stays_is_a_difference() -> None:
    outcomes = {"": [GOOD], "sampler": [GOOD], "setprofile": [BAD]}
    comparison = compare(Scripted(outcomes), "test_x", ["sampler", "setprofile"])
    assert comparison.differences == {"sampler": GOOD, "setprofile": BAD}
    assert rows_of("3.12.1", "test_x", comparison)[2:] == [
        "passed",
        "passed",
        "DIFFERS: 1 failed",
    ]
