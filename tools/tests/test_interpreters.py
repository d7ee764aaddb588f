"""Only what really runs counts as an interpreter."""

import json
import os
import sys
from pathlib import Path

import pytest

from interpreters import Interpreter, find_interpreters, probe

MINOR = sys.version_info[:2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which interpreters are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def put_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def put_interpreter(path: Path) -> None:
    put_program(path, f'exec "{sys.executable}" "$@"')


def test_this_interpreter_is_found(folder: Path) -> None:
    put_interpreter(folder / "python3")
    (found,) = find_interpreters([MINOR])
    assert found.version == sys.version_info[:3]
    assert os.access(found.executable, os.X_OK)


def test_one_version_counts_once(folder: Path) -> None:
    put_interpreter(folder / "python3")
    put_interpreter(folder / "python{}.{}".format(*MINOR))
    assert len(find_interpreters([MINOR])) == 1


def test_a_version_that_was_not_asked_for(folder: Path) -> None:
    put_interpreter(folder / "python3")
    assert find_interpreters([(2, 7)]) == []


def test_interpreters_of_a_version_manager(folder: Path) -> None:
    binaries = folder / "pyenv" / "versions" / "any" / "bin"
    binaries.mkdir(parents=True)
    put_interpreter(binaries / "python3")
    assert len(find_interpreters([MINOR])) == 1


@pytest.mark.parametrize(
    "script", ["echo 'pyenv: python3: command not found' >&2; exit 127", "exit 0", "echo '{'"]
)
def test_a_stand_in_that_leads_nowhere(script: str, folder: Path) -> None:
    put_program(folder / "python3", script)
    assert find_interpreters([MINOR]) == []


def answer(**changes: object) -> str:
    facts = {
        "implementation": "cpython",
        "version": [3, 13, 0],
        "release": True,
        "debug": False,
        "free_threaded": False,
        "executable": "/usr/bin/python3",
        **changes,
    }
    return f"echo '{json.dumps(facts)}'"


def test_a_default_build_of_cpython(tmp_path: Path) -> None:
    put_program(tmp_path / "python3", answer())
    expected = Interpreter((3, 13, 0), Path("/usr/bin/python3"))
    assert probe(tmp_path / "python3") == expected


@pytest.mark.parametrize(
    "script",
    [
        answer(implementation="pypy"),
        answer(release=False),
        answer(debug=True),
        answer(free_threaded=True),
    ],
)
def test_other_builds_are_passed_over(script: str, tmp_path: Path) -> None:
    put_program(tmp_path / "python3", script)
    assert probe(tmp_path / "python3") is None


def test_interpreters_from_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "python-of-any-name"
    put_interpreter(elsewhere)
    assert find_interpreters([MINOR]) == []
    assert len(find_interpreters([MINOR], [elsewhere])) == 1
