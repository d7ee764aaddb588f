"""The report of a session, from the renderer to where the user wants it."""

from __future__ import annotations

import os
import sys

from spinetail import streams
from spinetail.command_line.color import wants_color
from spinetail.command_line.errors import CommandError
from spinetail.command_line.renderer_choice import RendererChoice
from spinetail.command_line.report.outfile import OutFile
from spinetail.command_line.report.output_stream import report_bytes, write_to_stream
from spinetail.command_line.report.progress import Progress
from spinetail.command_line.report.report_store import ReportStore
from spinetail.renderers import Renderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import IO

    from spinetail.command_line.options import Options
    from spinetail.session import Session


class Report:
    """Knows how and where to show a session. To be made before the program changes ``sys``."""

    def __init__(self, options: Options) -> None:
        """Raises CommandError for options that no report can be made with, and where its file can't
        be written.
        """
        self.choice = RendererChoice(options)
        self.outfile: OutFile | None = None
        self.browser: ModuleType | None = None
        self.stderr = sys.stderr
        self.stream, self.descriptor = (sys.stderr, 2) if options.to_stderr else (sys.stdout, 1)
        self.stream_name = "standard error" if options.to_stderr else "standard output"
        if options.outfile is not None:
            self.outfile = OutFile(options.outfile)
        elif self.choice.is_page and is_terminal(self.stream):
            from spinetail import browser

            self.browser = browser
        elif self.choice.is_binary and is_terminal(self.stream):
            raise CommandError(
                f"{self.choice.name} is nothing for a terminal to show: name a file with -o, or "
                "redirect it",
                status=2,
            )
        self.store = ReportStore()
        self.is_in_file = options.is_loading
        """Whether the session needn't be kept, as it was loaded."""

    def write(self, session: Session) -> bool:
        """Shows the session; False if it couldn't go where it should, and went elsewhere."""
        if self.outfile is None:
            return self.print(session)
        text = self.render(session, unicode=True, color=False)
        if text is None:
            return False
        try:
            self.outfile.write(report_bytes(text))
        except OSError as error:
            why = error.strerror or error
            problem = f"can't write the report to {self.outfile.name!r}: {why}"
            if self.choice.is_text:
                self.complain(f"{problem}; here it is instead:")
                self.print(session)
            else:
                self.rescue(session, problem)
            return False
        return True

    def print(self, session: Session) -> bool:
        stream = self.stream
        if stream is None:
            return True
        text = self.render(session, streams.supports_unicode(stream), wants_color(stream))
        if text is None:
            return False
        try:
            if self.browser is not None:
                self.open(text, stream, self.browser)
            elif self.choice.is_binary:
                write_to_stream(report_bytes(text), stream, self.descriptor)
            else:
                write_to_stream(text, stream, self.descriptor)
                self.print_footer(session, stream)
        except OSError as error:
            problem = f"can't write the report to {self.stream_name}: {reason(error)}"
            if self.choice.is_text and self.descriptor != 2:
                self.complain(f"{problem}; here it is instead:\n{text}")
            else:
                self.rescue(session, problem)
            return False
        return True

    def open(self, page: str, stream: IO[str], browser: ModuleType) -> None:
        """Shows a page in a browser, and says where it is. Raises OSError."""
        path = browser.write_temporary(page)
        write_to_stream(f"The report is in {path}\n", stream, self.descriptor)
        if not (browser.can_show() and browser.show(path)):
            self.complain("there is no browser to open the report with")

    def print_footer(self, session: Session, stream: IO[str]) -> None:
        """Keeps the session, and says how to see it again."""
        if self.is_in_file or self.outfile is not None or not self.choice.is_text:
            return
        try:
            identifier = self.store.keep(session)
        except OSError as error:
            self.complain(f"can't keep this run for --load-prev: {reason(error)}")
            return
        footer = f"To see this run in another way: spinetail --load-prev {identifier} [options]\n\n"
        write_to_stream(footer, stream, self.descriptor)

    def render(self, session: Session, unicode: bool, color: bool) -> str | None:
        """The report's text; None where a renderer has failed, which is said and loses nothing."""
        try:
            with Progress(f"rendering {session.sample_count:,} samples", self.stderr):
                return self.choice.make(unicode, color).render(session)
        except Renderer.MisconfigurationError as error:
            self.rescue(session, " ".join(str(error).split()))
        except Exception:
            import traceback

            self.rescue(session, f"the renderer has failed\n{traceback.format_exc()}".rstrip())
        return None

    def rescue(self, session: Session, problem: str) -> None:
        """Says what is wrong, and keeps a session whose report can't be written."""
        if self.is_in_file:
            self.complain(problem)
            return
        try:
            identifier = self.store.keep(session)
        except OSError as error:
            self.complain(f"{problem}\nspinetail: nor can the run be kept: {reason(error)}")
        else:
            self.complain(
                f"{problem}; the run is kept: spinetail --load-prev {identifier} [options]"
            )

    def complain(self, text: str) -> None:
        if self.stderr is None:
            return
        try:
            write_to_stream(f"spinetail: {text}\n", self.stderr, 2)
        except OSError:  # nowhere left to say so
            return


def is_terminal(stream: IO[str] | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def reason(error: OSError) -> str:
    """What went wrong, and with which file if the user hasn't named it."""
    text = error.strerror or str(error)
    return text if error.filename is None else f"{text} ({os.fsdecode(error.filename)})"
