"""Shows a session from a file, without running a program."""

from __future__ import annotations

import os
import sys

from spinetail.command_line.errors import CommandError
from spinetail.command_line.report import Report
from spinetail.command_line.report.progress import Progress
from spinetail.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.command_line.options import Options

SHOWN_IDENTIFIERS = 5


class LoadedSession:
    """What ``--load`` and ``--load-prev`` name."""

    def __init__(self, options: Options) -> None:
        """Raises CommandError where there is no such session, or no place for the report."""
        self.report = Report(options)
        self.path = (
            self.kept_path(options.load_prev or "") if options.load is None else options.load
        )

    def run(self) -> int:
        """Shows the session, and gives the exit status.

        Raises CommandError for a file that holds none.
        """
        try:
            with Progress(f"loading {os.path.basename(self.path)}", sys.stderr):
                session = Session.load(self.path)
        except OSError as error:
            raise CommandError(f"can't read {self.path!r}: {error.strerror or error}") from None
        except (ValueError, RuntimeError) as error:
            reason = str(error)
            if reason.startswith(f"{self.path}: "):
                reason = reason[len(self.path) + 2 :]
            raise CommandError(f"can't load {self.path!r}: {reason}") from None
        return int(not self.report.write(session))

    def kept_path(self, identifier: str) -> str:
        store = self.report.store
        path = store.find(identifier)
        if path is None:
            kept = store.identifiers()[:SHOWN_IDENTIFIERS]
            hint = f"the latest are {', '.join(kept)}" if kept else "none has been kept yet"
            raise CommandError(f"there is no run {identifier!r} to show: {hint}")
        return path
