"""The few types that pyinstrument's module of this name has, for code that imports them there."""

from __future__ import annotations

import os
from typing import Any, NoReturn, Union

__all__ = ["LiteralStr", "PathOrStr", "TypeAlias", "Unpack", "assert_never"]

PathOrStr = Union[str, "os.PathLike[str]"]


class AnyString:
    """``str``, whatever strings are named in the brackets."""

    def __getitem__(self, strings: Any) -> type[str]:
        return str


LiteralStr: Any = AnyString()
Unpack: Any = Any
TypeAlias: Any = Any


def assert_never(value: Any) -> NoReturn:
    """Raises ValueError: type checkers see to it that this is never called."""
    raise ValueError(f"an unexpected value: {value!r}")
