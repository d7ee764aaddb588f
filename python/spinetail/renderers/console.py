"""The text report."""

from __future__ import annotations

from spinetail._library import native
from spinetail._version import __version__
from spinetail.renderers.base import FrameRenderer, ProcessorList, readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from spinetail.session import Session

__all__ = ["ConsoleRenderer"]

TIMES = ("seconds", "percent_of_total")
FLAT_TIMES = ("self", "total")


class ConsoleRenderer(FrameRenderer):
    """Writes the calls of each thread as text for a terminal: a tree, or a list of functions.

    Of several threads each has its own 100 %. The most busy one comes first; in a timeline, or
    where CPU time isn't recorded, they stand in the order in which they were first seen. Threads
    that only waited are named in one line, unless all is shown; the one that started the profiler
    never is one of them.
    """

    output_file_extension = "txt"

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        unicode: bool = False,
        color: bool = False,
        flat: bool = False,
        time: Literal["seconds", "percent_of_total"] = "seconds",
        flat_time: Literal["self", "total"] = "self",
        short_mode: bool = False,
        *,
        clock: str = "wall",
    ) -> None:
        """``show_all`` also shows the frames of libraries and those that took little time,
        ``timeline`` keeps calls in the order of time, and ``processor_options`` go to the
        processors.

        ``unicode`` draws the tree with box characters, and ``color`` adds ANSI colours. ``time`` is
        "seconds", or "percent_of_total" for parts of each thread's time. ``flat`` lists functions
        in place of the tree, with the time in themselves (``flat_time`` "self") or including what
        they called ("total"). A list leaves out functions with a thousandth of the time or less,
        but counts all calls, also those that the tree leaves out. ``short_mode`` writes a banner in
        place of the header.

        ``clock`` "cpu" shows the time that threads were on a CPU in place of the time that passed.
        Raises MisconfigurationError for other words, and for ``flat`` with ``timeline``.
        """
        super().__init__(show_all, timeline, processor_options, clock=clock)
        self.unicode = unicode
        self.color = color
        self.flat = flat
        self.time = self.checked_word("time", time, TIMES)
        self.flat_time = self.checked_word("flat_time", flat_time, FLAT_TIMES)
        self.short_mode = short_mode
        if flat and timeline:
            raise self.MisconfigurationError(
                "a flat list has no order of time: use either flat or timeline"
            )

    def default_processors(self) -> ProcessorList:
        """Those of a report for people."""
        return readable()

    def effective_options(self) -> dict[str, Any]:
        """See the base class. A list of functions needs all calls."""
        options = super().effective_options()
        if self.flat:
            options["filter_threshold"] = self.processor_options.get("filter_threshold", 0)
        return options

    def render(self, session: Session) -> str:
        """The report, as text."""
        trees, roots = self.thread_trees(session)
        return native.render_text(
            session._handle,
            trees,
            roots,
            bool(self.unicode),
            bool(self.color),
            bool(self.show_all),
            bool(self.timeline),
            self.time,
            self.flat_time if self.flat else "",
            bool(self.short_mode),
            self.clock,
            __version__,
        )
