"""Real programs, run with and without Spinetail: do they behave the same, and what is reported?

Each runs in a new folder that holds copies of its files, so that no path of this machine gets into
its report.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from environments import ROOT, clean_environment

EXAMPLES = ROOT / "examples"
LINE_LIMIT = 45
FIRST_LINES = 10
# A report begins below the program's root if at most 2 % of the time lie outside of that.
ROOT_SHARE = 0.97


@dataclass(frozen=True)
class RealProgram:
    """A program, and what its report must show."""

    name: str
    package: str  # must be installed
    arguments: Tuple[str, ...]  # what comes after `python`, or after `spinetail` and its options
    prepare: Callable[[Path], None]  # puts what the program needs into a folder
    own: Tuple[str, ...] = ()  # functions of the program and their files, as the report shows them
    has_report: bool = True  # worth keeping
    is_ordered: bool = True  # False if the order of its messages is up to chance


@dataclass(frozen=True)
class Outcome:
    """What a run left behind; the times in its output are blanked."""

    status: int
    stdout: str
    stderr: str
    files: Dict[str, str]  # the SHA-256 of each file in its folder


@dataclass(frozen=True)
class ReportLine:
    """A call in a report's tree."""

    seconds: float
    function: str
    place: str


@dataclass(frozen=True)
class Report:
    """A text report, taken apart."""

    text: str
    description: str = field(init=False)
    duration: float = field(init=False)
    tree: List[str] = field(init=False)  # its lines, from the root on

    TREE_LINE = re.compile(r"[ │├└─]*(?P<seconds>\d+\.\d+) (?P<function>.*\S)  (?P<place>\S.*)")

    def __post_init__(self) -> None:
        header, _, rest = self.text.partition("\nProgram: ")
        description, _, tree = rest.partition("\n")
        duration = re.search(r"Duration: +([\d.]+)", header)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "duration", float(duration[1]) if duration else 0.0)
        object.__setattr__(self, "tree", [line for line in tree.splitlines() if line.strip()])

    @property
    def lines(self) -> int:
        """How many lines there are between the first and the last that aren't empty."""
        return len(self.text.strip().splitlines())

    def calls(self, first: Optional[int] = None) -> List[ReportLine]:
        """The calls in the tree's first lines, or in all."""
        matches = (self.TREE_LINE.fullmatch(line) for line in self.tree[:first])
        return [ReportLine(float(m["seconds"]), m["function"], m["place"]) for m in matches if m]

    def shows(self, own: str, first: Optional[int] = None) -> bool:
        """Whether a function, given as in `RealProgram.own`, is among the calls."""
        name, _, file = own.partition(" ")
        return any(
            call.function == name and call.place.rpartition(":")[0] == file
            for call in self.calls(first)
        )


def problems(program: RealProgram, report: Report) -> List[str]:
    """What is wrong with a report, in sentences."""
    found = []
    if report.description != " ".join(program.arguments):
        found.append(f"its program is {report.description!r}")
    if report.lines > LINE_LIMIT:
        found.append(f"it has {report.lines} lines")
    if not any(report.shows(own, FIRST_LINES) for own in program.own):
        found.append(f"its first {FIRST_LINES} lines show nothing of the program's own")
    found.extend(f"it doesn't show {own}" for own in program.own if not report.shows(own))
    calls = report.calls()
    if not calls or not ROOT_SHARE <= calls[0].seconds / report.duration <= 1.001:
        found.append("the time of its root isn't the duration")
    return found


def copy_json(folder: Path) -> None:
    """The standard library's json package."""
    source = Path(sysconfig.get_path("stdlib")) / "json"
    shutil.copytree(source, folder / "json_copy", ignore=shutil.ignore_patterns("__pycache__"))


def copy_configparser(folder: Path) -> None:
    """A module of a thousand lines: enough for black to take longer than its imports."""
    shutil.copy(Path(sysconfig.get_path("stdlib")) / "configparser.py", folder / "settings.py")


def copy_example(name: str) -> Callable[[Path], None]:
    """A script of the examples, or what is in a folder of them."""

    def copy(folder: Path) -> None:
        source = EXAMPLES / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
            shutil.copytree(source, folder, dirs_exist_ok=True, ignore=ignored)
        else:
            shutil.copy(source, folder)

    return copy


PROGRAMS = (
    RealProgram(
        "black",
        "black",
        ("-m", "black", "settings.py"),
        copy_configparser,
        # All of it is an installed package, of which a report shows the heavy part.
        own=(
            "patched_main black/__init__.py",
            "main black/__init__.py",
            "reformat_one black/__init__.py",
            "format_file_contents black/__init__.py",
            "_format_str_once black/__init__.py",
        ),
    ),
    RealProgram(
        "black-package",
        "black",
        ("-m", "black", "json_copy"),
        copy_json,
        # It formats several files in processes of its own, and only waits itself.
        has_report=False,
        is_ordered=False,
    ),
    RealProgram(
        "pytest",
        "pytest",
        ("-m", "pytest", "-q", "-p", "no:cacheprovider"),
        copy_example("pytest_suite"),
        own=(
            "test_texts_are_found_by_their_own_words test_search_index.py",
            "SearchIndex.search search_index.py",
            "SearchIndex.add search_index.py",
            "maze test_mazes.py",
            "Maze.carve mazes.py",
        ),
    ),
    RealProgram(
        "sympy",
        "sympy",
        ("sympy_integrals.py",),
        copy_example("sympy_integrals.py"),
        own=(
            "main sympy_integrals.py",
            "products sympy_integrals.py",
            "rational_functions sympy_integrals.py",
            "definite_integrals sympy_integrals.py",
            "antiderivative sympy_integrals.py",
            "check sympy_integrals.py",
        ),
    ),
    RealProgram(
        "django",
        "django",
        ("manage.py", "test"),
        copy_example("django_shop"),
        own=(
            "main manage.py",
            "ShopTest.test_an_account_shows_all_orders shop/tests.py",
            "account shop/views.py",
            "Customer.statement shop/models.py",
        ),
    ),
    RealProgram(
        "aiohttp",
        "aiohttp",
        ("aiohttp_library.py",),
        copy_example("aiohttp_library.py"),
        own=(
            "search aiohttp_library.py",
            "best_books aiohttp_library.py",
            "occurrences aiohttp_library.py",
            "decades aiohttp_library.py",
        ),
    ),
)


def run_plain(python: Path, program: RealProgram, folder: Path) -> Outcome:
    """Runs the program by itself in a folder of the given one."""
    return _run([str(python), *program.arguments], program, folder)


def run_profiled(python: Path, program: RealProgram, folder: Path) -> Tuple[Outcome, Report]:
    """Runs the program under the command that is installed beside `python`."""
    report = folder / "report.txt"
    report.unlink(missing_ok=True)
    command = [str(python.parent / "spinetail"), "-o", "../report.txt", *program.arguments]
    outcome = _run(command, program, folder)
    return outcome, Report(report.read_text(encoding="utf-8") if report.exists() else "")


def prepare_folder(program: RealProgram, folder: Path) -> Tuple[Path, Dict[str, str]]:
    """Makes a program's folder in the given one, always the same and always anew. Gives it, and the
    variables to run the program with.
    """
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    program.prepare(work)
    variables = {
        **clean_environment(),
        "BLACK_CACHE_DIR": str(work / "cache"),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
    }
    return work, variables


def _run(command: List[str], program: RealProgram, folder: Path) -> Outcome:
    # The same folder for both runs: its name may be part of the output.
    work, variables = prepare_folder(program, folder)
    done = subprocess.run(
        command,
        cwd=work,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    files = {
        str(path.relative_to(work)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(work.rglob("*"))
        if path.is_file() and not {"__pycache__", "cache"} & set(path.relative_to(work).parts)
    }
    return Outcome(done.returncode, _fixed(done.stdout), _fixed(done.stderr, program), files)


def _fixed(text: str, program: Optional[RealProgram] = None) -> str:
    """The text without what differs from run to run."""
    text = re.sub(r"\b\d+\.\d+ ?s\b", "…s", text)
    if program is not None and not program.is_ordered:
        text = "\n".join(sorted(text.splitlines()))
    return text
