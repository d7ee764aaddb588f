"""Which engine takes the samples, and why."""

from __future__ import annotations

from spinetail._library import native
from spinetail.choices import SAMPLER, SETPROFILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable

# CO_COROUTINE, CO_ITERABLE_COROUTINE and CO_ASYNC_GENERATOR (Include/cpython/code.h): inspect has
# them too, and takes long to import.
COROUTINE_FLAGS = 0x80 | 0x100 | 0x200


class Check:
    """One thing that decides whether the sampler can do the work."""

    def __init__(self, subject: str, obstacle: str | None, otherwise: str) -> None:
        """``obstacle`` is a clause that says what is in the sampler's way, ``otherwise`` what is
        the case where nothing is.
        """
        self.subject = subject
        self.obstacle = obstacle
        self.finding = otherwise if obstacle is None else obstacle


class EngineChoice:
    """An engine and, where it isn't the sampler, the reason."""

    def __init__(self, engine: str, reason: str, checks: list[Check]) -> None:
        self.engine = engine
        self.reason = reason
        """A clause without a period; empty for the sampler."""
        self.checks = checks


def choose_engine(
    engine: str,
    async_mode: str,
    timer_func: Callable[[], float] | None,
    frame: FrameType | None,
) -> EngineChoice:
    """The engine for a profiler that was asked for ``engine`` and starts in ``frame``.

    ``timer_func`` is the thread's own clock. Raises RuntimeError where that is set and the sampler
    was asked for, which can't use it.
    """
    checks = [
        interpreter_check(),
        Check(
            "clock",
            None if timer_func is None else "a timer function is set",
            "the system's",
        ),
        start_check(async_mode, frame),
    ]
    if engine == SETPROFILE:
        return EngineChoice(SETPROFILE, "it was asked for", checks)
    if engine == SAMPLER:
        if timer_func is not None:
            raise RuntimeError(
                "The sampler can't use a timer function: set the stack sampler's timer_func to "
                "None, or leave the choice of the engine to 'auto'."
            )
        return EngineChoice(SAMPLER, "", checks)
    for check in checks:
        if check.obstacle is not None:
            return EngineChoice(SETPROFILE, check.obstacle, checks)
    return EngineChoice(SAMPLER, "", checks)


def interpreter_check() -> Check:
    """Whether the sampler can read the interpreter's memory, and how if not in the usual way."""
    refusal = native.sampler_refusal()
    detail = None if refusal else native.sampler_detail()
    otherwise = (
        f"the sampler knows the layout, and {detail}"
        if detail
        else "its memory can be read, and the sampler knows the layout"
    )
    return Check("interpreter", refusal, otherwise)


def start_check(async_mode: str, frame: FrameType | None) -> Check:
    """Whether the profiler has to follow a coroutine's awaits, which the sampler can't yet."""
    subject = "coroutines"
    if async_mode == "disabled":
        return Check(subject, None, "awaits aren't followed, as the async mode is 'disabled'")
    obstacle = "a coroutine was running at the start" if is_in_coroutine(frame) else None
    return Check(subject, obstacle, "none was running at the start")


def is_in_coroutine(frame: FrameType | None) -> bool:
    """Whether the frame or one of its callers is a coroutine's or an async generator's."""
    while frame is not None:
        if frame.f_code.co_flags & COROUTINE_FLAGS:
            return True
        frame = frame.f_back
    return False
