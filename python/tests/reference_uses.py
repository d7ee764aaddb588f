"""One use of each name of pyinstrument's that is kept, which gives True where it does the same."""

from __future__ import annotations

import base64
import contextlib
import importlib
import io
import json
import os
import re
import tempfile
import time
import webbrowser
from types import SimpleNamespace

import pytest

import spinetail

THREAD = "MainThread\0<thread>\x001"
MAIN = "<module>\0/app/main.py\x001\x01l7"
WORK = "work\0/app/main.py\x003\x01cWorker\x01l4"
PARSE = "parse\0/venv/lib/python3.12/site-packages/parser/core.py\x0010\x01l12"
SPLIT = "split\0/venv/lib/python3.12/site-packages/parser/core.py\x0020\x01l21\x01h1"
WAIT = "[await]"

RECORDS = [
    ([THREAD, MAIN, WORK], 0.5),
    ([THREAD, MAIN, WORK, PARSE, SPLIT], 1.0),
    ([THREAD, MAIN, WORK, WAIT], 0.25),
    ([THREAD, MAIN], 0.25),
]


def make_session(start_time=1000.0, **changes):
    from spinetail.session import Session

    values = {
        "frame_records": RECORDS,
        "start_time": start_time,
        "duration": 2.0,
        "min_interval": 0.001,
        "max_interval": 0.002,
        "sample_count": 4,
        "start_call_stack": [THREAD, MAIN],
        "target_description": "Program: main.py",
        "cpu_time": 1.5,
        "sys_path": ["/app", "/venv/lib/python3.12/site-packages"],
        "sys_prefixes": ["/venv"],
    }
    return Session(**{**values, **changes})


class Kit:
    """What the uses below need, made anew for each."""

    def __init__(self, folder):
        self.folder = folder
        self.session = make_session()

    def module(self, name):
        return importlib.import_module(f"spinetail.{name}" if name else "spinetail")

    def profiler(self, **options):
        profiler = spinetail.Profiler(**options)
        with profiler:
            time.sleep(0.01)
        return profiler

    def tree(self):
        """The tree of the session below its thread."""
        frame = self.session.root_frame(trim_stem=False)
        assert frame.identifier == THREAD
        return frame

    def find(self, function, frame=None):
        frame = frame or self.tree()
        while frame.function != function:
            frame = next(child for child in frame.children if not child.is_synthetic)
        return frame


def raises(error, function, *arguments, **options):
    with pytest.raises(error):
        function(*arguments, **options)
    return True


def names(frames):
    return [frame.function for frame in frames]


def total(records):
    return sum(seconds for _, seconds in records)


def printed(kit, **options):
    stream = io.StringIO()
    profiler = kit.profiler()
    profiler.print(stream, **options)
    with contextlib.redirect_stdout(io.StringIO()) as redirected:
        profiler.print(**options)
    return redirected.getvalue() == stream.getvalue() and "Duration" in stream.getvalue()


def started(kit):
    profiler = spinetail.Profiler()
    profiler.start(target_description="mine")
    is_running = profiler.is_running
    return is_running and profiler.stop().target_description == "mine"


def reset(kit):
    profiler = kit.profiler()
    profiler.reset()
    return profiler.last_session is None


def timing_thread(kit):
    profiler = spinetail.Profiler(use_timing_thread=False)
    assert profiler.use_timing_thread is False
    profiler.use_timing_thread = True
    return profiler.use_timing_thread


def failing_block(kit):
    profiler = spinetail.Profiler()
    with pytest.raises(ZeroDivisionError), profiler:
        1 / 0  # noqa: B018
    return profiler.last_session is not None and not profiler.is_running


def removed(kit):
    frame = kit.find("work")
    parent = frame.parent
    frame.remove_from_parent()
    return frame.parent is None and frame not in parent.children


def in_context(kit):
    frame = kit.module("frame").Frame(WORK)
    frame.set_context(CONTEXT)
    return frame.file_path_short == "main.py" and frame.is_application_code


def own_renderer(kit):
    base = kit.module("renderers.base")

    class Own(base.Renderer):
        def render(self, session):
            return f"{session.duration:.1f}"

    return Own().render(kit.session) == "2.0"


def own_frame_renderer(kit):
    base, processors = kit.module("renderers.base"), kit.module("processors")

    class Own(base.FrameRenderer):
        def default_processors(self):
            return [processors.aggregate_repeated_calls]

        def render(self, session):
            root = self.preprocess(session.root_frame())
            return root.function

    renderer = Own(processor_options={"k": 1})
    assert renderer.processors == renderer.default_processors()
    assert renderer.processor_options == {"k": 1}
    assert not renderer.show_all and not renderer.timeline
    return renderer.render(kit.session) == "<module>"


def default_processors(module, renderer_class, expected):
    def use(kit):
        renderer = getattr(kit.module(module), renderer_class)()
        found = [processor.__name__ for processor in renderer.default_processors()]
        assert found == expected
        return [processor.__name__ for processor in renderer.processors] == expected

    return use


COMMON = [
    "remove_importlib",
    "remove_tracebackhide",
    "merge_consecutive_self_time",
    "aggregate_repeated_calls",
    "remove_irrelevant_nodes",
    "remove_unnecessary_self_time_nodes",
    "remove_first_pyinstrument_frames_processor",
]
ALL = [*COMMON, "group_library_frames_processor"]
IN_TIME = [name for name in COMMON if name != "aggregate_repeated_calls"]


def rendered(module, renderer_class, check):
    return lambda kit: check(getattr(kit.module(module), renderer_class)().render(kit.session))


def loads_as_pstats(text):
    import marshal

    table = marshal.loads(text.encode("utf-8", "surrogateescape"))
    key = ("/app/main.py", 3, "work")
    return table[key][2:4] == pytest.approx((0.75, 1.75)) or table[key][2:4] == pytest.approx(
        (0.5, 1.75)
    )


def processed(name, frame=None, **options):
    def run(kit, root):
        return getattr(kit.module("processors"), name)(root, options)

    return run


def removes_importlib(kit):
    from spinetail.frame_ops import build_frame_tree

    importing = "find\0<frozen importlib._bootstrap>\x001"
    root = build_frame_tree([([THREAD, MAIN, importing, WORK], 1.0)], kit.session)
    root = kit.module("processors").remove_importlib(root, {})
    return names(root.children[0].children) == ["work"]


def combined_frames(kit):
    frame_module, ops = kit.module("frame"), kit.module("frame_ops")
    parent = frame_module.Frame(MAIN, time=3)
    first, second = frame_module.Frame(WORK, time=1), frame_module.Frame(WORK, time=2)
    parent.add_children([first, second])
    ops.combine_frames(second, into=first)
    return parent.children == (first,) and first.time == 3


def grouped(kit):
    root = kit.module("processors").group_library_frames_processor(kit.tree(), {})
    group = kit.find("parse", root).group
    return group.root.function == "parse" and names(group.frames) == ["parse", "split", "[self]"]


def new_group(kit):
    parse = kit.find("parse")
    split = kit.find("split", parse)
    group = kit.module("frame").FrameGroup(parse)
    group.add_frame(split)
    return group, parse, split


def without_groups(kit):
    group, parse, split = new_group(kit)
    kit.module("frame_ops").remove_frame_from_groups(split, recursive=False)
    return split.group is None and parse.group is None


def removed_from_group(kit):
    group, parse, split = new_group(kit)
    group.remove_frame(split)
    return split not in group.frames and split.group is None


def exits(kit):
    records = [([THREAD, MAIN, PARSE, SPLIT, WORK], 1.0)]
    root = make_session(frame_records=records).root_frame(trim_stem=False)
    kit.module("processors").group_library_frames_processor(root, {})
    return names(kit.find("parse", root).group.exit_frames) == ["split"]


def deleted(kit):
    work = kit.find("work")
    parent = work.parent
    kit.module("frame_ops").delete_frame_from_tree(work, replace_with="nothing")
    return all(child is not work for child in parent.children) and parent.absorbed_time == 1.75


def with_child(kit, add):
    frame_module = kit.module("frame")
    parent = frame_module.Frame(MAIN)
    children = [frame_module.Frame(WORK), frame_module.Frame(PARSE)]
    add(parent, children)
    return names(parent.children) == ["work", "parse"]


def recorded_time(kit):
    frame = kit.module("frame").Frame(WORK)
    frame.record_time_from_frame_info(WORK, 1.5)
    return frame.time == 1.5 and frame.attributes["cWorker"] == 1.5


def loaded(kit, name):
    path = kit.folder / name
    kit.session.save(path)
    session = kit.module("session").Session.load(path)
    return session.frame_records == kit.session.frame_records or [
        (list(stack), seconds) for stack, seconds in session.frame_records
    ] == [(list(stack), seconds) for stack, seconds in kit.session.frame_records]


def combined_sessions(kit):
    later = make_session(3000.0, target_description="later")
    session = kit.module("session").Session.combine(later, kit.session)
    assert session.target_description == "Program: main.py"
    return (session.duration, session.start_time) == (4.0, 1000.0)


def page_data(page):
    """The session that is in a page."""
    from spinetail.session import Session

    data = re.search('id="session"[^>]*>([^<]+)<', page).group(1)
    with tempfile.NamedTemporaryFile(suffix=".spinetail") as file:
        file.write(base64.b64decode(data, validate=True))
        file.flush()
        return Session.load(file.name)


def is_page(page):
    return page.startswith("<!doctype html>") and page_data(page).frame_records == RECORDS


def written_page(kit):
    path = kit.folder / "page.html"
    profiler = kit.profiler()
    profiler.write_html(path, timeline=True, show_all=True, resample_interval=0.1)
    profiler.write_html(str(path))
    samples = page_data(path.read_text(encoding="utf-8")).sample_count
    return samples == profiler.last_session.sample_count


@contextlib.contextmanager
def opened_addresses():
    """The addresses that a browser is asked to open in the block."""
    addresses = []
    browser = SimpleNamespace(open=lambda url, *options: addresses.append(url) or True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webbrowser, "_browsers", {})
        patch.setattr(webbrowser, "_tryorder", [])
        webbrowser.register("ours", None, browser)
        yield addresses


def opened_page(kit):
    with opened_addresses() as addresses:
        name = kit.profiler().open_in_browser(timeline=True)
    with open(name, encoding="utf-8") as file:
        count = page_data(file.read()).sample_count
    os.unlink(name)
    return addresses == [f"file://{name}"] and name.endswith(".html") and count > 0


def opened_rendered_page(kit):
    renderer = kit.module("renderers.html").HTMLRenderer()
    path = kit.folder / "a page.html"
    with opened_addresses() as addresses:
        assert renderer.open_in_browser(kit.session, str(path)) == str(path)
        name = renderer.open_in_browser(kit.session, output_filename=None)
    os.unlink(name)
    return addresses == [path.as_uri(), f"file://{name}"] and is_page(path.read_text("utf-8"))


def with_preprocessors(kit):
    renderer = kit.module("renderers.html").HTMLRenderer()
    assert (renderer.preprocessors, renderer.preprocessor_options) == ([], {})
    renderer.preprocessors = [kit.module("processors").remove_importlib]
    renderer.preprocessor_options = {"filter_threshold": 0}
    return is_page(renderer.render(kit.session))


def field(name, value):
    return lambda kit: getattr(kit.session, name) == value


def subscribed(kit):
    sampler = kit.module("stack_sampler").get_stack_sampler()
    samples = []

    def target(call_stack, time_since_last_sample, async_state):
        samples.append((call_stack[-1], async_state))

    sampler.subscribe(target, desired_interval=0.001, use_async_context=False)
    assert sampler.subscribers[0].target is target
    assert sampler.subscribers[0].desired_interval == 0.001
    deadline = time.perf_counter() + 20
    while not samples and time.perf_counter() < deadline:
        sum(range(100))
    sampler.unsubscribe(target)
    not_found = kit.module("stack_sampler").StackSampler.SubscriberNotFound
    assert raises(not_found, sampler.unsubscribe, target)
    return len(samples) > 0 and sampler.subscribers == [] and sampler.last_profile_time > 0


def timed(kit):
    sampler = kit.module("stack_sampler").get_stack_sampler()
    times = iter(range(1000))
    sampler.timer_func = lambda: float(next(times))
    try:
        return kit.profiler(engine="auto").last_session.engine == "setprofile"
    finally:
        sampler.timer_func = None


def block(kit, context):
    with contextlib.redirect_stderr(io.StringIO()) as stream:
        with context as profiler:
            time.sleep(0.01)
        assert isinstance(profiler, spinetail.Profiler)
    return "Block at" in stream.getvalue()


def decorated(kit, decorate):
    with contextlib.redirect_stderr(io.StringIO()) as stream:
        assert decorate(lambda: 3)() == 3
    return "Function" in stream.getvalue()


def value(module, name, expected):
    return lambda kit: getattr(kit.module(module), name) == expected


def of_frame(name, expected, function="work"):
    return lambda kit: getattr(kit.find(function), name) == expected


def speedscope_file(kit):
    scope = kit.module("renderers.speedscope")
    frame = scope.SpeedscopeFrame("work", "/app/main.py", 3)
    events = [
        scope.SpeedscopeEvent(scope.SpeedscopeEventType.OPEN, 0.0, 0),
        scope.SpeedscopeEvent(scope.SpeedscopeEventType.CLOSE, 1.0, 0),
    ]
    profile = scope.SpeedscopeProfile("a profile", events, 1.0)
    file = scope.SpeedscopeFile("a file", [profile], {"frames": [frame]})
    written = json.loads(json.dumps(file, cls=scope.SpeedscopeEncoder))
    assert written["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert written["shared"]["frames"] == [{"name": "work", "file": "/app/main.py", "line": 3}]
    (one,) = written["profiles"]
    assert [event["type"] for event in one["events"]] == ["O", "C"]
    return (one["startValue"], one["endValue"], one["unit"]) == (0.0, 1.0, "seconds")


def is_speedscope(text):
    file = json.loads(text)
    return file["profiles"][0]["endValue"] == pytest.approx(2.0)


def is_json(text):
    return json.loads(text)["root_frame"]["time"] == pytest.approx(2.0)


def is_session(text):
    return len(json.loads(text)["frame_records"]) == 4


def is_text(text):
    return "Program: main.py" in text and "Worker.work" in text


CONTEXT = SimpleNamespace(shorten_path=lambda path: path.rpartition("/")[2], sys_prefixes=["/venv"])

USES = {
    ":__version__": lambda kit: isinstance(spinetail.__version__, str),
    ":Profiler": lambda kit: kit.profiler().last_session.duration > 0,
    ":profile": lambda kit: block(kit, spinetail.profile()),
    ":load_ipython_extension": lambda kit: callable(spinetail.load_ipython_extension),
    "profiler:Profiler": lambda kit: kit.profiler(interval=0.01, use_timing_thread=True).interval,
    "profiler:Profiler.interval": lambda kit: spinetail.Profiler(0.01).interval == 0.01,
    "profiler:Profiler.async_mode": lambda kit: spinetail.Profiler().async_mode == "enabled",
    "profiler:Profiler.use_timing_thread": timing_thread,
    "profiler:Profiler.last_session": (
        lambda kit: (
            spinetail.Profiler().last_session is None
            and isinstance(kit.profiler().last_session, kit.module("session").Session)
        )
    ),
    "profiler:Profiler.is_running": lambda kit: not spinetail.Profiler().is_running,
    "profiler:Profiler.start": started,
    "profiler:Profiler.stop": lambda kit: raises(RuntimeError, spinetail.Profiler().stop),
    "profiler:Profiler.reset": reset,
    "profiler:Profiler.__enter__": lambda kit: not kit.profiler().is_running,
    "profiler:Profiler.__exit__": failing_block,
    "profiler:Profiler.print": lambda kit: printed(kit) and printed(kit, flat=True, show_all=True),
    "profiler:Profiler.output_text": (
        lambda kit: "%" in kit.profiler().output_text(time="percent_of_total", timeline=True)
    ),
    "profiler:Profiler.output_html": (
        lambda kit: page_data(kit.profiler().output_html(resample_interval=1)).sample_count
    ),
    "profiler:Profiler.write_html": written_page,
    "profiler:Profiler.open_in_browser": opened_page,
    "profiler:Profiler.output": (
        lambda kit: "Duration" in kit.profiler().output(spinetail.renderers.ConsoleRenderer())
    ),
    "context_manager:profile": lambda kit: decorated(kit, spinetail.profile),
    "context_manager:ProfileContext": (
        lambda kit: block(kit, kit.module("context_manager").ProfileContext(interval=0.001))
    ),
    "context_manager:ProfileContext.__call__": lambda kit: decorated(kit, spinetail.profile()),
    "context_manager:ProfileContext.__enter__": lambda kit: block(kit, spinetail.profile()),
    "context_manager:ProfileContext.__exit__": lambda kit: block(kit, spinetail.profile()),
    "session:Session": lambda kit: kit.session.target_description == "Program: main.py",
    "session:Session.frame_records": (
        lambda kit: (
            [(list(stack), time) for stack, time in kit.session.frame_records]
            == [(list(stack), time) for stack, time in RECORDS]
        )
    ),
    "session:Session.start_time": field("start_time", 1000.0),
    "session:Session.duration": field("duration", 2.0),
    "session:Session.min_interval": field("min_interval", 0.001),
    "session:Session.max_interval": field("max_interval", 0.002),
    "session:Session.sample_count": field("sample_count", 4),
    "session:Session.start_call_stack": (
        lambda kit: (
            [info.partition("\x01")[0] for info in kit.session.start_call_stack]
            == [THREAD, MAIN.partition("\x01")[0]]
        )
    ),
    "session:Session.target_description": field("target_description", "Program: main.py"),
    "session:Session.cpu_time": field("cpu_time", 1.5),
    "session:Session.sys_path": field("sys_path", ["/app", "/venv/lib/python3.12/site-packages"]),
    "session:Session.sys_prefixes": field("sys_prefixes", ["/venv"]),
    "session:Session.load": lambda kit: loaded(kit, "s.pyisession"),
    "session:Session.save": lambda kit: loaded(kit, "s.spinetail"),
    "session:Session.to_json": (
        lambda kit: (
            "frame_records" not in kit.session.to_json(include_frame_records=False)
            and json.loads(json.dumps(kit.session.to_json()))["cpu_time"] == 1.5
        )
    ),
    "session:Session.from_json": (
        lambda kit: kit.module("session").Session.from_json(kit.session.to_json()).duration == 2.0
    ),
    "session:Session.combine": combined_sessions,
    "session:Session.current_sys_prefixes": (
        lambda kit: len(kit.module("session").Session.current_sys_prefixes()) == 4
    ),
    "session:Session.root_frame": lambda kit: kit.session.root_frame().function == "<module>",
    "session:Session.shorten_path": (
        lambda kit: kit.session.shorten_path("/app/main.py") == "main.py"
    ),
    "session:Session.resample": (
        lambda kit: total(kit.session.resample(0.7).frame_records) == pytest.approx(2.0)
    ),
    "frame:Frame": (
        lambda kit: kit.module("frame").Frame(WORK, [kit.module("frame").Frame(PARSE)], 2).time == 2
    ),
    "frame:Frame.identifier": of_frame("identifier", "work\0/app/main.py\x003"),
    "frame:Frame.time": of_frame("time", 1.75),
    "frame:Frame.parent": lambda kit: kit.find("work").parent.function == "<module>",
    "frame:Frame.group": of_frame("group", None),
    "frame:Frame.absorbed_time": of_frame("absorbed_time", 0),
    "frame:Frame.attributes": lambda kit: kit.find("work").attributes["cWorker"] == 1.75,
    "frame:Frame.context": (
        lambda kit: (
            kit.find("work").context is not None
            and raises(RuntimeError, lambda: kit.module("frame").Frame(WORK).context)
        )
    ),
    "frame:Frame.function": of_frame("function", "work"),
    "frame:Frame.file_path": of_frame("file_path", "/app/main.py"),
    "frame:Frame.line_no": of_frame("line_no", 3),
    "frame:Frame.file_path_short": of_frame("file_path_short", "main.py"),
    "frame:Frame.is_application_code": (
        lambda kit: (
            kit.find("work").is_application_code and not kit.find("parse").is_application_code
        )
    ),
    "frame:Frame.proportion_of_parent": of_frame("proportion_of_parent", 0.875),
    "frame:Frame.total_self_time": of_frame("total_self_time", 0.75),
    "frame:Frame.children": (
        lambda kit: (
            [child.identifier for child in kit.find("work").children]
            == ["[self]", PARSE.partition("\x01")[0], "[await]"]
        )
    ),
    "frame:Frame.is_synthetic": (
        lambda kit: (
            [child.is_synthetic for child in kit.find("work").children] == [True, False, True]
        )
    ),
    "frame:Frame.is_synthetic_leaf": lambda kit: kit.find("work").children[2].is_synthetic_leaf,
    "frame:Frame.class_name": of_frame("class_name", "Worker"),
    "frame:Frame.has_tracebackhide": of_frame("has_tracebackhide", True, "split"),
    "frame:Frame.add_child": lambda kit: with_child(
        kit,
        lambda parent, children: [
            parent.add_child(children[0]),
            parent.add_child(children[1], after=children[0]),
        ],
    ),
    "frame:Frame.add_children": lambda kit: with_child(
        kit, lambda parent, children: parent.add_children(children)
    ),
    "frame:Frame.remove_from_parent": removed,
    "frame:Frame.await_time": lambda kit: kit.tree().await_time() == 0.25,
    "frame:Frame.code_position_short": (
        lambda kit: kit.find("work").code_position_short() == "main.py:3"
    ),
    "frame:Frame.get_attribute_value": (
        lambda kit: (
            kit.find("work").get_attribute_value("l") == "4"
            and kit.find("work").get_attribute_value("x") is None
        )
    ),
    "frame:Frame.record_time_from_frame_info": recorded_time,
    "frame:Frame.set_context": in_context,
    "frame:Frame.self_check": lambda kit: kit.tree().self_check() is None,
    "frame:Frame.to_json_str": lambda kit: json.loads(kit.tree().to_json_str())["time"] == 2.0,
    "frame:Frame.new_subclass_with_frame_info": (
        lambda kit: kit.module("frame").Frame.new_subclass_with_frame_info(WORK).function == "work"
    ),
    "frame:FrameContext": lambda kit: hasattr(kit.module("frame").FrameContext, "shorten_path"),
    "frame:FrameGroup": grouped,
    "frame:FrameGroup.id": lambda kit: new_group(kit)[0].id != new_group(kit)[0].id,
    "frame:FrameGroup.root": lambda kit: new_group(kit)[0].root.function == "parse",
    "frame:FrameGroup.frames": lambda kit: "split" in names(new_group(kit)[0].frames),
    "frame:FrameGroup.exit_frames": exits,
    "frame:FrameGroup.add_frame": lambda kit: new_group(kit)[2].group.root.function == "parse",
    "frame:FrameGroup.remove_frame": removed_from_group,
    "frame:AWAIT_FRAME_IDENTIFIER": value("frame", "AWAIT_FRAME_IDENTIFIER", "[await]"),
    "frame:SELF_TIME_FRAME_IDENTIFIER": value("frame", "SELF_TIME_FRAME_IDENTIFIER", "[self]"),
    "frame:OUT_OF_CONTEXT_FRAME_IDENTIFIER": (
        value("frame", "OUT_OF_CONTEXT_FRAME_IDENTIFIER", "[out-of-context]")
    ),
    "frame:DUMMY_ROOT_FRAME_IDENTIFIER": value("frame", "DUMMY_ROOT_FRAME_IDENTIFIER", "[root]"),
    "frame:SYNTHETIC_FRAME_IDENTIFIERS": value(
        "frame", "SYNTHETIC_FRAME_IDENTIFIERS", {"[await]", "[self]", "[out-of-context]", "[root]"}
    ),
    "frame:SYNTHETIC_LEAF_IDENTIFIERS": value(
        "frame", "SYNTHETIC_LEAF_IDENTIFIERS", {"[await]", "[self]", "[out-of-context]"}
    ),
    "frame_info:IDENTIFIER_SEP": value("frame_info", "IDENTIFIER_SEP", "\0"),
    "frame_info:ATTRIBUTES_SEP": value("frame_info", "ATTRIBUTES_SEP", "\x01"),
    "frame_info:ATTRIBUTE_MARKER_CLASS_NAME": (
        value("frame_info", "ATTRIBUTE_MARKER_CLASS_NAME", "c")
    ),
    "frame_info:ATTRIBUTE_MARKER_LINE_NUMBER": (
        value("frame_info", "ATTRIBUTE_MARKER_LINE_NUMBER", "l")
    ),
    "frame_info:ATTRIBUTE_MARKER_TRACEBACKHIDE": (
        value("frame_info", "ATTRIBUTE_MARKER_TRACEBACKHIDE", "h")
    ),
    "frame_info:parse_frame_info": (
        lambda kit: (
            kit.module("frame_info").parse_frame_info(WORK)
            == ("work\0/app/main.py\x003", ["cWorker", "l4"])
        )
    ),
    "frame_info:frame_info_get_identifier": (
        lambda kit: (
            kit.module("frame_info").frame_info_get_identifier(WORK) == "work\0/app/main.py\x003"
        )
    ),
    "frame_ops:build_frame_tree": (
        lambda kit: (
            kit.module("frame_ops").build_frame_tree(RECORDS, kit.session).time == 2.0
            and kit.module("frame_ops").build_frame_tree([], kit.session) is None
        )
    ),
    "frame_ops:delete_frame_from_tree": deleted,
    "frame_ops:combine_frames": combined_frames,
    "frame_ops:remove_frame_from_groups": without_groups,
    "frame_ops:IdentifierDoesntMatchException": (
        lambda kit: issubclass(kit.module("frame_ops").IdentifierDoesntMatchException, ValueError)
    ),
    "frame_ops:FrameRecordType": lambda kit: hasattr(kit.module("frame_ops"), "FrameRecordType"),
    "processors:remove_importlib": removes_importlib,
    "processors:remove_tracebackhide": (
        lambda kit: (
            not any(
                frame.function == "split"
                for frame in kit.find(
                    "parse", processed("remove_tracebackhide")(kit, kit.tree())
                ).children
            )
        )
    ),
    "processors:merge_consecutive_self_time": (
        lambda kit: (
            processed("merge_consecutive_self_time")(kit, kit.tree()).time == 2.0
            and kit.module("processors").merge_consecutive_self_time(None, {}, recursive=False)
            is None
        )
    ),
    "processors:aggregate_repeated_calls": (
        lambda kit: (
            kit.find("work", processed("aggregate_repeated_calls")(kit, kit.tree()))
            .children[0]
            .function
            == "parse"
        )
    ),
    "processors:remove_irrelevant_nodes": (
        lambda kit: (
            processed("remove_irrelevant_nodes", filter_threshold=0.95)(kit, kit.tree())
            .children[0]
            .children
            == ()
        )
    ),
    "processors:remove_unnecessary_self_time_nodes": (
        lambda kit: (
            kit.find(
                "split", processed("remove_unnecessary_self_time_nodes")(kit, kit.tree())
            ).children
            == ()
        )
    ),
    "processors:remove_first_pyinstrument_frames_processor": (
        lambda kit: (
            processed("remove_first_pyinstrument_frames_processor")(kit, kit.tree()).time == 2.0
        )
    ),
    "processors:group_library_frames_processor": grouped,
    "processors:ProcessorType": lambda kit: hasattr(kit.module("processors"), "ProcessorType"),
    "processors:ProcessorOptions": (
        lambda kit: hasattr(kit.module("processors"), "ProcessorOptions")
    ),
    "renderers:ConsoleRenderer": rendered("renderers", "ConsoleRenderer", is_text),
    "renderers:FrameRenderer": own_frame_renderer,
    "renderers:HTMLRenderer": rendered("renderers", "HTMLRenderer", is_page),
    "renderers.html:HTMLRenderer": rendered("renderers.html", "HTMLRenderer", is_page),
    "renderers.html:HTMLRenderer.render": rendered("renderers.html", "HTMLRenderer", is_page),
    "renderers.html:HTMLRenderer.open_in_browser": opened_rendered_page,
    "renderers.html:HTMLRenderer.preprocessors": with_preprocessors,
    "renderers.html:HTMLRenderer.preprocessor_options": with_preprocessors,
    "renderers:JSONRenderer": rendered("renderers", "JSONRenderer", is_json),
    "renderers:PstatsRenderer": rendered("renderers", "PstatsRenderer", loads_as_pstats),
    "renderers:Renderer": own_renderer,
    "renderers:SessionRenderer": rendered("renderers", "SessionRenderer", is_session),
    "renderers:SpeedscopeRenderer": rendered("renderers", "SpeedscopeRenderer", is_speedscope),
    "renderers.base:Renderer": own_renderer,
    "renderers.base:Renderer.output_file_extension": (
        lambda kit: kit.module("renderers").JSONRenderer.output_file_extension == "json"
    ),
    "renderers.base:Renderer.output_is_binary": (
        lambda kit: kit.module("renderers").Renderer.output_is_binary is False
    ),
    "renderers.base:Renderer.render": own_renderer,
    "renderers.base:Renderer.MisconfigurationError": lambda kit: raises(
        kit.module("renderers").Renderer.MisconfigurationError,
        kit.module("renderers").ConsoleRenderer,
        timeline=True,
        flat=True,
    ),
    "renderers.base:FrameRenderer": own_frame_renderer,
    "renderers.base:FrameRenderer.processors": own_frame_renderer,
    "renderers.base:FrameRenderer.processor_options": own_frame_renderer,
    "renderers.base:FrameRenderer.show_all": own_frame_renderer,
    "renderers.base:FrameRenderer.timeline": own_frame_renderer,
    "renderers.base:FrameRenderer.default_processors": own_frame_renderer,
    "renderers.base:FrameRenderer.preprocess": own_frame_renderer,
    "renderers.base:FrameRenderer.render": own_frame_renderer,
    "renderers.base:ProcessorList": (
        lambda kit: hasattr(kit.module("renderers.base"), "ProcessorList")
    ),
    "renderers.console:ConsoleRenderer": rendered("renderers.console", "ConsoleRenderer", is_text),
    "renderers.console:ConsoleRenderer.render": rendered(
        "renderers.console", "ConsoleRenderer", is_text
    ),
    "renderers.console:ConsoleRenderer.default_processors": default_processors(
        "renderers.console", "ConsoleRenderer", ALL
    ),
    "renderers.jsonrenderer:JSONRenderer": rendered(
        "renderers.jsonrenderer", "JSONRenderer", is_json
    ),
    "renderers.jsonrenderer:JSONRenderer.render": rendered(
        "renderers.jsonrenderer", "JSONRenderer", is_json
    ),
    "renderers.jsonrenderer:JSONRenderer.default_processors": default_processors(
        "renderers.jsonrenderer", "JSONRenderer", ALL
    ),
    "renderers.speedscope:SpeedscopeRenderer": rendered(
        "renderers.speedscope", "SpeedscopeRenderer", is_speedscope
    ),
    "renderers.speedscope:SpeedscopeRenderer.render": rendered(
        "renderers.speedscope", "SpeedscopeRenderer", is_speedscope
    ),
    "renderers.speedscope:SpeedscopeRenderer.default_processors": default_processors(
        "renderers.speedscope", "SpeedscopeRenderer", IN_TIME
    ),
    **{
        f"renderers.speedscope:Speedscope{name}": speedscope_file
        for name in ["Frame", "Event", "EventType", "Profile", "File", "Encoder"]
    },
    "renderers.pstatsrenderer:PstatsRenderer": rendered(
        "renderers.pstatsrenderer", "PstatsRenderer", loads_as_pstats
    ),
    "renderers.pstatsrenderer:PstatsRenderer.output_is_binary": (
        lambda kit: kit.module("renderers.pstatsrenderer").PstatsRenderer.output_is_binary is True
    ),
    "renderers.pstatsrenderer:PstatsRenderer.render": rendered(
        "renderers.pstatsrenderer", "PstatsRenderer", loads_as_pstats
    ),
    "renderers.pstatsrenderer:PstatsRenderer.default_processors": default_processors(
        "renderers.pstatsrenderer", "PstatsRenderer", COMMON
    ),
    "renderers.session:SessionRenderer": rendered(
        "renderers.session", "SessionRenderer", is_session
    ),
    "renderers.session:SessionRenderer.render": rendered(
        "renderers.session", "SessionRenderer", is_session
    ),
    **{
        f"stack_sampler:{name}": subscribed
        for name in [
            "get_stack_sampler",
            "StackSampler",
            "StackSampler.subscribe",
            "StackSampler.unsubscribe",
            "StackSampler.subscribers",
            "StackSampler.last_profile_time",
            "StackSampler.SubscriberNotFound",
            "StackSamplerSubscriber",
        ]
    },
    "stack_sampler:StackSampler.timer_func": timed,
    "stack_sampler:AsyncState": (
        lambda kit: kit.module("stack_sampler").AsyncState("in_context").info is None
    ),
    "stack_sampler:thread_locals": lambda kit: (
        kit.module("stack_sampler").get_stack_sampler()
        is kit.module("stack_sampler").thread_locals.stack_sampler
    ),
    "stack_sampler:active_profiler_context_var": (
        lambda kit: kit.module("stack_sampler").active_profiler_context_var.get() is None
    ),
    "util:USER_DATA_DIR": lambda kit: kit.module("util").USER_DATA_DIR.endswith("spinetail"),
    "util:file_supports_color": (
        lambda kit: not kit.module("util").file_supports_color(io.StringIO())
    ),
    "util:file_supports_unicode": lambda kit: kit.module("util").file_supports_unicode(
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    ),
    "util:file_is_a_tty": lambda kit: not kit.module("util").file_is_a_tty(io.StringIO()),
    "util:object_with_import_path": (
        lambda kit: (
            kit.module("util").object_with_import_path("json.dumps") is json.dumps
            and raises(ValueError, kit.module("util").object_with_import_path, "json")
        )
    ),
    "util:truncate": lambda kit: kit.module("util").truncate("abcdefghij", 5) == "ab...",
    "typing:PathOrStr": lambda kit: hasattr(kit.module("typing"), "PathOrStr"),
    "typing:LiteralStr": lambda kit: kit.module("typing").LiteralStr["a", "b"] is str,
    "typing:Unpack": lambda kit: hasattr(kit.module("typing"), "Unpack"),
    "typing:TypeAlias": lambda kit: hasattr(kit.module("typing"), "TypeAlias"),
    "typing:assert_never": lambda kit: raises(ValueError, kit.module("typing").assert_never, 3),
}
