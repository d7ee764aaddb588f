"""What frames for Python stand on: a call tree of the native library."""

from __future__ import annotations

from spinetail._library import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail import _native
    from spinetail.frame import Frame, FrameContext
    from spinetail.frame_group import FrameGroup
    from spinetail.session import Session


class FrameTree:
    """A native tree with the Frame and FrameGroup objects that were made of its nodes and groups.

    There is at most one object for each, so that ``frame.parent is frame.parent``. A tree may hold
    frames that hang together in no way: those that were taken away from their parents stay in it.
    """

    __slots__ = ("context", "frames", "groups", "handle", "paths", "session")

    def __init__(self, handle: _native.Tree, session: Session | None = None) -> None:
        self.handle = handle
        self.session = session
        """The session that names, paths and prefixes are looked up in; None outside of any."""
        self.context: FrameContext | None = session
        self.paths: tuple[list[str], list[str]] | None = None
        """The context's ``sys_path`` and ``sys_prefixes`` that the native tree goes by."""
        self.frames: dict[int, Frame] = {}
        self.groups: dict[int, FrameGroup] = {}

    @staticmethod
    def for_context(context: FrameContext | None) -> FrameTree:
        """An empty tree."""
        if context is None:
            return FrameTree(native.make_empty_tree(None))
        from spinetail.session import Session

        if isinstance(context, Session):
            return FrameTree(native.make_empty_tree(context._handle), context)
        tree = FrameTree(native.make_empty_tree(None))
        tree.set_context(context)
        return tree

    def set_context(self, context: FrameContext | None) -> None:
        """Judges and shortens the paths of all frames here as ``context`` does."""
        self.context = context
        if context is None or context is self.session:
            return
        sys_path: list[str] = list(getattr(context, "sys_path", []))
        paths = (sys_path, list(context.sys_prefixes))
        if paths != self.paths:
            self.paths = paths
            native.set_tree_paths(self.handle, *paths)

    def root(self) -> Frame | None:
        """The frame that all others were below when the tree was made; None if there is none."""
        node = native.tree_root(self.handle)
        return None if node < 0 else self.frame(node)

    def frame(self, node: int) -> Frame:
        """The frame of a node."""
        frame = self.frames.get(node)
        if frame is None:
            from spinetail.frame import Frame

            # Not through __init__, which makes new nodes.
            frame = self.frames[node] = Frame.__new__(Frame)
            frame._tree = self
            frame._node = node
        return frame

    def group(self, index: int) -> FrameGroup:
        """The group with that number."""
        group = self.groups.get(index)
        if group is None:
            from spinetail.frame_group import FrameGroup

            group = self.groups[index] = FrameGroup.__new__(FrameGroup)
            group._tree = self
            group._index = index
        return group

    def take_in(self, node: int, source: FrameTree) -> None:
        """Moves a node that has no parent here, with all that is below it."""
        nodes, groups = native.move_node(self.handle, source.handle, node)
        for old, new in nodes:
            frame = source.frames.pop(old, None)
            if frame is not None:
                self.frames[new] = frame
                frame._tree = self
                frame._node = new
        for old, new in groups:
            group = source.groups.pop(old, None)
            if group is not None:
                self.groups[new] = group
                group._tree = self
                group._index = new

    def is_better_home(self, parent: FrameTree) -> bool:
        """Whether a parent from another tree should come here, rather than its new child go there.

        What belongs to a session stays with it. Otherwise the smaller one moves, so that putting
        together a large tree takes time in proportion to its size, whichever end it begins at.
        """
        if parent.session is not self.session:
            return parent.context is None
        return native.tree_size(parent.handle) < native.tree_size(self.handle)
