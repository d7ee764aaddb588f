"""Links lead somewhere: in the repository, and in the built documentation. Nothing is fetched."""

from __future__ import annotations

import os
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import List, Optional, Set, Tuple
from urllib.parse import unquote, urlsplit

import pytest

from markdown_files import ROOT, Link, anchors, links, pages

BUILT = ROOT / "build" / "docs"


def problem(link: Link) -> Optional[str]:
    """What is wrong with a link of a file in the repository."""
    parts = urlsplit(link.target)
    if parts.scheme or parts.netloc:
        is_well_formed = parts.scheme == "https" and "." in parts.netloc and " " not in link.target
        return None if is_well_formed else "isn't a whole https address"
    path = link.page.parent / unquote(parts.path) if parts.path else link.page
    if not path.exists():
        return "leads to no file"
    if os.path.relpath(path, ROOT).startswith(".."):
        return "leads out of the repository"
    if parts.fragment and (path.suffix != ".md" or parts.fragment not in anchors(path)):
        return "leads to no heading"
    return None


ALL_LINKS = [link for page in pages() for link in links(page)]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_the_repository_lead_somewhere(page: Path) -> None:
    wrong = [f"{link.name} {problem(link)}" for link in links(page) if problem(link)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "target", ["nowhere.md", "README.md#nothing", "http://example.com", "../elsewhere", "https://x"]
)
def test_a_link_that_leads_nowhere_is_found(target: str) -> None:
    assert problem(Link(ROOT / "README.md", 1, target))


class Page(HTMLParser):
    """Collects what a built page links to and what can be linked in it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.targets: List[str] = []
        self.names: Set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: List[Tuple[str, Optional[str]]]) -> None:
        for name, value in attributes:
            if value is None:
                continue
            if name in ("href", "src"):
                self.targets.append(value)
            elif name == "id":
                self.names.add(value)


read = lru_cache(maxsize=None)(Page)


def built_problem(file: Path, target: str) -> Optional[str]:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None if parts.scheme in ("https", "data") else "isn't a whole https address"
    path = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if not path.is_file():
        return "leads to no file"
    if (
        parts.fragment
        and path.suffix == ".html"
        and unquote(parts.fragment) not in read(path).names
    ):
        return "leads to no place in its page"
    return None


def test_links_of_the_built_pages_lead_somewhere() -> None:
    files = sorted(BUILT.rglob("*.html"))
    assert len(files) > 20, "make docs builds them first"
    wrong = [
        f"{file.relative_to(BUILT)}: {target} {built_problem(file, target)}"
        for file in files
        for target in read(file).targets
        # The theme's way to begin a menu, and its link to the top of the page.
        if target != "#" and built_problem(file, target)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_fetched_by_the_built_pages() -> None:
    """Neither scripts nor styles, pictures or fonts come from elsewhere."""
    for file in BUILT.rglob("*.css"):
        assert "url(http" not in file.read_text(encoding="utf-8"), file
    for file in BUILT.rglob("*.html"):
        assert 'src="http' not in file.read_text(encoding="utf-8"), file
