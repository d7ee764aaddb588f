"""The texts of source files, for a report that shows them."""

from __future__ import annotations

import os
import stat
import sys
import tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

FILE_LIMIT = 1 << 20
"""A file of more characters or bytes is left out,"""
TOTAL_LIMIT = 16 << 20
"""and so are those that would make it more than this in all."""


def source_texts(paths: Iterable[str], newest: float) -> list[tuple[str, str]]:
    """The paths that have a text, each with it.

    A file that was changed after ``newest`` (seconds since 1970) has other lines than the one that
    ran, and is left out, like one that can't be read or decoded. What is no file may be a cell of a
    notebook: ``linecache`` has its text then.
    """
    texts = []
    room = TOTAL_LIMIT
    for path in paths:
        text = file_text(path, newest) if is_file(path) else cached_text(path)
        if text is None or len(text) > min(room, FILE_LIMIT):
            continue
        room -= len(text)
        texts.append((path, text))
    return texts


def is_file(path: str) -> bool:
    """Whether it is a file. False for what the interpreter calls other code, such as ``<string>``,
    whatever files there are.
    """
    if path.startswith("<") and path.endswith(">"):
        return False
    try:
        return os.path.exists(path)
    except ValueError:  # up to 3.7, for a null byte
        return False


def file_text(path: str, newest: float) -> str | None:
    """The text of a source file as the interpreter decodes it."""
    try:
        status = os.stat(path)
        # To open a pipe or a device might wait for ever.
        if not stat.S_ISREG(status.st_mode) or status.st_size > FILE_LIMIT:
            return None
        if status.st_mtime > newest:
            return None
        with tokenize.open(path) as file:
            return file.read()
    except Exception:
        # A file names its codec, which may be anybody's and raise anything.
        return None


def cached_text(path: str) -> str | None:
    """The text that was put into ``linecache`` for what isn't a file, as IPython does for cells."""
    entry: Any = getattr(sys.modules.get("linecache"), "cache", {}).get(path)
    try:
        # Size, time, lines and full path; a tuple of one where nobody has asked for the lines yet.
        _, _, lines, _ = entry
        return "".join(lines)
    except (TypeError, ValueError):
        return None
