"""A finished profile."""

from __future__ import annotations

import os
import sys

from spinetail._library import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Sequence, Tuple, Union

    from spinetail import _native
    from spinetail.frame import Frame
    from spinetail.session_thread import SessionThread

    FrameRecord = Tuple[List[str], float]
    PathOrStr = Union[str, "os.PathLike[str]"]


class SessionFileError(ValueError):
    """A file can't be read as a session. Its text is one line that says which file and why."""


class Session:
    """A finished profile, or several combined. It doesn't change."""

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
    """How many samples there are, over all threads."""
    target_description: str
    """What was profiled: the report's title."""
    sys_path: list[str]
    """``sys.path`` at the end of the profile."""
    sys_prefixes: list[str]
    """The folders that the interpreter's own files were in."""
    command_line: list[str]
    """The command and its arguments, where a command was profiled; else empty."""
    engine: str
    """How the samples were taken: "sampler" or "setprofile"; empty if that isn't known."""
    engine_reason: str
    """Why it wasn't the sampler, as a clause; empty where it was."""
    engine_detail: str
    """What was unusual about how the engine worked, as a clause about it; most often empty."""
    notes: list[str]
    """What else a reader of the profile has to know, a sentence or a clause each."""
    python_version: str
    """The version of the interpreter that ran it, such as "3.13.1"; empty if that isn't known."""
    subinterpreter_count: int
    """How many other interpreters were in the process, and went unseen."""
    statistics: dict[str, int]
    """The sampler's own account, as counts by name. All are 0 where another engine recorded.

    ``beats`` are the looks that it made: ``followed`` and ``nobody`` from the program's own core,
    ``unfollowed`` from another and confirmed by a second one, ``truncated`` with outer frames only.
    ``retried`` are attempts that something moved in, ``unplaced`` and ``refused`` those for which
    the program's core wasn't known or not to be had, and ``late`` looks that were left out.
    """

    _handle: _native.Session
    _frame_records: Sequence[FrameRecord] | None
    _start_call_stack: list[str] | None
    _short_paths: dict[str, str]

    def __init__(
        self,
        frame_records: Sequence[FrameRecord],
        start_time: float,
        duration: float,
        min_interval: float,
        max_interval: float,
        sample_count: int,
        start_call_stack: list[str],
        target_description: str,
        cpu_time: float,
        sys_path: list[str],
        sys_prefixes: list[str],
    ) -> None:
        """Makes a session of frame records, each a stack of frame-info strings (see
        ``spinetail.frame_info``), outermost first, and the seconds that it stands for.

        Times are in seconds, and kept in whole nanoseconds. Raises TypeError and ValueError for
        records that are none, and for numbers that aren't finite.
        """
        handle = native.make_session(
            frame_records,
            start_call_stack,
            start_time,
            duration,
            min_interval,
            max_interval,
            sample_count,
            target_description,
            cpu_time,
            sys_path,
            sys_prefixes,
        )
        self._adopt(handle)
        self._frame_records = frame_records
        self._start_call_stack = start_call_stack

    @classmethod
    def _of(cls, handle: _native.Session) -> Session:
        """The session of the native library's handle."""
        session = cls.__new__(cls)
        session._adopt(handle)
        return session

    def _adopt(self, handle: _native.Session) -> None:
        self._handle = handle
        self._frame_records = None
        self._start_call_stack = None
        self._short_paths = {}
        self.__dict__.update(native.session_metadata(handle))

    def __setattr__(self, name: str, value: object) -> None:
        # Reports are made of what the native library has: a change here would be lost silently.
        if name in Session.__annotations__ and not name.startswith("_"):
            raise AttributeError(f"a session can't be changed: its {name} is what was recorded")
        object.__setattr__(self, name, value)

    @property
    def program(self) -> str:
        """The same as ``target_description``."""
        return self.target_description

    @property
    def frame_records(self) -> Sequence[FrameRecord]:
        """Each sample as a stack of frame-info strings, outermost first, and seconds.

        Made at first use, and large: all frames of all samples, thread by thread.
        """
        if self._frame_records is None:
            self._frame_records = native.frame_records(self._handle)
        return self._frame_records

    @property
    def start_call_stack(self) -> list[str]:
        """The stack at the start as frame-info strings, outermost first, the thread before all."""
        if self._start_call_stack is None:
            self._start_call_stack = native.start_call_stack(self._handle)
        return self._start_call_stack

    @property
    def threads(self) -> list[SessionThread]:
        """The threads that were recorded, the one that started the profile first."""
        from spinetail.session_thread import SessionThread

        return [SessionThread(*thread) for thread in native.session_threads(self._handle)]

    @property
    def thread_cpu_times(self) -> dict[tuple[str, int], float]:
        """By name and identifier of each thread, how long it was on a CPU, in seconds.

        0 where that wasn't recorded.
        """
        times: dict[tuple[str, int], float] = {}
        for thread in self.threads:
            key = (thread.name, thread.identifier)
            times[key] = times.get(key, 0.0) + thread.cpu_time
        return times

    @classmethod
    def load(cls, filename: PathOrStr) -> Session:
        """Reads a session from a file that Spinetail or pyinstrument has saved.

        The content decides what it is, not the name. Raises OSError if it can't be read, and
        SessionFileError, a ValueError, if it is no session.
        """
        with open(filename, "rb") as file:
            data = file.read()
        try:
            handle = native.read_session(data, current_sys_path(), cls.current_sys_prefixes())
        except ValueError as error:
            raise SessionFileError(f"{os.fspath(filename)}: {error}") from None
        return cls._of(handle)

    def save(self, filename: PathOrStr) -> None:
        """Writes the session to a file, in one step: it is there as a whole or not at all.

        With the suffix ``.spinetail``, in Spinetail's own compact format, which holds everything;
        with any other, in pyinstrument's, which has neither CPU times nor what only some samples
        have. Raises OSError.
        """
        from spinetail.file_replacement import write_file

        path = os.fspath(filename)
        if path.lower().endswith(".spinetail"):
            write_file(path, [native.session_to_bytes(self._handle, ())])
        else:
            write_file(path, self._json_pieces())

    def _json_pieces(self) -> Iterator[bytes]:
        """pyinstrument's JSON, in ASCII."""
        writer = native.json_writer(self._handle)
        while True:
            piece = native.json_piece(writer)
            if not piece:
                return
            yield piece

    def to_json(self, include_frame_records: bool = True) -> dict[str, Any]:
        """The session as a dict for ``json.dump``, as pyinstrument has it."""
        result: dict[str, Any] = {
            "start_time": self.start_time,
            "duration": self.duration,
            "min_interval": self.min_interval,
            "max_interval": self.max_interval,
            "sample_count": self.sample_count,
            "start_call_stack": self.start_call_stack,
            "target_description": self.target_description,
            "cpu_time": self.cpu_time,
            "sys_path": self.sys_path,
            "sys_prefixes": self.sys_prefixes,
        }
        if include_frame_records:
            result["frame_records"] = self.frame_records
        return result

    @classmethod
    def from_json(cls, json_dict: dict[str, Any]) -> Session:
        """The session of a dict that ``to_json`` gave, or pyinstrument.

        Raises KeyError if something is missing, and what the constructor raises.
        """
        return cls(
            frame_records=json_dict["frame_records"],
            start_time=json_dict["start_time"],
            duration=json_dict["duration"],
            min_interval=json_dict.get("min_interval", 0.001),
            max_interval=json_dict.get("max_interval", 0.001),
            sample_count=json_dict["sample_count"],
            start_call_stack=json_dict["start_call_stack"],
            target_description=json_dict["target_description"],
            cpu_time=json_dict["cpu_time"] or 0.0,
            sys_path=json_dict.get("sys_path", current_sys_path()),
            sys_prefixes=json_dict.get("sys_prefixes", cls.current_sys_prefixes()),
        )

    @staticmethod
    def combine(session1: Session, session2: Session) -> Session:
        """Both profiles as one: samples of the earlier one, then those of the later one."""
        return Session._of(native.combine_sessions(session1._handle, session2._handle))

    @staticmethod
    def current_sys_prefixes() -> list[str]:
        """The folders that this interpreter's own files are in."""
        return [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]

    def shorten_path(self, path: str) -> str:
        """The path as reports show it: told from the entry of ``sys_path`` that makes it shortest,
        if that is shorter than the whole.
        """
        short = self._short_paths.get(path)
        if short is None:
            short = native.shorten_path(self._handle, path)
            # The library's texts have no lone surrogates: such a path stays as it is.
            short = self._short_paths[path] = path if "\ufffd" in short else short
        return short

    def resample(self, interval: float) -> Session:
        """The session with fewer samples, each of which stands for at least ``interval`` seconds.

        Their times add up to the same. Raises ValueError for an interval that isn't positive.
        """
        if not 0 < interval < 1e9:
            raise ValueError(f"the interval must be positive seconds, and it is {interval!r}")
        return Session._of(native.resample_session(self._handle, max(1, round(interval * 1e9))))

    def __copy__(self) -> Session:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Session:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (restored, (type(self), native.session_to_bytes(self._handle, ())))

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


def restored(cls: type[Session], data: bytes) -> Session:
    """A session that was pickled."""
    return cls._of(native.read_session(data, [], []))


def current_sys_path() -> list[str]:
    # None when the interpreter has begun to take its modules apart.
    return [entry for entry in sys.path or () if isinstance(entry, str)]
