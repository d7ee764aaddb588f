"""What every renderer has."""

from __future__ import annotations

from typing import Any, Callable, List, Optional

from spinetail import processors
from spinetail._library import native
from spinetail.choices import CLOCKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail import _native
    from spinetail.frame import Frame
    from spinetail.session import Session

__all__ = ["FrameRenderer", "ProcessorList", "Renderer"]

ProcessorList = List[Callable[..., Optional["Frame"]]]

# What may come before calls are aggregated if the tree may as well be made of aggregated ones.
BEFORE_AGGREGATION = ("remove_importlib", "remove_tracebackhide", "merge_consecutive_self_time")


def readable(*left_out: Callable[..., Optional[Frame]]) -> ProcessorList:
    """What makes a tree readable for people, in order, but for some of it."""
    everything: ProcessorList = [
        processors.remove_importlib,
        processors.remove_tracebackhide,
        processors.merge_consecutive_self_time,
        processors.aggregate_repeated_calls,
        processors.remove_irrelevant_nodes,
        processors.remove_unnecessary_self_time_nodes,
        processors.remove_first_pyinstrument_frames_processor,
        processors.group_library_frames_processor,
    ]
    return [one for one in everything if one not in left_out]


class Renderer:
    """Turns a session into a report. Subclass it to make your own."""

    output_file_extension = "txt"
    """The usual extension of a file that holds such a report, without the dot."""

    output_is_binary = False
    """True if the report's characters stand for bytes: UTF-8 with ``surrogateescape``."""

    class MisconfigurationError(ValueError):
        """Options that don't go together, or with the session."""

    def render(self, session: Session) -> str:
        """The report, as text. Every renderer has to define it."""
        raise NotImplementedError(f"{type(self).__name__} must define render(session)")


class FrameRenderer(Renderer):
    """A renderer that shows the calls of a session, after processors have made them readable.

    To make your own, define ``default_processors`` and ``render``, which begins with::

        frame = self.preprocess(session.root_frame())
    """

    processors: ProcessorList
    """The steps that change the tree, in order. The list is yours to edit."""

    processor_options: dict[str, Any]
    """What the processors are given; see ``spinetail.processors``."""

    default_filter_threshold = 0.01
    """The option ``filter_threshold`` where it isn't given."""

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        *,
        clock: str = "wall",
    ) -> None:
        """``show_all`` leaves out the processors that hide frames, and ``timeline`` the one that
        makes repeated calls one frame, so that calls stay in the order of time.

        ``clock`` is "wall", or "cpu" for the time that threads were on a CPU.
        Raises MisconfigurationError for another word.
        """
        self.show_all = show_all
        self.timeline = timeline
        self.clock = self.checked_word("clock", clock, CLOCKS)
        self.processors = self.default_processors()
        self.processor_options = processor_options or {}
        if show_all:
            self.leave_out(
                processors.group_library_frames_processor,
                processors.remove_importlib,
                processors.remove_irrelevant_nodes,
                processors.remove_tracebackhide,
            )
        if timeline:
            self.leave_out(processors.aggregate_repeated_calls)

    def default_processors(self) -> ProcessorList:
        """The processors to begin with. Every renderer of frames has to define it."""
        raise NotImplementedError(f"{type(self).__name__} must define default_processors()")

    def preprocess(self, root_frame: Frame | None) -> Frame | None:
        """The outermost frame after all processors have changed what is below it."""
        frame = root_frame
        options = self.effective_options()
        for processor in self.processors:
            frame = processor(frame, options=options)
        return frame

    def effective_options(self) -> dict[str, Any]:
        """The processors' options, with this renderer's defaults for those that aren't given."""
        return {"filter_threshold": self.default_filter_threshold, **self.processor_options}

    def leave_out(self, *unwanted: Callable[..., Frame | None]) -> None:
        """Takes processors out of the list."""
        self.processors = [one for one in self.processors if one not in unwanted]

    def native_processors(self) -> list[str] | None:
        """The names of the processors if all run in the native library, else None."""
        if type(self).preprocess is not FrameRenderer.preprocess:
            return None
        return processors.native_names(self.processors)

    def thread_trees(
        self, session: Session, aggregated: bool = False
    ) -> tuple[list[_native.Tree], list[int]]:
        """A processed tree for each thread, and the number of each one's outermost node.

        ``aggregated`` makes repeated calls one from the beginning, whatever the processors are.
        """
        names = self.native_processors()
        if names is None:
            return self.trees_by_frames(session)
        aggregated = aggregated or aggregates_first(names)
        options = self.effective_options()
        trees = native.make_thread_trees(session._handle, aggregated, self.clock, False)
        for tree in trees:
            processors.run_all(tree, names, options)
        return trees, [native.tree_root(tree) for tree in trees]

    def trees_by_frames(self, session: Session) -> tuple[list[_native.Tree], list[int]]:
        """The same by way of Frame objects, for processors in Python."""
        from spinetail.frame_tree import FrameTree

        trees: list[_native.Tree] = []
        roots: list[int] = []
        for tree in native.make_thread_trees(session._handle, False, self.clock, True):
            frame = self.preprocess(FrameTree(tree, session).root())
            if frame is not None:
                trees.append(frame._tree.handle)
                roots.append(frame._node)
        return trees, roots

    def check_clock(self, session: Session) -> None:
        """Raises MisconfigurationError for CPU time that the session doesn't have."""
        if self.clock == "cpu" and not native.has_cpu_time(session._handle):
            raise self.MisconfigurationError(
                "CPU time isn't recorded in this session: use clock='wall'"
            )

    def checked_word(self, parameter: str, value: object, words: tuple[str, ...]) -> str:
        """Raises MisconfigurationError for what is none of the words."""
        if isinstance(value, str) and value in words:
            return value
        choices = " or ".join(repr(word) for word in words)
        raise self.MisconfigurationError(f"{parameter} must be {choices}, not {value!r}")


def aggregates_first(names: list[str]) -> bool:
    """Whether nothing that depends on single calls comes before they are aggregated."""
    if "aggregate_repeated_calls" not in names:
        return False
    before = names[: names.index("aggregate_repeated_calls")]
    return all(name in BEFORE_AGGREGATION for name in before)
