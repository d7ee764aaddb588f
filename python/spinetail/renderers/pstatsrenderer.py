"""Statistics of functions for the ``pstats`` module."""

from __future__ import annotations

from spinetail import processors
from spinetail._library import native
from spinetail.renderers.base import FrameRenderer, ProcessorList, readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.session import Session

__all__ = ["PstatsRenderer"]


class PstatsRenderer(FrameRenderer):
    """Writes a file as ``cProfile`` does, for ``pstats`` and the tools that read its files.

    It holds the functions of all threads with the time in themselves, the time including what they
    called (recursion counts once), and their callers. Nobody counts calls: as their number, files
    have the number of samples that a function was seen in.
    """

    output_file_extension = "pstats"
    output_is_binary = True
    # What a tree leaves out for its little time would be missing in the functions' sums.
    default_filter_threshold = 0.0

    def default_processors(self) -> ProcessorList:
        """Those of the text report but for the one that groups frames."""
        return readable(processors.group_library_frames_processor)

    def render(self, session: Session) -> str:
        """The file's bytes as text: encode it as UTF-8 with ``surrogateescape``.

        Raises MisconfigurationError for CPU time that the session doesn't have.
        """
        self.check_clock(session)
        data = native.render_pstats(session._handle, *self.thread_trees(session))
        return data.decode("utf-8", "surrogateescape")
