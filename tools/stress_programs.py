"""What the sampler has to hold out against, as functions of which every possible stack is known.

Only plain calls by name, so that `call_graph.py` can read from this file who calls whom on which
line. Every function has a name of its own.
"""

import gc
import time
from typing import Any, Callable, Dict, Iterator, List

MADE_FILE = "<made>"
MADE_SOURCE = """\
def made_outer_{serial}(count):
    return made_inner_{serial}(count) + 1


def made_inner_{serial}(count):
    total = 0
    for number in range(count):
        total += number
    return total
"""
# The lines on which each of them can stand.
MADE_LINES = {"made_outer": range(1, 3), "made_inner": range(5, 10)}


def make_function(serial: int) -> Callable[[int], int]:
    """Two functions that exist nowhere else; gives the one that calls the other."""
    namespace: Dict[str, Any] = {}
    code = compile(MADE_SOURCE.format(serial=serial), MADE_FILE, "exec")
    exec(code, namespace)
    made: Callable[[int], int] = namespace[f"made_outer_{serial}"]
    return made


# Functions that are made and freed, so that others come to stand where they stood


def churn_code(seconds: float, first_serial: int) -> int:
    """Gives the serial number after the last that was used."""
    end = time.perf_counter() + seconds
    serial = first_serial
    kept: List[Callable[[int], int]] = []
    while time.perf_counter() < end:
        function = make_function(serial)
        serial += 1
        for _ in range(20):
            function(100)
        kept.append(function)
        if len(kept) > 30:
            kept.clear()
    return serial


# Stacks that grow and shrink over several chunks of the interpreter's data stack


def grow(levels: int) -> int:
    if levels > 0:
        return grow(levels - 1) + 1
    return rest_at_the_top()


def rest_at_the_top() -> int:
    total = 0
    for number in range(200):
        total += number
    return total


def grow_in_generators(levels: int) -> Iterator[int]:
    if levels > 0:
        yield from grow_in_generators(levels - 1)
    yield rest_at_the_top()


def grow_and_shrink(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for levels in (1, 1000, 5, 3000, 200, 30):
            grow(levels)
            for _ in grow_in_generators(levels % 50):
                rest_at_the_top()


# Garbage


def tangle(count: int) -> None:
    for _ in range(count):
        cell: List[Any] = [{}]
        cell[0]["self"] = cell


def collect(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        tangle(300)
        gc.collect()
        gc.freeze()
        tangle(100)
        gc.unfreeze()
