"""One run of a program under the profiler, from its first line to the report."""

from __future__ import annotations

import os
import sys

from spinetail.choices import ALL
from spinetail.command_line.errors import CommandError
from spinetail.command_line.main_module import forget_shadowed_modules
from spinetail.command_line.report import Report
from spinetail.command_line.target import find_target
from spinetail.command_line.termination import Termination
from spinetail.command_line.threads import has_threads_to_join, join_threads
from spinetail.command_line.uncaught import show_uncaught, without_first_frame
from spinetail.command_line.untraced import Untraced
from spinetail.profiler import Profiler
from spinetail.stack_depth import stack_depth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.command_line.options import Options
    from spinetail.session import Session


class ProfiledRun:
    """Runs a target and reports, however it ends."""

    def __init__(self, options: Options, imported_before: frozenset[str]) -> None:
        """Raises CommandError if there is no such program, or no place for the report."""
        self.report = Report(options)
        self.target = find_target(options)
        self.description = options.target_description
        self.profiler = Profiler(
            options.interval,
            "disabled",
            options.use_timing_thread,
            engine=options.engine,
            threads=options.threads,
        )
        self.profiler._says_missing_threads = False
        self.termination = Termination(self.stop_and_report)
        self.imported_before = imported_before
        self.process = os.getpid()

    def run(self) -> int:
        """Runs the target, and gives the exit status; raises what else ends a process.

        Raises CommandError if the profiler can't start.
        """
        error: BaseException | None = None
        try:
            function, arguments = self.target.prepare()
        except SyntaxError as caught:
            error = caught.with_traceback(None)
        if error is not None:
            return self.finish(error, has_run=False)
        description = self.description.format(args=self.target.describe())
        forget_shadowed_modules(self.imported_before)
        self.profiler._command_line = list(sys.argv)
        self.termination.watch()
        try:
            self.profiler._start(description, stack_depth(sys._getframe()), self.target.stem_file)
        except RuntimeError as caught:
            raise CommandError(str(caught)) from None
        try:
            function(*arguments)
        except BaseException as caught:
            error = without_first_frame(caught)
        return self.finish(error)

    def finish(self, error: BaseException | None, has_run: bool = True) -> int:
        """Does what the interpreter does at a program's end, and reports before its last steps."""
        session = None
        is_ours = has_run and os.getpid() == self.process  # a forked child's parent reports
        # Threads that the program leaves to itself are part of it.
        waits = is_ours and self.profiler.threads == ALL and has_threads_to_join()
        if is_ours:
            has_run = self.target.has_begun(error)
            if not waits:
                session = self.stop()
        final = ending(error)
        is_reported = True
        if is_ours:
            join_threads()
            if session is None:
                session = self.stop()
            is_reported = self.write(session) if has_run else True
            self.termination.leave()
        if final is not None and (is_reported or is_failure(final)):
            raise final
        return int(error is not None or not is_reported)

    def stop(self) -> Session:
        with self.termination.held(), Untraced():
            return self.profiler.stop()

    def write(self, session: Session) -> bool:
        with self.termination.held(), Untraced():
            self.termination.is_reported = True
            return self.report.write(session)

    def stop_and_report(self) -> None:
        """What SIGTERM does."""
        with Untraced():
            session = (
                self.profiler.stop() if self.profiler.is_running else self.profiler.last_session
            )
            if session is not None:
                self.report.write(session)


def ending(error: BaseException | None) -> BaseException | None:
    """Shows an exception as the interpreter does; gives the one that the process is to end with."""
    if error is None or isinstance(error, SystemExit):
        return error
    final = show_uncaught(error)
    if final is None and isinstance(error, KeyboardInterrupt):
        return error
    return final


def is_failure(final: BaseException) -> bool:
    """False if the process that ends with this exception has the status 0."""
    return not (isinstance(final, SystemExit) and final.code in (None, 0))
