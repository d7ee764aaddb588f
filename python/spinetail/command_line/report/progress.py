"""A word to whoever waits at a terminal."""

from __future__ import annotations

from spinetail._library import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

DELAY_NS = 1_000_000_000


class Progress:
    """A block that tells on standard error what it does, if that takes more than a second.

    Only on a terminal, and nothing stays of it.
    """

    def __init__(self, what: str, stderr: IO[str] | None) -> None:
        self.what = what
        self.stderr = stderr
        self.notice: object = None

    def __enter__(self) -> None:
        if self.stderr is None or self.stderr.closed or not self.stderr.isatty():
            return
        self.stderr.flush()
        # A thread of Python's couldn't run while the native library works.
        text = f"spinetail: {self.what} ..."
        self.notice = native.start_notice(self.stderr.fileno(), text, DELAY_NS)

    def __exit__(self, *exception: Any) -> None:
        if self.notice is not None:
            native.end_notice(self.notice)
