"""Frame-info strings: a call of a function as text.

``name NUL file NUL first line`` is the identifier: what calls of one function have in common. It is
followed by any number of attributes, which may differ from call to call: each is SOH, a letter that
says what it is, and a value.
"""

from __future__ import annotations

__all__ = [
    "ATTRIBUTES_SEP",
    "ATTRIBUTE_MARKER_CLASS_NAME",
    "ATTRIBUTE_MARKER_LINE_NUMBER",
    "ATTRIBUTE_MARKER_TRACEBACKHIDE",
    "IDENTIFIER_SEP",
    "frame_info_get_identifier",
    "parse_frame_info",
]

IDENTIFIER_SEP = "\x00"
"""Stands between name, file and line."""
ATTRIBUTES_SEP = "\x01"
"""Stands before each attribute."""

ATTRIBUTE_MARKER_CLASS_NAME = "c"
"""The class of ``self`` or ``cls``."""
ATTRIBUTE_MARKER_LINE_NUMBER = "l"
"""The line that was being run."""
ATTRIBUTE_MARKER_TRACEBACKHIDE = "h"
"""Has the value 1 where the function has a local that asks for its frames not to be shown."""


def parse_frame_info(frame_info: str) -> tuple[str, list[str]]:
    """The identifier and the attributes, each with its letter in front."""
    identifier, _, attributes = frame_info.partition(ATTRIBUTES_SEP)
    return identifier, attributes.split(ATTRIBUTES_SEP) if attributes else []


def frame_info_get_identifier(frame_info: str) -> str:
    """The identifier alone."""
    return frame_info.partition(ATTRIBUTES_SEP)[0]
