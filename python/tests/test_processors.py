"""Processors from Python: ours, and users' own among them."""

from __future__ import annotations

import inspect
import re
import threading

import pytest

from spinetail import Profiler, processors
from spinetail._library import native
from spinetail.frame import Frame
from spinetail.frame_ops import build_frame_tree, combine_frames, delete_frame_from_tree
from spinetail.frame_tree import FrameTree
from spinetail.renderers import ConsoleRenderer

DEPTH = 20_000
ORDER = [
    processors.remove_importlib,
    processors.remove_tracebackhide,
    processors.merge_consecutive_self_time,
    processors.aggregate_repeated_calls,
    processors.remove_irrelevant_nodes,
    processors.remove_unnecessary_self_time_nodes,
    processors.remove_first_pyinstrument_frames_processor,
    processors.group_library_frames_processor,
]
LIBRARY = "/usr/lib/python3.12/"

pytestmark = pytest.mark.any_version


class Context:
    sys_prefixes = ["/usr"]

    def shorten_path(self, path):
        return path


def tree(*records):
    """From ``("main;a!;lib", 1)``: a ``!`` asks not to be shown, ``lib…`` are library code."""

    def info(part):
        if part.startswith("["):
            return part
        name = part.rstrip("!")
        file = f"{LIBRARY}{name}.py" if name.startswith("lib") else f"/app/{name}.py"
        file = "<frozen importlib._bootstrap>" if name == "importlib" else file
        return f"{name}\0{file}\x001" + ("\x01h1" if part.endswith("!") else "")

    stacks = [([info(part) for part in stack.split(";")], time) for stack, time in records]
    return build_frame_tree(stacks, Context())


def outline(frame):
    children = ", ".join(map(outline, frame.children))
    return f"{frame.function} {frame.time:g}" + (f" ({children})" if children else "")


def run(frame, steps, options=None):
    for step in steps:
        frame = step(frame, options=options or {})
        frame.self_check()
    return frame


def test_each_step():
    root = tree(("main;importlib;a", 1), ("main;b!;c", 2), ("main;b!", 4), ("main", 8))
    assert processors.remove_importlib(root, {}) is root
    assert outline(root) == ("main 15 (a 1 ([self] 1), b 6 (c 2 ([self] 2), [self] 4), [self] 8)")
    assert processors.remove_tracebackhide(root, {}) is root
    assert outline(root) == "main 15 (a 1 ([self] 1), c 2 ([self] 2), [self] 4, [self] 8)"
    processors.merge_consecutive_self_time(root, {})
    assert outline(root) == "main 15 (a 1 ([self] 1), c 2 ([self] 2), [self] 12)"
    processors.aggregate_repeated_calls(root, {})
    assert outline(root) == "main 15 ([self] 12, c 2 ([self] 2), a 1 ([self] 1))"
    processors.remove_irrelevant_nodes(root, {"filter_threshold": 0.1})
    assert outline(root) == "main 15 ([self] 12, c 2 ([self] 2))"
    processors.remove_unnecessary_self_time_nodes(root, {})
    assert outline(root) == "main 15 ([self] 12, c 2)"
    root.self_check()


def test_nothing_stays_nothing():
    for step in ORDER:
        assert step(None, options={}) is None
        assert step(None, {}) is None


def test_signatures():
    for step in ORDER:
        assert list(inspect.signature(step).parameters)[:2] == ["frame", "options"]
        assert step.__doc__
    merge = inspect.signature(processors.merge_consecutive_self_time).parameters
    assert merge["recursive"].default is True
    irrelevant = inspect.signature(processors.remove_irrelevant_nodes).parameters
    assert irrelevant["total_time"].default is None


def test_not_recursive():
    root = tree(("main;a;b!", 1), ("main;a", 2), ("main;c!", 4), ("main", 8))
    processors.remove_tracebackhide(root, {})
    assert outline(root) == "main 15 (a 3 ([self] 1, [self] 2), [self] 4, [self] 8)"
    processors.merge_consecutive_self_time(root, {}, recursive=False)
    assert outline(root) == "main 15 (a 3 ([self] 1, [self] 2), [self] 12)"


def test_a_given_total_time():
    root = tree(("main;a", 1), ("main;b", 9))
    processors.remove_irrelevant_nodes(root, {}, total_time=1000)
    assert outline(root) == "main 10"
    root = tree(("main;a", 1), ("main;b", 999))
    processors.remove_irrelevant_nodes(root, {"filter_threshold": 0})
    assert len(root.children) == 2


@pytest.mark.parametrize(
    "options, groups",
    [
        ({}, [["lib1", "lib2", "[self]"]]),
        ({"hide_regex": ".*/app/[ab]"}, [["a", "b", "lib1", "lib2", "[self]"]]),
        ({"show_regex": ".*lib2"}, []),
        ({"show_regex": ".*lib1"}, [["lib2", "[self]"]]),
        ({"hide_regex": ".*", "show_regex": ".*lib1"}, [["a", "b"], ["lib2", "[self]"]]),
        # Anchored at the beginning, and only there.
        ({"hide_regex": "app"}, [["lib1", "lib2", "[self]"]]),
        ({"hide_regex": re.compile("/APP", re.IGNORECASE)}, [["a", "b", "lib1", "lib2", "[self]"]]),
        ({"show_regex": ".*"}, []),
        ({"unknown": 1}, [["lib1", "lib2", "[self]"]]),
    ],
)
def test_grouping(options, groups):
    root = tree(("main;a;b;lib1;lib2", 1))
    processors.group_library_frames_processor(root, options)
    found = []
    frame = root
    while True:
        if frame.group is not None and frame.group.root is frame:
            found.append([member.function for member in frame.group.frames])
        if not frame.children:
            break
        (frame,) = frame.children
    assert found == groups


def test_bad_patterns_say_so():
    with pytest.raises(re.error):
        processors.group_library_frames_processor(tree(("a;b", 1)), {"hide_regex": "("})


def test_code_of_the_command_keeps_its_calls():
    # As pyinstrument -c 'a(); b(); c()' leaves it, whose own report shows the first call only.
    main = "main\0/env/site-packages/pyinstrument/__main__.py\x001"
    stack = [main, "<module>\0<string>\x001"]
    records = [([*stack, f"{name}\0<string>\x002"], time) for name, time in zip("abc", (3, 2, 1))]
    root = run(build_frame_tree(records, Context()), ORDER)
    assert outline(root) == "<module> 6 (a 3, b 2, c 1)"
    assert root.parent is None
    assert root.is_application_code


def test_a_short_program_in_the_order_of_time():
    main = "main\0/env/site-packages/pyinstrument/__main__.py\x001"
    start = [main, "<module>\0<string>\x001", "run_path\0<frozen runpy>\x001"]
    module = [*start, "_run_code\0<frozen runpy>\x001", "<module>\0/app/main.py\x001"]
    records = [
        ([*start, "<module>\0/usr/lib/python3.12/pkgutil.py\x001"], 3),
        ([*module, "a\0/app/main.py\x002"], 2),
        ([*module, "b\0/app/main.py\x003"], 2),
        ([*module, "a\0/app/main.py\x002"], 2),
    ]
    steps = [step for step in ORDER if step is not processors.aggregate_repeated_calls]
    assert outline(run(build_frame_tree(records, Context()), steps)) == "<module> 6 (a 2, b 2, a 2)"


class TestUsersOwn:
    def rename(self, frame, options):
        """Puts a frame of its own in the place of each child."""
        for child in frame.children:
            replacement = Frame(f"{child.function}_new\0/app/new.py\x001", time=child.time)
            frame.add_child(replacement, after=child)
            replacement.add_children(child.children)
            child.remove_from_parent()
        return frame

    def test_among_ours(self):
        root = tree(("main;a;x", 1), ("main;b", 2), ("main;a", 3))
        root = run(root, [ORDER[3], self.rename, ORDER[5]])
        assert outline(root) == "main 6 (a_new 4 ([self] 3, x 1), b_new 2)"
        assert root.children[0].file_path == "/app/new.py"

    def test_same_result_as_ours(self):
        """The same steps written in Python, one at a time in the place of ours."""

        def aggregate(frame, options):
            left = [frame]
            while left:
                parent = left.pop()
                first = {}
                for child in parent.children:
                    if child.identifier in first:
                        combine_frames(child, into=first[child.identifier])
                    else:
                        first[child.identifier] = child
                for child in sorted(parent.children, key=lambda child: -child.time):
                    parent.add_child(child)
                left += parent.children
            return frame

        def drop_irrelevant(frame, options):
            left = [frame]
            while left:
                parent = left.pop()
                for child in parent.children:
                    if child.time < frame.time * options["filter_threshold"]:
                        delete_frame_from_tree(child, replace_with="nothing")
                left += parent.children
            return frame

        samples = [
            (f"main;a{i % 3};{'importlib;' if i % 4 else ''}lib{i % 5};b{'!' if i % 2 else ''}", i)
            for i in range(1, 60)
        ]
        options = {"filter_threshold": 0.05}
        expected = run(tree(*samples), ORDER, options)
        for index, own in ((3, aggregate), (4, drop_irrelevant)):
            steps = [*ORDER[:index], own, *ORDER[index + 1 :]]
            root = run(tree(*samples), steps, options)
            assert outline(root) == outline(expected)
            left, other_left = [root], [expected]
            while left:
                frame, other = left.pop(), other_left.pop()
                assert (frame.group is None) == (other.group is None)
                left += frame.children
                other_left += other.children

    def test_a_new_root(self):
        root = tree(("main;a;x", 1), ("main;b", 2))

        def below(frame, options):
            frame = frame.children[0]
            frame.remove_from_parent()
            return frame

        root = run(root, [below, processors.remove_unnecessary_self_time_nodes])
        assert outline(root) == "a 1 (x 1)"

    def test_a_part_of_the_tree(self):
        root = tree(("main;a;x", 1), ("main;b;x", 2))
        processors.remove_unnecessary_self_time_nodes(root.children[1], {})
        assert outline(root) == "main 3 (a 1 (x 1 ([self] 1)), b 2 (x 2))"


class TestNative:
    def test_names(self):
        assert processors.native_names(ORDER) == [step.__name__ for step in ORDER]
        assert processors.native_names([]) == []
        assert processors.native_names([*ORDER, TestUsersOwn().rename]) is None

    def test_whole_tree(self):
        with Profiler(engine="setprofile") as profiler:
            sorted(range(1000), key=str)
        handle = profiler.last_session._handle
        tree = native.make_tree(handle, -1, "repeated", "wall", True)
        assert len(native.tree_files(tree)) >= 2
        processors.run_all(tree, processors.native_names(ORDER), {"show_regex": ".*"})
        root = native.tree_root(tree)
        assert native.check_node(tree, root, True, 0) is None
        assert native.node_group(tree, root) == -1

    def test_wrong_numbers_and_names(self):
        with Profiler(engine="setprofile") as profiler:
            pass
        tree = native.make_empty_tree(profiler.last_session._handle)
        node = native.add_node(tree, "a")
        calls = [
            lambda: native.node_time(tree, 1),
            lambda: native.node_time(tree, -1),
            lambda: native.node_time(tree, 1 << 40),
            lambda: native.attach_node(tree, node, node, -1),
            lambda: native.attach_node(tree, node, 7, -1),
            lambda: native.merge_node(tree, node, node),
            lambda: native.move_node(tree, tree, node),
            lambda: native.group_members(tree, 0),
            lambda: native.join_group(tree, node, -1),
            lambda: native.delete_node(tree, node, "air"),
            lambda: native.process_tree(tree, ["unknown"], 0.01, None, b"", True),
            lambda: native.make_tree(profiler.last_session._handle, 0, "odd", "wall", True),
            lambda: native.make_tree(profiler.last_session._handle, 0, "repeated", "odd", True),
        ]
        for call in calls:
            with pytest.raises(RuntimeError):
                call()
        native.delete_node(tree, node, "nothing")  # Without a parent there is nothing to do.
        assert native.node_time(tree, node) == 0


class TestSessions:
    def test_root_frame(self, virtual_clock):
        def work():
            virtual_clock.advance(2)

        with Profiler(engine="setprofile") as profiler:
            work()
        session = profiler.last_session
        root = session.root_frame()
        root.self_check()
        assert root.context is session
        assert root.function == "test_root_frame"
        assert "work" in [child.function for child in root.children]
        assert root.time == 2
        assert session.root_frame() is not root
        outer = session.root_frame(trim_stem=False)
        assert outer.file_path == "<thread>"
        assert outer.time == 2
        assert re.match(r".*test_processors\.py:\d+$", root.code_position_short())

    @pytest.mark.parametrize("timeline", [True, False])
    def test_no_frame_is_made_where_all_is_ours(self, virtual_clock, monkeypatch, timeline):
        def work(seconds):
            virtual_clock.advance(seconds)

        with Profiler(engine="setprofile") as profiler:
            for seconds in (1, 2, 3):
                work(seconds)
        renderer = ConsoleRenderer(timeline=timeline)
        # An own processor anywhere, and the report is the same.
        for place in range(len(renderer.processors) + 1):
            mixed = ConsoleRenderer(timeline=timeline)
            mixed.processors.insert(place, lambda frame, options: frame)
            assert profiler.output(mixed) == profiler.output(renderer)

        monkeypatch.setattr(FrameTree, "__init__", None)
        assert "work" in profiler.output(renderer)
        with pytest.raises(TypeError):
            profiler.output(mixed)

    def test_no_samples(self, virtual_clock):
        profiler = Profiler()
        profiler.start()
        session = profiler.stop()
        root = session.root_frame()
        assert root is None or root.time == 0

    def test_several_threads_at_once(self):
        root = tree(("main;a", 1), ("main;b", 2))

        def look():
            for _ in range(200):
                assert root.children[0].parent is root

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_deep_stacks():
    stack = [f"f\0{LIBRARY}f.py\0{number % 7}\x01l{number}" for number in range(DEPTH)]
    root = build_frame_tree([(stack, 1), ([*stack, "[await]"], 2)], Context())
    root = run(root, ORDER, {"show_regex": ".*x"})
    assert root.children[0].group is not None
    assert len(root.children[0].group.frames) == DEPTH + 1
