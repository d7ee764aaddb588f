"""Spinetail: a call stack profiler for Python.

with spinetail.Profiler() as profiler:
    work()
profiler.print()
"""

from __future__ import annotations

from spinetail._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.profiler import Profiler as Profiler

__all__ = ["Profiler", "__version__"]


def __getattr__(name: str) -> object:
    # Loaded at first use, so that "import spinetail" costs next to nothing, and so that the command
    # can say in one line why the native library doesn't load.
    if name == "Profiler":
        from spinetail.profiler import Profiler

        globals()[name] = Profiler
        return Profiler
    raise AttributeError(f"module 'spinetail' has no attribute {name!r}")
