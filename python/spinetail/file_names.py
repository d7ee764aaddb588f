"""Files that are named after something and mustn't take each other's place."""

from __future__ import annotations

import os
import re

# What Windows or Linux don't allow in a name, and what ends a name on neither.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
FORBIDDEN = re.compile(r'[<>:"/\\|*\x00-\x1f\x7f\ud800-\udfff]')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
LENGTH_LIMIT = 200
NUMBERED = 10


def legal_name(text: str, extension: str = "") -> str:
    """The text as the name of a file, on every system: what may not be in one is ``_``, and the
    question mark before a URL's arguments is ``_qs_``.

    It is at most 200 bytes long, after which an extension that the text ended with is still there.
    Empty if nothing but blanks and dots is left.
    """
    name = FORBIDDEN.sub("_", text.replace("?", "_qs_"))
    ending = f".{extension}" if extension and name.endswith(f".{extension}") else ""
    name = name[: len(name) - len(ending)]
    room = LENGTH_LIMIT - len(ending.encode())
    name = name.encode()[:room].decode("utf-8", "ignore") + ending
    name = name.strip().rstrip(". ")
    if not name.strip("."):
        return ""
    return f"_{name}" if RESERVED.match(name) else name


def write_new_file(folder: str, name: str, extension: str, data: bytes) -> str:
    """Writes a file that isn't there yet, and returns its path.

    Where there is one of that name, this one's gets a number or some hexadecimal digits before the
    extension. The folder is made if it isn't there. Raises OSError.
    """
    os.makedirs(folder, exist_ok=True)
    ending = f".{extension}" if name.endswith(f".{extension}") else ""
    stem = name[: len(name) - len(ending)]
    count = 1
    while True:
        path = os.path.join(folder, name)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        except FileExistsError:
            count += 1
            # Counting on would take longer with each request.
            mark = str(count) if count < NUMBERED else os.urandom(6).hex()
            name = f"{stem}-{mark}{ending}"
            continue
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
        except BaseException:
            os.unlink(path)
            raise
        return path
