"""A session's files as renderers: to be read again later."""

from __future__ import annotations

from spinetail._library import native
from spinetail.renderers.base import Renderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.session import Session

__all__ = ["SessionRenderer", "SpinetailRenderer"]


class SessionRenderer(Renderer):
    """Writes the session as pyinstrument's JSON, which ``Session.load`` and pyinstrument read."""

    output_file_extension = "pyisession"

    def __init__(self, tree_format: bool = False) -> None:
        """``tree_format`` changes nothing."""
        self.tree_format = tree_format

    def render(self, session: Session) -> str:
        """The file's text."""
        return native.session_to_json(session._handle)


class SpinetailRenderer(Renderer):
    """Writes the session as a ``.spinetail`` file, which keeps all that was recorded."""

    output_file_extension = "spinetail"
    output_is_binary = True

    def render(self, session: Session) -> str:
        """The file's bytes as text: encode it as UTF-8 with ``surrogateescape``."""
        return native.session_to_bytes(session._handle, ()).decode("utf-8", "surrogateescape")
