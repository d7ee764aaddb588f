"""Every interpreter's suite runs, its words come as a whole, and the last lines tell the truth."""

import sys
from pathlib import Path
from typing import IO, Dict, List, Optional

import pytest

import run_python_tests
import suite_run
from debian_packages import NotToBeHad
from interpreters import Interpreter

WHEEL = Path("any.whl")

Found = Dict[str, str]


def nothing_from_debian() -> List[Path]:
    raise NotToBeHad("there is no apt-get here")


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Found:
    """For each version on the machine, the shell script that its environment's Python is."""
    scripts: Found = {}

    def program(name: str) -> Path:
        python = tmp_path / name / "bin" / "python"
        if not python.exists():
            python.parent.mkdir(parents=True)
            python.write_text(f"#!/bin/sh\n{scripts[name]}\n")
            python.chmod(0o755)
        return python

    def find(minors: object, others: object = ()) -> List[Interpreter]:
        # All are written before any suite runs: what is being written while another thread starts
        # a process can't be run.
        for name in scripts:
            program(name)
        versions = [tuple(map(int, version.split("."))) for version in scripts]
        return [Interpreter((a, b, c), Path("python")) for a, b, c in versions]

    def environment(
        interpreter: Interpreter, wheel: Path, requirements: str, output: Optional[IO[bytes]]
    ) -> Path:
        return program(interpreter.name)

    monkeypatch.setattr(run_python_tests, "find_interpreters", find)
    monkeypatch.setattr(run_python_tests, "debian_pythons", nothing_from_debian)
    monkeypatch.setattr(suite_run, "environment_with_wheel", environment)
    return scripts


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["run_python_tests.py", *arguments])
    return run_python_tests.main()


def test_all_passed(
    found: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found["3.7.1"] = "sleep 0.2; echo first; echo '=== 2 passed, 1 skipped in 0.1s ==='"
    found["3.12.0"] = "echo second; echo '=== 3 passed in 0.1s ==='"
    assert run(monkeypatch, "--only", "3.7,3.12", "any.whl") == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if line.startswith("==") or line in ("first", "second")]
    assert [line for line in heads if "passed" not in line] == [
        "== Python 3.12.0",
        "second",
        "== Python 3.7.1",
        "first",
    ]
    assert lines[-3:] == [
        "Python 3.7.1: passed in 0 s (2 passed, 1 skipped)",
        "Python 3.12.0: passed in 0 s (3 passed)",
        "All passed.",
    ]


def test_one_failed(
    found: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found["3.11.4"] = "echo '1 failed, 3 passed in 2.00s'; exit 1"
    found["3.12.0"] = "exit 0"
    assert run(monkeypatch, "any.whl") == 1
    lines = capsys.readouterr().out.splitlines()
    assert "Python 3.11.4: FAILED in 0 s (1 failed, 3 passed)" in lines
    assert lines[-1] == "Not all passed."


def test_what_is_missing_is_said_in_the_last_lines(
    found: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found.update({f"3.{minor}.0": "exit 0" for minor in range(8, 14)})
    assert run(monkeypatch, "any.whl") == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "Not tested: 3.14, 3.15, to be had from Debian sid, but there is no apt-get here.",
        "Not tested: 3.7, not found on this machine.",
        "All passed.",
    ]


def test_nothing_that_can_be_profiled(
    found: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found["3.7.1"] = "exit 0"
    assert run(monkeypatch, "any.whl") == 1
    assert "install one" in capsys.readouterr().out.splitlines()[-1]


def test_a_suite_that_hangs(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite_run, "SECONDS_LIMIT", 0.1)
    found["3.12.0"] = "echo begun; exec sleep 60"
    done = suite_run.run_suite(Interpreter((3, 12, 0), Path("python")), WHEEL, [], False)
    assert not done.passed
    assert done.output.splitlines() == ["begun", "stopped: it took more than 0.1 s"]


def test_pytest_gets_the_arguments(found: Found) -> None:
    found["3.12.0"] = 'echo "$@"'
    interpreter = Interpreter((3, 12, 0), Path("python"))
    assert suite_run.run_suite(interpreter, WHEEL, ["-k", "name"], False).output.endswith(
        "pytest_cache -k name\n"
    )


def test_the_newest_supported_one_is_stressed(
    found: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SPINETAIL_STRESS_SECONDS", raising=False)
    for version in ("3.7.1", "3.11.4", "3.12.0"):
        found[version] = 'echo "stressed for ${SPINETAIL_STRESS_SECONDS-no} seconds"'
    run(monkeypatch, "any.whl")
    lines = [line for line in capsys.readouterr().out.splitlines() if "stressed" in line]
    assert lines == ["stressed for 30 seconds"] + ["stressed for no seconds"] * 2


@pytest.mark.parametrize(
    "arguments, narrowed",
    [
        ([], ["3.8.1", "3.11.4", "3.12.0", "3.14.0"]),
        (["--only", "3.8,3.12"], []),
        (["--only", "3.8", "-k", "name"], []),
    ],
)
def test_what_holds_for_any_version_runs_on_three(
    found: Found,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: List[str],
    narrowed: List[str],
) -> None:
    """On the oldest, on the newest, and on the one that gets the real programs."""
    for version in ("3.7.1", "3.8.1", "3.11.4", "3.12.0", "3.13.2", "3.14.0", "3.15.0"):
        found[version] = f'case "$*" in *"-m not any_version"*) echo "narrowed {version}" ;; esac'
    options = arguments[:2]
    run(monkeypatch, *options, "any.whl", *arguments[2:])
    lines = capsys.readouterr().out.splitlines()
    seen = [line.split()[1] for line in lines if line.startswith("narrowed")]
    assert sorted(seen, key=lambda name: int(name.split(".")[1])) == narrowed


def test_where_tests_are_asked_for_all_of_them_run(
    found: Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ("3.7.1", "3.11.4", "3.12.0", "3.13.0", "3.14.0"):
        found[version] = 'case "$*" in *any_version*) echo narrowed ;; esac'
    run(monkeypatch, "any.whl", "-k", "name")
    assert "narrowed" not in capsys.readouterr().out
