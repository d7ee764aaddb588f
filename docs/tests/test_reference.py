"""The reference names all that there is: options, settings, variables, formats, and no more."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Dict, Iterator, List, Set

import pytest

from markdown_files import DOCS, ROOT, links, tokens
from spinetail.command_line.formats import FORMATS, SUFFIXES
from spinetail.command_line.option_parser import make_parser
from spinetail.magic_options import make_parser as make_magic_parser

PACKAGE = ROOT / "python" / "spinetail"
REFERENCE = DOCS / "reference"


def rows(page: str) -> Iterator[List[str]]:
    """The cells of all tables of a page."""
    row: List[str] = []
    for token, content in zip(tokens(REFERENCE / page), tokens(REFERENCE / page)[1:]):
        if token.type == "tr_open":
            row = []
        elif token.type == "td_open":
            row.append(content.content)
        elif token.type == "tr_close" and row:
            yield row


def code(text: str) -> List[str]:
    return re.findall(r"`([^`]+)`", text)


def documented_options(page: str) -> Dict[str, str]:
    """The names of options, each with its value's name, or an empty text."""
    found: Dict[str, str] = {}
    for first, *_ in rows(page):
        shown = code(first)
        if not all(text.startswith("-") for text in shown) or "-p " in first and page[0] == "c":
            continue
        names = [re.split("[ =]", text, maxsplit=1) for text in shown]
        for name in names:
            found[name[0]] = name[1] if len(name) > 1 else ""
    return found


def test_the_command_has_the_documented_options() -> None:
    documented = documented_options("command.md")
    options = {
        name: option
        for group in make_parser().option_groups
        for option in group.option_list
        if option.help != "SUPPRESSHELP"
        for name in (*option._short_opts, *option._long_opts)
    }
    # A value's name stands at the last of an option's names.
    assert set(documented) == set(options)
    for option in options.values():
        last = (*option._short_opts, *option._long_opts)[-1]
        assert documented[last] == (option.metavar if option.takes_value() else ""), last


def test_formats_are_the_documented_ones() -> None:
    table = [row for row in rows("command.md") if len(row) == 4]
    assert [code(name) for name, *_ in table] == [[name] for name in FORMATS]
    for name, suffixes, _, renderer in table:
        (known,) = code(name)
        assert set(code(suffixes)) == {suffix for suffix, to in SUFFIXES.items() if to == known}
        assert f"~{FORMATS[known]}" in renderer


def test_the_magics_have_the_documented_options() -> None:
    parser = make_magic_parser()
    there = {
        name for option in parser.option_list for name in (*option._short_opts, *option._long_opts)
    }
    documented = documented_options("magics.md")
    assert set(documented) == there
    docstring = (PACKAGE / "magic.py").read_text(encoding="utf-8")
    for name in documented:
        if name not in ("--async-mode", "--no-timeline", "--render-option"):  # other ways to say it
            assert re.search(rf"(?<![\w-]){name}\b", docstring), name


def test_settings_are_the_documented_ones() -> None:
    tree = ast.parse((PACKAGE / "django_settings.py").read_text(encoding="utf-8"))
    there = {
        f"SPINETAIL_{call.args[0].value}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "setting"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
    assert {code(first)[0] for first, *_ in rows("django-settings.md")} == there
    guide = (DOCS / "guide" / "django.md").read_text(encoding="utf-8")
    assert set(re.findall(r"SPINETAIL_[A-Z_]+", guide)) <= there


def test_variables_are_the_documented_ones() -> None:
    documented = {name for first, *_ in rows("environment.md") for name in code(first)}
    assert documented == set(variables())


def variables() -> Set[str]:
    """What the package looks up in the environment."""
    found: Set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "os.environ" in line:
                found.update(re.findall(r'"([A-Z_]{3,})"', line))
    return found


def messages() -> List[str]:
    """What the program says in a report's notes and when it can't record: the beginning of each
    text, as far as it is fixed.
    """
    sampling = ROOT / "Sources" / "Sampling" / "Sampler" / "SamplerError.swift"
    header = ROOT / "Sources" / "Reporting" / "Renderers" / "TextHeader.swift"
    texts: List[str] = []
    for file in (sampling, header):
        for line in file.read_text(encoding="utf-8").splitlines():
            texts += re.findall(r'return "([^"\\]+)', line)
    choice = (PACKAGE / "engine_choice.py").read_text(encoding="utf-8")
    texts += re.findall(
        r'"(it was asked for|a [a-z ]+ at the start|a timer function is set)"', choice
    )
    return [text.strip() for text in texts if len(text) > 12]


@pytest.mark.parametrize("message", messages())
def test_troubleshooting_knows_the_message(message: str) -> None:
    page = re.sub(
        r"[`*\s]+", " ", (DOCS / "guide" / "troubleshooting.md").read_text(encoding="utf-8")
    )
    words = re.sub(r"\s+", " ", message)
    assert words.split(":")[0].rstrip(". (") in page


def test_every_page_can_be_found_in_one_click() -> None:
    """From the README, and from the index."""
    readme = {link.target for link in links(ROOT / "README.md")}
    index = {link.target for link in links(DOCS / "index.md")}
    for page in DOCS.glob("guide/*.md"):
        assert f"docs/guide/{page.name}" in readme
        assert f"guide/{page.name}" in index


def test_programs_that_pages_show_are_run() -> None:
    """What is included from docs/programs is run by some block, all else by `make test-work`."""
    for page in Path(DOCS).rglob("*.md"):
        for included in re.findall(r"\{literalinclude\} (\S+)", page.read_text(encoding="utf-8")):
            file = (page.parent / included).resolve()
            if file.parent == DOCS / "programs":
                assert f" {file.name}" in page.read_text(encoding="utf-8").replace(included, "")
            else:
                assert file.suffix == ".txt" or ROOT / "examples" in file.parents, included
