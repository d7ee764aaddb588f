"""Keeps a program's own trace and profile functions out of ours."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Untraced:
    """A block that ``sys.settrace`` and ``sys.setprofile`` functions don't see."""

    def __enter__(self) -> None:
        self.trace, self.profile = sys.gettrace(), sys.getprofile()
        sys.settrace(None)
        sys.setprofile(None)

    def __exit__(self, *exception: Any) -> None:
        sys.setprofile(self.profile)
        sys.settrace(self.trace)
