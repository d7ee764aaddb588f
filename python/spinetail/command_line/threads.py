"""Waits for a program's threads as the interpreter does at its end."""

from __future__ import annotations

import sys

from spinetail.command_line.uncaught import without_first_frame, write_line


def has_threads_to_join() -> bool:
    """Whether ``join_threads`` has to wait for any."""
    threading = sys.modules.get("threading")
    if threading is None:
        return False
    own = threading.current_thread()
    return any(thread is not own and not thread.daemon for thread in threading.enumerate())


def join_threads() -> None:
    """Waits for the threads that aren't daemons; the interpreter then finds none left."""
    threading = sys.modules.get("threading")
    shutdown = getattr(threading, "_shutdown", None)
    if shutdown is None:
        return
    failure = None
    try:
        shutdown()
    except BaseException as caught:  # Ctrl-C, most often
        failure = without_first_frame(caught)
    if failure is not None:
        import traceback

        if sys.version_info >= (3, 15):
            where = "on threading shutdown:"
        elif sys.version_info >= (3, 13):
            where = f"on threading shutdown: {threading!r}"
        else:
            where = f"in: {threading!r}"
        write_line(f"Exception ignored {where}")
        lines = traceback.format_tb(failure.__traceback__)
        write_line("Traceback (most recent call last):\n" + "".join(lines).rstrip("\n"))
        write_line(f"{type(failure).__qualname__}: {failure}")
