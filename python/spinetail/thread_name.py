"""The name of the running thread."""

from __future__ import annotations

import sys
from _thread import get_ident


def current_thread_name() -> str:
    """The calling thread's name, found without importing threading or registering the thread."""
    threading = sys.modules.get("threading")
    if threading is None:
        return "MainThread"
    identifier = get_ident()
    for thread in threading.enumerate():
        if thread.ident == identifier:
            return str(thread.name)
    return f"Thread {identifier}"
