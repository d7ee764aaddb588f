"""What a text stream can show."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def supports_unicode(stream: IO[str]) -> bool:
    """True if the stream's encoding is one of Unicode's."""
    return "utf" in (getattr(stream, "encoding", None) or "").lower()


def supports_color(stream: IO[str]) -> bool:
    """True if the stream is a terminal."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
