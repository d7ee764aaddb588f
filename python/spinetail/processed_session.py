"""A session whose calls are those that processors in Python leave, for reports that hold a session
instead of a tree.
"""

from __future__ import annotations

import gzip
import json
import struct

from spinetail._library import native
from spinetail.frame_info import (
    ATTRIBUTE_MARKER_CLASS_NAME,
    ATTRIBUTE_MARKER_LINE_NUMBER,
    ATTRIBUTE_MARKER_TRACEBACKHIDE,
    ATTRIBUTES_SEP,
    IDENTIFIER_SEP,
)
from spinetail.frame_tree import FrameTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Sequence, Tuple

    from spinetail import _native
    from spinetail.renderers.base import ProcessorList
    from spinetail.session import Session

    Record = Tuple[List[str], float]

THREAD_FILE = "<thread>"
SELF = "[self]"
LEAVES = ("[await]", "[out-of-context]")
ROOT = "[root]"
NOTE = "Processors changed the calls before this report was made"
FACTS = (
    "commandLine",
    "engine",
    "engineDetail",
    "engineReason",
    "notes",
    "pythonVersion",
    "statistics",
    "subinterpreters",
)
"""What a file's header says and a session that is made of records doesn't know."""


class ProcessedSession:
    """A session after processors have changed the calls of each thread.

    A thread of which they leave None is left out. CPU times are lost, for a tree has one kind of
    time. Where calls of one function were at several lines, each line keeps its time, but which
    call came from which line is told by their order.
    """

    def __init__(
        self, session: Session, processors: ProcessorList, options: dict[str, Any]
    ) -> None:
        self._original = session
        self._starts: dict[str, float] = {}
        """When the recording of each thread that is left began, by its name in records."""
        self.handle: _native.Session = native.make_session(
            self._records(processors, options),
            session.start_call_stack,
            session.start_time,
            session.duration,
            session.min_interval,
            session.max_interval,
            session.sample_count,
            session.target_description,
            session.cpu_time,
            session.sys_path,
            session.sys_prefixes,
        )

    def to_bytes(self, sources: Sequence[tuple[str, str]]) -> bytes:
        """The bytes of its file, with all that the original's header says of the recording."""
        facts, _ = parts_of(native.session_to_bytes(self._original._handle, ()))
        header, body = parts_of(native.session_to_bytes(self.handle, sources))
        header.update((key, facts[key]) for key in FACTS if key in facts)
        header["notes"] = [*header.get("notes", ()), NOTE]
        if any(self._starts.values()):
            unit = header["timeUnit"]
            # By name, since the session decides which threads it has, and in which order.
            names = [thread_name(*thread[:2]) for thread in native.session_threads(self.handle)]
            times = [self._starts.get(name, 0.0) for name in names]
            starts = b"".join(varint(round(time * 1e9) // unit) for time in times)
            header["columns"] = [
                entry
                for entry in header["columns"]
                if (entry["table"], entry["name"]) != ("threads", "start")
            ]
            header["columns"].append(
                {
                    "table": "threads",
                    "name": "start",
                    "encoding": "varint",
                    "count": len(times),
                    "offset": len(body),
                    "length": len(starts),
                }
            )
            body += starts
        text = json.dumps(header, separators=(",", ":")).encode("ascii")
        return gzip.compress(struct.pack("<I", len(text)) + text + body, 6)

    def _records(self, processors: ProcessorList, options: dict[str, Any]) -> list[Record]:
        session = self._original
        records: list[Record] = []
        threads = [thread for thread in session.threads if thread.sample_count]
        trees = native.make_thread_trees(session._handle, False, "wall", True)
        for thread, tree in zip(threads, trees):
            frame = FrameTree(tree, session).root()
            for processor in processors:
                frame = processor(frame, options=options)
            if frame is None:
                continue
            name = thread_name(thread.name, thread.identifier)
            before = len(records)
            records.extend(records_of(frame._tree.handle, frame._node, name))
            if len(records) > before:
                self._starts.setdefault(name, thread.start)
        return records


class OpenCall:
    """A frame on the way through a tree."""

    def __init__(self, tree: _native.Tree, node: int) -> None:
        self.children = iter(native.node_children(tree, node))
        self.left = nanoseconds(native.node_time(tree, node))
        """What of its time is neither that of a child seen so far nor its own."""
        self.place = -1
        """Where stacks have it; below 0 where they don't."""
        identifier = native.node_identifier(tree, node)
        parts = identifier.split(IDENTIFIER_SEP)
        # Threads are told apart by the name that all their stacks begin with.
        self.is_shown = identifier != ROOT and not (len(parts) > 1 and parts[1] == THREAD_FILE)
        self._base = identifier
        self._lines: list[tuple[str, int]] = []
        """The lines whose time isn't used up, the next one last."""
        classes = []
        for attribute, time in native.node_attributes(tree, node):
            if attribute.startswith(ATTRIBUTE_MARKER_LINE_NUMBER):
                self._lines.append((ATTRIBUTES_SEP + attribute, nanoseconds(time)))
            elif attribute.startswith(ATTRIBUTE_MARKER_CLASS_NAME):
                classes.append((time, ATTRIBUTES_SEP + attribute))
            elif attribute.startswith(ATTRIBUTE_MARKER_TRACEBACKHIDE):
                self._base += ATTRIBUTES_SEP + attribute
        if classes:
            self._base += max(classes, key=lambda item: item[0])[1]
        self._lines.reverse()

    @property
    def info(self) -> str:
        """Its frame-info string, as it is now."""
        return self._base + self._lines[-1][0] if self._lines else self._base

    @property
    def left_at_line(self) -> int:
        """What is left of the time at its line; 0 where it stays there."""
        return self._lines[-1][1] if len(self._lines) > 1 else 0

    def pass_by(self, time: int) -> None:
        """Uses up time of its line."""
        line, left = self._lines[-1]
        self._lines[-1] = (line, left - time)
        while len(self._lines) > 1 and self._lines[-1][1] <= 0:
            self._lines.pop()


def records_of(tree: _native.Tree, root: int, thread: str) -> Iterator[Record]:
    """The time below a node as stacks of frame-info strings with seconds, in the tree's order."""
    calls: list[OpenCall] = []
    stack = [thread]

    def enter(node: int) -> None:
        call = OpenCall(tree, node)
        calls.append(call)
        if call.is_shown:
            call.place = len(stack)
            stack.append(call.info)

    enter(root)
    while calls:
        call = calls[-1]
        child = next(call.children, None)
        if child is None:
            # What a call has absorbed from those taken away has no place in time: it comes last.
            yield from records(stack, calls, call.left, ())
            calls.pop()
            if call.is_shown:
                stack.pop()
            continue
        time = nanoseconds(native.node_time(tree, child))
        call.left -= time
        identifier = native.node_identifier(tree, child)
        if identifier == SELF:
            yield from records(stack, calls, time, ())
        elif identifier in LEAVES:
            yield from records(stack, calls, time, (identifier,))
        else:
            enter(child)


def records(
    stack: list[str], calls: list[OpenCall], time: int, leaf: tuple[str, ...]
) -> Iterator[Record]:
    """A time with a stack, or with several where calls go on to other lines meanwhile."""
    if time <= 0:
        return
    moving = [call for call in calls if call.left_at_line and call.is_shown]
    while time > 0:
        part = min([time, *(call.left_at_line for call in moving)])
        yield [*stack, *leaf], part / 1e9
        time -= part
        for call in moving:
            call.pass_by(part)
            stack[call.place] = call.info
        moving = [call for call in moving if call.left_at_line]


def thread_name(name: str, identifier: int) -> str:
    """A thread as the first frame of its stacks has it."""
    return IDENTIFIER_SEP.join((name, THREAD_FILE, str(identifier)))


def parts_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The header and the columns of a session file."""
    raw = gzip.decompress(data)
    (length,) = struct.unpack_from("<I", raw)
    header: dict[str, Any] = json.loads(raw[4 : 4 + length])
    return header, raw[4 + length :]


def varint(value: int) -> bytes:
    """A number as columns have it: docs/session-format.md."""
    groups = bytearray()
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
