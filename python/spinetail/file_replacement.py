"""Writing a file at once: whoever reads it meanwhile or after a failure finds the old one whole."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable


def write_file(path: str, pieces: Iterable[bytes]) -> None:
    """Writes a file of these pieces in one step, in place of one that may be there.

    What a symbolic link points to is replaced, not the link. A device, a pipe, and a file in a
    folder that may not be written to are written in place; standard output and error through their
    own descriptors. Raises OSError with the path in it; a file that was there is untouched then,
    unless it was written in place.
    """
    try:
        status = status_of(path)
        descriptor = standard_descriptor(status)
        if descriptor is not None:
            write_all(descriptor, pieces)
        elif is_replaceable(path, status):
            replace_file(path, pieces, status)
        else:
            with open(path, "wb") as file:
                for piece in pieces:
                    file.write(piece)
    except OSError as error:
        # A temporary file's name, or none, says nothing to the user.
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), path) from None


def is_replaceable(path: str, status: os.stat_result | None) -> bool:
    """Whether a new file can take the place of the one that is there, if any."""
    if path.startswith(("/dev/", "/proc/")):
        return False
    if status is None:
        return True
    folder = os.path.dirname(os.path.realpath(path))
    return (
        stat.S_ISREG(status.st_mode)
        and os.access(folder, os.W_OK)
        # A file that may not be written to isn't to be replaced either.
        and os.access(path, os.W_OK)
    )


def replace_file(path: str, pieces: Iterable[bytes], status: os.stat_result | None) -> None:
    path = os.path.realpath(path)
    name = f".spinetail-{os.getpid()}-{os.urandom(4).hex()}.tmp"
    temporary = os.path.join(os.path.dirname(path), name)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        try:
            write_all(descriptor, pieces)
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


def write_all(descriptor: int, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]
