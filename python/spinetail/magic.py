"""The IPython extension: ``%load_ext spinetail``, then ``%%spinetail`` before a cell's code."""

from __future__ import annotations

import ast
import asyncio
import sys

from IPython.core import magic
from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from spinetail.command_line.errors import CommandError
from spinetail.magic_options import MagicOptions
from spinetail.notebook_report import show_report
from spinetail.profiler import Profiler
from spinetail.stack_depth import stack_depth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

__all__ = ["SpinetailMagics", "load_ipython_extension", "unload_ipython_extension"]

OWN, REFERENCE = "spinetail", "pyinstrument"
CO_COROUTINE = 0x80  # Include/cpython/code.h

# IPython 8.5 and newer: whether a semicolon keeps the value from being shown.
silenced_by_semicolon = getattr(magic, "output_can_be_silenced", lambda function: function)


@magics_class
class SpinetailMagics(Magics):  # type: ignore[misc]
    """``%spinetail`` and ``%%spinetail``, and the same as ``pyinstrument`` where Spinetail has
    taken its place.
    """

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.names = [OWN]
        if sys.modules.get(REFERENCE) is sys.modules[OWN]:
            self.names.append(REFERENCE)
            for kind in ("line", "cell"):
                self.magics[kind][REFERENCE] = self.magics[kind][OWN]

    @no_var_expand
    @silenced_by_semicolon
    @line_cell_magic
    def spinetail(self, line: str, cell: str | None = None) -> Any:
        """Profile a statement, or with %% a whole cell, and show the report below.

            %spinetail [options] statement

            %%spinetail [options]
            statements, with await too

        Options:

            --interval SECONDS     time between two samples (0.001)
            --async_mode MODE      what is shown while a coroutine waits: enabled, strict, disabled
                                   (enabled if the cell has await in it, else disabled)
            --timeline             keep calls in the order of time
            --show GLOB, --show-regex REGEX, --show-all
                                   show frames of these files, though they are libraries', or all
            --hide GLOB, --hide-regex REGEX
                                   hide frames of these files
            -p NAME=VALUE          an option for the text report, like time=percent_of_total
            -h, --height PIXELS    how high the report is, in place of its content's height
        """
        __tracebackhide__ = True
        options = self.parse(line)
        if cell is None:
            if not options.code:
                return None
            source, description = options.code, f"Line in cell [{self.number}]"
        else:
            if options.code:
                raise UsageError(
                    f"{options.code!r} is no option of %%spinetail: put code into the lines below"
                )
            source, description = cell, f"Cell [{self.number}]"
        return self.run(source, description, options)

    @property
    def number(self) -> int:
        """The cell's, as in ``In [1]``."""
        # The shell's execution_count is the next cell's by now, in newer versions.
        return len(self.shell.history_manager.input_hist_parsed) - 1

    def parse(self, line: str) -> MagicOptions:
        """The options in a line. Raises UsageError, which IPython shows as one line."""
        try:
            return MagicOptions(line)
        except (CommandError, ValueError) as error:
            raise UsageError(str(error)) from None

    def run(self, source: str, description: str, options: MagicOptions) -> Any:
        """Runs the source in the user's namespace, shows the report, and returns the value of its
        last expression.

        Exceptions and interrupts go on to IPython after the report.
        """
        __tracebackhide__ = "__ipython_bottom__"  # where the tracebacks that IPython shows begin
        body, last = self.compile(source)
        namespace = self.shell.user_ns
        if any(code.co_flags & CO_COROUTINE for code in (body, last) if code is not None):
            return self.run_coroutine(body, last, description, options)
        profiler = Profiler(options.interval, options.async_mode or "disabled")
        # All that happens is below this frame: the shell's stay out of the profile.
        profiler._start(description, stack_depth(sys._getframe()), "")
        try:
            exec(body, namespace)
            return eval(last, namespace) if last is not None else None
        finally:
            show_report(self.shell, profiler.stop(), options)

    def run_coroutine(
        self, body: CodeType, last: CodeType | None, description: str, options: MagicOptions
    ) -> Any:
        """The same for what awaits, where no event loop runs yet.

        In a cell that begins with ``%%spinetail``, it doesn't come here: see ``AsyncCells``.
        """
        if asyncio._get_running_loop() is not None:
            raise UsageError(
                "await can be profiled here only in a cell that begins with %%spinetail"
            )
        namespace = self.shell.user_ns

        async def steps() -> Any:
            profiler = Profiler(options.interval, options.async_mode or "enabled")
            profiler.start(target_description=description)
            try:
                value: Any = None
                for code in (body, last):
                    value = eval(code, namespace) if code is not None else None
                    if code is not None and code.co_flags & CO_COROUTINE:
                        value = await value
                return value
            finally:
                show_report(self.shell, profiler.stop(), options)

        return self.shell.loop_runner(steps())

    def compile(self, source: str) -> tuple[CodeType, CodeType | None]:
        """The code of all but the last expression, and of that. Raises SyntaxError."""
        shell = self.shell
        text = shell.transform_cell(source)
        name = shell.compile.cache(text, self.number, raw_code=source)
        with shell.compile.extra_flags(await_flag()):
            tree = shell.transform_ast(shell.compile.ast_parse(text, filename=name))
            last = None
            if tree.body and isinstance(tree.body[-1], ast.Expr):
                last = shell.compile(ast.Expression(tree.body.pop().value), name, "eval")
            return shell.compile(tree, name, "exec"), last

    def begin(self, line: str) -> None:
        """Begins to profile the cell that calls this, until IPython says that it is over."""
        options = self.parse(line)
        description = f"Cell [{self.number}]"
        profiler = Profiler(options.interval, options.async_mode or "enabled")
        events = self.shell.events
        showtraceback = self.shell.showtraceback
        depth = 1

        def enter() -> None:
            nonlocal depth
            depth += 1

        def stop_and_show_traceback(*arguments: Any, **how: Any) -> None:
            # IPython says that a cell is over only when it has shown the exception: that takes
            # long, and isn't the cell's. Code of users that calls this doesn't say so.
            if depth == 1 and how.get("running_compiled_code") and profiler.is_running:
                profiler.stop()
            showtraceback(*arguments, **how)

        def leave() -> None:
            # What the cell runs by run_cell() isn't its end.
            nonlocal depth
            depth -= 1
            if depth == 0:
                events.unregister("pre_execute", enter)
                events.unregister("post_execute", leave)
                self.shell.showtraceback = showtraceback
                session = profiler.stop() if profiler.is_running else profiler.last_session
                if session is not None:
                    show_report(self.shell, session, options)

        profiler.start(target_description=description)
        self.shell.showtraceback = stop_and_show_traceback
        events.register("pre_execute", enter)
        events.register("post_execute", leave)


class AsyncCells:
    """Lets cells under ``%%spinetail`` await on the shell's own event loop.

    IPython runs magics outside of it. So where there is an ``await``, the cell's first line becomes
    a call that starts the profiler, and the other lines run as if they stood alone, under their own
    line numbers.
    """

    def __init__(self, magics: SpinetailMagics) -> None:
        self.shell = magics.shell
        self.starts = tuple(f"%%{name}" for name in magics.names)

    def __call__(self, lines: list[str]) -> list[str]:
        """A transformer of cells: see IPython's documentation, "Custom input transformation"."""
        if not lines or not lines[0].startswith(self.starts):
            return lines
        name, _, options = lines[0].rstrip("\n").partition(" ")
        if name not in self.starts or not self.awaits("".join(lines[1:])):
            return lines
        registry = f"get_ipython().magics_manager.registry[{SpinetailMagics.__name__!r}]"
        return [f"{registry}.begin({options!r})\n", *lines[1:]]

    def awaits(self, source: str) -> bool:
        if "await" not in source and "async" not in source:
            return False
        try:
            text = self.shell.transform_cell(source)
            code = compile(text, "<cell>", "exec", await_flag(), dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return bool(code.co_flags & CO_COROUTINE)


def await_flag() -> int:
    """What lets modules await; 3.8 and newer have it."""
    return getattr(ast, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0)


def load_ipython_extension(ipython: Any) -> None:
    """What ``%load_ext spinetail`` calls."""
    unload_ipython_extension(ipython)
    magics = SpinetailMagics(ipython)
    ipython.register_magics(magics)
    ipython.input_transformers_cleanup.append(AsyncCells(magics))


def unload_ipython_extension(ipython: Any) -> None:
    """What ``%unload_ext spinetail`` calls."""
    transformers = ipython.input_transformers_cleanup
    transformers[:] = [one for one in transformers if not isinstance(one, AsyncCells)]
    magics = ipython.magics_manager.magics
    if ipython.magics_manager.registry.pop(SpinetailMagics.__name__, None) is not None:
        for kind in ("line", "cell"):
            for name in (OWN, REFERENCE):
                magics[kind].pop(name, None)
