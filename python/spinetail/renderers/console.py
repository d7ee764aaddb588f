"""The text report."""

from __future__ import annotations

from spinetail._library import native
from spinetail._version import __version__
from spinetail.renderers.base import Renderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.session import Session


class ConsoleRenderer(Renderer):
    """Writes the call tree as text for a terminal."""

    output_file_extension = "txt"

    def __init__(self, unicode: bool = False, color: bool = False, show_all: bool = False) -> None:
        """``unicode`` draws the tree with box characters, ``color`` adds ANSI colours, and
        ``show_all`` also shows the frames of libraries and those that took little time.
        """
        self.unicode = unicode
        self.color = color
        self.show_all = show_all

    def render(self, session: Session) -> str:
        """The report, as text."""
        return native.render_text(
            session._handle,
            bool(self.unicode),
            bool(self.color),
            bool(self.show_all),
            __version__,
        )
