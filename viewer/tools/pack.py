"""Puts a session file into the report page.

python viewer/tools/pack.py SESSION.spinetail OUTPUT.html
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[2] / "python" / "spinetail" / "report.html"
# Where the page has the session, in base64: once, in a script element that nothing executes.
MARKER = "{{session}}"


def pack(session: bytes, template: str) -> str:
    """The page that shows a session."""
    head, marker, tail = template.partition(MARKER)
    if not marker:
        raise ValueError("the template has no place for a session")
    return head + base64.b64encode(session).decode() + tail


if __name__ == "__main__":
    source, output = map(Path, sys.argv[1:])
    output.write_text(pack(source.read_bytes(), TEMPLATE.read_text()))
