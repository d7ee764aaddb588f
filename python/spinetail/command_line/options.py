"""The command line, parsed."""

from __future__ import annotations

import optparse
import sys

from spinetail.choices import ENGINES
from spinetail.command_line.errors import CommandError
from spinetail.command_line.version import version_text
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
        engine: str,
        outfile: str | None,
        show_all: bool,
    ) -> None:
        """One of ``script``, ``module``, ``code`` isn't None; ``arguments`` are the program's."""
        self.script = script
        self.module = module
        self.code = code
        self.arguments = arguments
        self.interval = interval
        self.engine = engine
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
    if values.version:
        print(version_text(values.verbose))
        sys.exit(0)
    if values.verbose:
        raise CommandError("-v goes with --version alone: it tells more about it", status=2)
    script = None
    if values.module is None and values.code is None:
        if not rest:
            parser.print_help()
            sys.exit(2)
        script, rest = rest[0], rest[1:]
    else:
        rest = values.target_arguments
    check_choice("renderer", values.renderer, RENDERERS)
    check_choice("engine", values.engine, ENGINES)
    return Options(
        script=script,
        module=values.module,
        code=values.code,
        arguments=rest,
        interval=parse_interval(values.interval),
        engine=values.engine,
        outfile=values.outfile,
        show_all=values.show_all,
    )


def make_parser() -> Parser:
    parser = Parser(
        prog="spinetail",
        usage=USAGE,
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
        "--engine",
        metavar="NAME",
        default="auto",
        help="what takes the samples: the sampler, which costs next to nothing, setprofile, which "
        "follows every call, or auto, the sampler where it can",
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
    parser.add_option(
        "--version",
        action="store_true",
        default=False,
        help="show the version; with -v, also the engine that is used here, and why",
    )
    parser.add_option(
        "-v",
        "--verbose",
        action="store_true",
        default=False,
        help="tell more: with --version",
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


def check_choice(kind: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise CommandError(f"there is no {kind} {name!r}: choose from {', '.join(names)}", status=2)
