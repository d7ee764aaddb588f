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

    from spinetail import _native
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
    """What changes the calls before they go into the page, in order; none at first.

    The page has the usual ones, to be chosen in it: these are for what it can't know, such as
    frames to leave out. They run on each thread's tree, in the order of time, and make a large
    page take much longer to write. The page has no CPU times then.
    """

    preprocessor_options: dict[str, Any]
    """What the preprocessors are given; see ``spinetail.processors``."""

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
        if self.preprocessors:
            from spinetail.processed_session import ProcessedSession

            options = dict(self.preprocessor_options)
            processed = ProcessedSession(session, self.preprocessors, options)
            data = processed.to_bytes(self.sources(session, processed.handle))
        else:
            data = native.session_to_bytes(session._handle, self.sources(session, session._handle))
        with open(TEMPLATE, encoding="utf-8") as file:
            head, _, tail = file.read().partition(MARKER)
        return head + binascii.b2a_base64(data, newline=False).decode("ascii") + tail

    def sources(self, session: Session, shown: _native.Session) -> list[tuple[str, str]]:
        """The source files of what is shown of a session, each with its text."""
        if not self.source:
            return []
        end = session.start_time + session.duration
        return source_texts(native.session_files(shown), newest=end)

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
