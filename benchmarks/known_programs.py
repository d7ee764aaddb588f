"""Programs whose every possible stack is known, and for one of them how the time is shared.

Only plain calls by name, so that `call_graph.py` can read from this file who calls whom on which
line. Every function and method has a name of its own.
"""

import re
import threading
import time
import zlib
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple

# alternate: three functions of about a microsecond, each built in another way


def add_up(count: int) -> int:
    total = 0
    for number in range(count):
        total += number
    return total


def doubled(count: int) -> int:
    return add_up(count) * 2


class Box:
    """Calls through methods."""

    def __init__(self, count: int) -> None:
        self.count = doubled(count)

    def hold(self) -> int:
        return add_up(self.count)

    @classmethod
    def make(cls, count: int) -> int:
        return Box(count).hold()


def numbers(count: int) -> Iterator[int]:
    for number in range(count):
        yield add_up(number)


def methods() -> int:
    return Box.make(3)


def generator() -> int:
    last = 0
    for number in numbers(3):
        last = number
    return last


def straight(first: int = 1, second: int = 2) -> int:
    total = first + second
    total = total * second - first
    total = (total << 2) ^ first
    pair = (total, second)
    total = pair[0] + pair[1]
    total = total * second - first
    total = (total << 2) ^ first
    pair = (total, second)
    total = pair[0] + pair[1]
    total = total * second - first
    total = (total << 2) ^ first
    text = str(total)
    total = len(text) + doubled(2)
    return total


def nothing() -> None:
    pass


# The order in which `alternate` calls them. All are about equally long, so that the little that
# can't be timed (see `calibration.py`) is the same part of each; the shares come from the counts.
ROUND = ("methods", "generator", "methods", "straight", "methods", "generator")


def alternate(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for _ in range(4):
            methods()
            generator()
            methods()
            straight()
            methods()
            generator()


# fib: calls and returns, as fast as they come


def fib(n: int) -> int:
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def recurse(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        fib(18)


# generators: frames that come and go without calls


def leaf(number: int) -> int:
    return number + 1


def branch(number: int, weight: int = 2) -> int:
    pair = (leaf(number), weight)
    return pair[0] * leaf(pair[1])


def counted(count: int) -> Iterator[int]:
    for number in range(count):
        yield branch(number)


def filtered(count: int) -> Iterator[int]:
    for number in counted(count):
        if number & 1:
            yield leaf(number)


def delegated(count: int) -> Iterator[int]:
    yield from filtered(count)
    yield from counted(count)


def generate(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for number in delegated(40):
            branch(number)
        for number in filtered(20):
            leaf(number)


# mix: C code that is called and calls back

WORDS = re.compile(r"[a-z]+")
TEXT = "the swift is a bird of the air and hardly ever of the ground " * 4


def by_end(word: str) -> str:
    return word[::-1]


def capital(match: "re.Match[str]") -> str:
    return match[0].upper()


def ordered(words: List[str]) -> List[str]:
    return sorted(words, key=by_end)


def replaced(text: str) -> str:
    return WORDS.sub(capital, text)


def packed(text: str) -> int:
    return len(zlib.compress(text.encode(), 1))


def convert(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        ordered(TEXT.split())
        replaced(TEXT)
        packed(TEXT)


# threads: three that compute, two that sleep, one in C code without the GIL

BYTES = bytes(range(256)) * 8192


def sleep(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(0.05)


def compress(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        zlib.compress(BYTES)


THREADS: Tuple[Tuple[str, Callable[[float], None]], ...] = (
    ("worker 1", alternate),
    ("worker 2", alternate),
    ("worker 3", alternate),
    ("sleeper 1", sleep),
    ("sleeper 2", sleep),
    ("compressor", compress),
)


def run_threads(seconds: float) -> None:
    threads = [threading.Thread(target=job, args=(seconds,), name=name) for name, job in THREADS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Program(NamedTuple):
    """A program that runs for some seconds; `shares` names the functions whose times are known."""

    run: Callable[[float], None]
    shares: Tuple[str, ...]
    has_threads: bool = False


SHARES = tuple(sorted(set(ROUND)))
PROGRAMS: Dict[str, Program] = {
    "alternate": Program(alternate, SHARES),
    "fib": Program(recurse, ()),
    "generators": Program(generate, ()),
    "mix": Program(convert, ()),
    "threads": Program(run_threads, SHARES, has_threads=True),
}


def timing_loop(calls: List[str]) -> Callable[[int], None]:
    """A loop that calls these functions one after the other, as `alternate` does."""
    lines = ["def loop(count):", " for _ in range(count):", *(f"  {name}()" for name in calls)]
    if not calls:
        lines.append("  pass")
    made: Dict[str, Callable[[int], None]] = {}
    exec("\n".join(lines), globals(), made)  # as timeit does; the names are this file's
    return made["loop"]
