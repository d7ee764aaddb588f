"""Lets the links of pages work both in the repository and in the built documentation.

In the repository they lead to files and folders anywhere in it. The built documentation has a page
for some of these (`CONTRIBUTING.md`), offers other files for download, and has nothing for a folder
but the README.md in it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Dict, List

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent

PAGES = {
    "README.md": "index.md",
    "README.md#try-it": "guide/install.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "examples": "guide/web-frameworks.md",
    "docs/reports": "reports/index.md",
}
"""Pages that stand for other files and folders of the repository."""

LINK = re.compile(r"(?<=\]\()(?!\w+:)[^#\s)]+(#[^\s)]*)?")


def rewritten(text: str, folder: Path, page: Path) -> str:
    """The Markdown text of a file in `folder` with links as they have to be on `page`."""

    def replacement(match: re.Match[str]) -> str:
        link = match.group()
        path, _, anchor = link.partition("#")
        place = os.path.relpath(os.path.normpath(folder / path), ROOT)
        if not (ROOT / place).exists():
            return link  # Sphinx says that it leads nowhere
        whole = PAGES.get(f"{place}#{anchor}")
        target = whole or PAGES.get(place) or os.path.relpath(ROOT / place, DOCS)
        if (DOCS / target).is_dir():
            target = f"{target}/README.md"
        relative = os.path.relpath(DOCS / target, page.parent)
        return f"{relative}#{anchor}" if anchor and whole is None else relative

    return LINK.sub(replacement, text)


def read_page(app: Any, name: str, source: List[str]) -> None:
    page = Path(app.env.doc2path(name))
    if page.suffix == ".md":
        source[0] = rewritten(source[0], page.parent, page)


def read_included(app: Any, path: Path, name: str, content: List[str]) -> None:
    file = DOCS / path
    if file.suffix == ".md":
        content[0] = rewritten(content[0], file.resolve().parent, Path(app.env.doc2path(name)))


def setup(app: Any) -> Dict[str, bool]:
    app.connect("source-read", read_page)
    app.connect("include-read", read_included)
    return {"parallel_read_safe": True}
