"""The report page."""

from __future__ import annotations

import binascii
import os

from spinetail._library import native
from spinetail.renderers.base import ProcessorList, Renderer
from spinetail.source_texts import source_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from spinetail.session import Session

__all__ = ["HTMLRenderer"]

TEMPLATE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "report.html")
MARKER = "{{session}}"
"""Where the template has the session in base64: in an element that nothing executes."""


class HTMLRenderer(Renderer):
    """Writes a page that shows the session in a browser: one file, which needs no network.

    It holds the whole session, and its reader chooses what to see of it.
    """

    output_file_extension = "html"

    preprocessors: ProcessorList
    """Changes nothing: the page has processors of its own, to be chosen in it."""

    preprocessor_options: dict[str, Any]
    """Changes nothing."""

    def __init__(
        self,
        *,
        resample_interval: float | None = None,
        show_all: bool = False,
        timeline: bool = False,
        source: bool = True,
    ) -> None:
        """With ``source``, the page shows the lines of the files that have samples. A file that was
        changed after the profile is left out, as is one of more than 1 MB.

        ``resample_interval``, ``show_all`` and ``timeline`` change nothing: the page takes all
        samples, however many, and has both views.
        """
        self.resample_interval = resample_interval
        self.show_all = show_all
        self.timeline = timeline
        self.source = source
        self.preprocessors = []
        self.preprocessor_options = {}

    def render(self, session: Session) -> str:
        """The page. It is to be encoded in UTF-8."""
        sources: list[tuple[str, str]] = []
        if self.source:
            end = session.start_time + session.duration
            sources = source_texts(native.session_files(session._handle), newest=end)
        data = native.session_to_bytes(session._handle, sources)
        with open(TEMPLATE, encoding="utf-8") as file:
            head, _, tail = file.read().partition(MARKER)
        return head + binascii.b2a_base64(data, newline=False).decode("ascii") + tail

    def open_in_browser(self, session: Session, output_filename: str | None = None) -> str:
        """Shows the page in a browser, and gives the name of its file.

        Without a name, that is a new file in the folder for temporary ones, and is kept. Which
        browser it is, ``webbrowser`` decides. Raises OSError where the file can't be written.
        """
        from spinetail import browser
        from spinetail.file_replacement import write_file

        page = self.render(session)
        if output_filename is None:
            output_filename = browser.write_temporary(page)
        else:
            write_file(output_filename, [page.encode("utf-8")])
        browser.show(output_filename)
        return output_filename
