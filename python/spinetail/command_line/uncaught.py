"""Shows an uncaught exception as the interpreter does."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn


def show_uncaught(error: BaseException) -> SystemExit | None:
    """Hands the exception to ``sys.excepthook``; gives what the hook exits with, if it does.

    To be called where no exception is being handled.
    """
    remember(error)
    hook = getattr(sys, "excepthook", None)
    if hook is None:
        write_line("sys.excepthook is missing")
        display(error)
        return None
    failure = failure_of(hook, error)
    if isinstance(failure, SystemExit):
        return failure
    if failure is not None:
        write_line("Error in sys.excepthook:")
        display(failure)
        write_line("\nOriginal exception was:")
        display(error)
    return None


def failure_of(hook: object, error: BaseException) -> BaseException | None:
    try:
        hook(type(error), error, error.__traceback__)  # type: ignore[operator]
    except BaseException as failure:
        return without_first_frame(failure)
    return None


def without_first_frame(error: BaseException) -> BaseException:
    """The exception without the frame of ours that caught it."""
    traceback = error.__traceback__
    return error.with_traceback(None if traceback is None else traceback.tb_next)


def remember(error: BaseException) -> None:
    """Sets what post-mortem debuggers look at."""
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    sys.last_type = type(error)
    sys.last_value = error
    sys.last_traceback = error.__traceback__


def raise_in_silence(error: BaseException) -> NoReturn:
    """Lets an exception that has been shown end the process, as it would: Ctrl-C kills it."""
    hook = sys.excepthook
    traceback = error.__traceback__

    def silent(
        kind: type[BaseException], value: BaseException, whole: TracebackType | None
    ) -> None:
        sys.excepthook = hook
        remember(error.with_traceback(traceback))

    sys.excepthook = silent
    raise error


def display(error: BaseException) -> None:
    sys.__excepthook__(type(error), error, error.__traceback__)


def write_line(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
