"""Makes session files of any size for the report page.

    python benchmarks/page_data.py OUTPUT SAMPLES NODES

The program is made up, but moves like a real one: most of a stack stays from sample to sample, a
few calls take most of the time, depths wander between a handful and some 110 calls, and lines
differ within functions. The same numbers give the same file.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "viewer" / "tools"))

from session_file import SessionFile  # noqa: E402

FUNCTIONS = 5300
FILES = 320
DEEPEST = 110
INTERVAL_NS = 1_000_000
UNIT_NS = INTERVAL_NS // 64
SYLLABLES = re.findall("..", "bacedifoguhajekilomunaperisotuvawexiyoze")
FOLDERS = [
    ("/srv/shop/", 2),
    ("/usr/lib/python3.12/", 3),
    ("/srv/.venv/lib/python3.12/site-packages/numberlib/", 6),
    ("/srv/.venv/lib/python3.12/site-packages/webframe/", 3),
]


class Program:
    """Stacks that a made-up program was seen with, and the walk from one to the next."""

    def __init__(self, samples: int, nodes: int, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self.samples = samples
        self.nodes = nodes
        self.file = SessionFile(timeUnit=UNIT_NS)
        self.functions = self._functions()
        self.frames: Dict[Tuple[int, int], int] = {}
        self.parents = [0]
        self.tops = [0]
        # Of each stack: its function path, and the stacks on top of it, the favoured ones first.
        self.paths = [0]
        self.children: List[List[int]] = [[]]
        self.path_rows: Dict[Tuple[int, int], int] = {}

    def _functions(self) -> List[Tuple[int, int, int, int]]:
        rows = []
        folders = [folder for folder, weight in FOLDERS for _ in range(weight)]
        files = [f"{folders[i % len(folders)]}{self._word()}.py" for i in range(FILES)]
        for _ in range(FUNCTIONS):
            name = self.file.string(
                "_".join(self._word() for _ in range(self.random.randint(1, 3)))
            )
            file = self.file.string(files[int(FILES * self.random.random() ** 1.7)])
            rows.append((name, name, file, self.random.randint(1, 2000)))
        return rows

    def _word(self) -> str:
        return "".join(self.random.choice(SYLLABLES) for _ in range(self.random.randint(2, 4)))

    def _child(self, parent: int, novelty: float) -> int:
        """A stack one call deeper, mostly one that was there before; 0 where there is none."""
        known = self.children[parent]
        draw = self.random.random()
        if known and draw >= novelty:
            # The first few take most of the time.
            return known[int(len(known) * self.random.random() ** 3)]
        may_grow = len(self.path_rows) < self.nodes
        if not known and not may_grow:
            return 0
        if known and (not may_grow or self.random.random() < 0.15):
            # The same function at another line.
            frame = self.tops[self.random.choice(known)]
            function = self.frame_keys[frame][0]
        else:
            base = (parent * 2654435761 >> 7) % FUNCTIONS
            function = (base + int(FUNCTIONS * self.random.random() ** 4)) % FUNCTIONS
        line = self.functions[function][3] + self.random.randint(1, 4)
        key = (function, line)
        frame = self.frames.setdefault(key, len(self.frames))
        if frame == len(self.frame_keys):
            self.frame_keys.append(key)
        for child in known:
            if self.tops[child] == frame:
                return child
        row = len(self.parents)
        self.parents.append(parent)
        self.tops.append(frame)
        self.children.append([])
        known.append(row)
        path = (self.paths[parent], function)
        self.paths.append(self.path_rows.setdefault(path, len(self.path_rows) + 1))
        return row

    def walk(self) -> List[int]:
        """The stack of each sample."""
        self.frame_keys: List[Tuple[int, int]] = []
        rng = self.random
        stack = [0]
        out = []
        depth = 20.0
        for number in range(self.samples):
            left = self.nodes - len(self.path_rows)
            novelty = min(1.0, left / max(1, self.samples - number) / 4.5)
            depth += rng.gauss(0, 2.5) + (24 - depth) * 0.02
            wanted = min(DEEPEST, max(4, int(depth + rng.expovariate(0.12))))
            if rng.random() < 0.75 or len(stack) > wanted:
                keep = max(2, min(len(stack), wanted) - int(rng.expovariate(0.35)))
                del stack[keep:]
            while len(stack) <= wanted and (rng.random() < 0.9 or len(stack) < 4):
                child = self._child(stack[-1], novelty)
                if child == 0:
                    break
                stack.append(child)
            out.append(stack[-1])
        return out


def make(samples: int, nodes: int) -> bytes:
    """The bytes of a session file with so many samples and calls in its tree."""
    program = Program(samples, nodes)
    return session_bytes(program, program.walk())


def session_bytes(program: Program, stacks: List[int]) -> bytes:
    """The bytes of the session file of a walk."""
    samples = len(stacks)
    file = program.file
    names = ["name", "qualname", "file", "firstLine"]
    file.add(
        "functions", {name: [row[i] for row in program.functions] for i, name in enumerate(names)}
    )
    keys = program.frame_keys
    blank = [0] * len(keys)
    function = [key[0] for key in keys]
    line = [key[1] for key in keys]
    file.add("frames", {"function": function, "line": line, "className": blank, "flags": blank})
    file.add("stacks", {"parent": program.parents, "frame": program.tops}, ["parent", "frame"])
    file.add("threads", {"name": [file.string("MainThread")], "identifier": [1]})
    rng = random.Random(3)
    # Late by a little, mostly; the next one is early by as much.
    late = [min(60, int(rng.expovariate(0.7))) for _ in range(samples + 1)]
    wall = [64 + after - before for before, after in zip(late, late[1:])]
    waiting = [w if rng.random() < 0.02 else 0 for w in wall]
    state = [1] * samples
    file.add(
        "samples/0", {"stack": stacks, "wall": wall, "wait": waiting, "state": state}, ["stack"]
    )
    duration = sum(wall) * UNIT_NS / 1e9
    file.header.update(
        startTime=1_750_000_000.0,
        duration=duration,
        cpuTime=duration * 0.98,
        minInterval=INTERVAL_NS / 1e9,
        maxInterval=INTERVAL_NS / 1e9,
        targetDescription="Program: shop.py",
        commandLine=["spinetail", "shop.py"],
        engine="sampler",
        pythonVersion="3.12.1",
        sysPath=[
            "/srv/shop",
            "/usr/lib/python3.12",
            "/srv/.venv/lib/python3.12/site-packages",
        ],
        sysPrefixes=["/usr", "/srv/.venv"],
        statistics={"beats": samples, "followed": samples},
    )
    return file.pack()


if __name__ == "__main__":
    output, samples, nodes = sys.argv[1:]
    Path(output).write_bytes(make(int(samples), int(nodes)))
