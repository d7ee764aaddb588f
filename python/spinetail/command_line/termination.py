"""SIGTERM, for programs that leave it to its default action."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable, Iterator, NoReturn


class Termination:
    """Reports before the process dies of SIGTERM.

    A program that sets a handler of its own replaces this one, and a forked child has none.
    """

    def __init__(self, report: Callable[[], None]) -> None:
        self.report = report
        self.is_reported = False
        self.is_held = False
        self.is_due = False
        self.blocked_before_fork: set[signal.Signals | int] = set()

    def watch(self) -> None:
        """Begins to handle the signal where it has its default action. Only in the main thread."""
        try:
            if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
                signal.signal(signal.SIGTERM, self.handle)
                os.register_at_fork(
                    before=self.block,
                    after_in_parent=self.unblock,
                    after_in_child=self.leave_in_child,
                )
        except ValueError:  # not the main thread
            pass

    def leave(self) -> None:
        """Gives the signal its default action back, unless the program has taken it."""
        if signal.getsignal(signal.SIGTERM) == self.handle:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def block(self) -> None:
        """Lets the signal wait while the thread forks.

        CPython forgets what a child has caught so early (_PySignal_AfterFork in
        Modules/signalmodule.c, 3.7 to 3.15), which would outlive the signal that was to end it.
        """
        self.blocked_before_fork = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])

    def unblock(self) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self.blocked_before_fork)

    def leave_in_child(self) -> None:
        self.leave()
        self.unblock()

    def handle(self, number: int, frame: FrameType | None) -> None:
        if self.is_held:
            self.is_due = True
        else:
            self.terminate()

    def terminate(self) -> NoReturn:
        if not self.is_reported:
            self.is_reported = True
            self.report()
        die()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Puts the signal off during what must not be cut short."""
        self.is_held = True
        try:
            yield
        finally:
            self.is_held = False
        if self.is_due:
            self.terminate()


def die() -> NoReturn:
    """Ends the process by SIGTERM, so that its parent sees that."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)
    os._exit(128 + signal.SIGTERM)  # where the signal is blocked
