"""The file that ``-o`` names."""

from __future__ import annotations

import os
import stat

from spinetail.command_line.errors import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass


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
        status = status_of(self.path)
        descriptor = standard_descriptor(status)
        if descriptor is not None:
            write_all(descriptor, data)
        elif self.is_replaceable(status):
            self.replace(data, status)
        else:
            with open(self.path, "wb") as file:
                file.write(data)

    def is_replaceable(self, status: os.stat_result | None) -> bool:
        if self.path.startswith(("/dev/", "/proc/")):
            return False
        if status is None:
            return True
        folder = os.path.dirname(os.path.realpath(self.path))
        return stat.S_ISREG(status.st_mode) and os.access(folder, os.W_OK)

    def replace(self, data: bytes, status: os.stat_result | None) -> None:
        path = os.path.realpath(self.path)
        temporary = os.path.join(os.path.dirname(path), f".spinetail-{os.getpid()}.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            try:
                write_all(descriptor, data)
                if status is not None:
                    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
            finally:
                os.close(descriptor)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise


def status_of(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def standard_descriptor(status: os.stat_result | None) -> int | None:
    """1 or 2 if the file is standard output or error, as ``/dev/stdout`` is.

    Opened once more, a file there would be truncated, or written over what the program has printed.
    """
    if status is None or os.path.samestat(status, os.stat(os.devnull)):
        return None
    for descriptor in (1, 2):
        try:
            if os.path.samestat(status, os.fstat(descriptor)):
                return descriptor
        except OSError:
            continue
    return None


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
