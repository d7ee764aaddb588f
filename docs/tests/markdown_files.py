"""What the tests want to know of a Markdown file: its links, its headings and its code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

INSTRUCTION = re.compile(r"<!-- (run with|not run|file|output): *(.*?) *-->")


class Block(NamedTuple):
    """A block of code, and what the comment before it says about running it."""

    page: Path
    line: int
    language: str
    """What stands after the fence; empty for an indented block."""
    text: str
    instruction: str
    """What kind of comment stands before it; empty without one."""
    detail: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


class Link(NamedTuple):
    page: Path
    line: int
    target: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line} {self.target}"


def pages() -> List[Path]:
    """All Markdown files that people read, those of the examples included."""
    documentation = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    return sorted([*documentation, *ROOT.glob("examples/**/*.md"), *ROOT.glob("[bv]*/README.md")])


def tokens(page: Path) -> List[Token]:
    parser = MarkdownIt("commonmark").enable("table")
    parsed: List[Token] = parser.parse(page.read_text(encoding="utf-8"))
    return parsed


def blocks(page: Path) -> Iterator[Block]:
    instruction: Optional[re.Match[str]] = None
    for token in tokens(page):
        if token.type == "html_block":
            instruction = INSTRUCTION.search(token.content)
        elif token.type in ("fence", "code_block"):
            kind, detail = instruction.groups() if instruction else ("", "")
            line = (token.map or [0])[0] + 1
            language = token.info.strip() or ("text" if token.type == "fence" else "")
            yield Block(page, line, language, token.content, kind, detail)
            instruction = None
        elif token.level == 0:
            instruction = None


def links(page: Path) -> Iterator[Link]:
    line = 0
    for token in tokens(page):
        line = token.map[0] + 1 if token.map else line
        for child in token.children or ():
            target = child.attrGet("href" if child.type == "link_open" else "src")
            if target is not None:
                yield Link(page, line, str(target))


def anchors(page: Path) -> List[str]:
    """Those that a code host, and MyST, give to headings."""
    found: List[str] = []
    all_tokens = tokens(page)
    for token, content in zip(all_tokens, all_tokens[1:]):
        if token.type == "heading_open":
            text = "".join(
                part.content
                for part in content.children or ()
                if part.type in ("text", "code_inline")
            )
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            count = found.count(slug)
            found.append(f"{slug}-{count}" if count else slug)
    return found
