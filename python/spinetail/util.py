"""The helpers of pyinstrument's module of this name that others have a use for."""

from __future__ import annotations

import os
from importlib import import_module

from spinetail import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

file_supports_color = streams.supports_color
file_supports_unicode = streams.supports_unicode


def file_is_a_tty(file_obj: IO[Any]) -> bool:
    """True for a terminal; False for all else, be it a file or not."""
    isatty = getattr(file_obj, "isatty", None)
    return bool(isatty and isatty())


def object_with_import_path(import_path: str) -> Any:
    """What stands at ``package.module.name``.

    Raises ValueError for a path without a dot, ImportError and AttributeError where there is no
    such thing.
    """
    module_name, dot, name = import_path.rpartition(".")
    if not dot:
        raise ValueError(
            f"{import_path!r} is no import path: it needs a module, like 'module.name'."
        )
    return getattr(import_module(module_name), name)


def truncate(string: str, max_length: int) -> str:
    """The string, cut to a length; three dots at its end say so."""
    return string if len(string) <= max_length else string[: max(max_length - 3, 0)] + "..."


def user_data_dir() -> str:
    """Where the command keeps the latest runs (XDG Base Directory Specification: a relative
    XDG_DATA_HOME is to be ignored).
    """
    folder = os.environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(folder):
        folder = os.path.expanduser("~/.local/share")
    return os.path.join(folder, "spinetail")


USER_DATA_DIR = user_data_dir()
