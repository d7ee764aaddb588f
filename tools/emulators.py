"""Emulators of aarch64, from Debian, unpacked beside the system into .emulators, once."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Callable

from debian_packages import NotToBeHad, download, run, unpack
from environments import ROOT
from unpack_debian_pythons import Origin, bind

FOLDER = ROOT / ".emulators"
SUITE = "bookworm"


def process_emulator(folder: Path = FOLDER) -> Path:
    """The program that runs a program of aarch64. Raises NotToBeHad."""

    program = "qemu-aarch64-static"

    def fetch(work: Path, target: Path) -> None:
        (package,) = download(["qemu-user-static"], work / "apt", SUITE, alone=True)
        unpack(package, work / "all")
        target.mkdir()
        shutil.move(str(work / "all" / "usr" / "bin" / program), str(target / program))

    return _kept(folder / "process", fetch) / program


def machine_emulator(folder: Path = FOLDER) -> Path:
    """The program that runs a machine of aarch64. Raises NotToBeHad."""
    home = folder / "machine"
    program = Path("usr", "bin", "qemu-system-aarch64")

    def fetch(work: Path, target: Path) -> None:
        for package in download(["qemu-system-arm"], work / "apt", SUITE):
            unpack(package, target)
        bind(target / program, target, home, Origin(SUITE))

    return _kept(home, fetch) / program


def linux(folder: Path = FOLDER) -> Path:
    """The folder with a kernel for aarch64 (``vmlinuz``) and its static ``busybox``.

    Raises NotToBeHad.
    """

    def fetch(work: Path, target: Path) -> None:
        names = ["linux-image-cloud-arm64", "busybox-static"]
        packages = download(names, work / "names", SUITE, "arm64", alone=True)
        (newest,) = (file for file in packages if file.name.startswith("linux-image"))
        # An empty package that asks for the newest kernel.
        wanted = run(["dpkg-deb", "-f", str(newest), "Depends"])
        match = re.search(r"linux-image-[^ ,]+", wanted)
        if match is None:
            raise NotToBeHad(f"{newest.name} names no kernel")
        packages += download([match.group()], work / "kernel", SUITE, "arm64", alone=True)
        unpacked = work / "unpacked"
        for package in packages:
            unpack(package, unpacked)
        target.mkdir()
        (kernel,) = unpacked.glob("boot/vmlinuz-*")
        shutil.move(str(kernel), str(target / "vmlinuz"))
        (busybox,) = (path for path in unpacked.glob("**/bin/busybox") if path.is_file())
        shutil.move(str(busybox), str(target / "busybox"))

    return _kept(folder / "linux", fetch)


def _kept(home: Path, fetch: Callable[[Path, Path], None]) -> Path:
    """The folder, filled by ``fetch(work, target)`` unless it is there."""
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=str(home.parent)) as work:
            target = Path(work, "target")
            fetch(Path(work), target)
            target.rename(home)
    return home
