"""What the events engine says of frames, on every version alike."""

from __future__ import annotations

import contextlib
import functools
import itertools
import sys

import pytest

from spinetail import Profiler
from spinetail._library import native
from spinetail.stack_sampler import get_stack_sampler


class Frames:
    """The frames of a program whose every event takes a second."""

    def __init__(self, program):
        self.lines = []
        sampler = get_stack_sampler()
        sampler.timer_func = itertools.count().__next__
        try:
            sampler.subscribe(self.take, desired_interval=0.5, use_async_context=False)
            try:
                program()
            finally:
                sampler.unsubscribe(self.take)
        finally:
            sampler.timer_func = None

    def take(self, call_stack, seconds, async_state):
        self.lines += call_stack

    def classes_of(self, name):
        """The classes that a function's frames were seen with; None for none."""
        found = [self.attributes(line) for line in self.lines if line.startswith(name + "\0")]
        assert found, f"no {name} in {self.lines}"
        return {attributes.get("c") for attributes in found}

    @staticmethod
    def attributes(line):
        return {part[0]: part[1:] for part in line.split("\x01")[1:]}

    @property
    def built_in(self):
        return {line.split("\0")[0] for line in self.lines if "\0<built-in>\0" in line}


class Base:
    def method(self):
        return len([])

    def cell(self):
        return [self for _ in range(2)] and (lambda: self)()

    def deleted(self):
        len([])
        del self
        return len([])

    def replaced(self):
        len([])
        self = None  # as asyncio does, to break cycles  # noqa: F841
        return len([])

    @classmethod
    def for_class(cls):
        return len([])

    @classmethod
    def cell_for_class(cls):
        return (lambda: cls)()

    @staticmethod
    def static():
        return len([])

    @staticmethod
    def odd(cls):
        return len([])

    class Inner:
        def inner(self):
            return len([])


class Derived(Base):
    pass


class Meta(type):
    def of_meta(cls):
        return len([])


class Made(metaclass=Meta):
    pass


class TestClasses:
    @pytest.mark.parametrize(
        "name, call, expected",
        [
            ("method", lambda: Base().method(), "Base"),
            ("method", lambda: Derived().method(), "Derived"),
            ("cell", lambda: Derived().cell(), "Derived"),
            ("inner", lambda: Base.Inner().inner(), "Inner"),
            ("for_class", lambda: Base.for_class(), "Base"),
            ("for_class", lambda: Derived().for_class(), "Derived"),
            ("cell_for_class", lambda: Derived.cell_for_class(), "Derived"),
            ("static", lambda: Base.static(), None),
            ("odd", lambda: Base.odd(1), None),
            ("of_meta", lambda: Made.of_meta(), "Made"),
        ],
    )
    def test_class(self, name, call, expected):
        assert Frames(call).classes_of(name) == {expected}

    def test_one_function_with_several_classes(self):
        def program():
            Base().method()
            Derived().method()

        assert Frames(program).classes_of("method") == {"Base", "Derived"}

    @pytest.mark.parametrize("name", ["deleted", "replaced"])
    def test_gone_before_the_end(self, name):
        assert Frames(getattr(Base(), name)).classes_of(name) == {"Base", None}

    def test_classes_made_in_c(self):
        class Partial(functools.partial):
            def method(self):
                return len([])

        def function(self):
            return len([])

        assert Frames(Partial(print).method).classes_of("method") == {"Partial"}
        partial = functools.partial(print)
        assert Frames(lambda: function(partial)).classes_of("function") == {"partial"}


class TestHidden:
    @pytest.mark.parametrize("name", ["__tracebackhide__", "__traceback_hide__"])
    @pytest.mark.parametrize("value", ["True", "False"])
    def test_marked(self, name, value):
        namespace = {}
        exec(f"def hidden():\n  if not []: len([])\n  else: {name} = {value}", namespace)
        frames = Frames(namespace["hidden"])
        own = [line for line in frames.lines if "\0<string>\0" in line]
        assert own and all(frames.attributes(line).get("h") == "1" for line in own)
        test = [line for line in frames.lines if line.startswith("test_marked\0")]
        assert test and not any("h" in frames.attributes(line) for line in test)

    def test_a_global_hides_nothing(self):
        namespace = {}
        exec("__tracebackhide__ = True\ndef shown():\n  len([])", namespace)
        frames = Frames(namespace["shown"])
        own = [line for line in frames.lines if "\0<string>\0" in line]
        assert own and not any("h" in frames.attributes(line) for line in own)


class TestBuiltIns:
    def test_qualified_names(self):
        def program():
            [].append(1)
            {}.get(1)
            "".join([])
            sum([])
            itertools.chain.from_iterable([])
            sys.getrecursionlimit()
            dict.fromkeys([])
            b"".decode("ascii")

        assert Frames(program).built_in >= {
            "list.append",
            "dict.get",
            "str.join",
            "sum",
            "getrecursionlimit",
            "bytes.decode",
            "dict.fromkeys",
        }

    def test_exceptions(self):
        def program():
            with contextlib.suppress(IndexError):
                [].pop()

        assert "list.pop" in Frames(program).built_in

    def test_a_leaf_only(self):
        """What a built-in function calls is shown below the function that called it."""

        def key(number):
            return -number

        def program():
            sorted([1, 2, 3], key=key)

        stacks = []
        get_stack_sampler().timer_func = itertools.count().__next__
        take = lambda stack, *rest: stacks.append([line.split("\0")[0] for line in stack])  # noqa: E731
        get_stack_sampler().subscribe(take, desired_interval=0.5, use_async_context=False)
        program()
        get_stack_sampler().unsubscribe(take)
        get_stack_sampler().timer_func = None
        assert any(stack[-2:] == ["program", "key"] for stack in stacks)
        assert any(stack[-2:] == ["program", "sorted"] for stack in stacks)
        assert not any("sorted" in stack[:-1] for stack in stacks)

    def test_sleep(self, read_report):
        import time

        with Profiler(engine="setprofile") as profiler:
            time.sleep(0.1)
        assert read_report(profiler.output_text()).time_of("sleep") >= 0.09


class TestFrameInfo:
    def test_parts(self):
        frame = sys._getframe()
        line, info = frame.f_lineno, native.frame_info(frame)
        name, file, rest = info.split("\0")
        first_line, *attributes = rest.split("\x01")
        assert (name, file) == ("test_parts", __file__)
        assert int(first_line) == frame.f_code.co_firstlineno
        assert attributes == ["cTestFrameInfo", f"l{line}"]

    def test_module_and_class_body(self):
        namespace = {"found": [], "info": native.frame_info, "frame": sys._getframe}
        code = "found.append(info(frame()))\nclass Body:\n  found.append(info(frame()))\n"
        exec(compile(code, "/a/ü/file.py", "exec"), namespace)
        assert namespace["found"] == [
            "<module>\0/a/ü/file.py\x001\x01l1",
            "Body\0/a/ü/file.py\x002\x01l3",
        ]

    def test_undecodable_file_name(self):
        namespace = {"info": native.frame_info, "frame": sys._getframe}
        exec(compile("found = info(frame())", "/a/\udcff.py", "exec"), namespace)
        assert namespace["found"] == "<module>\0/a/\udcff.py\x001\x01l1"


class TestRecordedFrames:
    def test_names(self, virtual_clock):
        """As code knows them, and from 3.11 on qualified as well."""

        class Local:
            def method(self):
                virtual_clock.advance(1)

        with Profiler() as profiler:
            Local().method()
        frames, _, _ = native.session_samples(profiler.last_session._handle)
        found = {name: qualified for name, qualified, *_ in frames}
        qualified = "TestRecordedFrames.test_names.<locals>.Local.method"
        assert found["method"] == (qualified if sys.version_info >= (3, 11) else "method")

    def test_lines(self, virtual_clock):
        def program():
            virtual_clock.advance(1)
            virtual_clock.advance(2)

        with Profiler() as profiler:
            program()
        frames, stacks, [(_, _, samples)] = native.session_samples(profiler.last_session._handle)
        first = program.__code__.co_firstlineno
        times = {}
        for stack, nanoseconds, *_ in samples:
            while stack:
                stack, frame = stacks[stack]
                name, _, _, first_line, line = frames[frame]
                if name == "program":
                    assert first_line == first
                    times[line - first] = times.get(line - first, 0) + nanoseconds / 1e9
        assert {line: seconds for line, seconds in times.items() if seconds} == {1: 1, 2: 2}

    def test_functions_that_come_and_go(self, virtual_clock, read_stacks):
        """Code objects share addresses one after the other; names mustn't be mixed up."""
        with Profiler() as profiler:
            for number in range(300):
                namespace = {"advance": virtual_clock.advance}
                exec(f"def f{number}(): advance({number + 1})", namespace)
                namespace[f"f{number}"]()
                del namespace
        frames, stacks, [(_, _, samples)] = native.session_samples(profiler.last_session._handle)
        times = {}
        for stack, nanoseconds, *_ in samples:
            while stack:
                stack, frame = stacks[stack]
                name, _, file, *_ = frames[frame]
                if file == "<string>":
                    times[name] = times.get(name, 0) + nanoseconds
        assert {name: nanoseconds / 1e9 for name, nanoseconds in times.items()} == {
            f"f{number}": number + 1 for number in range(300)
        }
