"""The module named ``__main__``, and what else a program finds in ``sys``."""

from __future__ import annotations

import builtins
import sys
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def install_main_module() -> ModuleType:
    """Puts a module in the place of ``__main__``, with what the interpreter gives its own."""
    module = type(sys)("__main__")
    namespace = module.__dict__
    namespace["__loader__"] = builtins.__loader__
    if sys.version_info < (3, 14):
        namespace["__annotations__"] = {}
    namespace["__builtins__"] = builtins
    sys.modules["__main__"] = module
    return module


def leave_own_folder() -> None:
    """Takes our own program's folder off ``sys.path``, where the interpreter has put it first."""
    if not keeps_path_safe():
        del sys.path[:1]


def put_first_on_path(entry: str | None) -> None:
    """Puts a program's folder on ``sys.path`` where the interpreter would.

    ``entry`` is None where there is no such folder.
    """
    if entry is not None and not keeps_path_safe():
        sys.path.insert(0, entry)


def keeps_path_safe() -> bool:
    """True under ``-I``, ``-P`` and ``PYTHONSAFEPATH``: a program's folder stays off the path."""
    return bool(getattr(sys.flags, "safe_path", sys.flags.isolated))


def forget_shadowed_modules(imported_before: frozenset[str]) -> None:
    """Lets a program import its own modules that are named like those the command has imported.

    ``imported_before`` names the modules that the interpreter has imported by itself.
    """
    if keeps_path_safe() or not sys.path:
        return
    for name in set(sys.modules).difference(imported_before):
        if "." in name or name == "spinetail":
            continue
        spec = PathFinder.find_spec(name, sys.path[:1])
        if spec is not None and spec.origin is not None:
            for loaded in [*sys.modules]:
                if loaded == name or loaded.startswith(name + "."):
                    del sys.modules[loaded]


def set_arguments(arguments: list[str], original: list[str]) -> None:
    """Sets ``sys.argv``, and takes our own part out of ``sys.orig_argv`` (3.10 and newer)."""
    own_count = len(sys.argv) - 1
    sys.argv[:] = arguments
    if hasattr(sys, "orig_argv"):
        interpreter = sys.orig_argv[: len(sys.orig_argv) - own_count]
        sys.orig_argv[:] = without_own_program(interpreter) + original


def without_own_program(words: list[str]) -> list[str]:
    """``python -X dev -m spinetail`` and ``python -X dev /bin/spinetail`` without their ends."""
    if len(words) > 2 and words[-2].startswith("-") and words[-2].endswith("m"):
        rest = words[-2][:-1]
        return words[:-2] + ([rest] if rest != "-" else [])
    return words[:-1]
