"""How deep a stack is."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType


def stack_depth(frame: FrameType | None) -> int:
    """How many frames there are from the outermost one to this one, itself included."""
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count
