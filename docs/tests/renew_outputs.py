"""Puts what the blocks of code print now into the pages that show it: `renew_outputs.py [PAGE…]`.

It needs Spinetail and what requirements/docs.txt lists, as the tests do, and a quiet machine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from test_code_blocks import PAGES, Reader, to_run


def renew(page: Path, folder: Path) -> None:
    reader = Reader(folder)
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    grown = 0
    for block in list(to_run(page)):
        if block.instruction != "output":
            reader.run(block)
            continue
        printed = [f"{line.rstrip()}\n" for line in reader.printed().strip("\n").splitlines()]
        first = block.line + grown
        length = block.text.count("\n")
        lines[first : first + length] = printed
        grown += len(printed) - length
    page.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    chosen = [Path(name).resolve() for name in sys.argv[1:]] or PAGES
    for page in chosen:
        with tempfile.TemporaryDirectory() as folder:
            renew(page, Path(folder))


if __name__ == "__main__":
    main()
