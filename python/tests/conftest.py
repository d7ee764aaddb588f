"""Runs programs under plain python and under the command, side by side."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

import pytest

HAS_SAMPLER = (3, 11) <= sys.version_info < (3, 16)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "any_version: needs no more than three Python versions")
    config.addinivalue_line("markers", "sampler: where the sampler knows the interpreter")
    config.addinivalue_line("markers", "no_sampler: where it doesn't")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("sampler") and not HAS_SAMPLER:
        pytest.skip("no sampler here")
    if item.get_closest_marker("no_sampler") and HAS_SAMPLER:
        pytest.skip("the sampler works here")


class Outcome:
    """How a process ended, and what it wrote."""

    def __init__(self, returncode: int, stdout: bytes, stderr: bytes) -> None:
        self.returncode = returncode
        self.stdout = without_addresses(stdout)
        self.stderr = without_addresses(stderr)


def without_addresses(output: bytes) -> str:
    return re.sub("0x[0-9a-f]{6,}", "0x…", output.decode("utf-8", "backslashreplace"))


class Workshop:
    """A folder with programs in it, and ways to run them."""

    def __init__(self, folder: Path, data_folder: Path) -> None:
        self.folder = folder
        self.data_folder = data_folder
        """The user's, as far as what runs here knows: the command keeps its latest runs there."""

    @property
    def environment(self) -> dict[str, str]:
        unset = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "XDG_DATA_HOME": str(self.data_folder)}

    def kept_runs(self) -> list[Path]:
        return sorted(self.data_folder.glob("spinetail/reports/*"))

    def write(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def run(
        self,
        command: Sequence[str],
        env: dict | None = None,
        stdin: bytes = b"",
        **options: Any,
    ) -> Outcome:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=str(options.pop("cwd", self.folder)),
            env={**self.environment, **(env or {})},
            input=stdin,
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            timeout=60,
            **options,
        )
        return Outcome(done.returncode, done.stdout or b"", done.stderr)

    def python(self, *words: str, flags: Sequence[str] = (), **options: Any) -> Outcome:
        return self.run([sys.executable, *flags, *words], **options)

    def spinetail(self, *words: str, flags: Sequence[str] = (), **options: Any) -> Outcome:
        return self.run([sys.executable, *flags, "-m", "spinetail", *words], **options)

    def both(self, *words: str, report: bool = True, **options: Any) -> list[Outcome]:
        """Runs the words under python and under the command, and compares all that can be seen.

        The report goes to a file, so that standard output holds the program's own words alone. The
        program must have left a report there, or none where ``report`` is False.
        """
        plain = self.python(*words, **options)
        outfile = self.folder / "both-report.txt"
        if outfile.exists():
            outfile.unlink()
        profiled = self.spinetail("-o", str(outfile), *words, **options)
        assert profiled.stdout == plain.stdout
        assert profiled.stderr == plain.stderr
        assert profiled.returncode == plain.returncode
        assert outfile.exists() == report
        return [plain, profiled]

    def interrupt(self, command: Sequence[str], number: int, ready: str = "ready") -> Outcome:
        """Sends a signal once the program has printed ``ready``."""
        with subprocess.Popen(
            [str(word) for word in command],
            cwd=str(self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as process:
            assert process.stdout is not None
            head = b""
            while ready.encode() not in head:
                line = process.stdout.readline()
                assert line, process.stderr.read() if process.stderr else ""
                head += line
            time.sleep(0.2)  # into the call that blocks
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=30)
            return Outcome(process.returncode, head + stdout, stderr)


@pytest.fixture(scope="session", autouse=True)
def foreign_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a test runs, its latest runs don't get among the user's."""
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
    yield
    if before is None:
        del os.environ["XDG_DATA_HOME"]
    else:
        os.environ["XDG_DATA_HOME"] = before


@pytest.fixture
def workshop(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path, tmp_path_factory.mktemp("data"))


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "waited too long"
            time.sleep(0.01)

    return wait


class Report:
    """The parts of a text report that tests look at."""

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def duration(self) -> float:
        match = re.search(r"Duration: *([0-9.]+)", self.text)
        assert match, self.text
        return float(match.group(1))

    @property
    def root_time(self) -> float:
        match = re.search(r"^ *[│├└─`|\- ]*([0-9]+\.[0-9]+) +\S", self.text, re.MULTILINE)
        assert match, self.text
        return float(match.group(1))

    def time_of(self, name: str) -> float:
        match = re.search(rf"([0-9]+\.[0-9]+) +{re.escape(name)}\b", self.text)
        assert match, f"no {name} in {self.text}"
        return float(match.group(1))


@pytest.fixture
def read_report() -> Callable[[str], Report]:
    return Report


class VirtualClock:
    """A clock, in seconds, that stands still unless it is advanced."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def virtual_clock() -> Iterator[VirtualClock]:
    """The clock of all profilers and subscribers on this thread until the test ends."""
    from spinetail.stack_sampler import get_stack_sampler

    clock = get_stack_sampler().timer_func = VirtualClock()
    yield clock
    get_stack_sampler().timer_func = None


def stack_times(session: Any, *files: str) -> dict[tuple[str, ...], float]:
    """The seconds that each stack of a session has, by the names of its frames, outermost first.

    Only frames of the files count, and those of no file, such as ``[await]``; built-in functions
    are in ``<built-in>``. Stacks without any time are left out.
    """
    from spinetail._library import native

    frames, stacks, threads = native.session_samples(session._handle)
    totals: dict[tuple[str, ...], int] = {}
    for _, _, samples in threads:
        for stack, nanoseconds, *_ in samples:
            names = []
            while stack:
                stack, frame = stacks[stack]
                name, _, file, *_ = frames[frame]
                if file in files or not file:
                    names.insert(0, name)
            totals[tuple(names)] = totals.get(tuple(names), 0) + nanoseconds
    return {names: total / 1e9 for names, total in totals.items() if total}


@pytest.fixture
def read_stacks() -> Callable[..., dict[tuple[str, ...], float]]:
    return stack_times
