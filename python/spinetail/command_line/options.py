"""The command line, parsed."""

from __future__ import annotations

import optparse
import sys

from spinetail._version import __version__
from spinetail.command_line.errors import CommandError
from spinetail.interval import checked_interval

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

USAGE = "spinetail [options] {script.py | -m module | -c code} [arguments]"
SEE_HELP = "'spinetail --help' shows the options."
RENDERERS = ("text",)


class Options:
    """What the user asks for."""

    def __init__(
        self,
        script: str | None,
        module: str | None,
        code: str | None,
        arguments: list[str],
        interval: float,
        outfile: str | None,
        show_all: bool,
    ) -> None:
        """One of ``script``, ``module``, ``code`` isn't None; ``arguments`` are the program's."""
        self.script = script
        self.module = module
        self.code = code
        self.arguments = arguments
        self.interval = interval
        self.outfile = outfile
        self.show_all = show_all


class Parser(optparse.OptionParser):
    """Reports errors in one line, without the usage."""

    def error(self, msg: str) -> NoReturn:
        raise CommandError(f"{msg}. {SEE_HELP}", status=2)


def parse_options(arguments: list[str]) -> Options:
    """The options in ``arguments``, which end at the program: what follows it is the program's.

    Raises CommandError for wrong ones, and SystemExit where help or the version was asked for, or
    where there is nothing to run.
    """
    parser = make_parser()
    values, rest = parser.parse_args(arguments)
    script = None
    if values.module is None and values.code is None:
        if not rest:
            parser.print_help()
            sys.exit(2)
        script, rest = rest[0], rest[1:]
    else:
        rest = values.target_arguments
    if values.renderer not in RENDERERS:
        raise CommandError(
            f"there is no renderer {values.renderer!r}: choose from {', '.join(RENDERERS)}",
            status=2,
        )
    return Options(
        script=script,
        module=values.module,
        code=values.code,
        arguments=rest,
        interval=parse_interval(values.interval),
        outfile=values.outfile,
        show_all=values.show_all,
    )


def make_parser() -> Parser:
    parser = Parser(
        prog="spinetail",
        usage=USAGE,
        version=version_line(),
        description="Runs a Python program and shows where it spends its time.",
    )
    parser.disable_interspersed_args()
    parser.set_defaults(module=None, code=None, target_arguments=None)
    parser.add_option(
        "-m",
        metavar="MODULE",
        dest="module",
        type="string",
        action="callback",
        callback=take_target,
        help="run a module, like 'python -m'; ends the options",
    )
    parser.add_option(
        "-c",
        metavar="CODE",
        dest="code",
        type="string",
        action="callback",
        callback=take_target,
        help="run the code, like 'python -c'; ends the options",
    )
    parser.add_option(
        "-o",
        "--outfile",
        metavar="FILE",
        help="write the report to a file, not to standard output",
    )
    parser.add_option(
        "-i",
        "--interval",
        metavar="SECONDS",
        default="0.001",
        help="time between two samples (0.001)",
    )
    parser.add_option(
        "-r",
        "--renderer",
        metavar="NAME",
        default="text",
        help="how to show the report: " + ", ".join(RENDERERS),
    )
    parser.add_option(
        "--show-all",
        action="store_true",
        default=False,
        help="show all frames, those of libraries too",
    )
    return parser


def take_target(option: Any, text: str, value: str, parser: Any) -> None:
    """Ends the options after -m or -c: all the rest belongs to the program."""
    setattr(parser.values, option.dest, value)
    parser.values.target_arguments = parser.rargs[:]
    del parser.rargs[:]


def parse_interval(text: str) -> float:
    try:
        return checked_interval(float(text))
    except ValueError:
        raise CommandError(
            f"-i takes seconds between 0.000001 and 3600, like 0.001, not {text!r}", status=2
        ) from None


def version_line() -> str:
    return "spinetail {}, on {} {}.{}.{}".format(
        __version__,
        {"cpython": "CPython"}.get(sys.implementation.name, sys.implementation.name),
        *sys.version_info[:3],
    )
