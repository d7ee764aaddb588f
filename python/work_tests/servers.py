"""Runs what a README says, as a server to send requests to."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
PORT = "8000"
SECONDS_TO_START = 60


class Answer(NamedTuple):
    status: int
    type: str
    text: str


class Server:
    """A server that runs."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str) -> Answer:
        try:
            with urllib.request.urlopen(self.url(path), timeout=60) as response:
                return Answer(
                    response.status, response.headers["Content-Type"], response.read().decode()
                )
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers["Content-Type"], error.read().decode())

    def get_at_once(self, *paths: str) -> list[Answer]:
        with ThreadPoolExecutor(len(paths)) as pool:
            return list(pool.map(self.get, paths))

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def commands(folder: str) -> list[str]:
    """The command in the block of an example's README, then those in the text."""
    text = (EXAMPLES / folder / "README.md").read_text()
    (block,) = re.findall(r"^```\n(.*)\n```$", text, re.MULTILINE)
    return [block, *re.findall(r"`(\w+ [^`\n]*examples/[^`]*)`", text)]


def words_of(command: str, port: int | None = None) -> list[str]:
    """The command with this environment's programs, and another port."""
    words = shlex.split(command)
    program = Path(sys.executable).parent / words[0]
    words[0] = sys.executable if words[0] == "python" else str(program)
    return [str(port) if word == PORT and port else word for word in words]


def variables(**more: str) -> dict[str, str]:
    found = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", **more}
    found["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), found.get("PATH", "")])
    return found


@contextlib.contextmanager
def serving(command: str, **more: str) -> Iterator[Server]:
    """The server that a command starts, which ends with the block."""
    port = free_port()
    with tempfile.TemporaryFile() as output, subprocess.Popen(
        words_of(command, port),
        cwd=str(ROOT),
        env=variables(**more),
        stdout=output,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    ) as process:
        try:
            if not answers(port, process):
                output.seek(0)
                raise AssertionError(output.read().decode())
            yield Server(port)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.05)
    return False
