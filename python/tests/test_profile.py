"""``spinetail.profile``: a report of one block or function."""

from __future__ import annotations

import asyncio
import functools
import inspect
import io
import os
import sys
import threading
import time

import pytest

import spinetail
from spinetail import Profiler, profile
from spinetail.context_manager import ProfileContext
from spinetail.renderers import Renderer


class Description(Renderer):
    """Renders what a profile is of, a line each."""

    def render(self, session):
        return session.target_description + "\n"


class ErrorOutput:
    """All that has been written to ``sys.stderr``."""

    def __init__(self, capsys):
        self.capsys = capsys
        self.text = ""

    def getvalue(self):
        self.text += self.capsys.readouterr().err
        return self.text


@pytest.fixture
def error_output(capsys):
    return ErrorOutput(capsys)


def profiled(function=None, **options):
    return profile(function, renderer=Description(), **options)


def rest(seconds=0.02):
    time.sleep(seconds)


class TestBlock:
    def test_report(self, error_output):
        with profile() as profiler:
            line = sys._getframe().f_lineno - 1
            assert isinstance(profiler, Profiler) and profiler.is_running
            rest()
        assert not profiler.is_running
        text = error_output.getvalue()
        assert f"Block at {__file__}:{line}" in text
        assert "rest" in text

    def test_options(self, error_output):
        with profiled(interval=0.01, async_mode="strict", target_description="mine") as profiler:
            assert (profiler.interval, profiler.async_mode) == (0.01, "strict")
        assert error_output.getvalue() == "mine\n"
        with profiled(engine="setprofile") as profiler:
            rest()
        assert profiler.last_session.engine == "setprofile"

    def test_failing_block_is_reported(self, error_output):
        with pytest.raises(ZeroDivisionError), profiled():
            1 / 0  # noqa: B018
        assert error_output.getvalue().count("Block at") == 1

    def test_stop_inside(self, error_output):
        with profiled() as profiler:
            profiler.stop()
        assert error_output.getvalue() == ""

    def test_used_again_adds_up(self, error_output):
        context = profiled()
        with context as profiler:
            rest()
        with context:
            rest()
        assert profiler.last_session.duration >= 0.04
        assert error_output.getvalue().count("\n") == 2

    def test_used_while_running(self, error_output):
        context = profiled()
        with context:
            with pytest.raises(RuntimeError, match="brackets"), context:
                pass
            assert context.profiler.is_running

    def test_without_brackets(self):
        with pytest.raises(TypeError, match="brackets"), profile:
            pass

    @pytest.mark.parametrize("options", [{"nope": 1}, {"interval": "1"}])
    def test_wrong_options(self, options):
        with pytest.raises(TypeError, match="nope|interval"):
            profile(**options)

    def test_no_standard_error(self, monkeypatch):
        monkeypatch.setattr(sys, "stderr", None)
        with profile():
            pass

    def test_binary_renderer(self, monkeypatch):
        class Bytes(Description):
            output_is_binary = True

            def render(self, session):
                return b"\xff\x00".decode("utf-8", "surrogateescape")

        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        monkeypatch.setattr(sys, "stderr", stream)
        with profile(renderer=Bytes()):
            pass
        assert stream.buffer.getvalue() == b"\xff\x00"


def lines(stream):
    return stream.getvalue().splitlines()


class TestFunction:
    @pytest.mark.parametrize("decorate", [profiled, profiled()], ids=["bare", "called"])
    def test_each_call_is_reported(self, error_output, decorate):
        @decorate
        def function(a, *, b=2):
            "its words"
            return a, b

        assert (function(1), function(1, b=3)) == ((1, 2), (1, 3))
        place = f"at {__file__}:{function.__wrapped__.__code__.co_firstlineno}"
        assert lines(error_output) == [f"Function {function.__qualname__} {place}"] * 2
        assert function.__name__ == "function" and function.__doc__ == "its words"
        assert str(inspect.signature(function)) == "(a, *, b=2)"

    def test_own_description(self, error_output):
        profiled(rest, target_description="mine")()
        assert lines(error_output) == ["mine"]

    def test_recursion_gives_one_report(self, error_output):
        @profiled
        def factorial(n):
            return n * factorial(n - 1) if n else 1

        assert factorial(5) == 120
        assert len(lines(error_output)) == 1
        assert factorial(5) == 120
        assert len(lines(error_output)) == 2

    def test_failure_is_reported(self, error_output):
        @profiled
        def fail():
            raise KeyError("own")

        for _ in range(2):
            with pytest.raises(KeyError, match="own"):
                fail()
        assert len(lines(error_output)) == 2

    def test_threads_have_their_own_reports(self, error_output):
        function = profiled(rest)
        threads = [threading.Thread(target=function) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(lines(error_output)) == 3

    def test_methods(self, error_output):
        class Thing:
            @profiled
            def plain(self):
                return self

            @profiled
            @staticmethod
            def static(x):
                return x

            @profiled
            @classmethod
            def of_class(cls):
                return cls

        thing = Thing()
        assert thing.plain() is thing
        assert (thing.static(3), Thing.of_class(), thing.of_class()) == (3, Thing, Thing)
        assert "Thing.static at" in lines(error_output)[1]

    def test_other_callables(self, error_output):
        class Called:
            def __call__(self, x):
                return x

        for function in [functools.partial(max, 1), Called(), abs]:
            assert profiled(function)(2) == 2
        assert lines(error_output)[2] == "Function abs"
        for thing in [Called, 3]:
            with pytest.raises(TypeError, match="decorates functions"):
                profile(thing)
        assert isinstance(profile(None), ProfileContext)

    def test_child_does_not_report(self, error_output):
        @profiled
        def fork():
            return os.fork()

        read, write = os.pipe()
        if not fork():
            os.write(write, error_output.getvalue().encode() or b"nothing")
            os._exit(0)
        os.wait()
        assert os.read(read, 100) == b"nothing"
        assert len(lines(error_output)) == 1


def run(coroutine):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


class TestSteppedFunction:
    def test_coroutine_function(self, error_output):
        durations = []

        class Duration(Description):
            def render(self, session):
                durations.append(session.duration)
                return super().render(session)

        @profile(renderer=Duration())
        async def wait(seconds):
            await asyncio.sleep(seconds)
            return seconds

        assert inspect.iscoroutinefunction(wait)

        async def main():
            pending = wait(0.05)
            assert error_output.getvalue() == ""
            assert await pending == 0.05
            # Each of those that run at once has its own.
            await asyncio.gather(wait(0.05), wait(0.06))

        run(main())
        assert len(lines(error_output)) == 3
        assert min(durations) >= 0.045

    def test_recursive_coroutine_function(self, error_output):
        @profiled
        async def descend(n):
            await asyncio.sleep(0)
            return await descend(n - 1) if n else "done"

        async def main():
            return [await descend(3), await descend(3)]

        assert run(main()) == ["done", "done"]
        assert len(lines(error_output)) == 2

    def test_generator_function(self, error_output):
        @profiled
        def echo():
            received = []
            while len(received) < 2:
                try:
                    received.append((yield len(received)))
                except KeyError as error:
                    received.append(error)
            return received

        assert inspect.isgeneratorfunction(echo)
        generator = echo()
        assert error_output.getvalue() == ""
        error = KeyError()
        assert [next(generator), generator.send("sent")] == [0, 1]
        with pytest.raises(StopIteration) as caught:
            generator.throw(error)
        assert caught.value.value == ["sent", error]
        assert len(lines(error_output)) == 1
        unfinished = echo()
        next(unfinished)
        unfinished.close()
        assert len(lines(error_output)) == 2

    def test_time_in_a_generator(self, error_output):
        reports = []

        class Stacks(Renderer):
            def render(self, session):
                reports.append(session.duration)
                return ""

        @profile(renderer=Stacks())
        def numbers():
            for number in range(3):
                rest()
                yield number

        assert list(numbers()) == [0, 1, 2]
        assert reports[0] >= 0.06

    def test_recursive_generator_function(self, error_output):
        @profiled
        def tree(depth):
            yield depth
            if depth:
                yield from tree(depth - 1)
                yield from tree(depth - 1)

        assert len(list(tree(2))) == 7
        assert len(list(tree(2))) == 7
        assert len(lines(error_output)) == 2

    def test_generator_that_another_thread_ends(self, error_output):
        @profiled
        def numbers():
            yield 1
            yield 2

        generator = numbers()
        next(generator)
        rests = []
        thread = threading.Thread(target=lambda: rests.extend(generator))
        thread.start()
        thread.join()
        assert rests == [2]
        assert lines(error_output)[0].startswith("spinetail: can't report Function")

    def test_asynchronous_generator_function(self, error_output):
        events = []

        @profiled
        async def echo():
            try:
                for number in range(3):
                    try:
                        events.append((yield number))
                    except KeyError:
                        events.append("caught")
                    await asyncio.sleep(0)
            finally:
                events.append("closed")

        assert inspect.isasyncgenfunction(echo)

        async def main():
            assert [number async for number in echo()] == [0, 1, 2]
            generator = echo()
            assert await generator.asend(None) == 0
            assert await generator.asend("sent") == 1
            assert await generator.athrow(KeyError()) == 2
            await generator.aclose()
            failing = echo()
            await failing.asend(None)
            with pytest.raises(ValueError, match="own"):
                await failing.athrow(ValueError("own"))

        run(main())
        assert events == [None] * 3 + ["closed", "sent", "caught", "closed", "closed"]
        assert len(lines(error_output)) == 3


def test_names():
    assert spinetail.profile is profile
    assert spinetail.context_manager.profile is profile
