"""Processors: steps that make a tree of frames easier to read.

A processor is a function that takes the outermost frame, or None where there is nothing, and a dict
of options. It changes the tree and gives the frame that is the outermost one then::

    frame = processor(frame, options={})

Those of this module run in the native library, in time in proportion to the size of the tree, and
no depth is too deep. Your own, in Python, can stand anywhere between them. Where a renderer's
processors are all of this module, it makes no Frame objects at all.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from spinetail._library import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Sequence

    from spinetail import _native
    from spinetail.frame import Frame

__all__ = [
    "ProcessorOptions",
    "ProcessorType",
    "aggregate_repeated_calls",
    "group_library_frames_processor",
    "merge_consecutive_self_time",
    "remove_first_pyinstrument_frames_processor",
    "remove_importlib",
    "remove_irrelevant_nodes",
    "remove_tracebackhide",
    "remove_unnecessary_self_time_nodes",
]

ProcessorType = Callable[..., Optional["Frame"]]
ProcessorOptions = Dict[str, Any]

DEFAULT_FILTER_THRESHOLD = 0.01
GROUPING = "group_library_frames_processor"


def remove_importlib(frame: Frame | None, options: ProcessorOptions) -> Frame | None:
    """Takes out the frames of the import machinery: modules appear as called by what imports
    them.
    """
    return run("remove_importlib", frame, options)


def remove_tracebackhide(frame: Frame | None, options: ProcessorOptions) -> Frame | None:
    """Takes out the frames of functions with a local ``__tracebackhide__``, or
    ``__traceback_hide__``: what they call takes their place.
    """
    return run("remove_tracebackhide", frame, options)


def merge_consecutive_self_time(
    frame: Frame | None, options: ProcessorOptions, recursive: bool = True
) -> Frame | None:
    """Makes ``[self]`` frames that stand side by side one.

    ``recursive`` False looks at the frame's own children only.
    """
    return run("merge_consecutive_self_time", frame, options, recursive=recursive)


def aggregate_repeated_calls(frame: Frame | None, options: ProcessorOptions) -> Frame | None:
    """Makes all calls of one function from one place one frame, the most expensive first.

    What happened when is no longer to be seen.
    """
    return run("aggregate_repeated_calls", frame, options)


def remove_irrelevant_nodes(
    frame: Frame | None, options: ProcessorOptions, total_time: float | None = None
) -> Frame | None:
    """Takes out frames with little time; their callers absorb it.

    The option ``filter_threshold`` is the part of ``total_time``, by default that of ``frame``,
    that a frame must have to stay: 0.01 if it isn't given.
    """
    return run("remove_irrelevant_nodes", frame, options, total_time=total_time)


def remove_unnecessary_self_time_nodes(
    frame: Frame | None, options: ProcessorOptions
) -> Frame | None:
    """Takes out ``[self]`` frames that are an only child: they say no more than their parent."""
    return run("remove_unnecessary_self_time_nodes", frame, options)


def remove_first_pyinstrument_frames_processor(
    frame: Frame | None, options: ProcessorOptions
) -> Frame | None:
    """Makes the program's first frame the outermost one: the profiler's frames above it go.

    In recordings of pyinstrument's command these are its main function, the code that this
    executes, and ``runpy``; nothing of the program goes with them, however its time is spread.
    Our own recordings hold no such frames. There the frame of the only thread goes, if next to
    nothing happened in it but the call of the program.
    """
    return run("remove_first_pyinstrument_frames_processor", frame, options)


def group_library_frames_processor(frame: Frame | None, options: ProcessorOptions) -> Frame | None:
    """Groups connected frames that most readers don't care for, so that a report can show them as
    one line: those of libraries.

    The options ``hide_regex`` and ``show_regex`` are regular expressions that are matched with the
    beginning of the full path of a frame's source file. They say which other frames are hidden and
    which are not; where both match, the frame is shown. A group has two frames at least. Frames
    that are in a group already stay in it unless they are below a new one.
    """
    return run(GROUPING, frame, options)


NATIVE_PROCESSORS = frozenset(
    [
        remove_importlib,
        remove_tracebackhide,
        merge_consecutive_self_time,
        aggregate_repeated_calls,
        remove_irrelevant_nodes,
        remove_unnecessary_self_time_nodes,
        remove_first_pyinstrument_frames_processor,
        group_library_frames_processor,
    ]
)
"""The processors that run in the native library."""


def run(
    name: str,
    frame: Frame | None,
    options: ProcessorOptions,
    total_time: float | None = None,
    recursive: bool = True,
) -> Frame | None:
    """Runs one native processor on what is below ``frame``."""
    if frame is None:
        return None
    tree = frame._tree
    total = None if total_time is None else round(total_time * 1e9)
    node = native.process_node(
        tree.handle,
        frame._node,
        [name],
        options.get("filter_threshold", DEFAULT_FILTER_THRESHOLD),
        total,
        file_visibility(tree.handle, options) if name == GROUPING else b"",
        recursive,
    )
    return tree.frame(node)


def native_names(processors: Iterable[ProcessorType]) -> list[str] | None:
    """The names of the processors in the native library, or None if some aren't there."""
    names: list[str] = []
    for processor in processors:
        if processor not in NATIVE_PROCESSORS:
            return None
        names.append(processor.__name__)
    return names


def run_all(handle: _native.Tree, names: Sequence[str], options: ProcessorOptions) -> None:
    """Runs native processors on a whole tree without making any frame."""
    native.process_tree(
        handle,
        names,
        options.get("filter_threshold", DEFAULT_FILTER_THRESHOLD),
        None,
        file_visibility(handle, options) if GROUPING in names else b"",
        True,
    )


def file_visibility(handle: _native.Tree, options: ProcessorOptions) -> bytes:
    """For each source file by number, whether the user's patterns hide (1) or show it (2), or say
    nothing (0). Python's ``re`` decides, once for each path.
    """
    hide = options.get("hide_regex")
    show = options.get("show_regex")
    if hide is None and show is None:
        return b""
    import re

    matches_hide = None if hide is None else re.compile(hide).match
    matches_show = None if show is None else re.compile(show).match

    def visibility(path: str) -> int:
        if matches_show is not None and matches_show(path):
            return 2
        return 1 if matches_hide is not None and matches_hide(path) else 0

    return bytes(map(visibility, native.tree_files(handle)))
