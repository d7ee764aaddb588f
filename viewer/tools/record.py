"""Records a sample profile for work on the report page, by a plain sampler in Python.

python viewer/tools/record.py OUTPUT.spinetail SCRIPT.py [ARGUMENT…]
"""

from __future__ import annotations

import runpy
import sys
import threading
import time
from pathlib import Path
from types import CodeType, FrameType
from typing import Dict, List, Optional, Tuple

from session_file import SessionFile

INTERVAL = 0.001
UNIT = int(INTERVAL * 1e9) // 64


class Recorder:
    """Looks at all threads but its own, a thousand times a second."""

    def __init__(self) -> None:
        self.file = SessionFile(timeUnit=UNIT)
        self.functions: Dict[Tuple[int, ...], int] = {}
        self.frames: Dict[Tuple[int, ...], int] = {}
        self.stacks: Dict[Tuple[int, ...], int] = {(-1, -1): 0}
        self.codes: Dict[CodeType, int] = {}
        self.samples: Dict[int, List[Tuple[float, int]]] = {}
        self.paths: Dict[str, None] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.base = sys._getframe(1)

    def start(self) -> None:
        self.began = time.time()
        self.clock = time.perf_counter()
        self.cpu = time.process_time()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self.duration = time.perf_counter() - self.clock
        self.cpu = time.process_time() - self.cpu

    def _run(self) -> None:
        own = threading.get_ident()
        while not self._stop.wait(INTERVAL):
            now = time.perf_counter() - self.clock
            for thread, frame in sys._current_frames().items():
                if thread != own:
                    self.samples.setdefault(thread, []).append((now, self._stack(frame)))

    def _stack(self, frame: Optional[FrameType]) -> int:
        chain: List[FrameType] = []
        while frame is not None and frame is not self.base:
            if (
                "tools/record.py" not in frame.f_code.co_filename
                and "runpy" not in frame.f_code.co_filename
            ):
                chain.append(frame)
            frame = frame.f_back
        row = 0
        for frame in reversed(chain):
            key = (row, self._frame(frame))
            row = self.stacks.setdefault(key, len(self.stacks))
        return row

    def _frame(self, frame: FrameType) -> int:
        code = frame.f_code
        function = self.codes.get(code)
        if function is None:
            name = self.file.string(code.co_name)
            qualname = self.file.string(getattr(code, "co_qualname", code.co_name))
            path = code.co_filename
            self.paths[path] = None
            key = (name, qualname, self.file.string(path), code.co_firstlineno)
            function = self.codes[code] = self.functions.setdefault(key, len(self.functions))
        class_name = 0
        flags = 0
        if code.co_argcount and code.co_varnames[0] in ("self", "cls"):
            owner = frame.f_locals.get(code.co_varnames[0])
            if owner is not None:
                class_name = self.file.string(
                    (owner if isinstance(owner, type) else type(owner)).__name__
                )
        if "__tracebackhide__" in code.co_varnames:
            flags = 1
        frame_key = (function, frame.f_lineno or 0, class_name, flags)
        return self.frames.setdefault(frame_key, len(self.frames))

    def save(self, path: Path, description: str) -> None:
        file = self.file
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        main = threading.main_thread().ident
        threads = sorted(
            self.samples, key=lambda thread: (thread != main, self.samples[thread][0][0])
        )
        rows = [
            file.string(names.get(thread, f"Thread-{number}"))
            for number, thread in enumerate(threads)
        ]
        starts = []
        for thread in threads:
            first = self.samples[thread][0][0]
            starts.append(0 if thread == main else max(0, int((first - INTERVAL) * 1e9) // UNIT))
        file.add("functions", columns(self.functions, ["name", "qualname", "file", "firstLine"]))
        file.add("frames", columns(self.frames, ["function", "line", "className", "flags"]))
        stacks = [(0, 0), *list(self.stacks)[1:]]
        file.add(
            "stacks",
            {"parent": [p for p, _ in stacks], "frame": [f for _, f in stacks]},
            ["parent", "frame"],
        )
        file.add("threads", {"name": rows, "identifier": threads, "start": starts})
        for number, thread in enumerate(threads):
            times = [int(now * 1e9) // UNIT for now, _ in self.samples[thread]]
            wall = [now - before for before, now in zip([starts[number], *times], times)]
            stack = [row for _, row in self.samples[thread]]
            file.add(
                f"samples/{number}",
                {"stack": stack, "wall": wall, "wait": [w // 20 for w in wall]},
                ["stack"],
            )
        sources = {}
        for source in self.paths:
            if not source.startswith("<") and Path(source).is_file():
                sources[source] = Path(source).read_text(errors="replace")
        prefixes = dict.fromkeys([sys.prefix, sys.base_prefix])
        count = sum(len(samples) for samples in self.samples.values())
        file.header.update(
            startTime=self.began,
            duration=self.duration,
            cpuTime=self.cpu,
            minInterval=INTERVAL,
            maxInterval=INTERVAL,
            targetDescription=f"Program: {description}",
            commandLine=["spinetail", *description.split()],
            engine="sampler",
            pythonVersion=sys.version.split()[0],
            sysPath=[p for p in sys.path if p],
            sysPrefixes=list(prefixes),
            sources=sources,
            statistics={
                "beats": count,
                "followed": count,
                "nobody": 0,
                "unfollowed": 0,
                "truncated": 0,
                "retried": 0,
                "late": 0,
            },
        )
        path.write_bytes(file.pack())


def columns(rows: Dict[Tuple[int, ...], int], names: List[str]) -> Dict[str, List[int]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def main() -> None:
    output, *sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
    recorder = Recorder()
    recorder.start()
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        recorder.stop()
        recorder.save(Path(output), " ".join(sys.argv))


if __name__ == "__main__":
    main()
