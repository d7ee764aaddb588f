"""The Swift library: recordings, sessions and renderers as flat functions over opaque handles.

Private to the package. Times that cross this border are whole nanoseconds or float seconds, as
named.
"""

from contextvars import ContextVar
from types import FrameType
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

class Recording:
    """A running or ended recording of one thread. An opaque handle (a capsule)."""

class Session:
    """A finished, immutable profile. An opaque handle (a capsule)."""

class Tree:
    """A call tree, which processors change. Its nodes are numbers. An opaque handle (a capsule)."""

def start_recording(
    interval_ns: int,
    own_folder: str,
    stem_frames: int,
    stem_file: str,
    code_ids: Sequence[int],
    all_threads: bool,
) -> Recording:
    """Starts to sample the calling thread, or with ``all_threads`` every thread of the main
    interpreter, those to come included.

    Frames of files in ``own_folder`` are left out of every stack, as are the ``stem_frames``
    outermost frames and, directly above those, frames of the file ``stem_file`` (the command's own
    frames and runpy's). ``code_ids`` holds ``id(frame.f_code)`` of the calling frame and its
    callers, innermost first (up to 100 are enough): what the memory reader must find, or it refuses
    to start.

    Raises RuntimeError with one line that says what is wrong and what to do: an interpreter without
    a known memory layout, or memory that can't be read.
    """

def start_event_recording(
    interval_ns: int,
    thread_name: str,
    own_folder: str,
    stem_frames: int,
    stem_file: str,
    timer_func: Optional[Callable[[], float]],
    async_mode: str,
    context_var: Optional[ContextVar[Any]],
    token: Optional[object],
) -> Recording:
    """Starts to record the calling thread by CPython's call and return events.

    A sample is taken at the first event after ``interval_ns`` since the last one and credits all
    the time since then. ``timer_func`` gives the time in seconds in place of the monotonic clock.
    With ``async_mode`` "enabled" or "strict" the recording belongs to the contexts in which
    ``context_var`` holds a tuple with ``token`` in it; the caller sets it before, and resets it
    after the stop.

    Several recordings of one thread share one profile function. Raises RuntimeError with one line
    that says what is wrong and what to do: another profile function is set in this thread
    (``sys.getprofile()``), or the interpreter isn't a default build of CPython 3.7 or newer.
    """

def subscribe_events(
    target: Callable[[List[str], float, Optional[str], Optional[List[str]]], object],
    interval_ns: int,
    timer_func: Optional[Callable[[], float]],
    context_var: Optional[ContextVar[Any]],
    token: Optional[object],
    thread_name: str,
) -> object:
    """Calls ``target`` with each sample of the calling thread instead of recording it.

    ``target(call_stack, seconds, async_state, async_info)``: frame-info strings, outermost first,
    beginning with the thread's; the seconds since the target's previous sample or subscription;
    None without a context variable, else "in_context", "out_of_context_awaited" or
    "out_of_context_unknown"; and the stack at the switch for the latter two. An exception in the
    target ends the subscription and is raised in the program at that place. Gives a handle for
    ``unsubscribe_events``. Raises RuntimeError as ``start_event_recording`` does.
    """

def unsubscribe_events(subscription: object) -> None:
    """Ends a subscription. Call it on the thread that subscribed."""

def frame_info(frame: FrameType) -> str:
    """The frame-info string of a frame: name NUL file NUL first line, then attributes, each SOH,
    a letter (c class, l line, h hidden) and a value.
    """

def sampler_refusal() -> Optional[str]:
    """Why ``start_recording`` can't work in this process, as a clause without a period; None if it
    can.
    """

def sampler_detail() -> str:
    """What is unusual about how the sampler works in this process: a clause about it without a
    period, such as "reads memory through a pipe, as process_vm_readv is refused here (Operation not
    permitted)"; empty if there is nothing to say.
    """

def is_recording(recording: Recording) -> bool:
    """True until the recording is stopped; also after its thread has ended. False in a forked
    child.
    """

def thread_has_ended(recording: Recording) -> bool:
    """True once the recorded thread has ended, which closes the recording."""

def stop_recording(
    recording: Recording,
    start_time: float,
    cpu_time: float,
    target_description: str,
    python_version: str,
    sys_path: Sequence[str],
    sys_prefixes: Sequence[str],
    engine_reason: str,
    thread_names: Sequence[Tuple[int, str]],
) -> Session:
    """Ends a recording and gives its session.

    ``thread_names`` has the names of sampled threads by the kernel's number (``threading``'s
    ``native_id``).

    Raises RuntimeError where the calling thread isn't the recorded one (unless that has ended; the
    recording goes on), and where the recording was already stopped.
    """

def pause_sampling() -> None:
    """Ends all sampler threads for a while and keeps the recordings: before a fork, so that the
    child inherits nothing half done and the interpreter doesn't warn of threads that aren't the
    program's.
    """

def resume_sampling() -> None:
    """Goes on after ``pause_sampling``. In a forked child it does nothing: recordings stay with
    the parent.

    Raises RuntimeError if no thread can be started.
    """

def combine_sessions(first: Session, second: Session) -> Session:
    """Both profiles as one: samples of the earlier one, then those of the later one."""

def session_metadata(session: Session) -> Dict[str, Any]:
    """The session's facts: start_time, duration, cpu_time, min_interval, max_interval (float
    seconds), sample_count (int), target_description, engine, engine_reason, engine_detail,
    python_version (str), sys_path, sys_prefixes (list of str), and statistics: a dict of ints with
    beats, followed, nobody, unfollowed, truncated, retried, late.
    """

def session_samples(
    session: Session,
) -> Tuple[
    List[Tuple[str, str, str, int, int]],
    List[Tuple[int, int]],
    List[Tuple[str, int, List[Tuple[int, int, int, int]]]],
]:
    """Everything recorded: frames as (name, qualified name, file, first line, line); stacks as
    (parent stack, frame), stack 0 being the empty one; threads as (name, identifier, samples), a
    sample being (stack, nanoseconds since the thread's previous sample, state bits: 1 held the GIL,
    2 unfollowed, 4 truncated; nanoseconds on a CPU).
    """

def render_text(session: Session, unicode: bool, color: bool, show_all: bool, version: str) -> str:
    """The text report. ``version`` is the package's, for the header."""

def make_tree(session: Session, thread: int, merging: str, clock: str, trim_stem: bool) -> Tree:
    """The calls of the thread with that number, or of all threads (-1), joined under ``[root]``.

    ``merging`` is "consecutive" (time order) or "repeated" (all calls of a function from one place
    are one node); ``clock`` is "wall" or "cpu"; ``trim_stem`` leaves out the frames below the one
    that started the recording where nothing happened in them.
    """

def tree_root(tree: Tree) -> int:
    """The root's number; -1 if there are no samples."""
