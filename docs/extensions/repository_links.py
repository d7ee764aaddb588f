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

EXAMPLES = "examples.md"
PAGES = {
    "README.md": "index.md",
    "README.md#try-it": "guide/install.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "examples": EXAMPLES,
    "examples/pytest/file_per_test/README.md": f"{EXAMPLES}#a-file-for-each-test",
    "examples/pytest/whole_session/README.md": f"{EXAMPLES}#a-whole-pytest-session",
    **{
        f"examples/{name}/README.md": f"{EXAMPLES}#{name}"
        for name in ("aiohttp", "django", "falcon", "fastapi", "flask", "litestar")
    },
    "examples/notebook/README.md": f"{EXAMPLES}#a-notebook",
    "examples/script/README.md": f"{EXAMPLES}#a-script",
    "docs/reports": "reports/index.md",
}
"""Pages, or places in them, that stand for other files and folders of the repository."""

LINK = re.compile(r"(?<=\]\()(?!\w+:)[^#\s)]+(#[^\s)]*)?")


def rewritten(text: str, folder: Path, page: Path) -> str:
    """The Markdown text of a file in `folder` with links as they have to be on `page`."""

    def replacement(match: re.Match[str]) -> str:
        link = match.group()
        path, _, anchor = link.partition("#")
        place = os.path.relpath(os.path.normpath(folder / path), ROOT)
        if not (ROOT / place).exists():
            return link  # Sphinx says that it leads nowhere
        target = PAGES.get(f"{place}#{anchor}")
        if target is None:
            target = PAGES.get(place) or os.path.relpath(ROOT / place, DOCS)
            if anchor and "#" not in target:
                target = f"{target}#{anchor}"
        return os.path.relpath(DOCS / target, page.parent)

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
