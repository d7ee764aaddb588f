"""The words that a profiler can be given."""

from __future__ import annotations

AUTO = "auto"
SAMPLER = "sampler"
SETPROFILE = "setprofile"
ENGINES = (AUTO, SAMPLER, SETPROFILE)

ASYNC_MODES = ("enabled", "disabled", "strict")

CURRENT = "current"
ALL = "all"
THREADS = (CURRENT, ALL)

CLOCKS = ("wall", "cpu")


def checked_engine(engine: object) -> str:
    """Raises ValueError for what is no engine's name."""
    return checked_word("engine", engine, ENGINES)


def checked_async_mode(async_mode: object) -> str:
    """Raises ValueError for what is no async mode."""
    return checked_word("async_mode", async_mode, ASYNC_MODES)


def checked_threads(threads: object) -> str:
    """Raises ValueError for what doesn't say which threads."""
    return checked_word("threads", threads, THREADS)


def checked_word(parameter: str, value: object, words: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in words:
        return value
    first = ", ".join(repr(word) for word in words[:-1])
    raise ValueError(f"{parameter} must be {first} or {words[-1]!r}, not {value!r}")
