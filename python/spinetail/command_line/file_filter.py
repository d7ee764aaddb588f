"""Which files' frames to hide and to show."""

from __future__ import annotations

import fnmatch
import re

from spinetail.command_line.errors import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import optparse


class FileFilter:
    """``--hide``, ``--show`` and the like, as the regular expressions that processors take.

    They are matched with a file's whole path, from its beginning. None means that nothing was said.
    """

    def __init__(self, values: optparse.Values) -> None:
        """Raises CommandError for two of a kind, and for what is no regular expression."""
        if values.hide is not None and values.hide_regex is not None:
            raise CommandError("--hide and --hide-regex say the same: choose one", status=2)
        shows = [values.show is not None, values.show_regex is not None, values.show_all]
        if sum(shows) > 1:
            raise CommandError(
                "--show, --show-regex and --show-all say the same: choose one", status=2
            )
        self.hide_regex = regex("--hide-regex", values.hide, values.hide_regex)
        self.show_regex = regex("--show-regex", values.show, values.show_regex)

    @property
    def is_given(self) -> bool:
        return self.hide_regex is not None or self.show_regex is not None


def regex(option: str, glob: str | None, expression: str | None) -> str | None:
    if glob is not None:
        return fnmatch.translate(glob)
    if expression is not None:
        try:
            re.compile(expression)
        except re.error as error:
            raise CommandError(
                f"{option} {expression!r} is no regular expression: {error}", status=2
            ) from None
    return expression
