"""The options of the IPython magics."""

from __future__ import annotations

import optparse
import re

from spinetail.choices import checked_async_mode
from spinetail.command_line.errors import CommandError
from spinetail.command_line.file_filter import FileFilter
from spinetail.command_line.render_options import parse_render_options
from spinetail.interval import checked_interval

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

# A word with its quotes; one that isn't closed is code's, and no more than a character here.
WORD = re.compile(r"""\s*((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\S)+)""")
QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1).)*)\1""")
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no")
LEAST_HEIGHT = 50


class MagicOptions:
    """What stands after ``%spinetail``, up to the code: that is kept as it is, and never taken for
    options.
    """

    def __init__(self, line: str) -> None:
        """Raises CommandError and ValueError for wrong options."""
        words = list(WORD.finditer(line))
        values, rest = make_parser().parse_args([argument(word.group(1)) for word in words])
        used = len(words) - len(rest)
        self.code = line[words[used - 1].end() if used else 0 :].strip()
        self.interval = checked_interval(values.interval)
        self.async_mode: str | None = None
        if values.async_mode is not None:
            self.async_mode = checked_async_mode(values.async_mode)
        self.height: int | None = values.height
        if self.height is not None and self.height < LEAST_HEIGHT:
            raise CommandError(f"--height takes pixels, {LEAST_HEIGHT} or more, not {self.height}")
        self.show_all: bool = values.show_all
        self.timeline: bool = values.timeline
        self.file_filter = FileFilter(values)
        self.render_options = parse_render_options(values.render_options)

    def text_options(self) -> dict[str, Any]:
        """The keywords for ``ConsoleRenderer``. Those of ``-p`` win."""
        given: dict[str, Any] = {"show_all": self.show_all, "timeline": self.timeline}
        given.update(self.render_options)
        given["processor_options"] = {
            "hide_regex": self.file_filter.hide_regex,
            "show_regex": ".*" if self.show_all else self.file_filter.show_regex,
            **self.render_options.get("processor_options", {}),
        }
        return given


class Parser(optparse.OptionParser):
    """Raises its errors."""

    def error(self, msg: str) -> NoReturn:
        raise CommandError(f"{msg}: %spinetail? shows the options", status=2)


def make_parser() -> Parser:
    parser = Parser(add_help_option=False)
    parser.disable_interspersed_args()
    parser.add_option("--interval", type="float", default=0.001)
    parser.add_option("--async_mode", "--async-mode", dest="async_mode")
    parser.add_option("--height", "-h", type="int")
    parser.add_option(
        "--render-option", "-p", dest="render_options", action="append", default=[]
    )
    for name in ("--show", "--show-regex", "--hide", "--hide-regex"):
        parser.add_option(name)
    parser.add_option("--show-all", action="store_true", default=False)
    parser.add_option("--timeline", action="callback", callback=take_timeline, default=False)
    parser.add_option("--no-timeline", dest="timeline", action="store_false")
    return parser


def take_timeline(option: Any, text: str, value: object, parser: Any) -> None:
    """Also takes a following "True" or "False", which pyinstrument wants there."""
    parser.values.timeline = True
    if parser.rargs and parser.rargs[0].lower() in TRUE + FALSE:
        parser.values.timeline = parser.rargs.pop(0).lower() in TRUE


def argument(word: str) -> str:
    """The word without its quotes. Backslashes stay: regular expressions have them."""
    text = QUOTED.sub(lambda match: match.group(2), word)
    name, equals, value = text.partition("=")
    if name == "--timeline" and equals:
        if value.lower() in TRUE:
            return "--timeline"
        return "--no-timeline" if value.lower() in FALSE else text
    return text
