"""Pages in a browser.

What this needs is imported with it, so that the command has it before a program can put modules of
the same names in the way.
"""

from __future__ import annotations

import os
import tempfile
import webbrowser
from urllib.parse import quote_from_bytes


def write_temporary(page: str) -> str:
    """Writes a page to a new file that is kept, and gives its name. Raises OSError."""
    descriptor, path = tempfile.mkstemp(prefix="spinetail-", suffix=".html")
    with open(descriptor, "wb") as file:
        file.write(page.encode("utf-8"))
    return path


def show(path: str) -> bool:
    """Opens a file in the browser that ``webbrowser`` finds; False if there is none."""
    address = "file://" + quote_from_bytes(os.fsencode(os.path.abspath(path)))
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError, ValueError):
        # ValueError: what BROWSER says can't be taken apart.
        return False


def can_show() -> bool:
    """False where only browsers that draw text are to be expected, which can't show a page."""
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))
