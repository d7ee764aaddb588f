"""What the comparison of engines on real programs counts."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benchmarks"))

from function_times import function_times  # noqa: E402
from real_programs import compare_shares, median_shares  # noqa: E402


def test_differences_of_large_shares_only() -> None:
    sampler = {"a": (10.0, 50.0), "b": (4.0, 40.0), "c": (1.0, 2.0)}
    events = {"a": (13.5, 51.0), "b": (0.0, 41.0), "d": (6.0, 6.0)}
    comparison = compare_shares("p", sampler, events)
    assert comparison.functions == 3
    assert comparison.largest == (6.0, 6.0)
    assert [row[1:] for row in comparison.rows] == [
        ["d", "self", "0.0", "6.0", "-6.0"],
        ["d", "total", "0.0", "6.0", "-6.0"],
        ["a", "self", "10.0", "13.5", "-3.5"],
    ]


def test_the_same_shares() -> None:
    shares = {"a": (60.0, 100.0), "b": (40.0, 40.0)}
    assert compare_shares("p", shares, shares).rows == []


def test_medians_over_runs() -> None:
    runs = [{"a": (1.0, 2.0)}, {"a": (3.0, 4.0), "b": (5.0, 5.0)}, {"a": (2.0, 9.0)}]
    assert median_shares(runs) == {"a": (2.0, 4.0), "b": (0.0, 0.0)}


def test_times_of_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [
        ("main", "", "/a/b/main.py", 1, 5),
        ("work", "", "/a/b/main.py", 9, 10),
        ("sort", "", "<built-in>", 0, 0),
        ("select", "", "/lib/selectors.py", 3, 4),
        ("_find_and_load", "", "<frozen importlib._bootstrap>", 3, 4),
    ]
    # 1: main, 2: main > work, 3: main > work > sort, 4: main > work > work, 5: main > select,
    # 6: main > import, 7: main > import > work
    stacks = [(0, -1), (0, 0), (1, 1), (2, 2), (2, 1), (1, 3), (1, 4), (6, 1)]
    samples = [(number, 10**9, 1, 0) for number in range(1, 8)]
    native = SimpleNamespace(session_samples=lambda handle: (frames, stacks, [("", 1, samples)]))
    library: Any = SimpleNamespace(native=native)
    monkeypatch.setitem(sys.modules, "spinetail", SimpleNamespace(_library=library))
    monkeypatch.setitem(sys.modules, "spinetail._library", library)
    assert function_times(SimpleNamespace(_handle=None)) == {
        "main b/main.py:1": (1.0, 4.0),
        "work b/main.py:9": (3.0, 3.0),
    }
