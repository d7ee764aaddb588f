"""Whether to colour, where the user hasn't said so."""

from __future__ import annotations

import os

from spinetail import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def wants_color(stream: IO[str]) -> bool:
    """As NO_COLOR and FORCE_COLOR in the environment say, in this order; otherwise a terminal
    does, unless it is a dumb one.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("TERM") == "dumb":
        return False
    return not stream.closed and streams.supports_color(stream)
