"""What every renderer has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.session import Session


class Renderer:
    """Turns a session into a report. Subclass it to make your own."""

    output_file_extension = "txt"
    """The usual extension of a file that holds such a report, without the dot."""

    output_is_binary = False
    """True if the report's characters stand for bytes (by ``surrogateescape``)."""

    def render(self, session: Session) -> str:
        """The report, as text. Every renderer has to define it."""
        raise NotImplementedError(f"{type(self).__name__} must define render(session)")
