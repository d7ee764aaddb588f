"""Frames, as people use them in their own processors and renderers."""

from __future__ import annotations

import gc
import json
import math
import weakref

import pytest

from spinetail import Profiler, frame_info, frame_ops
from spinetail.frame import (
    AWAIT_FRAME_IDENTIFIER,
    DUMMY_ROOT_FRAME_IDENTIFIER,
    OUT_OF_CONTEXT_FRAME_IDENTIFIER,
    SELF_TIME_FRAME_IDENTIFIER,
    SYNTHETIC_FRAME_IDENTIFIERS,
    SYNTHETIC_LEAF_IDENTIFIERS,
    Frame,
    FrameGroup,
)
from spinetail.frame_ops import (
    build_frame_tree,
    combine_frames,
    delete_frame_from_tree,
    remove_frame_from_groups,
)

DEPTH = 20_000

pytestmark = pytest.mark.any_version


class Context:
    sys_prefixes = ["/usr/lib/python3.12"]

    def shorten_path(self, path):
        return path[len("/app/") :] if path.startswith("/app/") else path


def info(name, line=1, file="/app/main.py", attributes=""):
    return f"{name}\0{file}\0{line}{attributes}"


def outline(frame):
    """``main 3 (a 1, b 2)``"""
    children = ", ".join(map(outline, frame.children))
    return f"{frame.function} {frame.time:g}" + (f" ({children})" if children else "")


def tree(*records):
    """From ``("main;a", 1)`` and the like."""
    stacks = [
        ([part if part.startswith("[") else info(part) for part in stack.split(";")], seconds)
        for stack, seconds in records
    ]
    return build_frame_tree(stacks, Context())


class TestFrameInfo:
    def test_parts(self):
        text = info("run", 7, attributes="\x01cTask\x01l9\x01h1")
        identifier = "run\0/app/main.py\x007"
        assert frame_info.parse_frame_info(text) == (identifier, ["cTask", "l9", "h1"])
        assert frame_info.parse_frame_info(identifier) == (identifier, [])
        assert frame_info.parse_frame_info("") == ("", [])
        assert frame_info.frame_info_get_identifier(text) == identifier
        assert frame_info.frame_info_get_identifier(identifier) == identifier
        assert frame_info.ATTRIBUTES_SEP.join(["a", "b"]) == "a\x01b"
        assert frame_info.IDENTIFIER_SEP == "\0"

    def test_identifiers(self):
        assert SYNTHETIC_LEAF_IDENTIFIERS < SYNTHETIC_FRAME_IDENTIFIERS
        assert {
            AWAIT_FRAME_IDENTIFIER,
            DUMMY_ROOT_FRAME_IDENTIFIER,
            OUT_OF_CONTEXT_FRAME_IDENTIFIER,
            SELF_TIME_FRAME_IDENTIFIER,
        } == SYNTHETIC_FRAME_IDENTIFIERS


class TestFrameByHand:
    def test_facts(self):
        frame = Frame(info("run", 7, attributes="\x01cTask\x01l9\x01h1"), time=1.5)
        assert frame.identifier == "run\0/app/main.py\x007"
        assert (frame.function, frame.file_path, frame.line_no) == ("run", "/app/main.py", 7)
        assert frame.class_name == "Task"
        assert frame.has_tracebackhide
        assert frame.attributes == {"cTask": 1.5, "l9": 1.5, "h1": 1.5}
        assert frame.get_attribute_value(frame_info.ATTRIBUTE_MARKER_LINE_NUMBER) == "9"
        assert frame.get_attribute_value("z") is None
        assert frame.time == frame.total_self_time == 1.5
        assert frame.absorbed_time == frame.await_time() == 0
        assert frame.parent is frame.group is None
        assert frame.children == ()
        assert frame.proportion_of_parent == 1.0
        assert not frame.is_synthetic and not frame.is_synthetic_leaf
        assert "run" in repr(frame)

    @pytest.mark.parametrize(
        "identifier, file, line",
        [("", None, None), ("name", None, None), ("name\0file", "file", None), ("a\0\x000", "", 0)],
    )
    def test_short_identifiers(self, identifier, file, line):
        frame = Frame(identifier, context=Context())
        assert (frame.identifier, frame.file_path, frame.line_no) == (identifier, file, line)
        assert frame.is_application_code == bool(file)
        assert frame.file_path_short == (file or None)

    @pytest.mark.parametrize("name", ["a\ud800b", "</script>", '"\\', "\u202eabc", "x" * 10_000])
    def test_odd_names_stay_as_they_are(self, name):
        parent = Frame("parent", context=Context())
        child = Frame(f"{name}\0/{name}.py\x001\x01c{name}", time=1)
        parent.add_child(child)
        (again,) = parent.children
        assert again is child
        del child, again
        fresh = Frame.__new__(Frame)
        fresh._tree, fresh._node = parent.children[0]._tree, parent.children[0]._node
        assert (fresh.function, fresh.file_path, fresh.class_name) == (name, f"/{name}.py", name)
        assert json.loads(parent.to_json_str())["children"][0]["attributes"] == {f"c{name}": 1}

    def test_the_most_observed_attribute_counts(self):
        frame = Frame(info("run", attributes="\x01cA"), time=1)
        frame.record_time_from_frame_info(info("run", attributes="\x01cB\x01l3"), 2)
        assert frame.time == 3
        assert frame.class_name == "B"
        frame.record_time_from_frame_info(info("run", attributes="\x01cA"), 1)
        assert frame.attributes == {"cA": 2, "cB": 2, "l3": 2}
        # The first of equals.
        assert frame.class_name == "A"

    def test_times(self):
        frame = Frame("main", time=0.1)
        assert frame.time == 0.1
        frame.time = 0.35
        frame.absorbed_time = 0.35
        assert (frame.time, frame.absorbed_time) == (0.35, 0.35)
        frame.self_check()
        for wrong in (math.nan, math.inf, 1e300):
            with pytest.raises(ValueError, match="number of seconds"):
                frame.time = wrong
        assert frame.time == 0.35

    def test_context(self):
        with pytest.raises(RuntimeError, match="context"):
            _ = Frame("main").context
        with pytest.raises(RuntimeError, match="context"):
            _ = Frame(info("main")).is_application_code
        context = Context()
        frame = Frame(
            info("main", 3), context=context, children=[Frame("[self]"), Frame(info("a"))]
        )
        assert frame.context is context
        assert [child.context for child in frame.children] == [context, context]
        assert frame.code_position_short() == "main.py:3"
        assert frame.children[0].file_path_short == "main.py"
        assert frame.children[0].code_position_short() == "main.py"
        assert [child.is_application_code for child in frame.children] == [False, True]
        library = Frame("dumps\0/usr/lib/python3.12/json/x.py\x000", context=context)
        assert not library.is_application_code
        assert library.code_position_short() == "/usr/lib/python3.12/json/x.py"
        frame.set_context(None)
        with pytest.raises(RuntimeError):
            frame.children[1].code_position_short()
        alone = Frame(info("main"))
        alone.set_context(context)
        assert alone.is_application_code

    def test_text_is_its_callers(self):
        code = Frame("<module>\0<string>\x001", context=Context())
        inner = Frame("f\0<string>\x002")
        code.add_child(inner)
        assert code.is_application_code and inner.is_application_code
        library = Frame("exec\0/usr/lib/python3.12/x.py\x001", context=Context(), children=[code])
        assert not inner.is_application_code
        assert library.children == (code,)

    def test_subclasses(self):
        class MyFrame(Frame):
            def shout(self):
                return self.function.upper()

        frame = MyFrame("main", [MyFrame("a")])
        assert frame.shout() == "MAIN"
        assert [child.shout() for child in frame.children] == ["A"]
        assert frame.children[0].parent is frame
        assert type(Frame.new_subclass_with_frame_info("x")) is Frame


class TestChildren:
    def test_order_and_identity(self):
        a, b, c, d = (Frame(name) for name in "abcd")
        frame = Frame("main", [a, b])
        frame.add_child(c, after=a)
        frame.add_children([d])
        assert frame.children == (a, c, b, d)
        x, y = Frame("x"), Frame("y")
        frame.add_children([x, y], after=c)
        assert frame.children == (a, c, x, y, b, d)
        assert all(child.parent is frame for child in frame.children)
        # Who is a child already moves.
        frame.add_child(a)
        assert frame.children == (c, x, y, b, d, a)
        x.remove_from_parent()
        x.remove_from_parent()
        assert x.parent is None and x not in frame.children
        other = Frame("other", [y])
        assert frame.children == (c, b, d, a) and other.children == (y,)

    def test_what_can_not_be(self):
        frame = Frame("main", [Frame("a", [Frame("b")])])
        (a,) = frame.children
        (b,) = a.children
        for parent, child in ((b, frame), (b, a), (a, a), (frame, frame)):
            with pytest.raises(ValueError):
                parent.add_child(child)
        with pytest.raises(ValueError):
            frame.add_child(Frame("x"), after=b)
        with pytest.raises(ValueError):
            frame.add_child(a, after=a)
        for leaf in SYNTHETIC_LEAF_IDENTIFIERS:
            with pytest.raises(ValueError):
                Frame(leaf).add_child(Frame("x"))
        assert outline(frame) == "main 0 (a 0 (b 0))"

    def test_attributes_of_users_are_kept(self):
        root = tree(("main;a", 1), ("main;b", 2))
        root.children[0].mark = "seen"
        root.children[1].mark = "also"
        wrapper = Frame("wrapper", [root])
        assert [child.mark for child in wrapper.children[0].children] == ["seen", "also"]

    def test_what_is_put_above_a_session_belongs_to_it(self):
        with Profiler(engine="setprofile") as profiler:
            sum(map(len, ["a"] * 100))
        session = profiler.last_session
        root = session.root_frame()
        wrapper = Frame("wrapper", [root], time=root.time)
        assert wrapper.context is session
        assert root.parent is wrapper
        wrapper.self_check()

    def test_frames_die_with_their_tree(self):
        root = tree(("main;a;b", 1))
        watched = weakref.ref(root.children[0].children[0])
        del root
        gc.collect()
        assert watched() is None


class TestOperations:
    def test_build(self):
        root = tree(("main;a", 1), ("main;a;b", 2), ("main", 4), ("main;a;[await]", 8))
        assert (
            outline(root) == "main 15 (a 3 ([self] 1, b 2 ([self] 2)), [self] 4, a 8 ([await] 8))"
        )
        root.self_check()
        assert root.await_time() == 8
        assert root.children[0].total_self_time == 1
        assert build_frame_tree([], Context()) is None

    def test_build_joins_several_outermost_frames(self):
        root = tree(("main;a", 1), ("other", 2))
        assert root.identifier == DUMMY_ROOT_FRAME_IDENTIFIER
        assert outline(root) == "[root] 3 (main 1 (a 1 ([self] 1)), other 2 ([self] 2))"

    @pytest.mark.parametrize(
        "replace_with, expected",
        [
            ("children", "main 7 ([self] 1, b 2 ([self] 2), c 4 ([self] 4))"),
            ("self_time", "main 7 ([self] 3, c 4 ([self] 4))"),
            ("nothing", "main 7 (c 4 ([self] 4))"),
        ],
    )
    def test_delete(self, replace_with, expected):
        root = tree(("main;a", 1), ("main;a;b", 2), ("main;c", 4))
        frame = root.children[0]
        delete_frame_from_tree(frame, replace_with=replace_with)
        assert outline(root) == expected
        assert frame.parent is None
        root.self_check()

    def test_delete_refuses(self):
        root = tree(("main;a", 1))
        with pytest.raises(ValueError, match="outermost"):
            delete_frame_from_tree(root, replace_with="children")
        with pytest.raises(ValueError, match="replace_with"):
            delete_frame_from_tree(root.children[0], replace_with="air")

    def test_combine(self):
        root = tree(("main;a", 1), ("main;b;c", 2), ("main;a;b", 4))
        first, middle, last = root.children
        combine_frames(last, into=first)
        assert outline(root) == "main 7 (a 5 ([self] 1, b 4 ([self] 4)), b 2 (c 2 ([self] 2)))"
        assert last.parent is None
        for frame, into in (
            (last, first),
            (first, first),
            (root, first),
            (middle.children[0], first),
        ):
            with pytest.raises(ValueError):
                combine_frames(frame, into=into)
        root.self_check()

    def test_self_check(self):
        root = tree(("main;a", 1), ("main;b", 2))
        root.children[0].time = 5
        with pytest.raises(AssertionError, match="main"):
            root.self_check()
        root.time = 7
        root.self_check(recursive=False)
        with pytest.raises(AssertionError, match="a: "):
            root.self_check()

    def test_json(self):
        root = tree(("main;größe", 1.5), ("main", 0.25))
        assert json.loads(root.to_json_str()) == {
            "identifier": info("main"),
            "time": 1.75,
            "attributes": {},
            "children": [
                {
                    "identifier": info("größe"),
                    "time": 1.5,
                    "attributes": {},
                    "children": [
                        {"identifier": "[self]", "time": 1.5, "attributes": {}, "children": []}
                    ],
                },
                {"identifier": "[self]", "time": 0.25, "attributes": {}, "children": []},
            ],
        }
        assert "größe" in root.to_json_str()

    def test_a_parent_without_time(self):
        root = tree(("main;a", 0))
        assert math.isnan(root.children[0].proportion_of_parent)
        assert tree(("main;a", 1), ("main;b", 3)).children[0].proportion_of_parent == 0.25


class TestGroups:
    def test_members(self):
        root = tree(("main;a;b;c", 1), ("main;d", 2))
        a = root.children[0]
        b = a.children[0]
        group = FrameGroup(a)
        assert a.group is group and group.root is a
        group.add_frame(b)
        assert group.frames == (a, b)
        assert group.exit_frames == [b]
        assert isinstance(group.id, str) and group.id == group.id != FrameGroup(root).id
        other = FrameGroup(root.children[1])
        other.add_frame(b)
        assert group.frames == (a,) and b.group is other
        other.remove_frame(b)
        assert b.group is None and other.frames == (root.children[1],)
        with pytest.raises(ValueError):
            other.remove_frame(b)
        with pytest.raises(ValueError):
            other.add_frame(Frame("elsewhere"))
        assert "1 frames" in repr(other)

    def test_removed_frames_leave(self):
        root = tree(("main;a;b;c;d", 1))
        a = root.children[0]
        b = a.children[0]
        c = b.children[0]
        group = FrameGroup(a)
        for frame in (b, c, c.children[0]):
            group.add_frame(frame)
        remove_frame_from_groups(b, recursive=False)
        assert group.frames == (a, c, c.children[0])
        remove_frame_from_groups(c, recursive=True)
        # A group of one is none.
        assert group.frames == () and a.group is None

    def test_deleted_frames_leave(self):
        root = tree(("main;a;b;c;d", 1))
        a = root.children[0]
        b = a.children[0]
        group = FrameGroup(a)
        group.add_frame(b)
        group.add_frame(b.children[0])
        delete_frame_from_tree(b, replace_with="children")
        assert b.group is None
        assert group.frames == (a, a.children[0])

    def test_groups_move_with_their_frames(self):
        root = tree(("main;a;b;c", 1))
        a = root.children[0]
        group = FrameGroup(a)
        group.add_frame(a.children[0])
        big = tree(*[(f"main;f{number}", 1) for number in range(20)])
        big.add_child(root)
        assert a.group is group and group.frames == (a, a.children[0])


class TestDeepStacks:
    """No depth is too deep: nothing here calls itself."""

    def check(self, root):
        root.self_check()
        assert root.await_time() == 1
        assert json.loads  # The parser itself can't read what is so deep.
        text = root.to_json_str()
        assert text.count("{") == text.count("}") > 2 * DEPTH
        frame, depth = root, 0
        while frame.children:
            frame = frame.children[0]
            depth += 1
        assert depth == DEPTH
        assert frame.is_synthetic_leaf
        assert frame.file_path_short == frame.parent.file_path_short
        root.set_context(Context())
        assert not frame.is_application_code
        assert frame.parent.is_application_code
        group = FrameGroup(root.children[0])
        for _ in range(3):
            group.add_frame(frame)
            frame = frame.parent
        remove_frame_from_groups(root, recursive=True)
        assert group.frames == ()

    def test_from_the_root(self):
        root = frame = Frame(info("f"), time=1, context=Context())
        for number in range(1, DEPTH):
            child = Frame(info("f", number % 9), time=1)
            frame.add_child(child)
            frame = child
        frame.add_child(Frame("[await]", time=1))
        self.check(root)

    def test_from_the_leaf(self):
        frame = Frame("[await]", time=1)
        for number in range(DEPTH):
            frame = Frame(info("f", number % 9), [frame], time=1, context=Context())
        self.check(frame)

    def test_from_records(self):
        stack = [info("f", number % 9) for number in range(DEPTH)]
        self.check(frame_ops.build_frame_tree([([*stack, "[await]"], 1)], Context()))

    def test_text_in_text(self):
        stack = ["f\0<string>\x001"] * DEPTH
        root = frame_ops.build_frame_tree([([*stack, "[await]"], 1)], Context())
        frame = root
        while not frame.children[0].is_synthetic:
            frame = frame.children[0]
        assert frame.is_application_code
