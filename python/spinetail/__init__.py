"""Spinetail: a call stack profiler for Python.

with spinetail.Profiler() as profiler:
    work()
profiler.print()
"""

from __future__ import annotations

from spinetail._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from spinetail.compatibility import install_as_pyinstrument as install_as_pyinstrument
    from spinetail.context_manager import profile as profile
    from spinetail.profiler import Profiler as Profiler

__all__ = [
    "Profiler",
    "__version__",
    "install_as_pyinstrument",
    "load_ipython_extension",
    "profile",
]

HOMES = {
    "Profiler": "spinetail.profiler",
    "install_as_pyinstrument": "spinetail.compatibility",
    "profile": "spinetail.context_manager",
}

SUBMODULES = frozenset(
    [
        "context_manager",
        "frame",
        "frame_info",
        "frame_ops",
        "magic",
        "middleware",
        "processors",
        "profiler",
        "renderers",
        "session",
        "stack_sampler",
        "typing",
        "util",
    ]
)
"""Attributes of the package as soon as somebody asks for them."""


def __getattr__(name: str) -> object:
    # Loaded at first use, so that "import spinetail" costs next to nothing, and so that the command
    # can say in one line why the native library doesn't load.
    from importlib import import_module

    if name in HOMES:
        found: object = getattr(import_module(HOMES[name]), name)
    elif name in SUBMODULES:
        found = import_module(f"spinetail.{name}")
    else:
        raise AttributeError(f"module 'spinetail' has no attribute {name!r}")
    globals()[name] = found
    return found


def load_ipython_extension(ipython: Any) -> None:
    """What IPython's ``%load_ext spinetail`` calls: see ``spinetail.magic``."""
    from spinetail import magic

    magic.load_ipython_extension(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """What IPython's ``%unload_ext spinetail`` calls."""
    from spinetail import magic

    magic.unload_ipython_extension(ipython)
