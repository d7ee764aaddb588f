"""A finished profile."""

from __future__ import annotations

import sys

from spinetail._library import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from spinetail import _native
    from spinetail.frame import Frame


class Session:
    """A finished, immutable profile of one thread, or several such profiles combined."""

    start_time: float
    """When the profile began, in seconds since the epoch."""
    duration: float
    """How long it took, in seconds."""
    cpu_time: float
    """How long the whole process was on a CPU meanwhile, in seconds."""
    min_interval: float
    """The shortest sampling interval of the profiles combined here, in seconds."""
    max_interval: float
    """The longest one, in seconds."""
    sample_count: int
    target_description: str
    sys_path: list[str]
    """``sys.path`` at the end of the profile."""
    sys_prefixes: list[str]
    engine: str
    """How the samples were taken: "sampler" or "setprofile"."""
    engine_reason: str
    """Why it wasn't the sampler, as a clause; empty where it was."""
    engine_detail: str
    """What was unusual about how the engine worked, as a clause about it; most often empty."""
    python_version: str
    statistics: dict[str, int]
    """The sampler's own account: how many looks succeeded, were truncated, retried or late."""

    def __init__(self, handle: _native.Session) -> None:
        """Wraps the native library's session; not for users."""
        metadata: dict[str, Any] = native.session_metadata(handle)
        self._handle = handle
        self.start_time = metadata["start_time"]
        self.duration = metadata["duration"]
        self.cpu_time = metadata["cpu_time"]
        self.min_interval = metadata["min_interval"]
        self.max_interval = metadata["max_interval"]
        self.sample_count = metadata["sample_count"]
        self.target_description = metadata["target_description"]
        self.sys_path = metadata["sys_path"]
        self.sys_prefixes = metadata["sys_prefixes"]
        self.engine = metadata["engine"]
        self.engine_reason = metadata["engine_reason"]
        self.engine_detail = metadata["engine_detail"]
        self.python_version = metadata["python_version"]
        self.statistics = metadata["statistics"]

    @staticmethod
    def combine(first: Session, second: Session) -> Session:
        """Both profiles as one: samples of the earlier one, then those of the later one."""
        return Session(native.combine_sessions(first._handle, second._handle))

    @staticmethod
    def current_sys_prefixes() -> list[str]:
        """The folders that this interpreter's own files are in."""
        return [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]

    def root_frame(self, trim_stem: bool = True) -> Frame | None:
        """The calls in the order of time, as a new tree of frames; None if there are no samples.

        Several threads are joined under ``[root]``. ``trim_stem`` leaves out the frames around the
        one that started the profiler, where nothing happened in them.
        """
        from spinetail.frame_tree import FrameTree

        handle = native.make_detailed_tree(self._handle, -1, "consecutive", "wall", trim_stem)
        return FrameTree(handle, self).root()

    def __repr__(self) -> str:
        return (
            f"<Session {self.target_description!r}: {self.sample_count} samples "
            f"in {self.duration:.3f} s>"
        )
