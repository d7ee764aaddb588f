"""The command line, parsed and checked."""

from __future__ import annotations

import sys

from spinetail.choices import CLOCKS, ENGINES, THREADS
from spinetail.command_line.errors import CommandError
from spinetail.command_line.file_filter import FileFilter
from spinetail.command_line.formats import HTML, format_of_file
from spinetail.command_line.option_parser import DESCRIPTION_OF_TARGET, make_parser
from spinetail.command_line.render_options import parse_render_options
from spinetail.command_line.version import version_text
from spinetail.interval import checked_interval

TYPE_CHECKING = False
if TYPE_CHECKING:
    import optparse
    from typing import Any


class Options:
    """What the user asks for. Where a program is named, nothing is loaded, and the reverse."""

    def __init__(self, values: optparse.Values, script: str | None, arguments: list[str]) -> None:
        """Raises CommandError for values that make no sense, on their own or together."""
        self.script = script
        self.module: str | None = values.module
        self.code: str | None = values.code
        self.arguments = arguments
        """The program's own."""
        self.from_path: bool = values.from_path
        self.load: str | None = values.load
        self.load_prev: str | None = values.load_prev
        self.interval = parse_interval(values.interval)
        self.threads = checked_choice("--threads", values.threads, THREADS)
        self.engine = checked_choice("--engine", values.engine, ENGINES)
        self.use_timing_thread: bool | None = values.use_timing_thread
        self.target_description = checked_description(values.target_description)
        self.outfile: str | None = values.outfile
        self.to_stderr: bool = values.stderr
        if self.outfile is not None and self.to_stderr:
            raise CommandError("-o and --stderr are two places for one report: choose one", 2)
        self.renderer = renderer_name(values)
        self.render_options: dict[str, Any] = parse_render_options(values.render_options)
        self.timeline: bool = values.timeline
        self.clock = checked_choice("--clock", values.clock, CLOCKS)
        self.show_all: bool = values.show_all
        self.source: bool = values.source
        self.file_filter = FileFilter(values)
        self.unicode: bool | None = values.unicode
        self.color: bool | None = values.color

    @property
    def is_loading(self) -> bool:
        """Whether a session is to be shown, and no program to be run."""
        return self.load is not None or self.load_prev is not None


def parse_options(arguments: list[str]) -> Options:
    """The options in ``arguments``, which end at the program: what follows it is the program's.

    Raises CommandError for wrong ones, and SystemExit where help or the version was asked for, or
    where there is nothing to do.
    """
    parser = make_parser()
    values, rest = parser.parse_args(arguments)
    if values.version:
        print(version_text(values.verbose))
        sys.exit(0)
    if values.verbose:
        raise CommandError("-v goes with --version alone: it tells more about it", status=2)
    is_named = values.module is not None or values.code is not None
    script = None
    if is_named:
        rest = values.target_arguments
    elif rest:
        script, rest = rest[0], rest[1:]
    subjects = [
        is_named or script is not None,
        values.load is not None,
        values.load_prev is not None,
    ]
    if not any(subjects):
        parser.print_help()
        sys.exit(2)
    if sum(subjects) > 1:
        raise CommandError(
            "there is more than one thing to look at: name either a program, --load or --load-prev",
            status=2,
        )
    if values.from_path and script is None:
        raise CommandError("--from-path goes with a script: name one after the options", status=2)
    return Options(values, script, rest)


def renderer_name(values: optparse.Values) -> str:
    """As ``--html`` and ``-r`` say, or else the suffix of the file."""
    if values.html:
        return HTML
    if values.renderer is not None:
        return str(values.renderer)
    return format_of_file(values.outfile or "")


def parse_interval(text: str) -> float:
    try:
        return checked_interval(float(text))
    except ValueError:
        raise CommandError(
            f"-i takes seconds between 0.000001 and 3600, like 0.001, not {text!r}", status=2
        ) from None


def checked_choice(option: str, word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise CommandError(f"{option} takes one of {', '.join(words)}, not {word!r}", status=2)
    return word


def checked_description(text: str) -> str:
    """Raises CommandError for other placeholders than ``{args}``."""
    if text == DESCRIPTION_OF_TARGET:
        return text
    import string

    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
        unknown = next((field for field in fields if field != "args"), None)
        if unknown is not None:
            raise ValueError(f"there is no placeholder {{{unknown}}}")
        text.format(args="")
    except ValueError as error:
        raise CommandError(
            f"--target-description {text!r}: {error}; {{args}} is the one to use, and {{{{ a brace",
            status=2,
        ) from None
    return text
