"""The few types that pyinstrument's module of this name has, for code that imports them there."""

from __future__ import annotations

import os
from typing import Any, NoReturn, Union

__all__ = ["LiteralStr", "PathOrStr", "TypeAlias", "Unpack", "assert_never"]

PathOrStr = Union[str, "os.PathLike[str]"]


class AnyArguments:
    """Takes arguments in brackets, and stands for one type whatever they are."""

    def __init__(self, meaning: Any) -> None:
        self.meaning = meaning

    def __getitem__(self, arguments: Any) -> Any:
        return self.meaning


LiteralStr: Any = AnyArguments(str)
Unpack: Any = AnyArguments(Any)
TypeAlias: Any = Any


def assert_never(value: Any) -> NoReturn:
    """Raises ValueError: type checkers see to it that this is never called."""
    raise ValueError(f"an unexpected value: {value!r}")
