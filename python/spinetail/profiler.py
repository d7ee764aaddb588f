"""The profiler: start it, run something, stop it, look at the report."""

from __future__ import annotations

import os
import sys
import time

from spinetail._library import native
from spinetail.choices import (
    ALL,
    AUTO,
    SAMPLER,
    checked_async_mode,
    checked_engine,
    checked_threads,
)
from spinetail.context_binding import ContextBinding, active_profiler_context_var
from spinetail.engine_choice import choose_engine
from spinetail.forks import watch_forks
from spinetail.interval import checked_interval
from spinetail.session import Session
from spinetail.stack_sampler import get_stack_sampler
from spinetail.thread_names import ThreadNames, current_thread_name, has_had_threads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import IO, Any, Callable, Literal

    from spinetail import _native
    from spinetail.renderers import Renderer

# As the interpreter knows this file, so that it begins like the files of all our frames.
OWN_FOLDER = os.path.dirname(sys._getframe().f_code.co_filename)

# The native library checks that the stack it reads is the stack that Python sees: this much of it.
VISIBLE_FRAMES = 100


class Profiler:
    """Finds out where the thread that starts it spends its time, or where all threads do.

    One thread may run several profilers, and so may several threads at once. A profiler is stopped
    by the thread that started it, or by any thread once that has ended.
    """

    def __init__(
        self,
        interval: float = 0.001,
        async_mode: str = "enabled",
        use_timing_thread: bool | None = None,
        *,
        engine: str = "auto",
        threads: str = "current",
    ) -> None:
        """``interval`` is the time between two samples in seconds, from 0.000001 to 3600.

        ``async_mode`` says what is shown while a coroutine that is profiled waits and the thread
        runs others: with "enabled", the wait, as ``[await]``, but other work where there is no
        such wait; with "strict", the wait, or else ``[out-of-context]``; with "disabled", whatever
        the thread runs.

        ``engine`` is "sampler", which looks at the thread from outside at nearly no cost but can't
        follow awaits yet; "setprofile", which goes by CPython's call and return events, follows
        them, and slows calls down; or "auto", the sampler wherever it can do the work.

        ``threads`` is "current", the thread that calls start(), or "all", those that come later
        included. "setprofile" records the current one only.

        ``use_timing_thread`` changes nothing: no engine asks a clock at every event.

        Raises ValueError for another number or word, and TypeError for an interval that is no
        number.
        """
        self._interval = checked_interval(interval)
        self._async_mode = checked_async_mode(async_mode)
        self._use_timing_thread = use_timing_thread
        self._engine = checked_engine(engine)
        self._threads = checked_threads(threads)
        self._thread_names: ThreadNames | None = None
        # The command samples all threads without being told to: then it says nothing of threads
        # that aren't there.
        self._says_missing_threads = True
        self._engine_reason = ""
        self._recording: _native.Recording | None = None
        self._binding: ContextBinding | None = None
        self._last_session: Session | None = None
        self._start_time = 0.0
        self._start_cpu_time = 0.0
        self._target_description = ""
        self._command_line: list[str] = []

    @property
    def interval(self) -> float:
        """The time between two samples, in seconds."""
        return self._interval

    @property
    def async_mode(self) -> str:
        """What is shown of waits: "enabled", "strict" or "disabled"."""
        return self._async_mode

    @property
    def use_timing_thread(self) -> bool | None:
        """As it was given; it changes nothing."""
        return self._use_timing_thread

    @use_timing_thread.setter
    def use_timing_thread(self, value: bool | None) -> None:
        self._use_timing_thread = value

    @property
    def engine(self) -> str:
        """The engine that was asked for. The session tells which one it was."""
        return self._engine

    @property
    def threads(self) -> str:
        """Which threads are recorded: "current" or "all"."""
        return self._threads

    @property
    def last_session(self) -> Session | None:
        """What has been recorded so far, or None before the first stop()."""
        return self._last_session

    @property
    def is_running(self) -> bool:
        """True between start() and stop(); False in a child forked meanwhile."""
        recording = self._recording
        return recording is not None and native.is_recording(recording)

    def start(
        self,
        caller_frame: FrameType | None = None,
        target_description: str | None = None,
    ) -> None:
        """Starts to sample the calling thread, or all of them.

        ``target_description`` heads the report; without it, the place of ``caller_frame`` does, or
        of the frame that calls start(). A profiler that is started again adds to its session.

        Raises ValueError if it is already running, and RuntimeError where this Python can't be
        profiled, or another profile function is in the way.
        """
        if target_description is None:
            frame = caller_frame or sys._getframe(1)
            target_description = f"Profile at {frame.f_code.co_filename}:{frame.f_lineno}"
        self._start(target_description, stem_frames=0, stem_file="")

    def _start(self, target_description: str, stem_frames: int, stem_file: str) -> None:
        if self.is_running:
            raise ValueError(
                "This profiler is already running: stop() it first, or use another Profiler."
            )
        timer_func = get_stack_sampler().timer_func
        choice = choose_engine(self._engine, self._async_mode, timer_func, sys._getframe())
        watch_forks()
        self._engine_reason = choice.reason
        self._target_description = target_description
        self._start_time = time.time()
        self._start_cpu_time = time.process_time()
        self._recording = self._binding = None
        stem = (OWN_FOLDER, stem_frames, stem_file)
        if choice.engine == SAMPLER:
            obstacle = self._start_sampler(stem)
            if obstacle is None:
                return
            self._engine_reason = obstacle
        self._start_events(stem, timer_func)

    def _start_sampler(self, stem: tuple[str, int, str]) -> str | None:
        """Starts the sampler; if what it finds isn't as it should be, and another engine may serve,
        gives the reason as a clause.
        """
        self._thread_names = ThreadNames()
        if self._threads == ALL:
            self._thread_names.start()
        started = None
        try:
            started = native.start_recording(
                self._interval_nanoseconds,
                *stem,
                code_ids(sys._getframe()),
                self._threads == ALL,
                self._engine == AUTO,
            )
        finally:
            if started is None or isinstance(started, str):
                self._thread_names.stop()
                self._thread_names = None
        if isinstance(started, str):
            return started
        self._recording = started
        return None

    def _start_events(
        self, stem: tuple[str, int, str], timer_func: Callable[[], float] | None
    ) -> None:
        if self._async_mode != "disabled":
            self._binding = ContextBinding()
        try:
            self._recording = native.start_event_recording(
                self._interval_nanoseconds,
                current_thread_name(),
                *stem,
                timer_func,
                self._async_mode,
                active_profiler_context_var,
                None if self._binding is None else self._binding.token,
            )
        except BaseException:
            self._end_binding()
            raise

    @property
    def _interval_nanoseconds(self) -> int:
        return round(self._interval * 1e9)

    def stop(self) -> Session:
        """Ends the profile and returns what has been recorded so far.

        Raises RuntimeError if it isn't running, or if another thread started it and is still alive
        (the profiler then keeps running).
        """
        recording = self._recording
        if recording is None or not native.is_recording(recording):
            raise RuntimeError("This profiler is not running: start() it first.")
        cpu_time = time.process_time() - self._start_cpu_time
        names = self._thread_names
        handle = native.stop_recording(
            recording,
            self._start_time,
            cpu_time,
            self._target_description,
            "{}.{}.{}".format(*sys.version_info),
            # None when the interpreter has begun to take its modules apart.
            [entry for entry in sys.path or () if isinstance(entry, str)],
            Session.current_sys_prefixes(),
            self._engine_reason,
            tuple if names is None else names.stop,
            self._command_line,
            self._missing_threads_notes(),
        )
        self._recording = self._thread_names = None
        self._end_binding()
        session = Session._of(handle)
        if self._last_session is not None:
            session = Session.combine(self._last_session, session)
        self._last_session = session
        return session

    def _missing_threads_notes(self) -> list[str]:
        if self._threads != ALL or self._thread_names is not None:
            return []
        if not (self._says_missing_threads or has_had_threads()):
            return []
        return [
            "only the thread that called start() was recorded: "
            "the setprofile engine knows of no other"
        ]

    def _end_binding(self) -> None:
        if self._binding is not None:
            self._binding.end()
            self._binding = None

    def reset(self) -> None:
        """Stops the profiler if it is running, and forgets what it has recorded."""
        if self.is_running:
            self.stop()
        self._recording = None
        self._last_session = None

    def __enter__(self) -> Profiler:
        self.start(caller_frame=sys._getframe(1))
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # In a forked child, and where the block has called stop() itself, there is nothing to stop.
        if self.is_running:
            self.stop()

    def print(
        self,
        file: IO[str] | None = None,
        *,
        unicode: bool | None = None,
        color: bool | None = None,
        show_all: bool = False,
        timeline: bool = False,
        time: Literal["seconds", "percent_of_total"] = "seconds",
        flat: bool = False,
        flat_time: Literal["self", "total"] = "self",
        short_mode: bool = False,
        processor_options: dict[str, Any] | None = None,
        clock: str = "wall",
    ) -> None:
        """Prints the text report to ``file``, by default to ``sys.stdout``.

        Where ``unicode`` or ``color`` is None, the file decides: its encoding, and whether it is a
        terminal. The other options are those of ``spinetail.renderers.ConsoleRenderer``.
        Raises RuntimeError if there is nothing to show yet.
        """
        from spinetail import streams

        if file is None:
            file = sys.stdout
        text = self.output_text(
            unicode=streams.supports_unicode(file) if unicode is None else unicode,
            color=streams.supports_color(file) if color is None else color,
            show_all=show_all,
            timeline=timeline,
            time=time,
            flat=flat,
            flat_time=flat_time,
            short_mode=short_mode,
            processor_options=processor_options,
            clock=clock,
        )
        print(streams.encodable(text, file), file=file)

    def output_text(
        self,
        unicode: bool = False,
        color: bool = False,
        show_all: bool = False,
        timeline: bool = False,
        time: Literal["seconds", "percent_of_total"] = "seconds",
        flat: bool = False,
        flat_time: Literal["self", "total"] = "self",
        short_mode: bool = False,
        processor_options: dict[str, Any] | None = None,
        *,
        clock: str = "wall",
    ) -> str:
        """The text report. The options are those of ``spinetail.renderers.ConsoleRenderer``.

        Raises RuntimeError if there is nothing to show yet.
        """
        from spinetail.renderers import ConsoleRenderer

        return self.output(
            ConsoleRenderer(
                unicode=unicode,
                color=color,
                show_all=show_all,
                timeline=timeline,
                time=time,
                flat=flat,
                flat_time=flat_time,
                short_mode=short_mode,
                processor_options=processor_options,
                clock=clock,
            )
        )

    def output_html(self, resample_interval: float | None = None, *, source: bool = True) -> str:
        """The report page. The options are those of ``spinetail.renderers.HTMLRenderer``.

        Raises RuntimeError if there is nothing to show yet.
        """
        from spinetail.renderers import HTMLRenderer

        return self.output(HTMLRenderer(resample_interval=resample_interval, source=source))

    def write_html(
        self,
        path: str | os.PathLike[str],
        timeline: bool = False,
        show_all: bool = False,
        resample_interval: float | None = None,
        *,
        source: bool = True,
    ) -> None:
        """Writes the report page to a file, in one step: it is there as a whole or not at all.

        The options are those of ``spinetail.renderers.HTMLRenderer``. Raises RuntimeError if there
        is nothing to show yet, and OSError.
        """
        from spinetail.file_replacement import write_file
        from spinetail.renderers import HTMLRenderer

        renderer = HTMLRenderer(
            resample_interval=resample_interval,
            show_all=show_all,
            timeline=timeline,
            source=source,
        )
        write_file(os.fspath(path), [self.output(renderer).encode("utf-8")])

    def open_in_browser(
        self,
        timeline: bool = False,
        resample_interval: float | None = None,
        *,
        source: bool = True,
    ) -> str:
        """Shows the report page in a browser, and gives the name of its file, which is kept.

        The options are those of ``spinetail.renderers.HTMLRenderer``. Raises RuntimeError if there
        is nothing to show yet, and OSError.
        """
        from spinetail.renderers import HTMLRenderer

        renderer = HTMLRenderer(
            resample_interval=resample_interval, timeline=timeline, source=source
        )
        return renderer.open_in_browser(self._finished_session())

    def output(self, renderer: Renderer) -> str:
        """The report by ``renderer``. Raises RuntimeError if there is nothing to show yet."""
        return renderer.render(self._finished_session())

    def _finished_session(self) -> Session:
        if self.is_running:
            raise RuntimeError(
                "This profiler is still running: stop() it before you ask for a report."
            )
        if self._last_session is None:
            raise RuntimeError(
                "This profiler has nothing to show yet: start() it, run something, then stop() it."
            )
        return self._last_session


def code_ids(frame: FrameType | None) -> list[int]:
    """The identities of the code of ``frame`` and its callers, innermost first."""
    ids: list[int] = []
    while frame is not None and len(ids) < VISIBLE_FRAMES:
        ids.append(id(frame.f_code))
        frame = frame.f_back
    return ids
