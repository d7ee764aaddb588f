"""Groups of frames that reports show as one line."""

from __future__ import annotations

from spinetail._library import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Sequence

    from spinetail.frame import Frame
    from spinetail.frame_tree import FrameTree


class FrameGroup:
    """Connected frames, mostly of libraries, that a report may show as one line.

    A frame is in one group at most. Where frames are taken out of the tree they leave their groups,
    and a group that is left with one frame is given up.
    """

    _tree: FrameTree
    _index: int
    _id: str

    def __init__(self, root: Frame) -> None:
        """Makes a group that has ``root`` alone, which leaves the group that it is in."""
        tree = root._tree
        self._tree = tree
        self._index = native.add_group(tree.handle, root._node)
        tree.groups[self._index] = self

    @property
    def id(self) -> str:
        """What tells the group from all others: a random UUID."""
        try:
            return self._id
        except AttributeError:
            from uuid import uuid4

            self._id = str(uuid4())
            return self._id

    @property
    def root(self) -> Frame:
        """The frame that the others are below."""
        return self._tree.frame(native.group_root(self._tree.handle, self._index))

    @property
    def frames(self) -> Sequence[Frame]:
        """All frames of the group, in the order in which they came to it."""
        tree = self._tree
        return tuple(map(tree.frame, native.group_members(tree.handle, self._index)))

    @property
    def exit_frames(self) -> Sequence[Frame]:
        """The frames of the group that have a child outside of it."""
        return [
            frame
            for frame in self.frames
            if any(child.group is not self for child in frame.children)
        ]

    def add_frame(self, frame: Frame) -> None:
        """Puts a frame into the group, and out of the one that it is in.

        Raises ValueError where the frame belongs to another tree.
        """
        if frame._tree is not self._tree:
            raise ValueError("The frame belongs to another tree than the group's frames.")
        native.join_group(self._tree.handle, frame._node, self._index)

    def remove_frame(self, frame: Frame) -> None:
        """Takes a frame out of the group. Raises ValueError if it isn't in it."""
        if frame.group is not self:
            raise ValueError("The frame isn't in this group.")
        native.leave_group(self._tree.handle, frame._node, False)

    def __repr__(self) -> str:
        return f"<FrameGroup of {len(self.frames)} frames>"
