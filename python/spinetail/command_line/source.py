"""Compiles a script as the interpreter does when it reads the file itself."""

from __future__ import annotations

import codecs
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

# PEP 263
DECLARATION = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
BLANK = re.compile(rb"^[ \t\f]*(#.*)?[\r\n]*$")


def compile_script(source: bytes, filename: str) -> CodeType:
    """The code of a script. Raises SyntaxError in the words of ``python script.py``."""
    try:
        return compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as caught:
        error = caught
    raise error_of_file_reader(source, filename, error)


def error_of_file_reader(source: bytes, filename: str, error: Exception) -> Exception:
    """The interpreter words errors of null bytes and encodings differently for a file.

    These come before other errors here, as they do there unless those are in earlier lines.
    """
    if b"\0" in source:
        before = source[: source.index(b"\0")].decode("utf-8", "replace")
        place = (filename, before.count("\n") + 1, 0, before.rpartition("\n")[2])
        return SyntaxError("source code cannot contain null bytes", place)
    if sys.version_info >= (3, 14):
        # From 3.14 on a file's errors are those of its bytes, but for one that also names the file.
        if isinstance(error, SyntaxError) and str(error.msg).startswith("Non-UTF-8 code"):
            error.msg = error.msg.replace(" on line ", f" in file {filename} on line ", 1)
        return error
    encoding = declared_encoding(source)
    try:
        source.decode(encoding or "utf-8")
        if encoding and source.startswith(codecs.BOM_UTF8) and isinstance(error, SyntaxError):
            return error if codecs.lookup(encoding).name == "utf-8" else SyntaxError(error.msg)
    except LookupError:
        return SyntaxError(f"encoding problem: {encoding}")
    except UnicodeDecodeError as problem:
        if encoding is None:
            return undeclared_encoding(source, filename, problem.start)
        if codecs.lookup(encoding).name != "utf-8":
            return SyntaxError(f"encoding problem: {encoding}")
    return error


def declared_encoding(source: bytes) -> str | None:
    if source.startswith(codecs.BOM_UTF8):
        source = source[len(codecs.BOM_UTF8) :]
    for line in source.split(b"\n", 2)[:2]:
        match = DECLARATION.match(line)
        if match:
            return match.group(1).decode("ascii")
        if not BLANK.match(line):
            break
    return None


def undeclared_encoding(source: bytes, filename: str, position: int) -> SyntaxError:
    line = source.count(b"\n", 0, position) + 1
    pep = "https://peps.python.org/pep-0263/"
    if sys.version_info < (3, 11):
        pep = "https://python.org/dev/peps/pep-0263/"
    return SyntaxError(
        f"Non-UTF-8 code starting with '\\x{source[position]:02x}' in file {filename} "
        f"on line {line}, but no encoding declared; see {pep} for details"
    )
