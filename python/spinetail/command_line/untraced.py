"""Keeps a program's own trace and profile functions out of ours."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Untraced:
    """A block that ``sys.settrace`` and ``sys.setprofile`` functions don't see.

    What C code has set instead stays, such as our own engine and cProfile: Python code could take
    it out, but not put it back.
    """

    def __enter__(self) -> None:
        self.trace, self.profile = sys.gettrace(), sys.getprofile()
        if callable(self.trace):
            sys.settrace(None)
        if callable(self.profile):
            sys.setprofile(None)

    def __exit__(self, *exception: Any) -> None:
        if callable(self.profile):
            sys.setprofile(self.profile)
        if callable(self.trace):
            sys.settrace(self.trace)
