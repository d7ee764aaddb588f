"""Every block of code in the README and the guide runs, in a clean folder for each page.

The folder holds docs/programs and docs/tests/files. The blocks of a page run in their order, and
find what earlier ones have left there. Comments before a block say what else it needs:

`<!-- run with: NAMES -->`      what stands in docs/tests/setups/NAME.py comes first
`<!-- file: NAME -->`           it is a file that other blocks use
`<!-- output: of the last -->`  it is what the block before prints; see `not_shown`
`<!-- not run: WHY -->`         it can't be run here
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

import pytest

from markdown_files import DOCS, ROOT, Block, blocks
from spinetail import Profiler

HERE = Path(__file__).resolve().parent
KEPT_RUN = "2026-11-24T10-22-36"
"""The run that pages show by --load-prev."""

SHOWN_FOLDER = "/home/you"
"""What pages show for the folder that they are read in."""

SHELL = ("sh", "")  # an indented block has no language
PYTHON = ("python",)
MOST_NOT_RUN = 7

PAGES = [
    ROOT / "README.md",
    *sorted(DOCS.glob("*.md")),
    *sorted(DOCS.glob("guide/*.md")),
    *sorted(DOCS.glob("reference/*.md")),
]


class Result(NamedTuple):
    status: int
    output: str
    errors: str


class Reader:
    """Does in a folder of its own what a page tells its reader to do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = 0
        """The line of the page that was read last."""
        self.last: Optional[Result] = None
        for source in (DOCS / "programs", HERE / "files"):
            shutil.copytree(source, folder, dirs_exist_ok=True)
        self.variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "COV_")) and name not in ("BROWSER", "DISPLAY")
        }
        self.variables.update(
            HOME=str(folder),
            XDG_DATA_HOME=str(folder / ".data"),
            PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            COLUMNS="100",
        )
        self.keep_run()

    def keep_run(self) -> None:
        with Profiler() as profiler:
            sum(range(1_000_000))
        store = self.folder / ".data" / "spinetail" / "reports"
        store.mkdir(parents=True)
        assert profiler.last_session is not None
        profiler.last_session.save(store / f"{KEPT_RUN}.spinetail")

    def run(self, block: Block) -> None:
        """Runs a block, or writes its file. Fails where the block does."""
        self.place = block.line
        if block.instruction == "file":
            path = self.folder / block.detail
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
            return
        if block.instruction == "output":
            assert self.last is not None, f"{block.name}: nothing has run before"
            printed = self.printed()
            missing = not_shown(block.text, printed)
            assert not missing, f"{block.name} shows {missing}, which isn't in\n{printed}"
            return
        self.last = self.result(block)
        assert self.last.status == 0, (
            f"{block.name} ends with status {self.last.status}:\n{block.text}\n"
            f"{self.last.output}\n{self.last.errors}"
        )

    def printed(self) -> str:
        """What the last block has printed, wherever the folder is."""
        assert self.last is not None
        return (self.last.output + self.last.errors).replace(str(self.folder), SHOWN_FOLDER)

    def result(self, block: Block) -> Result:
        if block.language in PYTHON:
            names = block.detail.split() if block.instruction == "run with" else []
            code = [(HERE / "setups" / f"{name}.py").read_text() for name in names]
            (self.folder / "block.py").write_text("".join([*code, block.text]), encoding="utf-8")
            command = [sys.executable, "block.py"]
        else:
            command = ["bash", "-euo", "pipefail", "-c", block.text]
        run = subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Result(run.returncode, run.stdout, run.stderr)


def not_shown(shown: str, printed: str) -> List[str]:
    """What a page shows and a program doesn't print any more.

    Times differ from run to run, and with them the order of lines and whether small ones are there
    at all. So what has a third of the time has to be there, by name and file, and in other lines
    the words: no number counts, nor what is drawn around them.
    """
    there = {words(line) for line in printed.splitlines()}
    lines = shown.splitlines()
    least = max(map(time_in, lines), default=0.0) / 3
    return [line for line in lines if is_certain(line, least) and words(line) not in there]


def is_certain(line: str, least: float) -> bool:
    """False for what the next run, or another version of Python, may not have."""
    name = re.search(r"[\d.]+ (_)", line)  # private ones of the standard library
    return (time_in(line) or least) >= least and "frames hidden]" not in line and not name


def time_in(line: str) -> float:
    """The time of a function's line; 0 in other lines."""
    found = re.match(r"[^\w<\[]*(\d+\.\d{3}) ", line)
    return float(found.group(1)) if found else 0.0


def words(line: str) -> str:
    return " ".join(re.findall(r"[^\W\d]+(?:[.][^\W\d]+)*", line))


def to_run(page: Path) -> Iterator[Block]:
    for block in blocks(page):
        if block.instruction == "not run" or block.language.startswith("{"):
            continue
        if block.language in SHELL + PYTHON or block.instruction in ("file", "output"):
            yield block


def is_plain(block: Block) -> bool:
    """Whether it only shows something, and says so: a block of text."""
    return block.language in ("text", "json", "toml", "ini", "diff") and not block.instruction


BLOCKS = [block for page in PAGES for block in to_run(page)]
readers: Dict[Path, Reader] = {}


@pytest.fixture
def reader(block: Block, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The reader of the block's page, who has done all that stands above the block."""
    if block.page not in readers:
        readers[block.page] = Reader(tmp_path_factory.mktemp(block.page.stem))
    reader = readers[block.page]
    for earlier in BLOCKS:
        if earlier.page == block.page and reader.place < earlier.line < block.line:
            reader.run(earlier)
    return reader


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_block(block: Block, reader: Reader) -> None:
    reader.run(block)


def test_nothing_is_left_out_silently() -> None:
    """Each block either runs, only shows something, or says why it can't be run."""
    left_out: List[str] = []
    for page in PAGES:
        for block in blocks(page):
            if block in BLOCKS or is_plain(block) or block.language.startswith("{"):
                continue
            assert block.instruction == "not run" and block.detail, f"{block.name} isn't run"
            left_out.append(f"{block.name}: {block.detail}")
    assert len(left_out) <= MOST_NOT_RUN, "\n".join(left_out)


# The test of the test: a block that fails is a failure.


def broken(text: str, language: str) -> Block:
    return Block(ROOT / "README.md", 1, language, text, "", "")


@pytest.mark.parametrize(
    "block",
    [
        broken("raise RuntimeError\n", "python"),
        broken("spinetail --no-such-option shop.py\n", "sh"),
        broken("false\ntrue\n", "sh"),
    ],
    ids=["python", "option", "first line"],
)
def test_a_block_that_fails_is_found(block: Block, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Reader(tmp_path).run(block)


def test_an_output_that_is_no_longer_so_is_found() -> None:
    printed = "0.412 <module>  shop.py:1\n└─ 0.400 Shop.fetch  shop.py:21\n"
    assert not not_shown("└─ 0.900 Shop.fetch  shop.py:21\n", printed)
    assert not_shown("└─ 0.900 Shop.get  shop.py:21\n", printed)
    assert not not_shown("0.900 <module>  shop.py:1\n└─ 0.010 Shop.get  shop.py:21\n", printed)
    assert not_shown("Note: something.\n", printed)
