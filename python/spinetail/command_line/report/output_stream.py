"""Writing a report to a stream that a program has used before, and may have closed."""

from __future__ import annotations

import os

from spinetail.command_line.report.outfile import write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def write_to_stream(text: str, stream: IO[str], descriptor: int) -> None:
    """Writes to the stream or, where it is closed or busy or can't encode, to its file descriptor.

    A reader that has gone away is no error: it didn't want to know. Raises OSError for all else.
    """
    try:
        try:
            stream.write(text)
            stream.flush()
        except (ValueError, RuntimeError):
            encoding = getattr(stream, "encoding", None) or "utf-8"
            write_all(descriptor, text.encode(encoding, "backslashreplace"))
    except BrokenPipeError:
        discard(descriptor)
    except OSError:
        discard(descriptor)
        raise


def discard(descriptor: int) -> None:
    """Lets what the stream still holds vanish: the interpreter would fail to flush it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
