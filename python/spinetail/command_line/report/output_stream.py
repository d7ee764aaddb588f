"""Writing a report to a stream that a program has used before, and may have closed."""

from __future__ import annotations

import os

from spinetail.file_replacement import write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def write_to_stream(report: str | bytes, stream: IO[str], descriptor: int) -> None:
    """Writes to the stream or, where it is closed or busy or can't encode, to its file descriptor.

    A reader that has gone away is no error: it didn't want to know. Raises OSError for all else.
    """
    try:
        try:
            stream.write("" if isinstance(report, bytes) else report)
            stream.flush()
        except (ValueError, RuntimeError):
            encoding = getattr(stream, "encoding", None) or "utf-8"
            if isinstance(report, str):
                report = report.encode(encoding, "backslashreplace")
            write_all(descriptor, [report])
        else:
            if isinstance(report, bytes):
                write_all(descriptor, [report])
    except BrokenPipeError:
        discard(descriptor)
    except OSError:
        discard(descriptor)
        raise


def report_bytes(text: str) -> bytes:
    """A report as it stands in a file: surrogates that stand for bytes become these, others, which
    no file can hold, a notation.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def discard(descriptor: int) -> None:
    """Lets what the stream still holds vanish: the interpreter would fail to flush it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
