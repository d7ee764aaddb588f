"""``profile``: a report of one block or one function."""

from __future__ import annotations

import functools
import sys
from contextvars import ContextVar
from typing import overload

from spinetail.profiler import Profiler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any, AsyncGenerator, Callable, Generator, TypeVar

    from spinetail.renderers import Renderer
    from spinetail.session import Session

    CallableVar = TypeVar("CallableVar", bound=Callable[..., Any])

# Include/cpython/code.h
CO_GENERATOR = 0x20
CO_COROUTINE = 0x80
CO_ITERABLE_COROUTINE = 0x100
CO_ASYNC_GENERATOR = 0x200

OWN_FILE = sys._getframe().f_code.co_filename


class ProfileContext:
    """Profiles a block, and prints a short report to ``sys.stderr`` at its end.

    Made by ``profile(...)``. Used as a decorator, it profiles each run of the function: of the
    body, where it is an ``async def`` or a generator function, from its first step to its last.
    """

    def __init__(
        self,
        *,
        interval: float = 0.001,
        async_mode: str = "disabled",
        use_timing_thread: bool | None = None,
        renderer: Renderer | None = None,
        target_description: str | None = None,
        **profiler_options: Any,
    ) -> None:
        """``interval``, ``async_mode``, ``use_timing_thread`` and ``profiler_options`` are
        Profiler's.

        ``renderer`` makes the report in place of the short text; what it gives is written as it
        is. ``target_description`` stands for the block's or the function's place.

        Raises what Profiler does, and TypeError for an option that it doesn't have.
        """
        self.renderer = renderer
        self.target_description = target_description
        self.profiler_options = {
            "interval": interval,
            "async_mode": async_mode,
            "use_timing_thread": use_timing_thread,
            **profiler_options,
        }
        self.profiler = Profiler(**self.profiler_options)  # a wrong option is told at once

    def __call__(self, func: CallableVar) -> CallableVar:
        """Decorates ``func``. Raises TypeError for a class."""
        function: CallableVar = decorated(self, func)
        return function

    def __enter__(self) -> Profiler:
        """Starts the profile. Raises RuntimeError while this very block is being profiled."""
        if self.profiler.is_running:
            raise RuntimeError(
                "This profile is already running: write 'with profile():' with brackets, and a new "
                "one for each block."
            )
        caller = calling_frame()
        self.profiler.start(
            caller_frame=caller,
            target_description=self.target_description
            or f"Block at {caller.f_code.co_filename}:{caller.f_lineno}",
        )
        return self.profiler

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # In a forked child, and where the block has called stop() itself, there is nothing to stop.
        if self.profiler.is_running:
            self.print(self.profiler.stop())

    def print(self, session: Session) -> None:
        """Writes the report to ``sys.stderr``, if there is one."""
        stream = sys.stderr
        if stream is None:
            return
        renderer = self.renderer
        if renderer is None:
            from spinetail import streams
            from spinetail.renderers import ConsoleRenderer

            renderer = ConsoleRenderer(
                unicode=streams.supports_unicode(stream),
                color=streams.supports_color(stream),
                short_mode=True,
            )
        text = renderer.render(session)
        if renderer.output_is_binary and hasattr(stream, "buffer"):
            stream.flush()
            stream.buffer.write(text.encode("utf-8", "surrogateescape"))
            stream.buffer.flush()
        else:
            stream.write(text)


class Profile:
    """``spinetail.profile``: what makes ``ProfileContext`` objects, or decorates at once."""

    @overload
    def __call__(self, func: CallableVar) -> CallableVar: ...

    @overload
    def __call__(
        self,
        *,
        interval: float = 0.001,
        async_mode: str = "disabled",
        use_timing_thread: bool | None = None,
        renderer: Renderer | None = None,
        target_description: str | None = None,
        **profiler_options: Any,
    ) -> ProfileContext: ...

    def __call__(self, func: Any = None, **options: Any) -> Any:
        """``@profile``, ``@profile(interval=0.01)``, and ``with profile(...) as profiler:``.

        The options are those of ``ProfileContext``.
        """
        context = ProfileContext(**options)
        return context if func is None else context(func)

    def __enter__(self) -> None:
        raise TypeError("profile has to be called: write 'with profile():' with brackets.")

    def __exit__(self, *exception: object) -> None:
        pass


profile = Profile()


class Run:
    """One run of a decorated function; runs inside of it belong to its report."""

    def __init__(self, context: ProfileContext, function: Any, current: ContextVar[Any]) -> None:
        self.name = f"Function {place(function)}"
        self.is_running = False
        self.context: ProfileContext | None = None
        outer = current.get()
        if outer is None or not outer.is_running:
            self.context = ProfileContext(
                renderer=context.renderer,
                target_description=context.target_description or self.name,
                **context.profiler_options,
            )
            current.set(self)

    def __enter__(self) -> None:
        if self.context is not None:
            self.context.__enter__()
            self.is_running = True

    def __exit__(self, *exception: Any) -> None:
        context = self.context
        if context is None:
            return
        self.context, self.is_running = None, False  # what copied the context may outlive this
        try:
            context.__exit__(*exception)
        except RuntimeError as problem:
            # A generator that another thread has ended: no reason for it to fail.
            if sys.stderr is not None:
                sys.stderr.write(f"spinetail: can't report {self.name}: {problem}\n")


def decorated(context: ProfileContext, function: Any) -> Any:
    """The function, each of whose runs is profiled."""
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(decorated(context, function.__func__))
    if isinstance(function, type) or not callable(function):
        raise TypeError(f"profile decorates functions, not {function!r}.")
    current: ContextVar[Any] = ContextVar("current", default=None)

    def run() -> Run:
        return Run(context, function, current)

    flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
    if flags & CO_COROUTINE:
        wrapper = coroutine_function(function, run)
    elif flags & CO_ASYNC_GENERATOR:
        wrapper = async_generator_function(function, run)
    elif flags & CO_GENERATOR:
        wrapper = generator_function(function, run)
    else:
        wrapper = plain_function(function, run)
    return functools.wraps(function)(wrapper)


def plain_function(function: Any, run: Callable[[], Run]) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with run():
            return function(*args, **kwargs)

    return wrapper


def coroutine_function(function: Any, run: Callable[[], Run]) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        with run():
            return await function(*args, **kwargs)

    return wrapper


def generator_function(function: Any, run: Callable[[], Run]) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        with run():
            return (yield from function(*args, **kwargs))

    return wrapper


def async_generator_function(function: Any, run: Callable[[], Run]) -> Any:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        generator = function(*args, **kwargs)
        with run():
            step = generator.__anext__()
            while True:
                try:
                    item = await step
                except StopAsyncIteration:
                    return
                try:
                    sent = yield item
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    step = generator.athrow(error)
                else:
                    step = generator.asend(sent)

    return wrapper


def place(function: Any) -> str:
    """``qualified.name at file:line``, as much of it as the callable has."""
    name = getattr(function, "__qualname__", None) or repr(function)
    code = getattr(function, "__code__", None)
    return f"{name} at {code.co_filename}:{code.co_firstlineno}" if code is not None else name


def calling_frame() -> FrameType:
    """The innermost frame that isn't this file's."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == OWN_FILE and frame.f_back is not None:
        frame = frame.f_back
    return frame
