"""The report page: what is in it, and where the command puts it."""

from __future__ import annotations

import base64
import gzip
import json
import linecache
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import spinetail
from spinetail import Profiler, source_texts
from spinetail._library import native
from spinetail.renderers import HTMLRenderer
from spinetail.session import Session

MAIN = "MainThread\0<thread>\x001"
EVIL = "</script><img src=x onerror=alert(1)><!--\u202e{{session}}"
# On a busy machine, little time on a CPU would be too little for a sample.
BUSY = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass\n"

pytestmark = pytest.mark.any_version


def session_of(*files: str, name: str = "work", **changes: Any) -> Session:
    """A session with a sample in a function of each file."""
    facts: dict[str, Any] = {
        "frame_records": [([MAIN, f"{name}\0{file}\x001"], 0.5) for file in files],
        "start_time": time.time(),
        "duration": 1.0,
        "min_interval": 0.001,
        "max_interval": 0.001,
        "sample_count": len(files),
        "start_call_stack": [MAIN],
        "target_description": "Program: program.py",
        "cpu_time": 0.5,
        "sys_path": [],
        "sys_prefixes": [],
    }
    facts.update(changes)
    return Session(**facts)


def file_in(page: str) -> bytes:
    """The session file that a page holds."""
    parts = re.findall(r'<script id="session" type="text/plain">([^<]*)</script>', page)
    assert len(parts) == 1
    return base64.b64decode(parts[0], validate=True)


def loaded(page: str, folder: Path) -> Session:
    path = folder / "from-page.spinetail"
    path.write_bytes(file_in(page))
    return Session.load(path)


def header_in(page: str) -> dict[str, Any]:
    data = gzip.decompress(file_in(page))
    header: dict[str, Any] = json.loads(data[4 : 4 + int.from_bytes(data[:4], "little")])
    return header


def sources_in(page: str) -> dict[str, str]:
    sources: dict[str, str] = header_in(page).get("sources", {})
    return sources


def sources_of(*files: str, **changes: Any) -> dict[str, str]:
    return sources_in(HTMLRenderer().render(session_of(*files, **changes)))


# What is in a page.


def test_a_page_holds_the_session(tmp_path: Path) -> None:
    session = session_of("/app/a.py", "/app/b.py")
    page = HTMLRenderer().render(session)
    again = loaded(page, tmp_path)
    assert native.session_samples(again._handle) == native.session_samples(session._handle)
    assert native.session_metadata(again._handle) == native.session_metadata(session._handle)
    assert file_in(page) == native.session_to_bytes(session._handle, ())


def test_a_page_is_the_template_but_for_the_session() -> None:
    template = Path(spinetail.__file__).with_name("report.html").read_text(encoding="utf-8")
    head, tail = template.split("{{session}}")
    page = HTMLRenderer().render(session_of(EVIL, name=EVIL, target_description=EVIL))
    assert page.startswith(head) and page.endswith(tail)
    assert re.match("^[A-Za-z0-9+/]+=*$", page[len(head) : -len(tail)])
    strings = header_in(page)["strings"]
    assert EVIL in strings and header_in(page)["targetDescription"] == EVIL


def test_a_page_asks_nothing_of_a_network() -> None:
    page = HTMLRenderer().render(session_of("/app/a.py"))
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy and policy.group(1).startswith("default-src 'none'")
    sources = {word for word in policy.group(1).replace(";", " ").split() if word[:1] != "'"}
    directives = {word for word in sources if re.match("[a-z]+-(src|uri|action)$", word)}
    assert sources - directives == {"data:", "blob:"}
    elements = re.findall("<(?:link|script|img|iframe|object|embed)[^>]*>", page)
    assert elements
    for element in elements:
        assert not re.search(r"""(?:src|href)=["']?(?!data:|["'])""", element), element
    assert not re.search(r"@import|url\((?!['\"]?data:)", page)


def test_options_of_the_reference_change_nothing() -> None:
    session = session_of("/app/a.py")
    renderer = HTMLRenderer(resample_interval=0.1, show_all=True, timeline=True)
    assert renderer.render(session) == HTMLRenderer().render(session)


def test_a_session_without_samples(tmp_path: Path) -> None:
    page = HTMLRenderer().render(session_of())
    assert loaded(page, tmp_path).sample_count == 0


# Source files.


def test_sources_of_files_with_samples(tmp_path: Path) -> None:
    used, unused = tmp_path / "used.py", tmp_path / "unused.py"
    used.write_text("x = '</script>'\n")
    unused.write_text("pass\n")
    changes = {"start_call_stack": [MAIN, f"main\0{unused}\x001"]}
    assert sources_of(str(used), "<string>", str(tmp_path / "missing.py"), **changes) == {
        str(used): "x = '</script>'\n"
    }
    page = HTMLRenderer(source=False).render(session_of(str(used)))
    assert "sources" not in header_in(page)


@pytest.mark.parametrize(
    "content, expected",
    [
        (b"# coding: latin-1\r\n'\xe9'\r\n", "# coding: latin-1\n'\xe9'\n"),
        (b"\xef\xbb\xbfx\n", "x\n"),
        ("'\u202e\U0001f600'\n".encode(), "'\u202e\U0001f600'\n"),
        (b"", ""),
        (b"'\xe9'\n", None),
        (b"# coding: no-such-codec\n", None),
        (b"# coding: rot13\n", None),
        (b"# coding: latin-1\n" + b"\xe9" * (1 << 20), None),
    ],
)
def test_decoding(tmp_path: Path, content: bytes, expected: str | None) -> None:
    path = tmp_path / "source.py"
    path.write_bytes(content)
    assert sources_of(str(path)).get(str(path)) == expected


def test_what_is_no_readable_file_is_left_out(tmp_path: Path, monkeypatch: Any) -> None:
    os.mkfifo(str(tmp_path / "pipe"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<string>").write_text("another thing\n")
    names = [str(tmp_path), str(tmp_path / "pipe"), "<string>", "a\x01b", "/dev/zero"]
    assert sources_of(*names) == {}
    assert source_texts.source_texts(["a\0b", "\udc80", ""], newest=0) == []


def test_a_file_that_was_changed_since_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "source.py"
    path.write_text("first\n")
    now = path.stat().st_mtime
    os.utime(str(path), (now, now + 100))
    assert sources_of(str(path), start_time=now) == {}
    assert sources_of(str(path), start_time=now + 99.5) == {str(path): "first\n"}


def test_undecodable_names_have_sources(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\x80.py")
    try:
        with open(path, "w") as file:
            file.write("text\n")
    except OSError:
        pytest.skip("the file system has no such names")
    assert sources_of(path) == {path: "text\n"}


def test_cells_of_notebooks(monkeypatch: Any) -> None:
    cell = (3, None, ["first\n", "second\n"], "<cell>")
    monkeypatch.setitem(linecache.cache, "<cell>", cell)
    monkeypatch.setitem(linecache.cache, "/no/such/4711.py", (1, 1.5, ["x\n"], "/no/such/4711.py"))
    monkeypatch.setitem(linecache.cache, "<lazy>", (lambda: "text",))
    assert sources_of("<cell>", "/no/such/4711.py", "<lazy>") == {
        "<cell>": "first\nsecond\n",
        "/no/such/4711.py": "x\n",
    }


def test_sources_have_a_limit(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(source_texts, "TOTAL_LIMIT", 25)
    for name in "abc":
        (tmp_path / name).write_text("x" * 10)
    (tmp_path / "d").write_text("x" * 5)
    names = [str(tmp_path / name) for name in "abcd"]
    assert list(sources_of(*names)) == [names[0], names[1], names[3]]


def test_pairs_are_checked() -> None:
    handle = session_of()._handle
    with pytest.raises(ValueError, match="pair"):
        native.session_to_bytes(handle, [("a", "b", "c")])  # type: ignore[list-item]
    with pytest.raises(TypeError):
        native.session_to_bytes(handle, [("a", 1)])  # type: ignore[list-item]


# The profiler's methods.


def test_a_profilers_page(tmp_path: Path) -> None:
    profiler = Profiler()
    for method in (
        profiler.output_html,
        lambda: profiler.write_html(tmp_path / "none.html"),
        profiler.open_in_browser,
    ):
        with pytest.raises(RuntimeError, match="nothing to show yet"):
            method()
    with profiler:
        with pytest.raises(RuntimeError, match="still running"):
            profiler.open_in_browser()
        time.sleep(0.01)
    assert not list(tmp_path.iterdir())
    path = tmp_path / "page.html"
    profiler.write_html(path)
    page = path.read_text(encoding="utf-8")
    assert page == profiler.output_html()
    assert sources_in(page)[__file__].startswith('"""The report page')
    profiler.write_html(str(path), source=False)
    assert path.read_text(encoding="utf-8") == profiler.output_html(source=False)
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


# The command.


def test_the_command_writes_a_page(workshop: Any) -> None:
    workshop.write("s.py", BUSY)
    for name, flags in [("x.html", []), ("y.HTM", ["--no-source"]), ("z", ["--html", "-t"])]:
        outcome = workshop.spinetail("-o", name, *flags, "s.py")
        assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
        page = (workshop.folder / name).read_text(encoding="utf-8")
        assert loaded(page, workshop.folder).target_description == "Program: s.py"
        texts = [text for path, text in sources_in(page).items() if path.endswith("s.py")]
        assert texts == ([] if name == "y.HTM" else [BUSY])
    assert workshop.kept_runs() == []


def test_a_page_goes_down_a_pipe(workshop: Any) -> None:
    workshop.write("s.py", "print('first')")
    done = subprocess.run(
        [sys.executable, "-m", "spinetail", "-r", "html", "s.py"],
        cwd=str(workshop.folder),
        env={**workshop.environment, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    start = done.stdout.index(b"<!doctype html>")
    assert done.stdout[:start] == b"first\n"
    page = done.stdout[start:].decode("utf-8")
    template = Path(spinetail.__file__).with_name("report.html").read_text(encoding="utf-8")
    assert page.endswith(template.rpartition("{{session}}")[2])


class Terminal:
    """Runs the command in a terminal whose browser notes what it is to open."""

    def __init__(self, workshop: Any) -> None:
        self.workshop = workshop
        self.folder: Path = workshop.folder
        self.opened = self.folder / "opened"
        self.browser = workshop.write("browser", f'#!/bin/sh\nprintf %s "$1" > {self.opened}\n')
        self.browser.chmod(0o755)

    def run(self, *words: str, **changes: str) -> str:
        """What the terminal shows."""
        environment = {**self.workshop.environment, "TMPDIR": str(self.folder / "tmp"), **changes}
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        (self.folder / "tmp").mkdir(exist_ok=True)
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "spinetail", *words],
            cwd=str(self.folder),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
        ) as process:
            os.close(theirs)
            shown = b""
            while True:
                try:
                    piece = os.read(ours, 65536)
                except OSError:  # the other side is closed
                    break
                if not piece:
                    break
                shown += piece
            os.close(ours)
            assert process.wait(timeout=60) == 0, shown
        return shown.decode().replace("\r\n", "\n")

    def pages(self) -> list[Path]:
        return list((self.folder / "tmp").glob("*.html"))


def test_a_terminal_opens_a_browser(workshop: Any) -> None:
    # A program's module of that name isn't ours.
    workshop.write("webbrowser.py", "raise SystemExit('the wrong one')")
    workshop.write("s.py", "print('first')")
    terminal = Terminal(workshop)
    shown = terminal.run("-r", "html", "s.py", BROWSER=str(terminal.browser))
    (page,) = terminal.pages()
    assert shown == f"first\nThe report is in {page}\n"
    assert terminal.opened.read_text() == page.as_uri()
    text = page.read_text(encoding="utf-8")
    assert loaded(text, workshop.folder).target_description == "Program: s.py"
    assert page.stat().st_mode & 0o77 == 0


def test_a_terminal_without_a_browser_says_where_the_page_is(workshop: Any) -> None:
    workshop.write("s.py", "")
    terminal = Terminal(workshop)
    for browser in ("", "/no/such/browser", "'"):
        shown = terminal.run("--html", "s.py", BROWSER=browser)
        first, second, rest = shown.split("\n")
        assert Path(first.partition("The report is in ")[2]) in terminal.pages()
        assert (second, rest) == ("spinetail: there is no browser to open the report with", "")
    assert len(terminal.pages()) == 3


def test_a_page_of_a_session_that_was_kept(workshop: Any) -> None:
    workshop.write("s.py", BUSY)
    assert workshop.spinetail("-o", "run.spinetail", "s.py").returncode == 0
    terminal = Terminal(workshop)
    shown = terminal.run("--load", "run.spinetail", "--html", BROWSER=str(terminal.browser))
    (page,) = terminal.pages()
    assert shown == f"The report is in {page}\n"
    text = page.read_text(encoding="utf-8")
    assert any(path.endswith("s.py") for path in sources_in(text))
    (workshop.folder / "s.py").write_text("another program\n")
    os.utime(str(workshop.folder / "s.py"), (time.time() + 9, time.time() + 9))
    assert workshop.spinetail("--load", "run.spinetail", "-o", "x.html").returncode == 0
    text = (workshop.folder / "x.html").read_text(encoding="utf-8")
    assert not any(path.endswith("s.py") for path in sources_in(text))
