"""The report for other programs."""

from __future__ import annotations

from spinetail._library import native
from spinetail.renderers.base import FrameRenderer, ProcessorList, readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.session import Session

__all__ = ["JSONRenderer"]


class JSONRenderer(FrameRenderer):
    """Writes the calls as one JSON object, with a frame's callees in its ``children``.

    Several threads stand under a frame ``[root]``.
    """

    output_file_extension = "json"

    def default_processors(self) -> ProcessorList:
        """The same as those of the text report."""
        return readable()

    def render(self, session: Session) -> str:
        """The report, as one line.

        Raises MisconfigurationError for CPU time that the session doesn't have.
        """
        self.check_clock(session)
        return native.render_json(session._handle, *self.thread_trees(session))
