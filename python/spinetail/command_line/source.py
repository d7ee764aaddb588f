"""Compiles a script as the interpreter does when it reads the file itself."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType


def compile_script(source: bytes, filename: str) -> CodeType:
    """The code of a script. Raises SyntaxError in the words of ``python script.py``."""
    try:
        return compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as caught:
        error = caught
    raise error_of_file_reader(source, filename, error).with_traceback(None)


def error_of_file_reader(source: bytes, filename: str, error: Exception) -> Exception:
    """The interpreter words some errors differently for a file than for the bytes in it."""
    import tokenize

    if b"\0" in source:
        before = source[: source.index(b"\0")].decode("utf-8", "replace")
        line = before.rpartition("\n")[2]
        place = (filename, before.count("\n") + 1, 0, line)
        return SyntaxError("source code cannot contain null bytes", place)
    lines = iter(source.splitlines(keepends=True))
    encoding = "utf-8"
    try:
        encoding, head = tokenize.detect_encoding(lambda: next(lines, b""))
        source.decode(encoding)
    except UnicodeDecodeError as problem:
        if not any(b"coding" in line for line in head):
            return undeclared_encoding(source, filename, problem.start)
        if not encoding.startswith("utf-8"):
            return SyntaxError(f"encoding problem: {encoding}")
    except SyntaxError as problem:
        # "unknown encoding for 'file': name", "encoding problem for 'file': utf-8", "invalid or …"
        words = str(problem)
        if words.startswith("unknown encoding"):
            return SyntaxError("encoding problem: " + words.rpartition(": ")[2])
        if words.startswith("encoding problem"):
            return SyntaxError(str(error).partition(" (")[0])
        for position, line in enumerate(source.splitlines(keepends=True)):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as bad:
                start = sum(map(len, source.splitlines(keepends=True)[:position])) + bad.start
                return undeclared_encoding(source, filename, start)
    return error


def undeclared_encoding(source: bytes, filename: str, position: int) -> SyntaxError:
    line = source.count(b"\n", 0, position) + 1
    pep = "https://peps.python.org/pep-0263/"
    if sys.version_info < (3, 11):
        pep = "https://python.org/dev/peps/pep-0263/"
    return SyntaxError(
        f"Non-UTF-8 code starting with '\\x{source[position]:02x}' in file {filename} on line {line}, "
        f"but no encoding declared; see {pep} for details"
    )
