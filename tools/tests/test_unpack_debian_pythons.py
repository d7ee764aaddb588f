"""Interpreters from Debian: unpacked once, and a line that says why where they can't be had."""

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from debian_packages import NotToBeHad, archives
from unpack_debian_pythons import MINORS, debian_pythons

# Lists of two archives; only the second one has the suite. Installing leaves a package.
APT = r"""
for word; do case $word in
  Dir::Cache::archives=*) archives=${word#*=} ;;
  Dir::Etc::sourcelist=*) sources=${word#*=} ;;
esac; done
case "$*" in
  *--print-uris*)
    echo "'http://one.test/x/dists/any/InRelease' one 0"
    echo "'http://two.test/debian/dists/any/InRelease' two 0"
    echo "'http://two.test/debian/dists/any-updates/InRelease' two 0"
    echo "'http://two.test/debian/dists/any/main/binary-amd64/Packages.xz' packages 0" ;;
  *update*) grep -q two.test "$sources" || { echo 'E: no such suite' >&2; exit 100; } ;;
  *install*) touch "$archives/one.deb" ;;
esac
"""

# Unpacks stand-ins for the two interpreters.
DPKG = r"""
mkdir -p "$3/usr/bin"
for name in NAMES; do
  mkdir -p "$3/usr/lib/$name"
  echo 'a = 1' > "$3/usr/lib/$name/module.py"
  [ -z "$FAULTY" ] || echo 'a b' > "$3/usr/lib/$name/faulty.py"
  printf '#!/bin/sh\nexec "%s" "$@"\n' "PYTHON" > "$3/usr/bin/$name"
  chmod +x "$3/usr/bin/$name"
done
echo unpacked >> "$LOG"
"""


def put_program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of programs, with an apt-get and a dpkg-deb that reach no network."""
    folder = tmp_path / "programs"
    folder.mkdir()
    names = " ".join("python{}.{}".format(*minor) for minor in MINORS)
    put_program(folder, "apt-get", APT)
    put_program(folder, "dpkg-deb", DPKG.replace("NAMES", names).replace("PYTHON", sys.executable))
    put_program(folder, "patchelf", "")
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(folder))
    return folder


def test_unpacked_once(programs: Path, tmp_path: Path) -> None:
    pythons = debian_pythons(tmp_path / "pythons")
    assert [python.name for python in pythons] == ["python3.14", "python3.15"]
    assert all(os.access(python, os.X_OK) for python in pythons)
    assert debian_pythons(tmp_path / "pythons") == pythons
    assert (tmp_path / "log").read_text().count("unpacked") == 1
    # Neither lists nor packages stay.
    assert [entry.name for entry in (tmp_path / "pythons").iterdir()] == ["sid"]


@pytest.mark.parametrize("faulty", ["", "yes"])
def test_the_library_is_compiled(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faulty: str
) -> None:
    monkeypatch.setenv("FAULTY", faulty)
    for python in debian_pythons(tmp_path / "pythons"):
        library = python.parent.parent / "lib" / python.name
        assert [path.name.split(".")[0] for path in library.glob("__pycache__/*")] == ["module"]


def test_unpacked_anew_where_they_do_not_run(programs: Path, tmp_path: Path) -> None:
    pythons = debian_pythons(tmp_path / "pythons")
    put_program(pythons[1].parent, pythons[1].name, "exit 1")
    debian_pythons(tmp_path / "pythons")
    assert (tmp_path / "log").read_text().count("unpacked") == 2


def test_the_archives_that_apt_knows(programs: Path) -> None:
    assert archives() == ["http://one.test/x", "http://two.test/debian"]


def test_no_debian(programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotToBeHad, match="^there is no apt-get here$"):
        debian_pythons(tmp_path / "pythons")


def test_no_network(programs: Path, tmp_path: Path) -> None:
    put_program(programs, "apt-get", APT.replace("grep -q two.test", "false"))
    with pytest.raises(NotToBeHad, match="^apt-get failed: E: no such suite$"):
        debian_pythons(tmp_path / "pythons")
    assert list((tmp_path / "pythons").iterdir()) == []


def test_no_archive(programs: Path, tmp_path: Path) -> None:
    put_program(programs, "apt-get", "")
    with pytest.raises(NotToBeHad, match="for no archive$"):
        debian_pythons(tmp_path / "pythons")


def test_interpreters_that_do_not_run(programs: Path, tmp_path: Path) -> None:
    put_program(programs, "patchelf", 'for program; do :; done; echo exit 1 > "$program"')
    with pytest.raises(NotToBeHad, match=r"python3\.14 and python3\.15 came .* doesn't run"):
        debian_pythons(tmp_path / "pythons")
