"""What renderers make of a session: text, JSON, speedscope files and statistics."""

from __future__ import annotations

import inspect
import io
import json
import locale
import os
import pstats
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

from spinetail import Profiler, processors
from spinetail.renderers import (
    ConsoleRenderer,
    FrameRenderer,
    HTMLRenderer,
    JSONRenderer,
    PstatsRenderer,
    Renderer,
    SessionRenderer,
    SpeedscopeRenderer,
    SpinetailRenderer,
)
from spinetail.session import Session

MAIN = "MainThread\0<thread>\x001"
FRAME_RENDERERS = [ConsoleRenderer, JSONRenderer, PstatsRenderer, SpeedscopeRenderer]

pytestmark = pytest.mark.any_version


def frame(name: str, path: str = "/app/program.py", line: int = 1, extra: str = "") -> str:
    return f"{name}\0{path}\0{line}{extra}"


def session_of(records: list[tuple[list[str], float]], **changes: Any) -> Session:
    facts: dict[str, Any] = {
        "frame_records": records,
        "start_time": 1_700_000_000.25,
        "duration": sum(seconds for _, seconds in records),
        "min_interval": 0.001,
        "max_interval": 0.001,
        "sample_count": len(records),
        "start_call_stack": [MAIN, frame("main")],
        "target_description": "Program: program.py",
        "cpu_time": 0.5,
        "sys_path": ["/app", "/usr/lib/python3.12"],
        "sys_prefixes": ["/usr"],
    }
    facts.update(changes)
    return Session(**facts)


def stack(*names: str) -> list[str]:
    return [MAIN, frame("main"), *(name if "\0" in name else frame(name) for name in names)]


SMALL = [
    (stack("load", frame("parse", extra="\x01cParser\x01l7")), 0.7),
    (stack("load"), 0.1),
    (stack("show"), 0.195),
    (stack("rare"), 0.005),
]


def body(report: str) -> str:
    return report.partition("Program: program.py\n\n")[2]


@pytest.fixture
def small() -> Session:
    return session_of(SMALL)


# What a report says.


def test_text_has_a_tree(small: Session) -> None:
    assert body(ConsoleRenderer(unicode=True).render(small)) == (
        "1.000 main  program.py:1\n"
        "├─ 0.800 load  program.py:1\n"
        "│  ├─ 0.700 Parser.parse  program.py:1\n"
        "│  └─ 0.100 [self]  program.py\n"
        "└─ 0.195 show  program.py:1\n"
        "\n"
    )


def test_options_of_text(small: Session) -> None:
    def report(**options: Any) -> str:
        return body(ConsoleRenderer(**options).render(small))

    assert report(flat=True).splitlines()[:2] == [
        "0.700 Parser.parse  program.py:1",
        "0.195 show  program.py:1",
    ]
    assert report(flat=True, flat_time="total").startswith("1.000 main  program.py:1\n0.800 load")
    assert report(time="percent_of_total").startswith("100.0% main  program.py:1\n|- 80.0% load")
    assert "0.005 rare" in report(show_all=True)
    assert "0.005 rare" in report(processor_options={"filter_threshold": 0.001})
    assert "\x1b[31m1.000" in report(color=True)
    assert ConsoleRenderer(short_mode=True).render(small).startswith("\nspinetail ......")
    assert report(clock="cpu") == (
        "CPU time isn't recorded in this session: look at wall time instead.\n\n"
    )


def test_a_timeline_keeps_the_order() -> None:
    session = session_of([(stack("a"), 0.1), (stack("b"), 0.5), (stack("a"), 0.2)])
    lines = body(ConsoleRenderer(timeline=True).render(session)).splitlines()
    assert [line.split()[2] for line in lines[1:4]] == ["a", "b", "a"]


def test_hidden_and_shown_files() -> None:
    library = "/usr/lib/python3.12/json/decoder.py"
    calls = [frame(name, library) for name in ("loads", "decode", "scan", "end")]
    session = session_of([(stack(*calls, "hook"), 0.1)])

    def report(**options: Any) -> str:
        return body(ConsoleRenderer(processor_options=options).render(session))

    assert "hidden" not in report(show_regex=".*")
    assert "frames hidden]" in report(hide_regex=".*json.*")
    assert report(hide_regex=".*json.*", show_regex=".*decoder.py") == report(show_regex=".*")


def test_json_has_a_frame_in_a_frame(small: Session) -> None:
    text = JSONRenderer().render(small)
    assert text.count("\n") == 1
    assert text.endswith("\n")
    report = json.loads(text)
    root = report.pop("root_frame")
    assert report == {
        "start_time": 1_700_000_000.25,
        "duration": 1.0,
        "sample_count": 4,
        "target_description": "Program: program.py",
        "cpu_time": 0.5,
    }
    load, show = root.pop("children")
    assert root == {
        "function": "main",
        "file_path_short": "program.py",
        "file_path": "/app/program.py",
        "line_no": 1,
        "time": 1.0,
        "await_time": 0.0,
        "is_application_code": True,
    }
    assert load["children"][0]["class_name"] == "Parser"
    assert load["children"][1] == {
        "function": "[self]",
        "file_path_short": "program.py",
        "file_path": "",
        "line_no": 0,
        "time": 0.1,
        "await_time": 0.0,
        "is_application_code": False,
        "children": [],
    }
    assert show["time"] == 0.195


def paths_of_events(profile: dict[str, Any], frames: list[dict[str, Any]]) -> Iterator[Any]:
    """Each stretch of time between events with the names of the open frames."""
    open_frames: list[int] = []
    clock = profile["startValue"]
    for event in profile["events"]:
        if event["at"] > clock:
            yield [frames[one]["name"] for one in open_frames], event["at"] - clock
        clock = event["at"]
        if event["type"] == "O":
            open_frames.append(event["frame"])
        else:
            assert open_frames.pop() == event["frame"]
    assert not open_frames
    assert clock == profile["endValue"]


def test_speedscope_has_every_call(small: Session) -> None:
    file = json.loads(SpeedscopeRenderer().render(small))
    assert file["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert re.match(
        r"CPU profile for 'Program: program\.py' at 2023-11-1\dT\d\d-\d\d-20$", file["name"]
    )
    assert (file["exporter"], file["activeProfileIndex"]) == ("spinetail", None)
    (profile,) = file["profiles"]
    assert (profile["type"], profile["unit"], profile["endValue"]) == ("evented", "seconds", 1.0)
    stretches = [
        (names, round(seconds, 9))
        for names, seconds in paths_of_events(profile, file["shared"]["frames"])
    ]
    assert stretches == [
        (["main", "load", "parse"], 0.7),
        (["main", "load"], 0.1),
        (["main", "show"], 0.195),
        (["main", "rare"], 0.005),
    ]


def test_speedscope_writes_many_samples_as_samples() -> None:
    records = [(stack("a", "b"), 0.001), (stack("a"), 0.001), (stack("c"), 0.001)] * 33_334
    session = session_of(records)
    file = json.loads(SpeedscopeRenderer().render(session))
    (profile,) = file["profiles"]
    names = [one["name"] for one in file["shared"]["frames"]]
    assert profile["type"] == "sampled"
    assert len(profile["samples"]) == len(profile["weights"]) == len(records)
    assert [[names[one] for one in sample] for sample in profile["samples"][:4]] == [
        ["main", "a", "b"],
        ["main", "a"],
        ["main", "c"],
        ["main", "a", "b"],
    ]
    assert sum(profile["weights"]) == pytest.approx(100.002)
    # A processor in Python gets frames, and the file says the same.
    renderer = SpeedscopeRenderer()
    renderer.processors.append(lambda frame, options: frame)
    assert json.loads(renderer.render(session))["profiles"][0]["samples"] == profile["samples"]


def stats_of(text: str, tmp_path: Path) -> pstats.Stats:
    path = tmp_path / "profile.pstats"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return pstats.Stats(str(path), stream=io.StringIO())


def rows(stats: pstats.Stats) -> dict[str, Any]:
    return {key[2]: value for key, value in stats.stats.items()}  # type: ignore[attr-defined]


def test_statistics_load_in_pstats(small: Session, tmp_path: Path) -> None:
    stats = stats_of(PstatsRenderer().render(small), tmp_path)
    found = rows(stats)
    assert {name: (round(row[2], 6), round(row[3], 6)) for name, row in found.items()} == {
        "main": (0.0, 1.0),
        "load": (0.1, 0.8),
        "parse": (0.7, 0.7),
        "show": (0.195, 0.195),
        "rare": (0.005, 0.005),
    }
    assert stats.total_tt == pytest.approx(1.0)  # type: ignore[attr-defined]
    parse = ("/app/program.py", 1, "parse")
    load = ("/app/program.py", 1, "load")
    assert list(stats.stats[parse][4]) == [load]  # type: ignore[attr-defined]
    stats.sort_stats("cumulative").print_stats().print_callers()
    assert all(row[0] == row[1] > 0 for row in found.values())
    text = stats.stream.getvalue()  # type: ignore[attr-defined]
    assert "program.py:1(parse)" in text
    assert " -" not in text.replace("  <-", "")


def test_statistics_under_recursion(tmp_path: Path) -> None:
    session = session_of(
        [
            (stack("fib", "fib", "fib"), 0.010),
            (stack("fib", "fib"), 0.020),
            (stack("other", "fib"), 0.002),
        ]
    )
    fib = rows(stats_of(PstatsRenderer().render(session), tmp_path))["fib"]
    assert fib[2:4] == (0.032, 0.032)
    callers = {key[2]: value[2:] for key, value in fib[4].items()}
    assert callers == {"main": (0.0, 0.03), "fib": (0.03, 0.03), "other": (0.002, 0.002)}


def test_statistics_count_calls_of_little_time_in_many_places(tmp_path: Path) -> None:
    records = [(stack(f"caller{number}", "hash"), 0.005) for number in range(200)]
    found = rows(stats_of(PstatsRenderer().render(session_of(records)), tmp_path))
    assert found["hash"][2] == pytest.approx(1.0)
    assert len(found) == 202


def test_session_files(small: Session, tmp_path: Path) -> None:
    assert json.loads(SessionRenderer().render(small))["sample_count"] == 4
    path = tmp_path / "session.spinetail"
    path.write_bytes(SpinetailRenderer().render(small).encode("utf-8", "surrogateescape"))
    again = Session.load(path)
    assert ConsoleRenderer().render(again) == ConsoleRenderer().render(small)


# Several threads.


@pytest.fixture
def threads() -> Session:
    def work(identifier: int) -> list[str]:
        return [f"Worker-{identifier}\0<thread>\0{identifier}", frame("job")]

    return session_of(
        [(stack("a"), 0.3), (work(7), 0.2), (work(8), 0.00002), (stack("b"), 0.1)],
        start_call_stack=[MAIN],
    )


def test_each_thread_keeps_its_time(threads: Session, tmp_path: Path) -> None:
    times = [("MainThread", 0.4), ("Worker-7", 0.2), ("Worker-8", 0.00002)]
    root = json.loads(JSONRenderer().render(threads))["root_frame"]
    assert (root["function"], root["time"]) == ("[root]", 0.40002 + 0.2)
    assert [(one["function"], one["time"]) for one in root["children"]] == times
    profiles = json.loads(SpeedscopeRenderer().render(threads))["profiles"]
    assert [(one["name"], one["endValue"] - one["startValue"]) for one in profiles] == times
    found = rows(stats_of(PstatsRenderer().render(threads), tmp_path))
    assert [(name, found[name][3]) for name, _ in times] == times
    report = body(ConsoleRenderer(time="percent_of_total", show_all=True).render(threads))
    assert [line for line in report.splitlines() if line.startswith("100.0%")] == [
        "100.0% MainThread  Duration: 0.400",
        "100.0% Worker-7  Duration: 0.200",
        "100.0% Worker-8  Duration: 0.000",
    ]


# Processors.


@pytest.mark.parametrize("renderer_class", FRAME_RENDERERS)
@pytest.mark.parametrize("options", [{}, {"show_all": True}, {"timeline": True}])
def test_a_processor_in_python_changes_nothing_by_being_there(
    renderer_class: type[FrameRenderer], options: dict[str, Any], threads: Session, small: Session
) -> None:
    for session in (small, threads, session_of([])):
        native = renderer_class(**options)
        mixed = renderer_class(**options)
        mixed.processors.insert(len(mixed.processors) // 2, lambda frame, options: frame)
        assert mixed.render(session) == native.render(session)


def test_a_render_with_our_processors_makes_no_frame() -> None:
    program = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from spinetail import renderers\n"
        "from spinetail.session import Session\n"
        "session = Session([(['a\\0b\\x001'], 1.0)], 0, 1, 0.001, 0.001, 1, [], '', 0, [], [])\n"
        "for name in ('Console', 'JSON', 'Pstats', 'Speedscope'):\n"
        "    getattr(renderers, name + 'Renderer')().render(session)\n"
        "print([m for m in ('spinetail.frame', 'json', 'dataclasses') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], stdout=subprocess.PIPE, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_users_processors_and_options() -> None:
    seen: list[Any] = []

    def without_rare(frame: Any, options: dict[str, Any]) -> Any:
        seen.append(options)
        for child in list(frame.children):
            if child.function == "rare":
                child.remove_from_parent()
        return frame

    renderer = ConsoleRenderer(show_all=True, processor_options={"mine": 1})
    assert processors.remove_irrelevant_nodes not in renderer.processors
    renderer.processors.insert(0, without_rare)
    session = session_of(SMALL)
    assert "rare" not in renderer.render(session)
    assert seen[0]["mine"] == 1
    # The session is as it was, and so is the renderer.
    assert "rare" in ConsoleRenderer(show_all=True).render(session)
    assert renderer.render(session) == renderer.render(session)


def test_a_processor_may_give_another_root() -> None:
    renderer = JSONRenderer()
    renderer.processors.append(lambda frame, options: frame.children[0])
    root = json.loads(renderer.render(session_of(SMALL)))["root_frame"]
    assert (root["function"], root["time"]) == ("load", 0.8)
    renderer.processors.append(lambda frame, options: None)
    assert json.loads(renderer.render(session_of(SMALL)))["root_frame"] is None
    text = ConsoleRenderer()
    text.processors.append(lambda frame, options: None)
    assert "No samples were recorded." in text.render(session_of(SMALL))


def test_renderers_of_ones_own(small: Session) -> None:
    class Names(FrameRenderer):
        output_file_extension = "names"

        def default_processors(self) -> Any:
            return [processors.aggregate_repeated_calls]

        def render(self, session: Session) -> str:
            frame = self.preprocess(session.root_frame())
            return "" if frame is None else " ".join(one.function for one in frame.children)

    assert Names().render(small) == "load show rare"
    assert Names(timeline=True).processors == []
    with pytest.raises(NotImplementedError, match=r"Empty must define render\(session\)"):
        type("Empty", (Renderer,), {})().render(small)

    class Own(ConsoleRenderer):
        def preprocess(self, root_frame: Any) -> Any:
            frame = super().preprocess(root_frame)
            assert frame is not None
            return frame.children[0]

    assert body(Own().render(small)).startswith("0.800 load")


@pytest.mark.parametrize("renderer_class", FRAME_RENDERERS)
def test_an_instance_can_be_used_again(renderer_class: type[FrameRenderer], small: Session) -> None:
    renderer = renderer_class()
    first = renderer.render(small)
    for other in FRAME_RENDERERS:
        other(show_all=True).render(small)
    assert renderer.render(small) == first


def test_options_that_do_not_go_together() -> None:
    for options in (
        {"flat": True, "timeline": True},
        {"time": "hours"},
        {"flat_time": "own"},
        {"clock": "sun"},
        {"clock": None},
    ):
        with pytest.raises(Renderer.MisconfigurationError):
            ConsoleRenderer(**options)  # type: ignore[arg-type]
    for renderer_class in (JSONRenderer, PstatsRenderer, SpeedscopeRenderer):
        with pytest.raises(Renderer.MisconfigurationError, match="CPU time isn't recorded"):
            renderer_class(clock="cpu").render(session_of(SMALL))


def test_facts_of_files() -> None:
    facts = {
        ConsoleRenderer: ("txt", False),
        JSONRenderer: ("json", False),
        SpeedscopeRenderer: ("speedscope.json", False),
        PstatsRenderer: ("pstats", True),
        SessionRenderer: ("pyisession", False),
        SpinetailRenderer: ("spinetail", True),
        HTMLRenderer: ("html", False),
    }
    for renderer_class, expected in facts.items():
        found = renderer_class.output_file_extension, renderer_class.output_is_binary
        assert found == expected


def test_the_profilers_options_are_the_renderers() -> None:
    expected = inspect.signature(ConsoleRenderer).parameters
    for method in (Profiler.output_text, Profiler.print):
        parameters = inspect.signature(method).parameters
        for name, parameter in expected.items():
            found = parameters[name]
            if method is Profiler.print and name in ("unicode", "color"):
                assert found.default is None
                continue
            assert (found.default, found.annotation) == (parameter.default, parameter.annotation)


def test_speedscope_files_of_ones_own() -> None:
    from spinetail.renderers.speedscope import (
        SpeedscopeEncoder,
        SpeedscopeEvent,
        SpeedscopeEventType,
        SpeedscopeFile,
        SpeedscopeFrame,
        SpeedscopeProfile,
    )

    frames = [SpeedscopeFrame("main", "/a.py", 3)]
    events = [
        SpeedscopeEvent(SpeedscopeEventType.OPEN, 0.0, 0),
        SpeedscopeEvent(SpeedscopeEventType.CLOSE, 1.5, 0),
    ]
    file = SpeedscopeFile("name", [SpeedscopeProfile("one", events, 1.5)], {"frames": frames})
    assert json.loads(json.dumps(file, cls=SpeedscopeEncoder)) == {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": "name",
        "activeProfileIndex": None,
        "exporter": "spinetail",
        "profiles": [
            {
                "type": "evented",
                "name": "one",
                "unit": "seconds",
                "startValue": 0.0,
                "endValue": 1.5,
                "events": [
                    {"type": "O", "at": 0.0, "frame": 0},
                    {"type": "C", "at": 1.5, "frame": 0},
                ],
            }
        ],
        "shared": {"frames": [{"name": "main", "file": "/a.py", "line": 3}]},
    }
    assert {SpeedscopeFrame("main", "/a.py", 3): 1}[frames[0]] == 1


# What no renderer may stumble over.

ODD_NAMES = [
    "\r\n\t\x1b[2J",
    'quo"te\\',
    "</script>",
    "שלום \u202e",
    "lone \udce9 \ud800",
    "x" * 10_000,
    "漢字 🐦",
    "",
]


def all_reports(session: Session) -> dict[str, str]:
    made: dict[str, str] = {}
    for renderer_class in FRAME_RENDERERS:
        for options in ({}, {"show_all": True}, {"timeline": True}):
            made[f"{renderer_class.__name__} {options}"] = renderer_class(**options).render(session)
    for options in ({"flat": True}, {"flat": True, "flat_time": "total"}, {"short_mode": True}):
        made[f"text {options}"] = ConsoleRenderer(**options).render(session)  # type: ignore[arg-type]
    return made


def test_odd_names(tmp_path: Path) -> None:
    records = [(stack(frame(name, f"/app/{name}.py")), 0.1) for name in ODD_NAMES]
    session = session_of(records, target_description="".join(ODD_NAMES))
    for name, text in all_reports(session).items():
        if name.startswith("Console") or name.startswith("text"):
            text.encode("utf-8")
            assert "\x1b" not in text
            assert "\u202e" not in text
    root = json.loads(JSONRenderer().render(session))["root_frame"]
    assert {one["function"] for one in root["children"]} == set(ODD_NAMES)
    assert {one["file_path"] for one in root["children"]} == {f"/app/{n}.py" for n in ODD_NAMES}
    frames = json.loads(SpeedscopeRenderer().render(session))["shared"]["frames"]
    assert {one["name"] for one in frames} == {"main", *ODD_NAMES}
    found = rows(stats_of(PstatsRenderer().render(session), tmp_path))
    assert set(found) == {"main", *ODD_NAMES}


def test_a_stack_of_20000_frames() -> None:
    deep = stack(*(frame(f"f{level % 7}") for level in range(20_000)))
    for text in all_reports(session_of([(deep, 1.0)])).values():
        assert "f0" in text
    renderer = ConsoleRenderer()
    renderer.processors.append(lambda frame, options: frame)
    assert renderer.render(session_of([(deep, 1.0)])).count("\n") > 20_000


def test_an_empty_session() -> None:
    made = all_reports(session_of([], start_call_stack=[]))
    assert all("No samples were recorded." in made[name] for name in made if "text" in name)


@pytest.fixture
def german(tmp_path: Path) -> Iterator[None]:
    """A locale that writes numbers with a comma: one that is there, or one made for this."""
    before = locale.setlocale(locale.LC_ALL)
    locale_path = os.environ.get("LOCPATH")
    try:
        try:
            locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
        except locale.Error:
            name = "de_DE.ISO-8859-1"  # quick to make
            make = ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", str(tmp_path / name)]
            try:
                subprocess.run(make, stderr=subprocess.DEVNULL)
                os.environ["LOCPATH"] = str(tmp_path)
                locale.setlocale(locale.LC_ALL, name)
            except (OSError, locale.Error):
                pytest.skip("no locale here writes numbers with a comma, and none can be made")
        yield
    finally:
        os.environ.pop("LOCPATH", None)
        if locale_path is not None:
            os.environ["LOCPATH"] = locale_path
        locale.setlocale(locale.LC_ALL, before)


def test_numbers_do_not_depend_on_the_locale(german: None, small: Session) -> None:
    assert f"{0.5:n}" == "0,5"
    found = all_reports(small)
    locale.setlocale(locale.LC_ALL, "C")
    assert found == all_reports(small)


def test_print_can_write_to_any_stream() -> None:
    profiler = Profiler()
    profiler._last_session = session_of([(stack("café"), 0.1)])
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding="ascii")
    profiler.print(file=stream)
    stream.flush()
    assert b"caf\\xe9" in data.getvalue()
    text = io.StringIO()
    profiler.print(file=text, short_mode=True)
    assert text.getvalue().startswith("\nspinetail ....")
