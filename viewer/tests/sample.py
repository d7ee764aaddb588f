"""A session as text, for tests of the page: small enough to know every number in it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import MappingProxyType
from typing import Dict, List, Mapping, Sequence, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from session_file import SessionFile  # noqa: E402

Samples = Sequence[Tuple[str, int]]

APP = "/srv/shop/app.py"
LIBRARY = "/usr/lib/python3.12/site-packages/web/handler.py"
FILES = {
    "handle": LIBRARY,
    "dispatch": LIBRARY,
    "wrap": LIBRARY,
    "call": LIBRARY,
    "dumps": "/usr/lib/python3.12/json/__init__.py",
    "encode": "/usr/lib/python3.12/json/encoder.py",
    "iterencode": "/usr/lib/python3.12/json/encoder.py",
    "escape": "/usr/lib/python3.12/json/encoder.py",
    "find": "<frozen importlib._bootstrap>",
}
SOURCE = "\n".join(
    ["import json", "", "def main():", "    for _ in range(9):", "        serve()", ""]
    + [f"def line_{number}(): pass" for number in range(7, 40)]
)
MAIN: List[Tuple[str, int]] = [
    ("<module>*1;find;helper:30*31", 20),
    ("<module>*2;main:3*5;handle;dispatch;wrap;call;view:10*12", 300),
    (
        "<module>*2;main:3*5;handle;dispatch;wrap;call;view:10*13;dumps;encode;iterencode;escape",
        200,
    ),
    ("<module>*2;main:3*5;handle;dispatch;wrap;call;view:10*12", 100),
    ("<module>*2;main:3*5;Cart.total:20*22;Cart.total:20*21", 250),
    ("<module>*2;main:3*5;secret!;work:26*27", 80),
    ("<module>*2;main:3*5", 50),
]
WORKER: List[Tuple[str, int]] = [
    ("run:34*35;pump:36*37", 400),
    ("run:34*35;[await]", 200),
    ("run:34*35;pump:36*38;epoll.poll@<built-in>", 100),
]


def session_file(
    threads: Sequence[Tuple[str, Samples]] = (),
    qualnames: Mapping[str, str] = MappingProxyType({}),
    **header: object,
) -> SessionFile:
    """A session of these threads: names, and stacks with milliseconds. Without any, a shop.

    Functions have their names for qualified ones unless `qualnames` knows another.
    """
    threads = threads or [("MainThread", MAIN), ("worker-1", WORKER)]
    fields: Dict[str, object] = {
        "timeUnit": 1000,
        "startTime": 1_750_000_000,
        "duration": 1.0,
        "cpuTime": 0.9,
        "minInterval": 0.001,
        "maxInterval": 0.001,
        "targetDescription": "Program: /srv/shop/app.py --port 80",
        "commandLine": ["spinetail", "/srv/shop/app.py", "--port", "80"],
        "engine": "sampler",
        "pythonVersion": "3.12.1",
        "sysPath": ["/srv/shop", "/usr/lib/python3.12", "/usr/lib/python3.12/site-packages"],
        "sysPrefixes": ["/usr"],
        "statistics": {"beats": 1700, "followed": 1700},
        "sources": {APP: SOURCE},
    }
    fields.update(header)
    file = SessionFile(**fields)
    functions: Dict[Tuple[int, ...], int] = {}
    frames: Dict[Tuple[int, ...], int] = {}
    stacks: Dict[Tuple[int, ...], int] = {(-1, -1): 0}

    def frame(text: str) -> int:
        leaf = {"[await]": 2, "[out-of-context]": 4}.get(text, 0)
        hidden = text.endswith("!") and not leaf
        rest, _, line = text.rstrip("!").partition("*")
        rest, _, path = rest.partition("@")
        rest, _, first = rest.partition(":")
        class_name, _, name = rest.rpartition(".") if not path else ("", "", rest)
        path = "" if leaf else path or FILES.get(name, APP)
        row = file.string(name)
        qualname = file.string(qualnames.get(name, name))
        key = (row, qualname, file.string(path), int(first or not (leaf or path == "<built-in>")))
        function = functions.setdefault(key, len(functions))
        frame_key = (function, int(line or key[3]), file.string(class_name), int(hidden) or leaf)
        return frames.setdefault(frame_key, len(frames))

    for number, (_, samples) in enumerate(threads):
        rows = []
        for text, _ in samples:
            row = 0
            for part in text.split(";") if text else []:
                row = stacks.setdefault((row, frame(part)), len(stacks))
            rows.append(row)
        wall = [ms * 1000 for _, ms in samples]
        wait = [ms * 1000 if "[await]" in text else 0 for text, ms in samples]
        file.add(f"samples/{number}", {"stack": rows, "wall": wall, "wait": wait}, ["stack"])
    for table, rows_of, names in (
        ("functions", list(functions), ["name", "qualname", "file", "firstLine"]),
        ("frames", list(frames), ["function", "line", "className", "flags"]),
        ("stacks", [(0, 0), *list(stacks)[1:]], ["parent", "frame"]),
    ):
        file.add(table, {name: [row[i] for row in rows_of] for i, name in enumerate(names)})
    names = [file.string(name) for name, _ in threads]
    file.add("threads", {"name": names, "identifier": list(range(1, len(names) + 1))})
    return file
