"""Makes a session as large as a long recording of a large program.

`big_session.py FILE.spinetail [SAMPLES [STACKS]]`: by default 1,000,000 samples of 100,000
different stacks, of mean depth 30 and at most 200. It writes the file by itself, after
docs/session-format.md, so that what reads it is also checked against the description.
"""

import json
import random
import struct
import sys
import zlib
from typing import Any, Dict, Iterable, List, NamedTuple, Tuple

INTERVAL = 0.001
TIME_UNIT = 15_625
DEEPEST = 200
MEAN_DEPTH = 30
FUNCTIONS = 4000


class Tree(NamedTuple):
    """Stacks as a calling context tree. Row 0 is the empty stack."""

    parents: List[int]
    frames: List[int]
    depths: List[int]


class Table:
    """The columns of a file as they are written."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.entries: List[Dict[str, Any]] = []

    def add(self, table: str, name: str, encoding: str, values: List[int]) -> None:
        start = len(self.body)
        if encoding == "u8":
            self.body += bytes(values)
        elif encoding == "varint":
            write_varints(self.body, values)
        else:
            write_varints(self.body, zigzag(values))
        self.entries.append(
            {
                "table": table,
                "name": name,
                "encoding": encoding,
                "count": len(values),
                "offset": start,
                "length": len(self.body) - start,
            }
        )


def write_varints(body: bytearray, values: Iterable[int]) -> None:
    for value in values:
        while value >= 0x80:
            body.append(value & 0x7F | 0x80)
            value >>= 7
        body.append(value)


def zigzag(values: List[int]) -> Iterable[int]:
    last = 0
    for value in values:
        difference = value - last
        last = value
        yield -2 * difference - 1 if difference < 0 else 2 * difference


def make_walk(samples: int, stacks: int, chance: random.Random) -> Tuple[Tree, List[int]]:
    """A tree of stacks, and the stack of each sample.

    The program goes from phase to phase. In each it calls and returns among the functions of a
    part of the program, and samples fall on the same few hundred stacks again and again.
    """
    tree = Tree([0], [0], [0])
    children: Dict[Tuple[int, int], int] = {}

    def child(parent: int, frame: int) -> int:
        known = children.get((parent, frame))
        if known is None:
            known = children[parent, frame] = len(tree.parents)
            tree.parents.append(parent)
            tree.frames.append(frame)
            tree.depths.append(tree.depths[parent] + 1)
        return known

    walk: List[int] = []
    seen = {0}
    current = 0
    phases = max(1, stacks // 500)
    for phase in range(phases):
        first = chance.randrange(FUNCTIONS - 60)
        usual_depth = DEEPEST - 5 if phase % 100 == 7 else chance.gauss(MEAN_DEPTH - 2, 7)
        pool: List[int] = []
        last_sample = samples * (phase + 1) // phases
        last_stack = stacks * (phase + 1) // phases
        while len(walk) < last_sample:
            missing = last_stack + 1 - len(seen)
            if pool and chance.random() > missing / (last_sample - len(walk)):
                # Hot stacks are hotter than others.
                current = pool[int(len(pool) * chance.random() ** 3)]
                walk.append(current)
                continue
            depth = min(max(round(chance.gauss(usual_depth, 3)), 2), DEEPEST)
            while current in seen:
                for _ in range(int(chance.expovariate(0.4))):
                    current = tree.parents[current]
                while tree.depths[current] >= depth:
                    current = tree.parents[current]
                while tree.depths[current] < depth:
                    current = child(current, first + chance.randrange(60))
            seen.add(current)
            pool.append(current)
            walk.append(current)
    return tree, walk


def big_session(samples: int = 1_000_000, stacks: int = 100_000, seed: int = 1) -> bytes:
    """The file's bytes."""
    chance = random.Random(seed)
    tree, walk = make_walk(samples, stacks, chance)
    strings = ["", "MainThread"]
    names, files, first_lines = [], [], []
    for number in range(FUNCTIONS):
        if number % 20 == 0:
            folder = (
                "/app/program"
                if number % 100
                else f"/usr/lib/python3.12/site-packages/library{number}"
            )
            strings.append(f"{folder}/part{number // 200}/module{number // 20}.py")
        files.append(2 + number // 20 * 21)
        strings.append(f"function_{number}")
        names.append(len(strings) - 1)
        first_lines.append(10 + number % 20 * 25)
    table = Table()
    table.add("functions", "name", "varint", names)
    table.add("functions", "qualname", "varint", names)
    table.add("functions", "file", "varint", files)
    table.add("functions", "firstLine", "varint", first_lines)
    table.add("frames", "function", "varint", list(range(FUNCTIONS)))
    table.add("frames", "line", "varint", [line + 7 for line in first_lines])
    table.add("frames", "className", "varint", [0] * FUNCTIONS)
    table.add("frames", "flags", "u8", [0] * FUNCTIONS)
    table.add("stacks", "parent", "zigzag-delta", tree.parents)
    table.add("stacks", "frame", "varint", tree.frames)
    table.add("threads", "name", "varint", [1])
    table.add("threads", "identifier", "varint", [140_000_000_000_000])
    wall = [64 + (0 if chance.random() < 0.7 else round(chance.gauss(0, 2))) for _ in walk]
    wait = [0 if chance.random() < 0.9 else time // 2 for time in wall]
    state = [1 if chance.random() < 0.95 else 0 for _ in walk]
    table.add("samples/0", "stack", "varint", walk)
    table.add("samples/0", "wall", "varint", wall)
    table.add("samples/0", "wait", "zigzag-delta", wait)
    table.add("samples/0", "state", "u8", state)
    header = {
        "format": "spinetail",
        "version": 1,
        "timeUnit": TIME_UNIT,
        "startTime": 1_800_000_000.5,
        "duration": sum(wall) * TIME_UNIT / 1e9,
        "cpuTime": sum(wall) * TIME_UNIT / 1e9 * 0.9,
        "minInterval": INTERVAL,
        "maxInterval": INTERVAL,
        "targetDescription": "A large program",
        "engine": "sampler",
        "pythonVersion": "3.12.1",
        "sysPath": ["/app", "/usr/lib/python3.12", "/usr/lib/python3.12/site-packages"],
        "sysPrefixes": ["/usr"],
        "strings": strings,
        "columns": table.entries,
    }
    text = json.dumps(header).encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, 31, 9)
    return packer.compress(struct.pack("<I", len(text)) + text + bytes(table.body)) + packer.flush()


def main() -> None:
    numbers = [int(argument.replace(",", "")) for argument in sys.argv[2:]]
    data = big_session(*numbers)
    with open(sys.argv[1], "wb") as file:
        file.write(data)
    print(f"{sys.argv[1]}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
