"""Runs a known program in a process of its own, with py-spy looking at it from outside.

As a script, this file is that process: it calibrates, runs the program until it is told to stop,
calibrates again, and prints both calibrations.
"""

import json
import re
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from calibration import Calibration
from call_graph import Frame
from in_process import thread_root
from known_programs import PROGRAMS
from looks import Look, Looks

FRAME = re.compile(r"(?P<name>.*) \((?P<file>.*):(?P<line>\d+)\)")
THREAD = re.compile(r"thread \((?:0x)?[0-9A-Fa-f]+\)(?:: \"?(?P<name>.*?)\"?)?")
ERRORS = re.compile(r"Errors: (\d+)")


def find_py_spy() -> Optional[str]:
    """The command, beside this interpreter or on PATH."""
    return shutil.which("py-spy", path=sysconfig.get_path("scripts")) or shutil.which("py-spy")


def look_with_py_spy(
    command: str, program: str, seconds: float, interval: float, blocking: bool
) -> Tuple[List[Looks], Calibration]:
    """py-spy's samples of a program, by thread. Raises RuntimeError if it couldn't look."""
    target = subprocess.Popen(
        [sys.executable, __file__, program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert target.stdin is not None and target.stdout is not None
    with target, tempfile.TemporaryDirectory() as folder:
        target.stdout.readline()  # it has calibrated
        raw = Path(folder) / "raw.txt"
        arguments = [
            "--full-filenames",
            "--rate",
            str(round(1 / interval)),
            "--format",
            "raw",
            "--threads",
        ]
        arguments += ["--duration", str(max(1, round(seconds))), "--output", str(raw)]
        if not blocking:
            arguments.append("--nonblocking")
        done = subprocess.run(
            [command, "record", "--pid", str(target.pid), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        output, _ = target.communicate("stop\n")
        if done.returncode != 0 or not raw.exists():
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise RuntimeError(reason[-1] if reason else f"py-spy ended with {done.returncode}")
        threads: Dict[str, List[Look]] = {}
        for line in raw.read_text().splitlines():
            thread, look = _parse(line)
            threads.setdefault(thread, []).append(look)
    calibration = Calibration(PROGRAMS[program].shares)
    calibration.batches = json.loads(output)
    errors = ERRORS.search(done.stdout + done.stderr)
    main_root = [Frame("<module>", __file__, 0), Frame("main", __file__, 0)]
    has_threads = PROGRAMS[program].has_threads
    found = [
        Looks(
            "py-spy" if blocking else "py-spy --nonblocking",
            looks,
            main_root if thread == "MainThread" else thread_root(),
            float(max(1, round(seconds))),
            thread=thread if has_threads else "",
            failed=int(errors[1]) if errors else 0,
        )
        for thread, looks in sorted(threads.items())
    ]
    return found, calibration


def _parse(line: str) -> Tuple[str, Look]:
    text, _, count = line.rpartition(" ")
    frames: List[Frame] = []
    thread = "MainThread"
    for part in text.split(";"):
        label = THREAD.fullmatch(part)
        match = FRAME.fullmatch(part)
        if label is not None:
            thread = label["name"] or thread
        elif match is None:
            frames.append(Frame(part, "", 0))
        else:
            name = match["name"].rpartition(".")[2]  # it shows qualified names
            frames.append(Frame(name, match["file"], int(match["line"])))
    return thread, Look(tuple(frames), float(count), int(count))


def main() -> None:
    program = PROGRAMS[sys.argv[1]]
    calibration = Calibration(program.shares)
    calibration.run()
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        program.run(0.5)
    calibration.run()
    batches: List[Dict[str, List[float]]] = calibration.batches
    print(json.dumps(batches))


if __name__ == "__main__":
    main()
