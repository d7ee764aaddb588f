"""The file that ``-o`` names."""

from __future__ import annotations

import os

from spinetail.command_line.errors import CommandError
from spinetail.file_replacement import write_file


class OutFile:
    """A file that is replaced at once, when the report is there; until then it stays as it was.

    What a symbolic link points to is replaced, not the link. A device, a pipe, and a file in a
    folder that may not be written to are written in place.
    """

    def __init__(self, name: str) -> None:
        """Raises CommandError if no such file can be written."""
        self.name = name
        self.path = os.path.abspath(name)  # the program may change the current folder
        folder = os.path.dirname(os.path.realpath(self.path))
        if not name:
            raise CommandError("-o needs the name of a file")
        if os.path.isdir(self.path):
            raise CommandError(f"-o names a folder, {name!r}: name a file in it")
        if not os.path.isdir(folder):
            raise CommandError(
                f"there is no folder {folder!r} to write the report to: make it first"
            )
        if not os.access(self.path if os.path.exists(self.path) else folder, os.W_OK):
            raise CommandError(f"no permission to write {name!r}: choose another file for -o")

    def write(self, data: bytes) -> None:
        """Writes the report. Raises OSError."""
        write_file(self.path, [data])
