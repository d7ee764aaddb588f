"""What ``-p`` says."""

from __future__ import annotations

import json

from spinetail.command_line.errors import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def parse_render_options(texts: list[str]) -> dict[str, Any]:
    """The options as keywords for a renderer, those with dots as dicts inside each other.

    Later ones win. Raises CommandError for what can't be read.
    """
    options: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        keys = path.split(".")
        if not all(keys):
            raise CommandError(
                f"-p takes 'name' or 'name=value', like time=percent_of_total, not {text!r}",
                status=2,
            )
        place(options, keys, parse_value(value) if equals else True, text)
    return options


def place(options: dict[str, Any], keys: list[str], value: object, text: str) -> None:
    """Puts a value where the keys lead, and makes what is missing on the way."""
    holder: Any = options
    try:
        for key in keys[:-1]:
            holder = holder[int(key)] if isinstance(holder, list) else holder.setdefault(key, {})
        if isinstance(holder, list):
            holder[int(keys[-1])] = value
        elif isinstance(holder, dict):
            holder[keys[-1]] = value
        else:
            raise TypeError
    except (AttributeError, IndexError, TypeError, ValueError):
        raise CommandError(
            f"-p {text!r}: there is no place for it in what other -p options say", status=2
        ) from None


def parse_value(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
