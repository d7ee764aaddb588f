"""A word to whoever waits at a terminal."""

from __future__ import annotations

import os

from spinetail._library import native
from spinetail.util import truncate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

DELAY_NS = 1_000_000_000
LONGEST = 75
"""What has run over to a second line can't be erased."""


class Progress:
    """A block that tells on standard error what it does, if that takes more than a second.

    Only on a terminal, and nothing stays of it.
    """

    def __init__(self, what: str, stderr: IO[str] | None) -> None:
        self.what = what
        self.stderr = stderr
        self.notice: object = None

    def __enter__(self) -> None:
        stream = self.stderr
        if stream is None or stream.closed or not stream.isatty() or is_dumb():
            return
        stream.flush()
        # A thread of Python's couldn't run while the native library works.
        text = truncate(f"spinetail: {self.what}", LONGEST) + " ..."
        self.notice = native.start_notice(stream.fileno(), text, DELAY_NS)

    def __exit__(self, *exception: Any) -> None:
        if self.notice is not None:
            native.end_notice(self.notice)


def is_dumb() -> bool:
    """Whether the terminal can't erase a line."""
    return os.environ.get("TERM") in (None, "", "dumb")
