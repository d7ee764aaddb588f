"""What the command makes of its words, before any program runs."""

from __future__ import annotations

import re
import sys

import pytest

from spinetail.command_line.errors import CommandError
from spinetail.command_line.formats import FORMATS, format_of_file
from spinetail.command_line.options import parse_options
from spinetail.command_line.renderer_choice import RendererChoice

MESSAGES = {
    "two places": (["-o", "r.txt", "--stderr", "s.py"], "-o and --stderr"),
    "threads": (["--threads", "some", "s.py"], "current, all"),
    "engine": (["--engine", "x", "s.py"], "auto, sampler, setprofile"),
    "clock": (["--clock", "sun", "s.py"], "wall, cpu"),
    "two hides": (["--hide", "a", "--hide-regex", "b", "s.py"], "--hide and --hide-regex"),
    "two shows": (["--show", "a", "--show-regex", "b", "s.py"], "choose one"),
    "show and all": (["--show-regex", "a", "--show-all", "s.py"], "choose one"),
    "bad regex": (["--hide-regex", "(", "s.py"], "no regular expression"),
    "bad regex to show": (["--show-regex", "*", "s.py"], "--show-regex '*'"),
    "unknown placeholder": (["--target-description", "{foo}", "s.py"], "no placeholder {foo}"),
    "empty placeholder": (["--target-description", "a {}", "s.py"], "no placeholder {}"),
    "open brace": (["--target-description", "{args", "s.py"], "{args}"),
    "attribute": (["--target-description", "{args.x}", "s.py"], "{args.x}"),
    "bad format": (["--target-description", "{args:d}", "s.py"], "{args}"),
    "nameless option": (["-p", "=1", "s.py"], "'=1'"),
    "empty key": (["-p", "a..b=1", "s.py"], "'a..b=1'"),
    "key in a number": (["-p", "a=1", "-p", "a.b=2", "s.py"], "'a.b=2'"),
    "two things to load": (["--load", "a", "--load-prev", "b"], "--load or --load-prev"),
    "load and script": (["--load", "a", "s.py"], "more than one thing"),
    "load and module": (["--load", "a", "-m", "mod"], "more than one thing"),
    "previous and code": (["--load-prev", "a", "-c", "1"], "more than one thing"),
    "path and module": (["--from-path", "-m", "mod"], "--from-path"),
    "ambiguous": (["--sh", "s.py"], "ambiguous"),
    "renderer": (["-r", "nope", "s.py"], ", ".join(FORMATS)),
    "no renderer": (["-r", "", "s.py"], ", ".join(FORMATS)),
    "path of nothing": (["-r", "no.such.Renderer", "s.py"], "no.such.Renderer"),
    "path of another thing": (["-r", "os.path", "s.py"], "no renderer"),
    "strange path": (["-r", "a b.c", "s.py"], "no renderer"),
    "unknown to renderer": (["-p", "nope", "s.py"], "no option 'nope'"),
    "bad value": (["-p", "time=hours", "s.py"], "text"),
    "no object": (["-p", "processor_options=1", "s.py"], "JSON object"),
    "flat timeline": (["-t", "-p", "flat", "s.py"], "order of time"),
    "view of a session": (["-r", "pyisession", "-t", "s.py"], "pyisession"),
    "filter of a session": (["-r", "spinetail", "--hide", "x", "s.py"], "--hide"),
    "filter of a page": (["-o", "R.HTM", "--show", "x", "s.py"], "choose in it"),
    "clock of a page": (["-r", "text", "--html", "--clock", "cpu", "s.py"], "no option 'clock'"),
    "source of text": (["--no-source", "s.py"], "no option 'source'"),
}

pytestmark = pytest.mark.any_version


@pytest.mark.parametrize("case", MESSAGES)
def test_wrong_options(case):
    words, hint = MESSAGES[case]
    with pytest.raises(CommandError) as caught:
        RendererChoice(parse_options(words))
    assert caught.value.status == 2
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_defaults():
    options = parse_options(["script.py", "-t", "--", "x"])
    assert (options.script, options.arguments) == ("script.py", ["-t", "--", "x"])
    assert (options.interval, options.threads, options.engine) == (0.001, "all", "auto")
    assert (options.renderer, options.outfile, options.render_options) == ("text", None, {})
    assert (options.timeline, options.show_all, options.clock) == (False, False, "wall")
    assert (options.unicode, options.color, options.use_timing_thread) == (None, None, None)
    assert options.target_description == "Program: {args}"
    assert not options.is_loading


@pytest.mark.parametrize(
    "words",
    [
        ["--time", "--inter", "0.01", "--out", "r", "--renderer=json", "--no-c", "--no-u", "s.py"],
        ["-ti0.01", "-or", "-rjson", "--no-color", "--no-unicode", "s.py"],
    ],
)
def test_spellings(words):
    options = parse_options([*words, "--use-timing-thread"])
    assert options.timeline and options.interval == 0.01
    assert (options.outfile, options.renderer) == ("r", "json")
    assert (options.color, options.unicode) == (False, False)
    assert options.arguments == ["--use-timing-thread"]
    assert parse_options(["--use-timing-thread", "s.py"]).use_timing_thread is True


@pytest.mark.parametrize(
    "name, format",
    [
        ("a.txt", "text"),
        ("a.JSON", "json"),
        ("dir.json/a.SpeedScope.json", "speedscope"),
        ("a.pstats", "pstats"),
        ("a.pyisession", "pyisession"),
        ("a.spinetail", "spinetail"),
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.prof", "text"),
        ("json", "text"),
        ("", "text"),
    ],
)
def test_format_of_file(name, format):
    assert format_of_file(name) == format
    assert parse_options(["-o", name, "s.py"]).renderer == format
    assert parse_options(["-r", "json", "-o", name, "s.py"]).renderer == "json"


@pytest.mark.parametrize("format", [*FORMATS, "session"])
def test_formats(format):
    choice = RendererChoice(parse_options(["-r", format, "s.py"]))
    extension = choice.make().output_file_extension
    assert format_of_file("x." + extension) == choice.name


@pytest.mark.parametrize(
    "words, expected",
    [
        ([], {}),
        (["flag"], {"flag": True}),
        (["a=1.5", "b=false", "c=null", 'd=[1, "x"]'], {"a": 1.5, "b": False, "c": None}),
        (["a=text", "b=1x", "c=", "d=x=y"], {"a": "text", "b": "1x", "c": "", "d": "x=y"}),
        (["a.b.c=1", "a.b.d", "a.e=2"], {"a": {"b": {"c": 1, "d": True}, "e": 2}}),
        (["a=[1, {}]", "a.0=5", "a.1.k=6"], {"a": [5, {"k": 6}]}),
        (["a=1", "a=2"], {"a": 2}),
        (["a=" + "[" * 100_000], {"a": "[" * 100_000}),
    ],
)
def test_render_options(words, expected):
    arguments = [word for text in words for word in ("-p", text)]
    options = parse_options([*arguments, "s.py"]).render_options
    assert {key: options[key] for key in expected} == expected


def processor_options(*words):
    return RendererChoice(parse_options([*words, "s.py"])).make().processor_options


def test_filters():
    hidden = processor_options("--hide", "*/lib/*", "--show-regex", "x+")
    assert re.match(hidden["hide_regex"], "/a/lib/b/c.py")
    assert not re.match(hidden["hide_regex"], "/a/library/c.py")
    assert hidden["show_regex"] == "x+"
    both = processor_options("--hide-regex", "h", "-p", "processor_options.filter_threshold=0")
    assert (both["hide_regex"], both["filter_threshold"]) == ("h", 0)
    # An object that is given whole doesn't undo what other flags say.
    whole = processor_options("--show", "s", "-p", 'processor_options={"filter_threshold": 0.5}')
    assert re.match(whole["show_regex"], "s") and whole["filter_threshold"] == 0.5
    assert processor_options("--show-all")["show_regex"] == ".*"


def test_what_the_user_says_of_colours_comes_first():
    for words, expected in [([], (True, False)), (["--color", "--no-unicode"], (False, True))]:
        renderer = RendererChoice(parse_options([*words, "s.py"])).make(unicode=True, color=False)
        assert (renderer.unicode, renderer.color) == expected


def test_console_renderer_by_its_path_is_text():
    words = ["-r", "spinetail.renderers.ConsoleRenderer", "--color", "s.py"]
    assert RendererChoice(parse_options(words)).make().color is True


def test_help(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as caught:
        parse_options(["--help"])
    assert caught.value.code == 0
    text, error = capsys.readouterr()
    assert error == ""
    assert max(map(len, text.splitlines())) < 80
    assert "Options:" not in text and "--html" not in text
    examples = text[text.index("Examples:") :]
    assert examples.count("  spinetail ") >= 5
    # Each example is right.
    for line in re.findall(r"^  spinetail (.*)", examples, re.MULTILINE):
        parse_options(line.replace("'", "").split())
    monkeypatch.setenv("COLUMNS", "0")
    with pytest.raises(SystemExit):
        parse_options(["--help"])


@pytest.mark.skipif(sys.platform != "linux", reason="the folder's name")
def test_renderer_of_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "mine_here.py").write_text(
        "class Mine:\n"
        "    output_is_binary = False\n"
        "    def __init__(self, size=1): self.size = size\n"
        "    def render(self, session): return 'mine'\n"
        "    class Inner: render = print\n"
    )
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    choice = RendererChoice(parse_options(["-r", "mine_here.Mine", "-p", "size=3", "s.py"]))
    assert choice.make().size == 3
    assert sys.path == path
    with pytest.raises(CommandError, match="no option 'timeline'"):
        RendererChoice(parse_options(["-r", "mine_here.Mine", "-t", "s.py"]))
    with pytest.raises(CommandError, match="--hide"):
        RendererChoice(parse_options(["-r", "mine_here.Mine", "--hide", "x", "s.py"]))
