"""What a text stream can show."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def supports_unicode(stream: IO[str]) -> bool:
    """True if the stream's encoding is one of Unicode's."""
    return "utf" in (getattr(stream, "encoding", None) or "").lower()


def encodable(text: str, stream: IO[str]) -> str:
    """The text with what the stream's encoding doesn't have as escapes such as ``\\xe9``.

    Streams that handle such characters themselves, or have no encoding, get the text as it is.
    """
    encoding = getattr(stream, "encoding", None)
    errors = getattr(stream, "errors", None) or "strict"
    if not isinstance(encoding, str) or errors != "strict":
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return text
    return text


def supports_color(stream: IO[str]) -> bool:
    """True if the stream is a terminal."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
