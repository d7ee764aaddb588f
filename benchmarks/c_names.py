"""Whether C functions are shown under their right names.

A workload over json, re, sqlite3, zlib, sorted, map, pathlib and dataclasses runs twice: with a
profile function that takes down which C function is called on which line, and under the sampler.
Each sample in a C function is then looked up: its name must be one that was called there.
"""

import argparse
import dataclasses
import json
import pathlib
import re
import sqlite3
import sys
import time
import zlib
from collections import Counter
from types import FrameType
from typing import Any, Dict, Set, Tuple

from machine import describe_load, describe_machine

# A function's file, name and line.
Place = Tuple[str, str, int]


@dataclasses.dataclass(order=True)
class Order:
    """Compared, copied and shown by what dataclasses has made."""

    number: int
    customer: str
    items: Tuple[str, ...] = ()


WORD = re.compile(r"\w+")
RECORDS = [{"id": n, "name": f"name {n}", "tags": ["a", "b", "c"] * 4} for n in range(200)]


def convert() -> None:
    text = json.dumps(RECORDS)
    json.loads(text)
    json.dumps(RECORDS, indent=1)


def search() -> None:
    text = json.dumps(RECORDS[:40])
    WORD.sub("x", text)
    WORD.findall(text)
    re.split(r"\W", text)
    [match.group() for match in WORD.finditer(text)]


def pack() -> None:
    data = json.dumps(RECORDS).encode()
    packed = zlib.compress(data)
    zlib.decompress(packed)
    zlib.crc32(data)


def order() -> None:
    numbers = [n * 7919 % 1000 for n in range(2000)]
    sorted(numbers)
    sorted(numbers, key=str)
    list(map(str, numbers))
    sum(numbers)
    numbers.sort(reverse=True)
    ",".join(map(str, numbers))


def store(database: sqlite3.Connection) -> None:
    rows = [(n, f"name {n}") for n in range(300)]
    database.execute("create table if not exists t (a integer, b text)")
    database.executemany("insert into t values (?, ?)", rows)
    database.execute("select count(*), max(b) from t where a % 7 = 3").fetchall()
    database.execute("delete from t")


def walk() -> None:
    folder = pathlib.Path(__file__).parent
    for path in folder.iterdir():
        path.stat()
        path.with_suffix(".txt")
    list(folder.glob("*.py"))


def make() -> None:
    orders = [Order(n, f"customer {n % 9}", ("x",) * 5) for n in range(150)]
    sorted(orders)
    [dataclasses.asdict(one) for one in orders[:30]]
    [dataclasses.replace(one, number=0) for one in orders]
    repr(orders)


def work(database: sqlite3.Connection) -> None:
    convert()
    search()
    pack()
    order()
    store(database)
    walk()
    make()


def called_functions(database: sqlite3.Connection) -> Dict[Place, Set[str]]:
    """The last names of the C functions that are called on each line."""
    called: Dict[Place, Set[str]] = {}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            code = frame.f_code
            place = (code.co_filename, code.co_name, frame.f_lineno or 0)
            called.setdefault(place, set()).add(argument.__name__)

    for _ in range(3):
        sys.setprofile(note)
        work(database)
        sys.setprofile(None)
    return called


def sampled_functions(
    database: sqlite3.Connection, seconds: float, interval: float
) -> "Counter[Tuple[Place, str]]":
    """How many samples there are in each C function, by the place that called it."""
    from spinetail import Profiler, _native

    profiler = Profiler(interval=interval, async_mode="disabled", engine="sampler")
    end = time.perf_counter() + seconds
    profiler.start()
    while time.perf_counter() < end:
        work(database)
    session = profiler.stop()
    frames, stacks, threads = _native.session_samples(session._handle)
    found: Counter[Tuple[Place, str]] = Counter()
    for stack, *_ in threads[0][2]:
        parent, frame = stacks[stack]
        if stack == 0 or frames[frame][2] != "<built-in>" or parent == 0:
            continue
        name, _, file, _, line = frames[stacks[parent][1]][:5]
        found[(file, name, line), frames[frame][0].rpartition(".")[2]] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Check the names of C functions.")
    parser.add_argument("--seconds", type=float, default=10, help="length of the run (10)")
    parser.add_argument("--interval", type=float, default=0.001, help="of samples, in s (0.001)")
    options = parser.parse_args()
    load = describe_load()
    database = sqlite3.connect(":memory:")
    called = called_functions(database)
    sampled = sampled_functions(database, options.seconds, options.interval)
    total = sum(sampled.values())
    wrong = {key: n for key, n in sampled.items() if key[1] not in called.get(key[0], ())}
    # The loop that runs the workload isn't part of it.
    wrong = {key: n for key, n in wrong.items() if key[0][1] != "sampled_functions"}
    right = total - sum(wrong.values())
    share = 100 * right / max(total, 1)
    print(f"{total} samples in C functions, {share:.2f} % of them named rightly.")
    for ((file, name, line), function), number in Counter(wrong).most_common(5):
        print(f"wrong: {number} × {function}, called in {name} ({file}:{line})")
    print(f"\n{describe_machine()}. {load}")


if __name__ == "__main__":
    main()
