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

class JSONWriter:
    """Writes a session piece by piece. An opaque handle (a capsule)."""

class Tree:
    """A call tree, which processors change. Its nodes are numbers. An opaque handle (a capsule)."""

def start_recording(
    interval_ns: int,
    own_folder: str,
    stem_frames: int,
    stem_file: str,
    code_ids: Sequence[int],
    all_threads: bool,
    is_optional: bool,
) -> Recording | str:
    """Starts to sample the calling thread, or with ``all_threads`` every thread of the main
    interpreter, those to come included.

    Frames of files in ``own_folder`` are left out of every stack, as are the ``stem_frames``
    outermost frames and, directly above those, frames of the file ``stem_file`` (the command's own
    frames and runpy's). ``code_ids`` holds ``id(frame.f_code)`` of the calling frame and its
    callers, innermost first (up to 100 are enough): what the memory reader must find, or it refuses
    to start.

    Raises RuntimeError with one line that says what is wrong and what to do: an interpreter without
    a known memory layout, or memory that can't be read. If the start ``is_optional``, gives what is
    wrong as a clause without a period instead.
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
    thread_names: Callable[[], Sequence[Tuple[int, str]]],
    command_line: Sequence[str],
    notes: Sequence[str],
) -> Session:
    """Ends a recording and gives its session.

    ``thread_names()`` gives the names of sampled threads by the kernel's number (``threading``'s
    ``native_id``); it is called when nothing is recorded any more. ``notes`` are sentences for the
    report's header.

    Raises RuntimeError where the calling thread isn't the recorded one (unless that has ended; the
    recording goes on), and where the recording was already stopped.
    """

def start_notice(descriptor: int, text: str, delay_ns: int) -> object:
    """Writes ``text`` to a terminal once the delay is over, unless ``end_notice`` comes first. It
    needs no GIL for that.
    """

def end_notice(notice: object) -> None:
    """Erases what ``start_notice`` has written, if it has."""

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

def make_session(
    frame_records: Sequence[Sequence[Any]],
    start_call_stack: Sequence[str],
    start_time: float,
    duration: float,
    min_interval: float,
    max_interval: float,
    sample_count: int,
    target_description: str,
    cpu_time: float,
    sys_path: Sequence[str],
    sys_prefixes: Sequence[str],
) -> Session:
    """The session of pyinstrument's records, each a stack of frame-info strings and seconds.

    Raises TypeError and ValueError, in one line, for records that are none and for numbers that
    aren't finite.
    """

def read_session(data: bytes, sys_path: Sequence[str], sys_prefixes: Sequence[str]) -> Session:
    """The session in a file's bytes: of a ``.spinetail`` file or in pyinstrument's JSON.

    The path and the prefixes are taken where the file has none. Other threads run meanwhile. Raises
    ValueError with one line that says what is wrong, to follow the file's name.
    """

def session_to_bytes(session: Session, sources: Sequence[Tuple[str, str]]) -> bytes:
    """The bytes of a ``.spinetail`` file. ``sources`` are paths and texts of source files, which go
    along for a report page; ``read_session`` ignores them.
    """

def session_files(session: Session) -> List[str]:
    """The source files of all functions that are in a stack with samples, once each."""

def session_to_json(session: Session) -> str:
    """All of pyinstrument's JSON: up to a thousand times as large as the session."""

def json_writer(session: Session) -> JSONWriter:
    """A writer of pyinstrument's JSON."""

def json_piece(writer: JSONWriter) -> bytes:
    """The next piece of the JSON, in ASCII; empty after the last one."""

def frame_records(session: Session) -> List[Tuple[List[str], float]]:
    """Each sample as a stack of frame-info strings, the thread's first, and seconds; thread by
    thread. Samples that came without a thread have no such string.
    """

def start_call_stack(session: Session) -> List[str]:
    """The first thread's stack at the start as frame-info strings, never empty."""

def resample_session(session: Session, interval_ns: int) -> Session:
    """The session with samples of at least that time each, and the same time in all."""

def session_threads(session: Session) -> List[Tuple[str, int, int, float, float, float]]:
    """The threads as (name, identifier, samples, seconds from the session's start to its own, wall
    seconds, CPU seconds).
    """

def shorten_path(session: Session, path: str) -> str:
    """The path as reports show it."""

def session_metadata(session: Session) -> Dict[str, Any]:
    """The session's facts: start_time, duration, cpu_time, min_interval, max_interval (float
    seconds), sample_count, subinterpreter_count (int), target_description, engine, engine_reason,
    engine_detail, python_version (str), sys_path, sys_prefixes, command_line, notes (list of str),
    and statistics: a dict of ints with beats, followed, nobody, unfollowed, truncated, retried,
    late.
    """

def session_samples(
    session: Session,
) -> Tuple[
    List[Tuple[str, str, str, int, int, str, int]],
    List[Tuple[int, int]],
    List[Tuple[str, int, List[Tuple[int, int, int, int]]]],
]:
    """Everything recorded: frames as (name, qualified name, file, first line, line, class name,
    flags: 1 hidden, 2 ``[await]``, 4 ``[out-of-context]``); stacks as (parent stack, frame), stack
    0 being the empty one; threads as (name, identifier, samples), a sample being (stack,
    nanoseconds since the thread's previous sample, state bits: 1 held the GIL, 2 unfollowed, 4
    truncated; nanoseconds on a CPU).
    """

def make_thread_trees(session: Session, aggregated: bool, clock: str, detailed: bool) -> List[Tree]:
    """The calls of each thread that has samples, in the session's order.

    ``aggregated`` makes all calls of a function from one place one node; else they stay in the
    order of time. ``detailed`` counts all attributes of frames: lines too, not only what reports
    show. Several threads have their pseudo frames as roots; the only one begins at the frame that
    started the recording.
    """

def has_cpu_time(session: Session) -> bool:
    """Whether any sample has CPU time."""

def render_text(
    session: Session,
    trees: Sequence[Tree],
    roots: Sequence[int],
    unicode: bool,
    color: bool,
    show_all: bool,
    timeline: bool,
    time: str,
    flat_time: str,
    short_mode: bool,
    clock: str,
    version: str,
) -> str:
    """The text report on the trees of a session's threads, each below its root.

    ``time`` is "seconds" or "percent_of_total", ``flat_time`` "self" or "total" for a list of
    functions, or empty for a tree; ``clock`` is the one that the trees were made by. ``version`` is
    the package's, for the header.
    """

def render_json(session: Session, trees: Sequence[Tree], roots: Sequence[int]) -> str:
    """The same as one JSON object."""

def render_speedscope(
    session: Session, trees: Sequence[Tree], roots: Sequence[int], by_samples: bool, clock: str
) -> str:
    """A file for speedscope.app, of trees in the order of time.

    With ``by_samples``, the session's samples are written with the frames that the trees have,
    which are aggregated ones and must have no call left out for its little time.
    """

def render_pstats(session: Session, trees: Sequence[Tree], roots: Sequence[int]) -> bytes:
    """A file for the pstats module."""

def make_tree(session: Session, thread: int, merging: str, clock: str, trim_stem: bool) -> Tree:
    """The calls of the thread with that number, or of all threads (-1), joined under ``[root]``.

    ``merging`` is "consecutive" (time order) or "repeated" (all calls of a function from one place
    are one node); ``clock`` is "wall" or "cpu"; ``trim_stem`` leaves out the frames below the one
    that started the recording where nothing happened in them.
    """

def make_detailed_tree(
    session: Session, thread: int, merging: str, clock: str, trim_stem: bool
) -> Tree:
    """The same with all attributes of frames counted: lines too, not only what reports show."""

def make_empty_tree(session: Optional[Session]) -> Tree:
    """A tree without nodes, whose paths are judged and shortened as those of ``session`` are."""

def set_tree_paths(tree: Tree, sys_path: Sequence[str], sys_prefixes: Sequence[str]) -> None:
    """Judges and shortens paths by these instead of the session's."""

def tree_root(tree: Tree) -> int:
    """The root's number; -1 if there are no samples."""

def tree_size(tree: Tree) -> int:
    """One more than the highest number of a node; those taken away keep theirs."""

def tree_files(tree: Tree) -> List[str]:
    """The paths of all source files by number. The first is empty: what has no file. The second is
    that of threads' pseudo frames.
    """

def process_tree(
    tree: Tree,
    processors: Sequence[str],
    filter_threshold: float,
    total_time_ns: Optional[int],
    visibility: bytes,
    recursive: bool,
) -> None:
    """Runs processors, by the reference's names, on the whole tree.

    Irrelevant is what has less than ``filter_threshold`` of ``total_time_ns``, or of the root's
    time. ``visibility`` says of each file by number whether a user's patterns hide (1) or show it
    (2), or say nothing (0, and files beyond its end). ``recursive`` False merges self time right
    below the root only.

    This and all functions below raise RuntimeError for a name or number that the tree doesn't have.
    """

def process_node(
    tree: Tree,
    node: int,
    processors: Sequence[str],
    filter_threshold: float,
    total_time_ns: Optional[int],
    visibility: bytes,
    recursive: bool,
) -> int:
    """The same for what is below ``node``; gives the node that is in its place then."""

def add_node(tree: Tree, identifier: str) -> int:
    """A node without time that is below nothing. Two nodes with one identifier are calls of one
    function: ``name NUL file NUL line``, or a synthetic name such as ``[self]``.
    """

def attach_node(tree: Tree, node: int, parent: int, after: int) -> None:
    """Makes a node, wherever it is, a child: the last one (-1), or the one after ``after``.

    Nothing changes where it raises: the parent is below the node or can't have children, or
    ``after`` is not another child of the parent.
    """

def detach_node(tree: Tree, node: int) -> None:
    """Takes a node, with what is below it, away from its parent. Times stay as they are."""

def delete_node(tree: Tree, node: int, replacement: str) -> None:
    """Takes a node that has a parent out of the tree: "children" take its place, or a "self_time"
    node, or "nothing", and the parent absorbs the time.
    """

def merge_node(tree: Tree, node: int, target: int) -> None:
    """Adds the time and the children of a node to its sibling ``target``, and takes it away."""

def move_node(
    tree: Tree, other: Tree, node: int
) -> Tuple[List[Tuple[int, int]], List[Tuple[int, int]]]:
    """Moves a node that is below nothing, with what is below it, from ``other`` to ``tree``. Gives
    the old and new numbers of the nodes and of their groups.
    """

def node_identifier(tree: Tree, node: int) -> str: ...
def node_time(tree: Tree, node: int) -> float: ...
def set_node_time(tree: Tree, node: int, nanoseconds: int) -> None: ...
def node_absorbed_time(tree: Tree, node: int) -> float: ...
def set_node_absorbed_time(tree: Tree, node: int, nanoseconds: int) -> None: ...
def node_self_time(tree: Tree, node: int) -> float:
    """The time less that of all children but synthetic ones."""

def node_await_time(tree: Tree, node: int) -> float:
    """The time of ``[await]`` nodes, from the node on down."""

def node_parent(tree: Tree, node: int) -> int:
    """-1 if there is none."""

def node_children(tree: Tree, node: int) -> List[int]: ...
def node_short_path(tree: Tree, node: int) -> str: ...
def node_is_application_code(tree: Tree, node: int) -> bool: ...
def node_attributes(tree: Tree, node: int) -> List[Tuple[str, float]]:
    """The attributes, each a letter and a value, and the seconds that they were seen."""

def record_node_time(tree: Tree, node: int, nanoseconds: int, attributes: Sequence[str]) -> None:
    """Adds time to a node, and to what it was seen with."""

def check_node(tree: Tree, node: int, recursive: bool, tolerance_ns: int) -> Optional[str]:
    """What is wrong with the times and links, or None; each time may be off by the tolerance."""

def node_group(tree: Tree, node: int) -> int:
    """The number of the node's group; -1 if it is in none."""

def add_group(tree: Tree, root: int) -> int:
    """A group that has ``root`` alone."""

def join_group(tree: Tree, node: int, group: int) -> None:
    """Puts a node into a group, and out of the one that it is in."""

def leave_group(tree: Tree, node: int, dissolve: bool) -> None:
    """Takes a node out of its group. With ``dissolve``, a last member leaves it too."""

def leave_groups(tree: Tree, node: int) -> None:
    """Takes a node and all below it out of their groups; last members leave too."""

def group_root(tree: Tree, group: int) -> int: ...
def group_members(tree: Tree, group: int) -> List[int]: ...
