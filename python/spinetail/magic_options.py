"""The options of the IPython magics."""

from __future__ import annotations

import optparse
import re

from spinetail.choices import checked_async_mode
from spinetail.command_line.errors import CommandError
from spinetail.command_line.file_filter import FileFilter
from spinetail.command_line.render_options import parse_render_options
from spinetail.interval import checked_interval
from spinetail.renderers import ConsoleRenderer

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
        self.text_options = text_options(values)


def text_options(values: optparse.Values) -> dict[str, Any]:
    """The keywords for ``ConsoleRenderer``, tried once before any code runs. Those of ``-p`` win.

    Raises CommandError for what it can't take.
    """
    file_filter = FileFilter(values)
    given = {
        "show_all": values.show_all,
        "timeline": values.timeline,
        **parse_render_options(values.render_options),
    }
    processor_options = given.get("processor_options", {})
    if not isinstance(processor_options, dict):
        raise CommandError(f"-p processor_options takes a JSON object, not {processor_options!r}")
    given["processor_options"] = {
        "hide_regex": file_filter.hide_regex,
        "show_regex": ".*" if values.show_all else file_filter.show_regex,
        **processor_options,
    }
    try:
        ConsoleRenderer(**given)
    except (TypeError, ValueError, ConsoleRenderer.MisconfigurationError) as error:
        raise CommandError(f"the text report can't take these options: {error}") from None
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
    parser.add_option("--render-option", "-p", dest="render_options", action="append", default=[])
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
