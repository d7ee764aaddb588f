"""Loads the native library, or says in one line why that can't be."""

from __future__ import annotations

import sys

try:
    if hasattr(sys, "gettotalrefcount"):
        # It would load, but what a debug build keeps in memory is laid out in its own way.
        raise ImportError("a debug build")
    from spinetail import _native as native
except ImportError as error:

    def reason(error: ImportError) -> str:
        import sysconfig

        if sys.implementation.name != "cpython":
            return f"it needs CPython, and this is {sys.implementation.name}: run it with CPython"
        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            return "free-threaded builds are not supported: use a default build of CPython"
        if hasattr(sys, "gettotalrefcount"):
            return "debug builds are not supported: use a default build of CPython"
        if sys.platform != "linux":
            return f"it runs on Linux only, and this is {sys.platform}"
        return f"{error}: install Spinetail again, with a wheel made for this platform"

    raise ImportError(f"Spinetail can't load its native library: {reason(error)}") from None

__all__ = ["native"]
