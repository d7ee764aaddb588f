"""The names of threads, as threading has them."""

from __future__ import annotations

import _thread
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def current_thread_name() -> str:
    """The calling thread's name, found without importing threading or registering the thread."""
    threading = sys.modules.get("threading")
    if threading is None:
        return "MainThread"
    identifier = _thread.get_ident()
    for thread in threading.enumerate():
        if thread.ident == identifier:
            return str(thread.name)
    return f"Thread {identifier}"


def has_had_threads() -> bool:
    """Whether the program has more threads than one, or has had some that aren't forgotten."""
    threading: Any = sys.modules.get("threading")
    if threading is None:
        return False
    return len(threading.enumerate()) > 1 or len(getattr(threading, "_dangling", ())) > 1


class ThreadNames:
    """Gets to know the names of all threads that run between start() and stop(), by the kernel's
    number of each. Threads that end meanwhile are known too.

    threading keeps its running threads in a dict, in which they put themselves: for the time being
    it is one that takes their names down.
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.active: _ActiveThreads | None = None

    def start(self) -> None:
        import threading

        running: Any = getattr(threading, "_active", None)
        lock: Any = getattr(threading, "_active_limbo_lock", None)
        # Somebody else's dict, or another profiler's, is left alone: the threads that are there
        # at the end are known all the same.
        if lock is None or type(running) is not dict:
            return
        with lock:
            self.active = _ActiveThreads(running)
            self.active.names = self.names
            threading._active = self.active  # type: ignore[attr-defined]

    def stop(self) -> list[tuple[int, str]]:
        """Gives the names."""
        threading: Any = sys.modules.get("threading")
        if threading is None:
            return [(_thread.get_native_id(), "MainThread")]
        if self.active is not None:
            with threading._active_limbo_lock:
                if threading._active is self.active:
                    threading._active = dict(self.active)
            self.active = None
        # Those that have ended, but are still referred to, may have got another name meanwhile.
        for thread in [*getattr(threading, "_dangling", ()), *threading.enumerate()]:
            note(self.names, thread)
        return list(self.names.items())


def note(names: dict[int, str], thread: Any) -> None:
    number = getattr(thread, "native_id", None)
    if isinstance(number, int):
        names[number] = str(thread.name)


class _ActiveThreads(dict):  # type: ignore[type-arg]
    names: dict[int, str]

    def __setitem__(self, identifier: int, thread: Any) -> None:
        dict.__setitem__(self, identifier, thread)
        note(self.names, thread)
