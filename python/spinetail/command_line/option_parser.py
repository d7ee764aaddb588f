"""The command's options, in the groups that its help shows."""

from __future__ import annotations

import optparse
import os
import textwrap

from spinetail.choices import ALL, ENGINES
from spinetail.command_line.errors import CommandError
from spinetail.command_line.formats import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

USAGE = """spinetail [options] {script.py | -m module | -c code} [arguments]
       spinetail [options] {--load file | --load-prev id}"""

DESCRIPTION = (
    "Runs a Python program as python does, and shows where it spends its time. Options come before "
    "the program; all that follows it is the program's own."
)

SEE_HELP = "'spinetail --help' shows the options."

DESCRIPTION_OF_TARGET = "Program: {args}"
"""As long as the user gives no other."""

EXAMPLES = (
    ("spinetail script.py --its-own-option", "see where a script spends its time"),
    ("spinetail -m pytest tests", "the same for a module"),
    ("spinetail --show '*/sqlalchemy/*' script.py", "look into a library as well"),
    ("spinetail -o report.html script.py", "make a page with all views, for any browser"),
    ("spinetail -o run.speedscope.json script.py", "make a file for another tool"),
    (
        "spinetail -o run.spinetail script.py",
        "keep a run for later: spinetail --load run.spinetail -p flat",
    ),
)

NARROWEST, WIDEST = 50, 100


class Formatter(optparse.IndentedHelpFormatter):
    """Sets what is to be read in a terminal: short lines, options and metavars as typed."""

    def __init__(self) -> None:
        width = os.environ.get("COLUMNS", "")
        columns = int(width) if width.isdecimal() else 80
        super().__init__(
            max_help_position=26, width=min(max(columns - 1, NARROWEST), WIDEST), short_first=1
        )

    def format_epilog(self, epilog: str | None) -> str:
        """As it is: its lines are set already."""
        return f"\n{epilog}" if epilog else ""

    def format_option_strings(self, option: Any) -> str:
        """``-i, --interval=SECONDS``: the value's name once."""
        names = [*option._short_opts, *option._long_opts]
        if not option.takes_value():
            return ", ".join(names)
        separator = "=" if option._long_opts else " "
        return ", ".join(names) + separator + str(option.metavar)


class Parser(optparse.OptionParser):
    """Reports errors in one line, without the usage. Its options are all in groups."""

    def format_option_help(self, formatter: Any = None) -> str:
        formatter = formatter or self.formatter
        formatter.store_option_strings(self)
        return "\n".join(group.format_help(formatter) for group in self.option_groups)

    def error(self, msg: str) -> NoReturn:
        raise CommandError(f"{msg}. {SEE_HELP}", status=2)


def make_parser() -> Parser:
    parser = Parser(
        prog="spinetail",
        usage=USAGE,
        description=DESCRIPTION,
        formatter=Formatter(),
        epilog=examples(),
        add_help_option=False,
    )
    parser.disable_interspersed_args()
    parser.set_defaults(module=None, code=None, target_arguments=None)
    add_program_options(parser.add_option_group("The program"))
    add_sampling_options(parser.add_option_group("Sampling"))
    add_view_options(parser.add_option_group("The view"))
    add_output_options(parser.add_option_group("The report"))
    add_help_options(parser.add_option_group("Help"))
    return parser


def add_program_options(group: optparse.OptionGroup) -> None:
    group.add_option(
        "-m",
        metavar="MODULE",
        dest="module",
        type="string",
        action="callback",
        callback=take_target,
        help="run a module, like 'python -m'",
    )
    group.add_option(
        "-c",
        metavar="CODE",
        dest="code",
        type="string",
        action="callback",
        callback=take_target,
        help="run code, like 'python -c'",
    )
    group.add_option(
        "--from-path",
        action="store_true",
        default=False,
        help="look for the script on PATH, as the shell does",
    )
    group.add_option(
        "--load",
        metavar="FILE",
        help="run nothing, but show a session from a file, Spinetail's or pyinstrument's",
    )
    group.add_option(
        "--load-prev",
        metavar="ID",
        help="run nothing, but show one of the latest runs again, by the id that its report ends "
        "with",
    )


def add_sampling_options(group: optparse.OptionGroup) -> None:
    group.add_option(
        "-i",
        "--interval",
        metavar="SECONDS",
        default="0.001",
        help="time between two samples (0.001)",
    )
    group.add_option(
        "--threads",
        metavar="WHICH",
        default=ALL,
        help="all (the default), or current: the main thread alone",
    )
    group.add_option(
        "--engine",
        metavar="NAME",
        default="auto",
        help="sampler, which looks from outside at next to no cost; setprofile, which goes by "
        "every call and return; or auto (the default), the sampler where it can",
    )
    group.add_option(
        "--use-timing-thread",
        action="store_true",
        default=None,
        help="changes nothing: for commands made for pyinstrument",
    )


def add_view_options(group: optparse.OptionGroup) -> None:
    group.add_option(
        "-t",
        "--timeline",
        action="store_true",
        default=False,
        help="in the order of time, repeated calls apart",
    )
    group.add_option(
        "--clock",
        metavar="NAME",
        default="wall",
        help="wall (the default), which counts waits too, or cpu",
    )
    group.add_option(
        "--show-all", action="store_true", default=False, help="fold nothing, leave nothing out"
    )
    group.add_option(
        "--hide",
        metavar="GLOB",
        help="fold the frames of these files, too, like '*/vendor/*'",
    )
    group.add_option("--hide-regex", metavar="REGEX", help="the same by a regular expression")
    group.add_option(
        "--show", metavar="GLOB", help="never fold the frames of these files, like '*/django/*'"
    )
    group.add_option("--show-regex", metavar="REGEX", help="the same by a regular expression")
    group.add_option(
        "--target-description",
        metavar="TEXT",
        default=DESCRIPTION_OF_TARGET,
        help="the report's title (Program: {args}, the program and its arguments)",
    )


def add_output_options(group: optparse.OptionGroup) -> None:
    group.add_option(
        "-o",
        "--outfile",
        metavar="FILE",
        help="write to a file; its suffix tells the format",
    )
    group.add_option(
        "-r",
        "--renderer",
        metavar="NAME",
        help=f"the format: {', '.join(FORMATS)}, or the import path of a Renderer class of yours; "
        "in a terminal, html opens a browser",
    )
    group.add_option("--html", action="store_true", default=False, help=optparse.SUPPRESS_HELP)
    group.add_option(
        "-p",
        "--render-option",
        metavar="NAME[=VALUE]",
        dest="render_options",
        action="append",
        default=[],
        help="an option of the renderer's, as often as needed, like flat, time=percent_of_total, "
        "processor_options.filter_threshold=0",
    )
    group.add_option(
        "--no-source",
        action="store_false",
        dest="source",
        default=True,
        help="leave the source files out of html",
    )
    group.add_option(
        "--stderr",
        action="store_true",
        default=False,
        help="write to standard error, out of the program's output",
    )
    group.add_option(
        "--color",
        action="store_true",
        default=None,
        help="colour the text, terminal or not (or set FORCE_COLOR)",
    )
    group.add_option(
        "--no-color", action="store_false", dest="color", help="no colour (or set NO_COLOR)"
    )
    group.add_option(
        "--unicode",
        action="store_true",
        default=None,
        help="draw with box characters",
    )
    group.add_option("--no-unicode", action="store_false", dest="unicode", help="draw with ASCII")


def add_help_options(group: optparse.OptionGroup) -> None:
    group.add_option("-h", "--help", action="help", help="show this, and exit")
    group.add_option("--version", action="store_true", default=False, help="show the version")
    group.add_option(
        "-v",
        "--verbose",
        action="store_true",
        default=False,
        help="with --version: also the engine that is used here, and why",
    )


def take_target(option: Any, text: str, value: str, parser: Any) -> None:
    """Ends the options after -m or -c: all the rest belongs to the program."""
    setattr(parser.values, option.dest, value)
    parser.values.target_arguments = parser.rargs[:]
    del parser.rargs[:]


def examples() -> str:
    lines = ["Examples:"]
    gap = " " * 6
    for command, purpose in EXAMPLES:
        lines += [
            f"  {command}",
            *textwrap.wrap(purpose, 72, initial_indent=gap, subsequent_indent=gap),
        ]
    return "\n".join(lines) + "\n"


assert ENGINES[0] == "auto"  # as the help says
