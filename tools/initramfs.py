"""Writes the archive that Linux unpacks as its first file system.

Format: Documentation/driver-api/early-userspace/buffer-format.rst of Linux ("newc").
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, Iterator, Sequence

TRAILER = "TRAILER!!!"


class Initramfs:
    """An archive under construction. Files keep their modes and belong to root."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._number = 0

    def add(self, name: str, mode: int, data: bytes = b"") -> None:
        """Adds a file, folder or link; the name has no leading slash, and what is above is there.

        A link's data is where it leads.
        """
        self._number += 1
        encoded = name.encode() + b"\0"
        links, owner, time, device = 1, 0, 0, 0
        fields = [self._number, mode, owner, owner, links, time, len(data)]
        fields += [device, device, device, device, len(encoded), 0]
        header = b"070701" + b"".join(b"%08x" % field for field in fields)
        self._output.write(_padded(header + encoded) + _padded(data))

    def add_from_disk(self, places: Sequence[Path]) -> None:
        """Adds files and all that lies in folders, where they lie here, with the folders above."""
        above = {parent for place in places for parent in place.parents}
        for parent in sorted(above, key=lambda path: len(path.parts))[1:]:
            self.add(str(parent)[1:], stat.S_IFDIR | 0o755)
        for place in places:
            for path in _everything(place):
                mode = path.lstat().st_mode
                data = b""
                if stat.S_ISLNK(mode):
                    data = os.readlink(path).encode()
                elif stat.S_ISREG(mode):
                    data = path.read_bytes()
                self.add(str(path)[1:], mode, data)

    def end(self) -> None:
        """Adds nothing more."""
        self.add(TRAILER, 0)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _everything(place: Path) -> Iterator[Path]:
    """A file, or a folder and all in it, what contains before what is contained."""
    yield place
    if place.is_dir() and not place.is_symlink():
        for folder, folders, files in os.walk(place):
            yield from (Path(folder, name) for name in (*folders, *files))
