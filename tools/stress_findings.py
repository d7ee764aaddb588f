"""Decides what is wrong with recordings of the programs that `stress.py` runs."""

from __future__ import annotations

import _weakrefset
import re
import statistics
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import List, Mapping, NamedTuple, Optional, Sequence

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import known_programs
import stress_programs
from call_graph import CallGraph, Frame, Stack

# The share of all samples that may be stacks that can't be, in looks from elsewhere than the
# program's own core; and of those taken while functions are made and freed, the share in which one
# may be taken for another that stood at the same place before.
IMPOSSIBLE_SHARE = 0.0002
MISLABELLED_SHARE = 0.0001
# How much more memory there may be at the end than after the first third: in use, and taken from
# the system, as what threads have freed may lie about in their own heaps.
LEAK_LIMIT = 2 << 20
GROWTH_LIMIT = 96 << 20
# State bits of a sample.
UNFOLLOWED, TRUNCATED = 2, 4

GRAPHS = {
    module.__file__: CallGraph(str(module.__file__)) for module in (known_programs, stress_programs)
}
# What may stand outside of the programs.
OUTER_FILES = {str(Path(__file__).with_name("stress.py")), threading.__file__}
# What the interpreter calls anywhere, when a thread's last reference goes.
CALLBACK_FILES = {_weakrefset.__file__}


class Sample(NamedTuple):
    """A sample of one thread."""

    stack: Stack
    nanoseconds: int
    state: int


class Findings:
    """What was wrong, and how much was right."""

    def __init__(self) -> None:
        self.samples = 0
        self.made_samples = 0
        self.churn_samples = 0
        self.rounds = 0
        self.impossible: Counter[str] = Counter()  # in looks from the program's own core
        self.impossible_elsewhere: Counter[str] = Counter()
        self.mislabelled: Counter[str] = Counter()
        self.sums: List[str] = []
        self.statistics: Counter[str] = Counter()
        self.used: List[int] = []
        self.resident: List[int] = []

    def add(
        self, threads: Mapping[str, Sequence[Sample]], duration: float, counts: Mapping[str, int]
    ) -> None:
        """Judges a recording: its samples by thread, its seconds, and the sampler's account."""
        self.rounds += 1
        self.statistics.update(counts)
        for name, samples in threads.items():
            total = sum(sample.nanoseconds for sample in samples) / 1e9
            if total > duration * 1.001 + 0.001:
                self.sums.append(f"{name}: {total:.4f} s of {duration:.4f} s")
            if name == "MainThread" and total < duration * 0.999 - 0.001:
                self.sums.append(f"{name}: only {total:.4f} s of {duration:.4f} s")
            for sample in samples:
                self._judge(sample)

    def _judge(self, sample: Sample) -> None:
        self.samples += 1
        made = [frame for frame in sample.stack if frame.file == stress_programs.MADE_FILE]
        self.made_samples += bool(made)
        self.churn_samples += any(frame.name == "churn_code" for frame in sample.stack)
        fault = stack_fault(sample.stack)
        if fault is not None:
            is_elsewhere = sample.state & (UNFOLLOWED | TRUNCATED)
            (self.impossible_elsewhere if is_elsewhere else self.impossible)[fault] += 1
        elif made:
            fault = made_fault(made)
            if fault is not None:
                self.mislabelled[fault] += 1

    def problems(self) -> List[str]:
        """What makes the run a failure, in lines."""
        found = [f"impossible: {n} × {fault}" for fault, n in self.impossible.most_common(10)]
        elsewhere = sum(self.impossible_elsewhere.values())
        if elsewhere > IMPOSSIBLE_SHARE * self.samples:
            for fault, n in self.impossible_elsewhere.most_common(10):
                found.append(f"impossible in looks from elsewhere: {n} × {fault}")
        # A few are chance where the run is short.
        if sum(self.mislabelled.values()) > max(5, MISLABELLED_SHARE * self.churn_samples):
            for fault, n in self.mislabelled.most_common(10):
                found.append(f"mislabelled: {n} × {fault}")
        found.extend(f"times don't add up: {line}" for line in self.sums[:10])
        if growth(self.used) > LEAK_LIMIT:
            found.append(f"{growth(self.used) / 2**20:.1f} MB more are in use: {self.used}")
        if growth(self.resident) > GROWTH_LIMIT:
            found.append(f"it grew by {growth(self.resident) / 2**20:.1f} MB: {self.resident}")
        return found

    def summary(self) -> str:
        """One line on how much was recorded, and how well."""
        beats = max(1, self.statistics["beats"])
        shares = ", ".join(
            f"{name} {100 * self.statistics[name] / beats:.2f} %"
            for name in ("followed", "nobody", "unfollowed", "truncated")
        )
        counts = (
            f"{self.rounds} recordings",
            f"{self.samples} samples",
            f"{self.churn_samples} of them while functions were made, {self.made_samples} in them",
            shares,
            f"impossible {sum(self.impossible.values())}",
            f"impossible from elsewhere {sum(self.impossible_elsewhere.values())}",
            f"mislabelled {sum(self.mislabelled.values())}",
            f"{growth(self.used) / 2**20:.1f} MB more in use",
            f"grown by {growth(self.resident) / 2**20:.1f} MB",
        )
        return "; ".join(counts)


def growth(sizes: Sequence[int]) -> float:
    """By how much a size has grown since the first third of the rounds."""
    third = len(sizes) // 3
    if third < 3:
        return 0
    return statistics.median(sizes[-third:]) - statistics.median(sizes[third : 2 * third])


def stack_fault(stack: Sequence[Frame]) -> Optional[str]:
    """Why a stack can't have been, but for what is in functions that were made."""
    for position, frame in enumerate(stack):
        if frame.file in CALLBACK_FILES:
            stack = stack[:position]
            break
    outer = 0
    while outer < len(stack) and stack[outer].file not in GRAPHS:
        outer += 1
    for frame in stack[:outer]:
        if frame.file not in OUTER_FILES and frame.file != "<built-in>":
            return f"unknown function: {frame}"
    inner = list(stack[outer:])
    if not inner:
        return None
    for position, frame in enumerate(inner):
        if frame.file == stress_programs.MADE_FILE:
            if inner[position - 1].name not in ("churn_code", "make_function"):
                return f"no such call: {inner[position - 1].name} > made function"
            inner = inner[:position]
            break
    return GRAPHS[inner[0].file].fault(tuple(inner), ())


def made_fault(made: Sequence[Frame]) -> Optional[str]:
    """Why these can't be the frames of made functions."""
    if made[0].name == "<module>":
        return None if len(made) == 1 else f"a module that calls {made[1].name}"
    names = [re.fullmatch(r"(made_(?:outer|inner))_(\d+)", frame.name) for frame in made]
    kinds = [match[1] for match in names if match]
    if kinds not in (["made_outer"], ["made_outer", "made_inner"]):
        return "functions that don't call each other"
    if len({match[2] for match in names if match}) != 1:
        return "functions that were made at different times"
    for kind, frame in zip(kinds, made):
        if frame.line not in stress_programs.MADE_LINES[kind] and frame.line != 0:
            return f"{kind} on line {frame.line}"
    return None
