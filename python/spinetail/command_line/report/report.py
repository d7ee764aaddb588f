"""The report of a run, from the session to where the user wants it."""

from __future__ import annotations

import sys

from spinetail import streams
from spinetail.command_line.report.outfile import OutFile
from spinetail.command_line.report.output_stream import write_to_stream
from spinetail.renderers import ConsoleRenderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.command_line.options import Options
    from spinetail.session import Session


class Report:
    """Knows how and where to show a session. To be made before the program changes ``sys``."""

    def __init__(self, options: Options) -> None:
        """Raises CommandError if the file for the report can't be written."""
        self.show_all = options.show_all
        self.outfile: OutFile | None = None
        if options.outfile is not None:
            self.outfile = OutFile(options.outfile)
        self.stdout = sys.stdout
        self.stderr = sys.stderr

    def write(self, session: Session) -> bool:
        """Shows the session; False if it couldn't go where it should, and went elsewhere."""
        if self.outfile is None:
            return self.print(session)
        text = ConsoleRenderer(unicode=True, show_all=self.show_all).render(session)
        try:
            self.outfile.write(text)
        except OSError as error:
            self.complain(f"can't write the report to {self.outfile.name!r}", error)
            self.print(session)
            return False
        return True

    def print(self, session: Session) -> bool:
        stream = self.stdout
        if stream is None:
            return True
        renderer = ConsoleRenderer(
            unicode=streams.supports_unicode(stream),
            color=not stream.closed and streams.supports_color(stream),
            show_all=self.show_all,
        )
        text = renderer.render(session)
        try:
            write_to_stream(text, stream, 1)
        except OSError as error:
            self.complain("can't write the report to standard output", error)
            self.print_to_stderr(text)
            return False
        return True

    def complain(self, what: str, error: OSError) -> None:
        self.print_to_stderr(f"spinetail: {what}: {error.strerror or error}; here it is instead:\n")

    def print_to_stderr(self, text: str) -> None:
        if self.stderr is None:
            return
        try:
            write_to_stream(text, self.stderr, 2)
        except OSError:  # nowhere left to say so
            return
