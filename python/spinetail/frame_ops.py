"""Ways to make trees of frames, and to change them so that their times still add up."""

from __future__ import annotations

from typing import List, Tuple

from spinetail._library import native
from spinetail.frame import DUMMY_ROOT_FRAME_IDENTIFIER, SELF_TIME_FRAME_IDENTIFIER, nanoseconds
from spinetail.frame_info import parse_frame_info
from spinetail.frame_tree import FrameTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Sequence

    from spinetail.frame import Frame, FrameContext

__all__ = [
    "FrameRecordType",
    "IdentifierDoesntMatchException",
    "build_frame_tree",
    "combine_frames",
    "delete_frame_from_tree",
    "remove_frame_from_groups",
]

FrameRecordType = Tuple[List[str], float]
"""A sample: the stack as frame-info strings, outermost first, and the seconds it stands for."""


class IdentifierDoesntMatchException(ValueError):
    """Two frames aren't calls of one function. Nothing here raises it; it is kept by name."""


def build_frame_tree(
    frame_records: Sequence[FrameRecordType], context: FrameContext | None
) -> Frame | None:
    """The tree of the samples in the order of time; None if there are none.

    Several outermost frames are joined under ``[root]``.
    """
    if not frame_records:
        return None
    tree = FrameTree.for_context(context)
    handle = tree.handle
    root = native.add_node(handle, DUMMY_ROOT_FRAME_IDENTIFIER)
    # The current stack, and each node's time by what it was seen with.
    nodes = [root]
    identifiers = [DUMMY_ROOT_FRAME_IDENTIFIER]
    totals: dict[tuple[int, str], int] = {}
    parsed: dict[str, tuple[str, list[str]]] = {"": ("", [])}
    self_node = -1

    def append(identifier: str) -> int:
        node = native.add_node(handle, identifier)
        native.attach_node(handle, node, nodes[-1], -1)
        return node

    for stack, seconds in frame_records:
        time = nanoseconds(seconds)
        totals[root, ""] = totals.get((root, ""), 0) + time
        for depth, info in enumerate(stack, start=1):
            if info not in parsed:
                parsed[info] = parse_frame_info(info)
            identifier = parsed[info][0]
            if depth >= len(nodes) or identifiers[depth] != identifier:
                del nodes[depth:], identifiers[depth:]
                nodes.append(append(identifier))
                identifiers.append(identifier)
                self_node = -1
            key = (nodes[depth], info)
            totals[key] = totals.get(key, 0) + time
        if len(nodes) > len(stack) + 1:
            del nodes[len(stack) + 1 :], identifiers[len(stack) + 1 :]
            self_node = -1
        if not tree.frame(nodes[-1]).is_synthetic_leaf:
            if self_node < 0:
                self_node = append(SELF_TIME_FRAME_IDENTIFIER)
            totals[self_node, ""] = totals.get((self_node, ""), 0) + time

    for (node, info), time in totals.items():
        native.record_node_time(handle, node, time, parsed[info][1])
    children = native.node_children(handle, root)
    if len(children) == 1:
        native.detach_node(handle, children[0])
        root = children[0]
    return tree.frame(root)


def delete_frame_from_tree(frame: Frame, replace_with: str) -> None:
    """Takes a frame out of its tree, so that times still add up.

    ``replace_with`` says what takes its place: "children", its own; "self_time", a ``[self]`` frame
    with its time; or "nothing", and its parent absorbs the time. The frame leaves its group.

    Raises ValueError for the outermost frame, and for another word.
    """
    if replace_with not in ("children", "self_time", "nothing"):
        raise ValueError(f"replace_with must be children, self_time or nothing, not {replace_with}")
    if frame.parent is None:
        raise ValueError("The outermost frame can't be deleted.")
    native.delete_node(frame._tree.handle, frame._node, replace_with)


def combine_frames(frame: Frame, into: Frame) -> None:
    """Adds the time, the attributes and the children of a frame to another child of its parent, and
    takes it out of the tree.

    Raises ValueError where the two aren't children of one parent.
    """
    if frame is into or frame.parent is None or frame.parent is not into.parent:
        raise ValueError("Only two children of one parent can be combined.")
    if into.is_synthetic_leaf and frame.children:
        raise ValueError(f"A {into.identifier} frame can't have children.")
    native.merge_node(frame._tree.handle, frame._node, into._node)


def remove_frame_from_groups(frame: Frame, recursive: bool) -> None:
    """Takes a frame, and with ``recursive`` all below it, out of their groups.

    A group that is left with one frame is given up.
    """
    if recursive:
        native.leave_groups(frame._tree.handle, frame._node)
    else:
        native.leave_group(frame._tree.handle, frame._node, True)
