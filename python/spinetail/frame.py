"""Frames: the calls of a session as a tree, for processors and renderers in Python."""

from __future__ import annotations

from spinetail._library import native
from spinetail.frame_group import FrameGroup
from spinetail.frame_info import (
    ATTRIBUTE_MARKER_CLASS_NAME,
    ATTRIBUTE_MARKER_TRACEBACKHIDE,
    IDENTIFIER_SEP,
    parse_frame_info,
)
from spinetail.frame_tree import FrameTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, Sequence
else:
    Protocol = object

__all__ = [
    "AWAIT_FRAME_IDENTIFIER",
    "DUMMY_ROOT_FRAME_IDENTIFIER",
    "OUT_OF_CONTEXT_FRAME_IDENTIFIER",
    "SELF_TIME_FRAME_IDENTIFIER",
    "SYNTHETIC_FRAME_IDENTIFIERS",
    "SYNTHETIC_LEAF_IDENTIFIERS",
    "Frame",
    "FrameContext",
    "FrameGroup",
]

AWAIT_FRAME_IDENTIFIER = "[await]"
"""The time that a coroutine waited."""
SELF_TIME_FRAME_IDENTIFIER = "[self]"
"""The time that a function spent outside of the functions that it called."""
OUT_OF_CONTEXT_FRAME_IDENTIFIER = "[out-of-context]"
"""The time that other code ran than what was profiled."""
DUMMY_ROOT_FRAME_IDENTIFIER = "[root]"
"""What joins several threads, or several outermost frames."""

SYNTHETIC_LEAF_IDENTIFIERS = frozenset(
    [AWAIT_FRAME_IDENTIFIER, SELF_TIME_FRAME_IDENTIFIER, OUT_OF_CONTEXT_FRAME_IDENTIFIER]
)
"""Frames without children, whose time comes from samples."""
SYNTHETIC_FRAME_IDENTIFIERS = SYNTHETIC_LEAF_IDENTIFIERS | {DUMMY_ROOT_FRAME_IDENTIFIER}
"""Frames that no function of the program stands behind."""


class FrameContext(Protocol):
    """What frames ask about paths. A Session is one."""

    def shorten_path(self, path: str) -> str:
        """The path as people like to read it."""
        raise NotImplementedError

    @property
    def sys_prefixes(self) -> Sequence[str]:
        """The folders of the interpreter and its environment."""
        raise NotImplementedError


class Frame:
    """A function that was called from somewhere, with the time that was spent in it and below it.

    All calls from one place that follow each other are one frame. ``Session.root_frame`` gives the
    outermost frame of a session; a frame that is made by hand stands alone until it is added to
    another. Frames of a tree stay the same objects: attributes that you set are kept.

    Times are in seconds, exact to the nanosecond.
    """

    _tree: FrameTree
    _node: int
    _identifier: str

    def __init__(
        self,
        identifier_or_frame_info: str = "",
        children: Sequence[Frame] | None = None,
        time: float = 0,
        context: FrameContext | None = None,
    ) -> None:
        """Makes a frame without a parent.

        ``identifier_or_frame_info`` is a frame-info string (see ``spinetail.frame_info``) and
        ``time`` the time that it stands for; it doesn't include that of ``children``, nor is it
        added to theirs. ``context`` tells which paths are short and whose code they hold.
        """
        identifier, attributes = parse_frame_info(identifier_or_frame_info)
        tree = self._tree = FrameTree.for_context(context)
        self._identifier = identifier
        self._node = native.add_node(tree.handle, identifier)
        tree.frames[self._node] = self
        if time or attributes:
            native.record_node_time(tree.handle, self._node, nanoseconds(time), attributes)
        for child in children or ():
            self.add_child(child)

    # What the frame is.

    @property
    def identifier(self) -> str:
        """What calls of one function have in common: name, file and first line, with NULs between
        them, or a synthetic frame's name, such as ``[self]``.
        """
        try:
            return self._identifier
        except AttributeError:
            self._identifier = native.node_identifier(self._tree.handle, self._node)
            return self._identifier

    @property
    def function(self) -> str:
        """The function's name."""
        return self.identifier.partition(IDENTIFIER_SEP)[0]

    @property
    def file_path(self) -> str | None:
        """The full path of the source file; None where there is none."""
        parts = self.identifier.split(IDENTIFIER_SEP)
        return parts[1] if len(parts) > 1 else None

    @property
    def line_no(self) -> int | None:
        """The line that the function begins at; None where there is none."""
        parts = self.identifier.split(IDENTIFIER_SEP)
        return int(parts[2]) if len(parts) > 2 else None

    @property
    def file_path_short(self) -> str | None:
        """The path of the source file from an entry of ``sys.path``; a synthetic frame has its
        parent's.

        Raises RuntimeError for a frame without a context.
        """
        frame = self
        while frame.is_synthetic:
            parent = frame.parent
            if parent is None:
                break
            frame = parent
        path = frame.file_path
        if not path:
            return None
        context = frame.context
        if context is not frame._tree.session:
            return context.shorten_path(path)
        short = native.node_short_path(frame._tree.handle, frame._node)
        # Names that aren't text are told in full rather than wrongly.
        return path if "\ufffd" in short else short

    def code_position_short(self) -> str | None:
        """The short path and the line, as ``path:line``, or the path alone where there's no line.

        Raises RuntimeError for a frame without a context.
        """
        path = self.file_path_short
        line = self.line_no
        return f"{path}:{line}" if path and line else path

    @property
    def class_name(self) -> str | None:
        """The class of ``self`` or ``cls``, the most observed one; None if there is none."""
        return self.get_attribute_value(ATTRIBUTE_MARKER_CLASS_NAME)

    @property
    def has_tracebackhide(self) -> bool:
        """True if the function has a local ``__tracebackhide__`` or ``__traceback_hide__``."""
        return self.get_attribute_value(ATTRIBUTE_MARKER_TRACEBACKHIDE) == "1"

    @property
    def is_application_code(self) -> bool:
        """True for the profiled program's own code; False for libraries and synthetic frames.

        Raises RuntimeError for a frame without a context.
        """
        if self.is_synthetic or not self.file_path:
            return False
        _ = self.context
        return native.node_is_application_code(self._tree.handle, self._node)

    @property
    def is_synthetic(self) -> bool:
        """True if no function of the program stands behind the frame."""
        return self.identifier in SYNTHETIC_FRAME_IDENTIFIERS

    @property
    def is_synthetic_leaf(self) -> bool:
        """True if the frame can't have children."""
        return self.identifier in SYNTHETIC_LEAF_IDENTIFIERS

    @property
    def attributes(self) -> dict[str, float]:
        """What calls were seen with, and for how many seconds: letters and values as in frame-info
        strings. A copy; ``record_time_from_frame_info`` adds to it.
        """
        return dict(native.node_attributes(self._tree.handle, self._node))

    def get_attribute_value(self, attribute_marker: str) -> str | None:
        """The value that was seen for the longest time with this letter; None if none was."""
        best = None
        longest = 0.0
        for attribute, time in native.node_attributes(self._tree.handle, self._node):
            if attribute.startswith(attribute_marker) and (best is None or time > longest):
                best, longest = attribute[1:], time
        return best

    @property
    def context(self) -> FrameContext:
        """What tells which paths are short and whose code they hold: the session, mostly.

        Raises RuntimeError if there is none.
        """
        context = self._tree.context
        if context is None:
            raise RuntimeError(
                "This frame has no context: make it with one, or add it to a frame of a session."
            )
        return context

    def set_context(self, context: FrameContext | None) -> None:
        """Gives this frame, and all that it was ever put together with, another context."""
        self._tree.set_context(context)

    # Time.

    @property
    def time(self) -> float:
        """The seconds spent in the function and all that it called. Setting it changes no other
        frame's.
        """
        return native.node_time(self._tree.handle, self._node)

    @time.setter
    def time(self, seconds: float) -> None:
        native.set_node_time(self._tree.handle, self._node, nanoseconds(seconds))

    @property
    def absorbed_time(self) -> float:
        """The part of ``time`` that belonged to frames that processors took away."""
        return native.node_absorbed_time(self._tree.handle, self._node)

    @absorbed_time.setter
    def absorbed_time(self, seconds: float) -> None:
        native.set_node_absorbed_time(self._tree.handle, self._node, nanoseconds(seconds))

    @property
    def total_self_time(self) -> float:
        """The time that isn't that of functions called: waiting and absorbed time included."""
        return native.node_self_time(self._tree.handle, self._node)

    @property
    def proportion_of_parent(self) -> float:
        """The part of the parent's time; 1 without a parent, NaN where that has no time."""
        parent = self.parent
        if parent is None:
            return 1.0
        time = parent.time
        return self.time / time if time else float("nan")

    def await_time(self) -> float:
        """The seconds that were spent waiting in ``await``, here and below."""
        return native.node_await_time(self._tree.handle, self._node)

    def record_time_from_frame_info(self, frame_info: str, time: float) -> None:
        """Adds ``time`` to the frame, and to the attributes that ``frame_info`` has."""
        _, attributes = parse_frame_info(frame_info)
        native.record_node_time(self._tree.handle, self._node, nanoseconds(time), attributes)

    # Place in the tree.

    @property
    def parent(self) -> Frame | None:
        """The caller; None for the outermost frame."""
        node = native.node_parent(self._tree.handle, self._node)
        return None if node < 0 else self._tree.frame(node)

    @property
    def children(self) -> Sequence[Frame]:
        """The functions that were called, and synthetic frames, in order. A copy."""
        tree = self._tree
        return tuple(map(tree.frame, native.node_children(tree.handle, self._node)))

    @property
    def group(self) -> FrameGroup | None:
        """The group that the frame is in; None if in none."""
        index = native.node_group(self._tree.handle, self._node)
        return None if index < 0 else self._tree.group(index)

    def add_child(self, frame: Frame, after: Frame | None = None) -> None:
        """Makes ``frame``, wherever it is, the last child, or the one after ``after``.

        Times stay as they are. Raises ValueError where this frame can't have children or is below
        ``frame``, and where ``after`` is not another child.
        """
        if self.is_synthetic_leaf:
            raise ValueError(f"A {self.identifier} frame can't have children.")
        if after is not None and (after is frame or after.parent is not self):
            raise ValueError("The frame to come after isn't another child of this frame.")
        if frame._tree is not self._tree:
            frame.remove_from_parent()
            self._join(frame)
        sibling = -1 if after is None else after._node
        try:
            native.attach_node(self._tree.handle, frame._node, self._node, sibling)
        except RuntimeError:
            raise ValueError("A frame can't be a child of itself, or of one below it.") from None

    def add_children(self, frames: Sequence[Frame], after: Frame | None = None) -> None:
        """Makes each of ``frames`` a child, in their order: at the end, or after ``after``."""
        for frame in frames:
            self.add_child(frame, after=after)
            if after is not None:
                after = frame

    def remove_from_parent(self) -> None:
        """Takes the frame, with all that is below it, away from its parent, if it has one.

        Times stay as they are; ``frame_ops.delete_frame_from_tree`` keeps the sums.
        """
        native.detach_node(self._tree.handle, self._node)

    def _join(self, frame: Frame) -> None:
        """Brings this frame and one without a parent into the same tree."""
        own, other = self._tree, frame._tree
        context = other.context if own.context is None else own.context
        if other.is_better_home(parent=own):
            top = node = self._node
            while node >= 0:
                top = node
                node = native.node_parent(own.handle, node)
            other.take_in(top, own)
        else:
            own.take_in(frame._node, other)
        self._tree.set_context(context)

    # The whole of it.

    def self_check(self, recursive: bool = True) -> None:
        """Raises AssertionError where the time isn't that of the children and what was absorbed:
        here, and with ``recursive`` also below.
        """
        # Times that were set by hand have been rounded to whole nanoseconds.
        problem = native.check_node(self._tree.handle, self._node, recursive, 1)
        if problem is not None:
            raise AssertionError(f"The frames' times don't add up: {problem}")

    def to_json_str(self) -> str:
        """The frame and all below it as JSON: identifier, time, attributes, children."""
        from json import dumps

        parts: list[str] = []
        # What is still to be written: frames, and the text between and after them.
        left: list[Frame | str] = [self]
        while left:
            item = left.pop()
            if isinstance(item, str):
                parts.append(item)
                continue
            identifier = dumps(item.identifier, ensure_ascii=False)
            attributes = dumps(item.attributes)
            parts.append(
                f'{{"identifier": {identifier},"time": {item.time:f},'
                f'"attributes": {attributes},"children": ['
            )
            left.append("]}")
            for index, child in enumerate(reversed(item.children)):
                if index:
                    left.append(",")
                left.append(child)
        return "".join(parts)

    def __repr__(self) -> str:
        return f"<Frame {self.function!r}: {self.time:.6f} s, {len(self.children)} children>"

    @staticmethod
    def new_subclass_with_frame_info(frame_info: str) -> Frame:
        """A Frame, whatever the class is called on."""
        return Frame(frame_info)


def nanoseconds(seconds: float) -> int:
    """Whole nanoseconds. Raises ValueError for what can't be a time."""
    try:
        rounded = round(seconds * 1e9)
    except (OverflowError, ValueError):
        rounded = 1 << 63
    if abs(rounded) >= 1 << 63:
        raise ValueError(f"A time must be a number of seconds within 292 years, not {seconds}.")
    return rounded
