"""What a session says of a thread."""

from __future__ import annotations

from typing import NamedTuple


class SessionThread(NamedTuple):
    """A thread of a session. Times are in seconds."""

    name: str
    """Its name, as ``threading`` has it."""
    identifier: int
    """Its ``threading.get_ident()``; 0 where it isn't known."""
    sample_count: int
    """How many samples of it there are."""
    start: float
    """When its recording began, after the session's start."""
    wall_time: float
    """How long it was recorded."""
    cpu_time: float
    """How long it was on a CPU meanwhile; 0 where that wasn't recorded."""
